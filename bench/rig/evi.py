"""The EVI dialogues: people who were asked three times each for postcode, name and date of birth of a made-up profile.

PolyAI's EVI data set (Spithourakis et al., 2022), CC BY 4.0, the English part that the shared data holds. Nothing of it
is kept in the project.
"""

from __future__ import annotations

import csv
import json
import os
from dataclasses import dataclass, field
from pathlib import Path

from bench.errors import CannotMeasure
from callflows.identity import Held, Said

LANGUAGE = "en-GB"
ITEM_NAMES = {"postcode": "zip", "name": "name", "dob": "date_of_birth"}
"""What the data calls an item, and what we do."""


@dataclass(frozen=True, slots=True)
class Dialogue:
    """What one caller said of each item, attempt by attempt, and the profile that they were to speak for."""

    speaker: str
    profile: int
    said: dict[str, tuple[Said, ...]] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Evi:
    """Every dialogue whose profile is known, and all profiles."""

    dialogues: tuple[Dialogue, ...]
    profiles: tuple[Held, ...] = field(repr=False)
    without_profile: int


def read_evi() -> Evi:
    """The data in ``SUNLINE_TEST_DATA``; CannotMeasure where that names no folder that holds it."""
    folder = Path(os.environ.get("SUNLINE_TEST_DATA", "")) / "evi"
    if not folder.is_dir() or not os.environ.get("SUNLINE_TEST_DATA"):
        raise CannotMeasure("SUNLINE_TEST_DATA must name the folder that holds evi/")
    with (folder / "records.en.csv").open(encoding="utf-8", newline="") as opened:
        records = list(csv.DictReader(opened))
    place_of = {record["scenario_id"]: place for place, record in enumerate(records)}
    profiles = tuple(Held(each["name"], each["dob"], each["postcode"]) for each in records)
    grouped: dict[str, list[dict[str, str]]] = {}
    with (folder / "dialogues.en.tsv").open(encoding="utf-8", newline="") as opened:
        for row in csv.DictReader(opened, delimiter="\t"):
            grouped.setdefault(row["dialogue_id"], []).append(row)
    known = [turns for turns in grouped.values() if turns[0]["scenario_id"] in place_of]
    return Evi(tuple(_dialogue(turns, place_of) for turns in known), profiles, len(grouped) - len(known))


def _dialogue(turns: list[dict[str, str]], place_of: dict[str, int]) -> Dialogue:
    said: dict[str, list[Said]] = {item: [] for item in ITEM_NAMES.values()}
    for turn in sorted(turns, key=lambda each: int(each["attempt_num"])):
        said[ITEM_NAMES[turn["item"]]].append(tuple(json.loads(turn["nbest"])))
    return Dialogue(
        turns[0]["speaker_id"], place_of[turns[0]["scenario_id"]], {item: tuple(each) for item, each in said.items()}
    )
