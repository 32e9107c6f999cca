"""What a feature gives to the rest: one value per folder, listed in ``ivr/features.py``.

A room asks :class:`Features` for what the rooms that use it have given, and so never imports them.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal, TypeVar

from flask import Blueprint
from sqlalchemy import ColumnElement, Connection, Row, Table

from callflows.call_record.record import CallRecord
from callflows.vocabulary import Answer, Effect, Request
from ivr.core.cipher import Cipher, SealedColumn
from ivr.core.joining import join_given
from ivr.core.preflight import Check
from ivr.core.services import Services
from ivr.core.telephone_numbers import GivenBy
from ivr.core.unit_of_work import Work

Key = TypeVar("Key")
Value = TypeVar("Value")

FactReader = Callable[[Work, Row[Any], Mapping[str, str]], Mapping[str, str]]
"""Reads a fact, given the leg that asks and what it asks about."""
EffectWriter = Callable[[Work, Row[Any], str, Any], Answer | None]
"""Writes an effect in the transaction, given the leg, the key of the request and the effect."""
Handler = Callable[[Work, str], None]
"""Does what a timer was set for or a transition table names, given the id that it is about."""
LegHandler = Callable[[Work, Row[Any]], None]
TalkHandler = Callable[[Work, Sequence[Row[Any]]], None]
AnswerCheck = Callable[[Work, Row[Any], Answer], Answer]
"""Gives the answer that is logged in place of the one that was heard."""
Side = Literal["caller", "staff"]
"""The two sides of a talk: those whom a call is for, and those who serve them."""
NumberOwner = Literal["practice", "operator"]
"""Whose number a called party sees."""

USUAL_TRIES = 12


def _no_digits(_work: Work, _leg: Row[Any]) -> str:
    return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """One kind of leg: what its flow is told, and what its ringing and its end mean.

    ``send_digits`` gives what is keyed once the party has answered. ``shows`` names whose number the party sees.
    ``speaks_language_of_call`` is False for staff, who are spoken to in English. ``talks_as`` is None for those who are
    nobody's company. ``lands_safely``: when the software fails, the party is connected to a person; others are hung up.
    ``number_given_by`` says who wrote down the number that is rung, and so which may be: by default as of callers.
    ``rung_into_conference``: somebody in the conference waits for the party from its first ring on. ``concluded`` is
    what follows when the conversation has come to its end, the party being there still or not. ``fetches_caller``: a
    caller who cannot be taken to the party at once is as soon as they can.
    """

    view: Callable[[Work, Row[Any]], Any]
    ended: LegHandler
    concluded: LegHandler | None = None
    rings: Handler | None = None
    send_digits: Callable[[Work, Row[Any]], str] = _no_digits
    shows: NumberOwner = "practice"
    number_given_by: GivenBy = "caller"
    speaks_language_of_call: bool = False
    talks_as: Side | None = None
    lands_safely: bool = False
    rung_into_conference: bool = False
    fetches_caller: bool = False


@dataclass(frozen=True, slots=True)
class OutboxHandler:
    """Carries out one kind of outbox item, outside any transaction, and knows what follows when that fails for good.

    ``carry_out`` may be run again after a crash. An item is tried ``tries`` times before ``give_up``.
    """

    carry_out: Callable[[Services, Row[Any]], None]
    give_up: Callable[[Services, Row[Any]], None] | None = None
    tries: int = USUAL_TRIES


@dataclass(frozen=True, slots=True)
class Round:
    """What is looked at again ``every`` so often, outside any transaction, by one process of all at a time.

    ``carry_out`` is given where the round before stopped, empty at first, and returns where it stopped itself. One that
    fails is repeated at the next round with what the last one that did not fail had returned.
    """

    carry_out: Callable[[Services, str], str]
    every: timedelta


@dataclass(frozen=True, slots=True)
class Shift:
    """Columns that go back with a wall clock that is set back: ``columns`` of instants, ``seconds`` of seconds.

    ``rows`` tells which rows still have something to come, or are still measured against the clock.
    """

    table: Table
    rows: ColumnElement[bool]
    columns: tuple[str, ...]
    seconds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Memory:
    """What a folder keeps of a call that is over, until the retention of call logs is over too.

    Conditions are about a row of the table of calls. ``keeps`` tells whether something is left to forget, ``needs``
    whether the call may not be forgotten yet, because something is still to be done or somebody asked for it.
    """

    keeps: ColumnElement[bool] | None = None
    needs: ColumnElement[bool] | None = None
    forget: Callable[[Connection, str], None] | None = None


@dataclass(frozen=True, slots=True)
class Metric:
    """A figure for monitoring: how many rows of ``table`` are in each state."""

    name: str
    table: Table


@dataclass(frozen=True, slots=True)
class NavigationItem:
    """A page in the navigation, for whoever has ``permission``. Items stand in the ascending order of ``order``."""

    title: str
    endpoint: str
    permission: str
    order: int


RecordReader = Callable[[Connection, Cipher, str], CallRecord]
"""Reads and opens the record of a call, given its id."""
RecordingStates = Callable[[Connection, Sequence[str]], Mapping[str, str]]
"""Reads the state of each recording that exists among the ids given."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Feature:
    """Everything that one folder adds. What is left out, it does not have.

    ``lock_calls`` locks calls until the transaction ends, in their order, before anything of them. ``timer_owners``
    lock, for the kinds of timers that belong to no call, what they do belong to: the agent of a rest, before the rest.
    ``expectations`` write down, in the transaction in which a conversation comes to such a request, what Twilio is
    about to make because of it: nothing that Twilio has may be known to us only by being told.
    ``caller_gone`` and ``talk_over`` are told, in the transaction in which it becomes known, that the caller's line is
    over, and that nobody is left to talk with; ``talked`` which parties of both sides have been together for long
    enough, ``leg_over`` that a leg is over, and ``concluded`` that its conversation is, each after its role was.

    When a wall clock is set back, ``shifts`` go back with it. Timers of the kinds ``times_of_day`` stay, because
    somebody was told that time of day or it comes every day. ``newest_event`` gives the instant of what happened last.
    ``clock_set_back`` is told, after everything was shifted and in the same transaction, by how much; it must write an
    event, so that the same jump is not followed again. ``rebuild`` makes anew, after that, what is derived from SQL.

    The name of a blueprint among ``pages``, of which there is but one, begins the endpoints of its views.

    ``permissions`` names, for each permission that its pages ask for, the roles that have it: the fewest that need it
    (45 CFR 164.502(b)).

    ``sealed`` are its columns of sealed values, which ``sunline key reseal`` goes through.

    ``memory`` is what it keeps of a call that is over, and how that is forgotten.

    ``call_record`` gives pages on lower floors the record of a call: whoever asks leaves a row in the audit trail.
    ``recording_states`` tells pages on lower floors whether the sound that they name can be played yet.
    ``settle_call`` is told, at the end of each transaction, of each call in which something was changed that decides
    who is responsible for it.
    ``has_number`` tells lower floors whether the patient of a call can be rung, and ``is_in_hand`` whether somebody is
    asked to ring the same telephone for another call, or talks there.
    """

    name: str
    roles: Mapping[str, Role] = field(default_factory=dict)
    facts: Mapping[str, FactReader] = field(default_factory=dict)
    effects: Mapping[type[Effect], EffectWriter] = field(default_factory=dict)
    answer_checks: Mapping[type[Request], AnswerCheck] = field(default_factory=dict)
    expectations: Mapping[type[Request], LegHandler] = field(default_factory=dict)
    timers: Mapping[str, Handler] = field(default_factory=dict)
    outbox: Mapping[str, OutboxHandler] = field(default_factory=dict)
    rounds: Mapping[str, Round] = field(default_factory=dict)
    actions: Mapping[str, Handler] = field(default_factory=dict)
    lock_calls: Callable[[Work, Collection[str]], object] | None = None
    timer_owners: Mapping[str, Handler] = field(default_factory=dict)
    caller_gone: LegHandler | None = None
    talk_over: Handler | None = None
    talked: TalkHandler | None = None
    leg_over: LegHandler | None = None
    concluded: LegHandler | None = None
    settle_call: Handler | None = None
    pages: tuple[Blueprint, ...] = ()
    navigation: tuple[NavigationItem, ...] = ()
    permissions: Mapping[str, frozenset[str]] = field(default_factory=dict)
    call_record: RecordReader | None = None
    recording_states: RecordingStates | None = None
    sealed: tuple[SealedColumn, ...] = ()
    memory: Memory | None = None
    has_number: Callable[[Work, str], bool] | None = None
    is_in_hand: Callable[[Work, str], bool] | None = None
    metrics: tuple[Metric, ...] = ()
    checks: tuple[Check, ...] = ()
    tables: tuple[Table, ...] = ()
    shifts: tuple[Shift, ...] = ()
    times_of_day: tuple[str, ...] = ()
    newest_event: Callable[[Connection], datetime | None] | None = None
    clock_set_back: Callable[[Work, timedelta], None] | None = None
    rebuild: Callable[[Services, Connection], None] | None = None


