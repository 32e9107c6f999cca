"""The ear: words in, what they hold out. It is built when a process starts, and asked while callers wait."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from itertools import accumulate

from ivr.core.settings import CannotStart, Settings
from ivr.hearing.classifier import Classifier, Scores, scores_of
from ivr.hearing.encoder import Encoder, Vectors, data_folder, embedded_encoder, fingerprint_of
from ivr.hearing.heard import Heard, heard_in, most_urgent
from ivr.hearing.meters import Alarm, find_alarm
from ivr.hearing.nine_one_one import names_911
from ivr.hearing.places import Places, places_of
from ivr.hearing.sentences import UnreadableSentences
from ivr.hearing.sentences import fingerprint_of as fingerprint_of_sentences
from ivr.hearing.weights_file import Weights, WeightsUnusable, read_weights
from ivr.hearing.windows import windows

HELP = "help"
"""The group of sentences that call for help at once."""
COOLDOWN = timedelta(minutes=1)
"""How long no ear is opened after one could not be: it takes a second, and a caller waits for it."""


@dataclass(frozen=True, slots=True)
class Listened:
    """Texts as vectors: a classifier hears them in no time. ``stretches`` are those of each text, in order."""

    stretches: tuple[tuple[str, ...], ...]
    vectors: Vectors
    alarms: tuple[Alarm | None, ...]

    def only(self, places: Sequence[int]) -> Listened:
        """Those texts alone, in that order."""
        ends = list(accumulate(len(said) for said in self.stretches))
        rows = [row for place in places for row in range(ends[place] - len(self.stretches[place]), ends[place])]
        stretches = tuple(self.stretches[place] for place in places)
        return Listened(stretches, self.vectors[rows], tuple(self.alarms[place] for place in places))

    def scores(self, classifier: Classifier) -> list[list[Scores]]:
        """The scores of each text's stretches."""
        rows = iter(classifier.probabilities(self.stretches, self.vectors))
        return [[scores_of(classifier, next(rows)) for _ in said] for said in self.stretches]

    def heard(self, classifier: Classifier) -> list[Heard]:
        """What each text holds."""
        pairs = zip(self.scores(classifier), self.alarms, strict=True)
        return [heard_in(scores, alarm) for scores, alarm in pairs]


def listen(encoder: Encoder, texts: Sequence[str]) -> Listened:
    """Turn texts into vectors, all in one batch."""
    stretches = tuple(tuple(windows(text)) for text in texts)
    vectors = encoder.encode([words for said in stretches for words in said])
    return Listened(stretches, vectors, tuple(_find_alarm(text) for text in texts))


def _find_alarm(text: str) -> Alarm | None:
    return Alarm(HELP) if names_911(text) else find_alarm(text)


class Ear:
    """Hears emergencies, symptoms and wishes in the words of callers. It keeps nothing and may be shared by threads."""

    def __init__(self, encoder: Encoder, classifier: Classifier) -> None:
        self.encoder = encoder
        self.classifier = classifier

    def hear(self, *alternatives: str) -> Heard:
        """What an answer holds, given as one or more ways to write it down, the likeliest first.

        The most urgent of them counts. About four milliseconds for a short answer, half a second for 10 kB.
        """
        return most_urgent(self.hear_each(list(dict.fromkeys(alternatives))))

    def hear_each(self, texts: Sequence[str]) -> list[Heard]:
        """What each of several answers holds, in one batch."""
        return listen(self.encoder, texts).heard(self.classifier)

    def stretches(self, text: str) -> list[tuple[str, Scores]]:
        """What is scored of an answer, the whole first, with its scores."""
        listened = listen(self.encoder, [text])
        return list(zip(listened.stretches[0], listened.scores(self.classifier)[0], strict=True))

    def views(self, text: str) -> dict[str, Scores]:
        """What each view alone would hear in all of an answer; nothing without words."""
        said = windows(text)[:1]
        views = self.classifier.views(said[0], self.encoder.encode(said)) if said else {}
        return {name: scores_of(self.classifier, rows[0]) for name, rows in views.items()}


def open_ear(settings: Settings) -> Ear:
    """The ear of this process, warm. Call it when the process starts: it raises CannotStart where it cannot hear."""
    return ear_at(places_of(settings))


class CannotHear(CannotStart):
    """The ear could not be opened a moment ago, and is left alone."""


_left_alone_until: dict[Places, datetime] = {}


def ear_for_answers(settings: Settings, now: datetime) -> Ear:
    """The ear of this process while callers wait. Raises what opening it raised, and then CannotHear for COOLDOWN."""
    places = places_of(settings)
    until = _left_alone_until.get(places, now)
    if timedelta() < until - now <= COOLDOWN:  # a clock that was set back must not keep callers unheard for longer
        raise CannotHear("the ear could not be opened a moment ago")
    try:
        return ear_at(places)
    except Exception:
        _left_alone_until[places] = now + COOLDOWN
        raise


@cache
def ear_at(places: Places) -> Ear:
    """The ear of these places, built once in a process."""
    weights = matching_weights(places)
    return Ear(embedded_encoder(), weights.classifier)


def matching_weights(places: Places) -> Weights:
    """The weights, which belong to these sentences and this encoder; raises CannotStart with the mend."""
    weights = read_weights(places.weights)
    try:
        sentences = fingerprint_of_sentences(places.sentences)
    except UnreadableSentences as missing:
        raise WeightsUnusable(str(missing)) from missing
    weights.require(sentences=sentences, encoder=fingerprint_of(data_folder()))
    return weights
