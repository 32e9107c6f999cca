"""Where the sentences and the weights of the ear are."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ivr.core.settings import Settings

HOME = Path(__file__).resolve().parents[2] / "config" / "hearing"
PROTOCOLS = HOME.parent / "protocols"
"""The protocols of the release, whose phrases page at once."""


@dataclass(frozen=True, slots=True)
class Places:
    """The folders of sentences, those of the release first, and the file of weights that is made of them."""

    sentences: tuple[Path, ...]
    weights: Path


RELEASED = Places((HOME / "sentences",), HOME / "weights.json")
"""What this release hears with, where the operator adds nothing."""


def places_of(settings: Settings) -> Places:
    """Those of the release; with sentences of the operator's own, weights in the data folder that are made of both."""
    if settings.hearing_sentences is None:
        return RELEASED
    return Places(
        (*RELEASED.sentences, settings.hearing_sentences), settings.data_dir / "hearing" / RELEASED.weights.name
    )
