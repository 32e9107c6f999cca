"""The engine: a flow and its log in, the next request out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from callflows.engine.renamed import is_key_of
from callflows.vocabulary import Answer, Do, Fact, Flow, HungUp, Interrupted, Outcome, Request, Say

LONGEST_LOG = 1000
"""More answers than any bounded flow can take; past it the call goes to the safe landing."""


class FlowError(Exception):
    """The flow cannot go on from this log; the caller needs the safe landing."""


class LogMismatch(FlowError):
    """The log belongs to another conversation than the flow now holds."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One answered request of a log."""

    key: str
    answer: Answer


@dataclass(slots=True)
class Run:
    """A flow being played. ``request`` is what it waits for now, None once ``outcome`` is known.

    ``said`` are the lines spoken since the last answer from outside, so a response can be rendered again;
    ``spoken`` are all of them, each with the step at which it was.
    """

    flow: Flow
    said: tuple[Say, ...] = ()
    spoken: tuple[tuple[int, Say], ...] = ()
    request: Request | None = None
    outcome: Outcome | None = None
    step: int = 0
    gone: bool = False
    _keys: set[str] = field(default_factory=set)

    def start(self) -> Run:
        """Play to the first request that wants an answer."""
        return self._until_answer_wanted(lambda: next(self.flow))

    def answer(self, answer: Answer) -> Run:
        """Give the pending request its answer and play on."""
        pending = self.request
        if pending is None:
            raise LogMismatch(f"an answer arrived after the conversation ended, at step {self.step}")
        if not isinstance(pending, Fact | Do):
            self.said = ()
        self.step += 1
        if self.step > LONGEST_LOG:
            raise FlowError(f"the conversation took more than {LONGEST_LOG} answers")
        if isinstance(answer, Interrupted):
            interruption = answer.exception()
            self.gone = self.gone or isinstance(interruption, HungUp)
            return self._until_answer_wanted(lambda: self.flow.throw(interruption))
        return self._until_answer_wanted(lambda: self.flow.send(answer))

    def _until_answer_wanted(self, move: Callable[[], Request]) -> Run:
        try:
            request = self._fresh(move())
            while isinstance(request, Say):
                if not self.gone:
                    self.said = (*self.said, request)
                    self.spoken = (*self.spoken, (self.step, request))
                request = self._fresh(next(self.flow))
            self.request = self._allowed(request)
        except StopIteration as end:
            self.request, self.outcome = None, _outcome(end.value)
        except HungUp:
            self.request, self.outcome = None, Outcome("hung-up")
        return self

    def _fresh(self, request: Request) -> Request:
        if request.key in self._keys:
            raise FlowError(f"the key {request.key!r} is asked twice; give each request a key of its own")
        self._keys.add(request.key)
        return request

    def _allowed(self, request: Request) -> Request:
        if self.gone and not isinstance(request, Fact | Do):
            raise FlowError(f"{request.key!r} wants to speak to somebody who has hung up")
        return request


def replay(flow: Flow, log: Sequence[Entry], pending_key: str | None = None) -> Run:
    """Play ``flow`` over ``log``.

    ``pending_key`` is the stored key of the question now being asked, where one was stored.

    Raises:
        LogMismatch: a logged key is not the one the flow asks for, rows are left over, or the
            flow now waits for another question than the caller was asked.
        FlowError: the flow broke one of the engine's rules.
    """
    run = Run(flow).start()
    for entry in log:
        if run.request is None or not is_key_of(run.request.key, entry.key):
            asked = run.request.key if run.request else "nothing more"
            raise LogMismatch(f"step {run.step} of the log answers {entry.key!r}, but the flow asks {asked!r}")
        run.answer(entry.answer)
    if pending_key is not None and (run.request is None or not is_key_of(run.request.key, pending_key)):
        asked = run.request.key if run.request else "nothing more"
        raise LogMismatch(f"the caller was asked {pending_key!r}, but the flow now asks {asked!r}")
    return run


def _outcome(value: object) -> Outcome:
    if not isinstance(value, Outcome):
        raise FlowError(f"a flow must end with an Outcome, not with {type(value).__name__}")
    return value
