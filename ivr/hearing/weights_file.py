"""The weights of the ear in one JSON file, with what they were made of: they serve with nothing else."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from ivr.core.settings import CannotStart
from ivr.hearing.classifier import Classifier, Floats
from ivr.hearing.spelling import PLACES, Spelling
from ivr.hearing.vocabulary import known

TRAIN = "run: sunline hearing train --yes"
DIGITS, PIECE_DIGITS = 6, 3
"""After the point. A word has a dozen pieces, and what each says is small."""


class WeightsUnusable(CannotStart):
    """The weights are missing, damaged, or made of other sentences or for another encoder; the text says the mend."""


@dataclass(frozen=True, slots=True)
class Weights:
    """A classifier and the fingerprints of the sentences and the encoder that it was made with."""

    classifier: Classifier
    sentences: str
    encoder: str

    def require(self, *, sentences: str, encoder: str) -> None:
        """Raises WeightsUnusable where the weights were made with others than these."""
        if self.encoder != encoder:
            raise WeightsUnusable(
                "the weights of the ear were made for another encoder than the one installed, or its data are damaged;"
                f" install the packages of requirements.lock again, or for a new version {TRAIN}"
            )
        if self.sentences != sentences:
            raise WeightsUnusable(f"the sentences of the ear have changed since its weights were made; {TRAIN}")


def write_weights(path: Path, weights: Weights) -> None:
    """Write the file; the same weights give the same bytes."""
    made = weights.classifier
    vectors = zip(made.labels, _lists(made.bias[:, None], made.matrix), strict=True)
    words = zip(made.vocabulary.words, _lists(np.array(made.vocabulary.worth)[:, None], made.word_matrix), strict=True)
    head = f'{{"encoder": {json.dumps(weights.encoder)},\n"sentences": {json.dumps(weights.sentences)},\n'
    spelled = made.spelling
    places = ((str(place), row) for place, row in enumerate(spelled.matrix.tolist()))
    spelling = zip(made.labels, spelled.bias[:, None].tolist(), strict=True)
    text = (
        f'{head}"labels": {_table(vectors)},\n"strange": {made.vocabulary.strange},\n"words": {_table(words)},\n'
        f'"spelling": {_table(spelling)},\n"pieces": {_table(places, PIECE_DIGITS)}}}\n'
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_suffix(".new")
    beside.write_text(text, encoding="utf-8")
    beside.replace(path)


def read_weights(path: Path) -> Weights:
    """Read the file; raises WeightsUnusable."""
    try:
        tree = json.loads(path.read_text("utf-8"))
        if "labels" in tree and "pieces" not in tree:
            raise WeightsUnusable(f"{path} is of a release that did not hear words by their spelling; {TRAIN}")
        return _weights(tree)
    except FileNotFoundError:
        raise WeightsUnusable(f"there are no weights of the ear at {path}; {TRAIN}") from None
    except (OSError, ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
        raise WeightsUnusable(f"{path} is damaged: restore it, or {TRAIN}") from error


def rounded(made: Classifier) -> Classifier:
    """The classifier as it will be read again."""
    parts = {name: np.round(getattr(made, name), DIGITS) for name in ("bias", "matrix", "word_matrix")}
    spelled = made.spelling
    matrix, bias = np.round(spelled.matrix, PIECE_DIGITS), np.round(spelled.bias, DIGITS)
    return replace(made, **parts, spelling=replace(spelled, bias=bias, matrix=matrix))


def _lists(first: Floats, others: Floats) -> list[list[float]]:
    rows: list[list[float]] = np.concatenate([first, others], axis=1).tolist()
    return rows


def _table(rows: Iterable[tuple[str, list[float]]], digits: int = DIGITS) -> str:
    """A JSON object with a line for each row; no number has more digits than count."""
    number = partial(_number, digits)
    lines = (f"{json.dumps(name, ensure_ascii=False)}: [{','.join(map(number, row))}]" for name, row in rows)
    return "{\n" + ",\n".join(lines) + "\n}"


def _number(digits: int, value: float) -> str:
    written = f"{value:.{digits}f}".rstrip("0").rstrip(".")
    return "0" if written == "-0" else written


def _weights(tree: Any) -> Weights:
    labels, words = _rows(tree["labels"]), _rows(tree["words"])
    biases, places = _rows(tree["spelling"]), _rows(tree["pieces"])
    if words.shape[1] != len(labels) + 1 or biases.shape != (len(labels), 1) or places.shape != (PLACES, len(labels)):
        raise ValueError("the words or their pieces have no number for each label")
    vocabulary = known(list(tree["words"]), words[:, 0].tolist(), float(tree["strange"]))
    spelling = Spelling(vocabulary, biases[:, 0], places)
    classifier = Classifier(tuple(tree["labels"]), labels[:, 0], labels[:, 1:], vocabulary, words[:, 1:], spelling)
    return Weights(classifier, str(tree["sentences"]), str(tree["encoder"]))


def _rows(table: Mapping[str, list[float]]) -> Floats:
    rows = np.array(list(table.values()), dtype=np.float64)
    if rows.ndim != 2 or not np.isfinite(rows).all():
        raise ValueError("the rows are not alike")
    return rows
