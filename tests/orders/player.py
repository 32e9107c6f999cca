"""Plays an order on the phones of a stepped world, and writes down what an observer of the phone network sees."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from ivr.jobs import worker
from phonesim import Line as PhoneLine
from phonesim import Phone, switch_off, switch_on
from phonesim.errors import PhonesimError
from phonesim.phone import take_message
from rehearsals.provisioning import PIN, WRONG_PIN
from rehearsals.world import World
from tests.calls.office import CALLER, CONFIG, MAPLE
from tests.orders.judge import contact_at
from tests.orders.observer import Observer
from tests.orders.orders import FAULTS as ALL_FAULTS
from tests.orders.orders import Order, steps
from tests.orders.tape import Tape

EVENING = datetime(2026, 11, 4, 2, 0, tzinfo=UTC)
"""Eight in the evening at Maple, ten in the morning in Manila."""
OTHER = "+13125550198"
HOUSE = "+13125550190"
PRIVATE = ("wedding", "boda", "chest hurts", "duele el pecho")
PATIENCE = 200.0
UNTIL_ASKED_AGAIN = 30.0
"""The longest pause before the phone network is asked again for what it refused."""
LATE = 6 * 60.0
HOUSE_TALKS = 30.0
COLLEAGUES_WAIT = 40.0
SHORT_TALK, LONGER_TALK = 4.0, 25.0
"""Seconds beyond contact; where news is lost, those who have been together are known to be only some time later."""
AGENT_GOES_ON = 40.0
"""Seconds for which an agent whom no clinician comes to help still talks with the caller."""
LONGEST = 45 * 60.0
AFTERWARDS = 16 * 60.0
FAULTS = {
    "news lost": ("callbacks-lost=1", 40), "news late": ("callbacks-late=20", 60),
    "webhooks twice": ("webhooks-twice-fresh", 600), "webhooks late": ("webhooks-late=5", 60),
    "rest failing": ("rest-failing=503", 45), "rest busy": ("rest-busy", 45),
    "rest loses answers": ("rest-lost-answer", 45), "carrier failing": ("carrier-failing", 45),
}  # fmt: skip
PRESS_ONE = re.compile(r"(?i)press 1\b|oprima 1\b")
HELD_MENU = "To bring in the clinician"
KEEPS_PLACE = re.compile(r"(?i)keep your place|sin perder su lugar")


class NotReached(Exception):
    """The state of an order is not reached; the chain needs a look."""


class Void(Exception):
    """An event of the order cannot happen there: its actor has no telephone in hand."""


class Player:
    """One order in one new world. ``tape`` is what came of it."""

    def __init__(self, world: World, order: Order) -> None:
        self.world, self.order, self.net = world, order, world.net
        organisation = world.organisation
        self.who = {
            "caller": CALLER, "other": OTHER, "house": HOUSE,
            **{name: agent.contact for name, agent in organisation.agents.items()},
            **{name: person.voice for name, person in organisation.people.items()},
            **{name: one.number for name, one in organisation.interpreters.items()},
        }  # fmt: skip
        self.names = {address: name for name, address in self.who.items()}
        self.tape = Tape(
            callers=frozenset({"caller", "other"}), agents=frozenset(organisation.agents),
            clinicians=frozenset(organisation.people), house=frozenset({"house"}),
            interpreters=frozenset(organisation.interpreters), pin=PIN, private=PRIVATE,
        )  # fmt: skip
        self.manner: dict[str, str] = {}
        self.once: dict[str, str] = {}
        self.lines_manner: dict[str, str] = {}
        self.handled: dict[str, int] = {}
        self.due: list[tuple[float, Callable[[], None]]] = []
        self.free = False
        self.observer = Observer(world, self.names, self.tape)
        self.apart: dict[frozenset[str], float] = {}

    # Time

    @property
    def now(self) -> float:
        return (self.world.now - self.world.start).total_seconds()

    def passes(self, seconds: float) -> None:
        """Let so many seconds pass, event by event; people act meanwhile once they are free."""
        end = self.now + seconds
        while True:
            self.world.settle()
            self.observer.looks()
            if self.free:
                self.acts()
                self.world.settle()
            if self.now >= end - 1e-6:
                return
            wait = min([at for at, _ in self.due] + [end, self.now + 2.0 if self.lively() else end])
            self.world.step(self.world.start + timedelta(seconds=max(wait, self.now + 1e-3)))

    def lively(self) -> bool:
        """Whether anybody is on the telephone."""
        return any(phone.lines for phone in self.net.phones.values())

    def until(self, condition: Callable[[], bool], what: str) -> None:
        """Go on until a condition holds. Raises NotReached."""
        end = self.now + PATIENCE
        self.world.settle()
        while not condition():
            if self.now >= end:
                raise NotReached(f"{self.order}: {what}")
            self.passes(0.5)

    # The way to the state

    def reaches(self) -> None:
        """Everybody does what leads to the state. Raises NotReached."""
        self.dials("caller")
        for step in steps(self.order.chain):
            if step == f"@{self.order.state}":
                return
            if not step.startswith("@"):
                self.does(step)
        raise NotReached(f"{self.order}: there is no such state")

    def does(self, step: str) -> None:
        """One step of a chain."""
        subject, _, value = (part.strip() for part in step.partition(":"))
        who, _, verb = subject.partition(" ")
        match verb or who:
            case "hears":
                self.until(lambda: self.heard(who, value), step)
            case "presses":
                self.line(who).press(value.replace("PIN", f"{PIN}#"))
                self.passes(0.8 if value == "PIN" else 0.01)
            case "says":
                self.line(who).say(value)
                self.passes(0.01)
            case "rings":
                self.until(lambda: self.phone(who).ringing, step)
            case "answers":
                self.passes(2.0)
                self.answers(who)
                self.passes(0.01)
            case "declines":
                self.phone(who).decline()
            case "hangs up":
                self.line(who).hang_up()
            case "dials":
                self.dials(who)
            case "talk":
                one, other = value.split()
                self.until(lambda: self.who[other] in self.line(one).connected_to, step)
            case "told":
                self.tape.told.setdefault(value, self.now)
            case "wait":
                self.passes(float(value))

    def heard(self, who: str, words: str) -> bool:
        """Whether words have been said to the end on the line of somebody since they last acted."""
        line = self.line(who)
        since = self.handled.get(line.call_sid, -1)
        for place in range(since + 1, len(line.heard)):
            sound = line.heard[place]
            whole = sound.until is not None and sound.until <= self.world.now + timedelta(seconds=0.1)
            if whole and words.casefold() in sound.text.casefold():
                self.handled[line.call_sid] = place
                return True
        return False

    def phone(self, who: str) -> Phone:
        return self.net.phone(self.who[who])

    def line(self, who: str) -> PhoneLine:
        found = self.phone(who).line
        if found is None:
            raise NotReached(f"{self.order}: {who} is in no call")
        return found

    def dials(self, who: str) -> None:
        self.phone(who).dial(MAPLE)

    def answers(self, who: str, *, machine: bool = False) -> PhoneLine:
        line = self.phone(who).answer()
        if machine:
            take_message(line.leg)
        self.observer.picked_up(line, machine=machine)
        return line

    # What happens there

    def happens(self) -> None:
        """The events of the order. Raises Void where one cannot happen."""
        for place, event in enumerate(self.order.events):
            if place and self.order.delay:
                self.passes(self.order.delay)
            self.event(event)
        self.world.settle()

    def event(self, event: str) -> None:
        """One event."""
        actor, _, act = event.partition(" ")
        if event in FAULTS:
            fault, lasts = FAULTS[event]
            switch_on(self.net, fault)
            if fault.startswith("rest-"):
                self.tape.refused.append((self.now, self.now + lasts + UNTIL_ASKED_AGAIN))
            self.later(lasts, lambda: switch_off(self.net, fault.partition("=")[0]))
        elif event == "worker dies":
            self.world._work = self._dies(self.world._work)  # type: ignore[method-assign]
        elif event == "redis emptied":
            self.world.empty_redis()
        elif event == "everybody hangs up":
            self.hang_up([line for phone in self.net.phones.values() for line in phone.lines])
        elif actor == "clinicians":
            for who in ("dr-okafor", "dr-lee", "dr-patel"):
                self._becomes(who, act)
        elif act == "dials":
            if self.phone(actor).lines:
                raise Void(event)
            self.dials(actor)
        else:
            self._acted(self.actor(actor), act, event)

    def _acted(self, who: str, act: str, event: str) -> None:
        line = self.phone(who).line
        if act in ("hangs up", "is lost") or act.startswith("presses "):
            if line is None:
                raise Void(event)
            with suppress(PhonesimError):
                if act.startswith("presses "):
                    line.press(act.removeprefix("presses "))
                else:
                    line.hang_up() if act == "hangs up" else line.lose()
        elif act == "declines" and self.phone(who).ringing and who not in self.tape.callers:
            self.phone(who).decline()
        else:
            self._becomes(who, act)

    def _becomes(self, who: str, manner: str) -> None:
        """Somebody has this manner with the call that rings or is in hand, and else with the next."""
        line = self.phone(who).line
        if manner in ("busy", "off"):
            self.phone(who).behaviour = "busy" if manner == "busy" else "switched-off"
            self.later(120, lambda: setattr(self.phone(who), "behaviour", "manual"))
        elif line is not None and manner not in ("voicemail", "ignores", "declines"):
            self.lines_manner[line.call_sid] = manner
        else:
            self.once[who] = manner

    def actor(self, role: str) -> str:
        """Who plays a role now: the clinician is whoever is at it, or else is rung first."""
        if role == "patient":
            return "caller"
        if role == "agent":
            return "benjie" if self.order.chain.startswith("interpreted") else "ana"
        if role == "interpreter":
            return "lingua"
        if role == "clinician":
            phones = {who: self.phone(who) for who in ("dr-patel", "dr-lee", "dr-okafor")}
            at_it = [who for who, phone in phones.items() if phone.line or phone.ringing]
            return at_it[0] if at_it else "dr-okafor"
        return role

    def later(self, seconds: float, act: Callable[[], None]) -> None:
        self.due.append((self.now + seconds, act))

    def hang_up(self, lines: list[PhoneLine]) -> None:
        for line in lines:
            with suppress(PhonesimError):
                line.hang_up()

    def _dies(self, works: Callable[[], int]) -> Callable[[], int]:
        """The next worker that takes up effects is killed before it has carried out any."""

        def dying() -> int:
            leased = len(worker.lease_items(self.world.services))
            if leased:
                self.world._work = works  # type: ignore[method-assign]
            return leased or works()

        return dying

    # How it goes on

    def goes_on(self) -> None:
        """People act for themselves until there was contact, or the time is over; then they all leave."""
        self.free = True
        if self.order.tail == "late":
            self.manner = dict.fromkeys(self.tape.helpers, "ignores")
            self.passes(LATE)
            self.manner = {}
        self.tape.willing_from = self.now
        end = self.now + LONGEST
        while self.now < end and not self.met():
            self.passes(5)
        self.leaves()
        self.tape.end = self.now

    def met(self) -> bool:
        """Whether everybody who told of a symptom has had contact, and a moment more."""
        self.tape.end = self.now
        more = LONGER_TALK if set(self.order.events) & set(ALL_FAULTS) else SHORT_TALK
        return all(contact_at(self.tape, who) + more < self.now for who in self.tape.told) and bool(self.tape.told)

    def leaves(self) -> None:
        """All hang up, in an order of their own, and nobody of the staff answers any more."""
        people = ["caller", "other", *self.tape.staff, *self.tape.interpreters]
        self.manner = dict.fromkeys(people, "ignores")
        self.once.clear()
        if self.order.seed & 1:
            people.reverse()
        for who in people:
            self.hang_up(self.phone(who).lines)
            if self.order.seed & 2 and self.phone(who).history:
                self.passes(3)
        self.passes(AFTERWARDS)

    def acts(self) -> None:
        """Everybody reacts to what rings and to what they have heard."""
        for at, act in [one for one in self.due if one[0] <= self.now + 1e-6]:
            self.due.remove((at, act))
            act()
        for who in self.who:
            phone = self.phone(who)
            for leg in phone.waiting():
                if f"ring {leg.sid}" not in self.lines_manner:
                    self.lines_manner[f"ring {leg.sid}"] = manner = self.once.pop(who, self.manner.get(who, "willing"))
                    self._meets_ring(who, leg.sid, manner)
            for line in phone.lines:
                with suppress(PhonesimError):
                    self._reacts(who, line)
        self._house_has_enough()
        self._nobody_is_left_to_talk_to()

    def _house_has_enough(self) -> None:
        """Whoever picks up at the house talks for half a minute, and can do no more for a caller."""
        for talk in self.observer.talks.values():
            for line in (self.tape.lines.get(talk.one), self.tape.lines.get(talk.other)):
                if line is not None and line.who == "house" and self.now - talk.begin > HOUSE_TALKS:
                    self.hang_up(self.phone("house").lines)

    def _nobody_is_left_to_talk_to(self) -> None:
        """Colleagues who have been together without any caller for a while put down."""
        callers = {line.sid for line in self.tape.lines_of(self.tape.callers)}
        helped = {
            sid
            for talk in self.observer.talks.values()
            for sid in (talk.one, talk.other)
            if callers & {talk.one, talk.other}
        }
        for pair in self.observer.talks:
            if pair & helped:
                self.apart.pop(pair, None)
            elif self.now - self.apart.setdefault(pair, self.now) > COLLEAGUES_WAIT:
                for sid in pair:
                    self.hang_up(self.phone(self.tape.lines[sid].who).lines)

    def _meets_ring(self, who: str, sid: str, manner: str) -> None:
        if manner == "ignores":
            return

        def meets() -> None:
            with suppress(PhonesimError):
                if manner == "declines":
                    self.phone(who).decline()
                else:
                    line = self.answers(who, machine=manner == "voicemail")
                    self.lines_manner[line.call_sid] = manner

        self.later(12 if manner == "voicemail" else 3, meets)

    def _reacts(self, who: str, line: PhoneLine) -> None:
        """Answer the newest question that was heard to its end."""
        manner = self.lines_manner.get(line.call_sid, "willing")
        if manner in ("voicemail", "silent"):
            return
        begin = self.handled.get(line.call_sid, -1) + 1
        for place in range(begin, len(line.heard)):
            sound = line.heard[place]
            if sound.until is None or sound.until > self.world.now:
                return
            self.handled[line.call_sid] = place
            if sound.kind == "say" and not sound.cut:
                self._answers_question(who, line, sound.text, manner)

    def _answers_question(self, who: str, line: PhoneLine, said: str, manner: str) -> None:
        if "Enter your PIN" in said or ("PIN" in said and "pound" in said):
            if manner == "puts down":
                self.later(1, lambda: self.hang_up([line]))
            else:
                self._presses(line, f"{WRONG_PIN if manner == 'wrong PIN' else PIN}#", 1)
        elif HELD_MENU in said:
            self._presses(line, "2", 20)
        elif "No clinician" in said and who in self.tape.agents:
            self.later(AGENT_GOES_ON, lambda: self.hang_up([line]))
        elif who in self.tape.callers:
            self._caller_answers(who, line, said, manner)
        elif PRESS_ONE.search(said):
            keys = {"passes on": "2", "twice": "11"}.get(manner, "1")
            self._presses(line, keys, 170 if manner == "slow" else 1)

    def _caller_answers(self, who: str, line: PhoneLine, said: str, manner: str) -> None:
        asked = said.casefold()
        if "for english" in asked:
            self._presses(line, "1", 1)
        elif "tell me what you need" in asked or "in a few words" in asked:
            self.later(1, lambda: self._says_symptom(who, line))
        elif manner == "puts down":
            self.later(1, lambda: self.hang_up([line]))
        elif PRESS_ONE.search(said) and not KEEPS_PLACE.search(said):
            again = "communicate again" in asked or "again" in asked or "otra vez" in asked
            if not again or self.order.seed & 4 == 0:
                self._presses(line, "1", 1)

    def _says_symptom(self, who: str, line: PhoneLine) -> None:
        with suppress(PhonesimError):
            line.say("my chest hurts since the wedding")
            self.tape.told.setdefault(who, self.now)

    def _presses(self, line: PhoneLine, keys: str, after: float) -> None:
        def presses() -> None:
            with suppress(PhonesimError):
                line.press(keys)

        self.later(after, presses)


def play(order: Order) -> Tape:
    """The tape of an order. Raises NotReached, or Void where an event of it cannot happen."""
    with World(CONFIG, EVENING, seed=order.seed + 1) as world:
        player = Player(world, order)
        player.reaches()
        player.happens()
        player.goes_on()
        return player.observer.finish()