class Features:
    """The features of this installation, joined.

    Raises GivenTwice where two of them give the same, LookupError for a page in the navigation that nobody may open.
    """

    def __init__(self, features: Iterable[Feature]) -> None:
        self.all = tuple(features)
        self.roles = self._joined("roles", lambda one: one.roles)
        self.facts = self._joined("facts", lambda one: one.facts)
        self.effects = self._joined("effects", lambda one: one.effects)
        self.answer_checks = self._joined("answer checks", lambda one: one.answer_checks)
        self.expectations = self._joined("expectations", lambda one: one.expectations)
        self.timers = self._joined("timers", lambda one: one.timers)
        self.outbox = self._joined("outbox", lambda one: one.outbox)
        self.rounds = self._joined("rounds", lambda one: one.rounds)
        self.actions = self._joined("actions", lambda one: one.actions)
        self._lock_calls = tuple(one.lock_calls for one in self.all if one.lock_calls)
        self.timer_owners = self._joined("owners of timers", lambda one: one.timer_owners)
        self.caller_gone = tuple(one.caller_gone for one in self.all if one.caller_gone)
        self.talk_over = tuple(one.talk_over for one in self.all if one.talk_over)
        self.talked = tuple(one.talked for one in self.all if one.talked)
        self.leg_over = tuple(one.leg_over for one in self.all if one.leg_over)
        self.concluded = tuple(one.concluded for one in self.all if one.concluded)
        self._settle_call = tuple(one.settle_call for one in self.all if one.settle_call)
        self.pages = self._named("pages", lambda one: {page.name: page for page in one.pages})
        items = self._named("navigation", lambda one: {item.endpoint: item for item in one.navigation})
        self.navigation = tuple(sorted(items, key=lambda item: (item.order, item.title)))
        self.permissions = self._joined("permissions", lambda one: one.permissions)
        self._require_permissions()
        self.checks = tuple(check for one in self.all for check in one.checks)
        self.metrics = self._named("metrics", lambda one: {metric.name: metric for metric in one.metrics})
        self.sealed = tuple(column for one in self.all for column in one.sealed)
        self.tables = self._named("tables", lambda one: {table.name: table for table in one.tables})
        self.shifts = tuple(shift for one in self.all for shift in one.shifts)
        self.times_of_day = tuple(kind for one in self.all for kind in one.times_of_day)
        self.newest_event = tuple(one.newest_event for one in self.all if one.newest_event)
        self.clock_set_back = tuple(one.clock_set_back for one in self.all if one.clock_set_back)
        self.memories = tuple(one.memory for one in self.all if one.memory)
        self.rebuild = tuple(one.rebuild for one in self.all if one.rebuild)

    def lock_calls(self, work: Work, call_ids: Collection[str]) -> None:
        """Lock calls until the transaction ends, in the order of locks."""
        for lock in self._lock_calls:
            lock(work, call_ids)

    def settle_call(self, work: Work, call_id: str) -> None:
        """Let it be decided who is responsible for a call, at the end of a transaction that has touched it."""
        for settle in self._settle_call:
            settle(work, call_id)

    def has_number(self, work: Work, call_id: str) -> bool:
        """Return whether there is a number at which the patient of a call can be rung."""
        return any(one.has_number(work, call_id) for one in self.all if one.has_number)

    def is_in_hand(self, work: Work, call_id: str) -> bool:
        """Return whether the telephone of a call-back is in somebody's hand for another call."""
        return any(one.is_in_hand(work, call_id) for one in self.all if one.is_in_hand)

    def read_call_record(self, connection: Connection, cipher: Cipher, call_id: str) -> CallRecord | None:
        """Return the record of a call; None where no feature gives one."""
        readers = (one.call_record for one in self.all if one.call_record)
        return next((read(connection, cipher, call_id) for read in readers), None)

    def read_recording_states(self, connection: Connection, ids: Sequence[str]) -> Mapping[str, str]:
        """Return the state of each recording that exists among ``ids``."""
        readers = (one.recording_states for one in self.all if one.recording_states)
        return {name: state for read in readers for name, state in read(connection, ids).items()}

    def _require_permissions(self) -> None:
        for item in self.navigation:
            if item.permission not in self.permissions:
                raise LookupError(f"no feature gives the permission {item.permission!r}, which {item.endpoint} needs")

    def _named(self, what: str, given: Callable[[Feature], Mapping[str, Value]]) -> tuple[Value, ...]:
        return tuple(self._joined(what, given).values())

    def _joined(self, what: str, given: Callable[[Feature], Mapping[Key, Value]]) -> Mapping[Key, Value]:
        return join_given(what, ((one.name, given(one)) for one in self.all))
