"""A conversation played in a test: give the answers, look at what was said, asked and done."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from callflows.engine.replay import Run
from callflows.proof import samples
from callflows.proof.possible import CLAIMS
from callflows.registry import current
from callflows.values import Call
from callflows.vocabulary import (
    Answer,
    Do,
    Done,
    Effect,
    Fact,
    Flow,
    Granted,
    Interrupted,
    Known,
    Pressed,
    Request,
    Silence,
    Spoke,
)
from callflows.vocabulary.hearing import CALM, FLAGGED
from ivr.hearing.phrases import raises
from ivr.hearing.replies import read_reply
from ivr.hearing.wishes import WORDS, wish_in

HANGS_UP = Interrupted("hung-up")
TAKEN_OVER = Interrupted("taken-over")
NOTHING = Silence()

USUAL: Mapping[str, Mapping[str, str]] = {
    "opening": {"open": "yes"},
    "patient_match": {"found": "one", "patient": "patient-1"},
    "representative_match": {"found": "one", "representative": "person-1", "relation": "parent"},
    "spoken_item": {"understood": "yes", "spoken": "March fourteenth, nineteen eighty"},
    "promise_due": {"spoken": "ten o'clock"},
    "kept_place": {"kept": "no"},
    "waiting_room": {"refused": ""},
    "state_of_zip": {"state": "TX"},
    "number_to_ring": {"fit": "yes", "spoken": "3 1 2, 5 5 5, 0 1 4 7"},
    "interpreter": {"coming": "no"},
    "call_back_windows": {},
    "talked": {"talked": "yes"},
    "asked_clinician": {"urgency": ""},
    "wanted_calls": {"first": "this", "calls": "1", "emergent": "0", "same": "1"},
    "page_summary": {"urgency": "urgent", "language": "en-US", "complaint": "a cough", "source": ""},
}


def presses(keys: str) -> Pressed:
    return Pressed(keys)


RED_FLAGS = ("chest pain", "dolor de pecho")
"""What is taken for a red flag in these tests."""


def says(words: str, danger: str = CALM) -> Spoke:
    """Words with the marks that they would get by phrases; ``danger`` is what the ear hears in them."""
    flagged = raises(words, RED_FLAGS)
    return Spoke(
        words, None, FLAGGED if flagged else danger, read_reply(words), wish_in(words, (*WORDS, "information"))
    )


def wishes(wish: str, danger: str = CALM) -> Spoke:
    """Words that wish for one of the choices of a question."""
    return Spoke(wish, None, danger, wish=wish)


@dataclass
class Story:
    """A run with what happened in it. Effects are done and facts answered on the way."""

    run: Run
    facts: Mapping[str, Mapping[str, str]]
    granted: Granted
    done: Mapping[type[Effect], Answer] = field(default_factory=dict)
    effects: list[Effect] = field(default_factory=list)
    heard: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def then(self, *answers: Answer) -> Story:
        """Go on with these answers, each to a question or a wait."""
        for answer in answers:
            assert self.run.request is not None, f"the conversation ended ({self.ended}) before {answer}"
            self._move(answer)
        return self

    def _move(self, answer: Answer | None) -> None:
        before = self.run.said if isinstance(self.run.request, Fact | Do) else ()
        if answer is None:
            self.run.start()
        else:
            self.run.answer(answer)
        for said in self.run.said[len(before) :]:
            self.heard += [line.prompt or line.text for line in said.lines]
        self._settle()

    def _settle(self) -> None:
        pending = self.run.request
        if isinstance(pending, Do):
            self.effects.append(pending.effect)
            self._move(self._done(pending.effect))
        elif isinstance(pending, Fact):
            self.asked.append(pending.key)
            self._move(Known(tuple(self.facts[pending.name].items())))
        elif pending is not None:
            self.asked.append(pending.key)
            lines = getattr(pending, "lines", ()) or getattr(pending, "comfort", ())
            self.heard += [line.prompt or line.text for line in lines]

    def _done(self, effect: Effect) -> Answer:
        return self.done.get(type(effect)) or (self.granted if isinstance(effect, CLAIMS) else Done())

    @property
    def pending(self) -> Request:
        assert self.run.request is not None, f"the conversation has ended: {self.ended}"
        return self.run.request

    @property
    def now(self) -> str:
        """The key of what is being asked."""
        return self.pending.key

    @property
    def ended(self) -> str:
        """How the conversation ended, empty while it goes on."""
        return self.run.outcome.how if self.run.outcome else ""

    def did(self, kind: type[Effect]) -> list[Any]:
        """The effects of one kind, in order."""
        return [effect for effect in self.effects if isinstance(effect, kind)]


def play(
    flow: Flow,
    *answers: Answer,
    facts: Mapping[str, Mapping[str, str]] | None = None,
    granted: Granted | None = None,
    done: Mapping[type[Effect], Answer] | None = None,
) -> Story:
    """Play ``flow`` and give it these answers; ``done`` is what comes of effects, where that is unusual."""
    story = Story(Run(flow), {**USUAL, **(facts or {})}, granted or Granted(True), done or {})
    story._move(None)
    return story.then(*answers)


def calls(call: Call, *answers: Answer, flow: str = "inbound", **options: Any) -> Story:
    """Somebody calls: play one of the caller's flows."""
    return play(current(flow).play(call), *answers, **options)


Explored = Callable[..., Any]

ILL = samples.practice(samples.NURSE, samples.INFORMATION, protocol=samples.PROTOCOL, state="IL")
OFFICE = samples.practice(samples.INFORMATION, samples.PRESCRIPTIONS, samples.BILLING)
