"""People who do anything at all with their phones, drawn from a seed, while servers and networks misbehave."""

from __future__ import annotations

import random
from contextlib import suppress
from datetime import datetime, timedelta

from sqlalchemy import select

from ivr.queue.tables import offer
from phonesim import Line, Phone, switch_off, switch_on
from phonesim.errors import PhonesimError
from rehearsals.provisioning import PIN, WRONG_PIN
from rehearsals.world import World
from tests.calls.office import BACKLINE, MAPLE
from tests.calls.scenes import listened_to

UNKNOWN = "+13125550909"
HOUSE = "+13125550190"
CALLERS = ("+13125550199", "+13125550198", "+13125550197")
LONGEST_SILENCE = timedelta(seconds=25)
QUIET_PHONES = ("ignore", "busy", "decline", "voicemail", "unreachable", "switched-off")
OPENINGS = (
    (), ("1", "2", "2"), ("1", "1", "my chest hurts"), ("1", "1", "I feel a bit tired", *"2222221"),
    ("1", "3", "1", "03141980", "60601", "2"), ("1", "4", "1", "03141980", "60601", "1"), ("1", "0"), ("2", "1"),
)  # fmt: skip
KEYS = ("1", "1", "2", "2", "3", "4", "0", "9", "*", "#", "03141980#", "60601#", "3125550199#")
WORDS = ("agent", "my chest hurts", "I cannot breathe", "hrm florble", "appointment", "yes", "no", "my bill", "a nurse")
MANNERS = ("accepts", "accepts", "accepts", "declines", "says nothing", "wrong PIN", "anything")
FAULTS = {
    "duplicates": ("webhooks-twice", "callbacks-twice=0.5"),
    "lost news": ("callbacks-lost=0.4",),
    "late news": ("callbacks-late=5", "callbacks-reordered=0.5"),
    "rest fails": ("rest-failing=503",),
    "rest is busy": ("rest-busy",),
    "rest loses answers": ("rest-lost-answer", "rest-slow=86400 on GET"),
}
NATURE = (*FAULTS, "redis emptied", "redis stopped")


class Monkey:
    """One seed: who calls, what everybody does next, and what breaks meanwhile."""

    def __init__(self, world: World, seed: int) -> None:
        self.world, self.dice = world, random.Random(seed)
        organisation = world.organisation
        self.agents = {agent.contact for agent in organisation.agents.values()}
        self.clinicians = {person.voice for person in organisation.people.values()}
        self.dialled: list[Line] = []
        self.manners: dict[str, str] = {}
        self.plans: dict[str, list[str]] = {}
        self.heard_until: dict[str, datetime] = {}
        self.faults: set[str] = set()
        self.ever: set[str] = set()
        world.connect_number(UNKNOWN)
        self.faulty = self.dice.random() < 0.6
        for address in sorted(self.agents | self.clinicians | {HOUSE}):
            self._choose_behaviour(world.net.phone(address))

    def plays(self, minutes: int) -> None:
        """Everybody acts for so long."""
        end, numbers = self.world.now + timedelta(minutes=minutes), list(CALLERS[: self.dice.randint(1, 3)])
        while self.world.now < end:
            if numbers and self.dice.random() < 0.2:
                self._dials(numbers.pop())
            self._everybody_acts()
            self._nature()
            self.world.advance_to(self.world.now + timedelta(seconds=self.dice.choice((1, 2, 3, 5))))
            self.looks()

    def stops(self) -> None:
        """Everybody hangs up for good, and every fault ends."""
        for fault in sorted(self.faults):
            self._ends(fault)
        for phone in list(self.world.net.phones.values()):
            phone.behaviour = "ignore"
            for line in phone.lines:
                line.hang_up()
        self.world.settle()

    def looks(self) -> None:
        """What must hold at every moment: one offer an agent, one agent a caller, and no long silence."""
        open_now = select(offer.c.agent_id).where(offer.c.state == "open")
        with self.world.services.database.read() as connection:
            offered = list(connection.execute(open_now).scalars())
        assert len(offered) == len(set(offered)), offered
        for line in self.dialled:
            company = line.connected_to
            assert len(company & self.agents) <= 1, company
            if line.leg.ended or self.faults or company or _hears(line, self.world.now):
                self.heard_until[line.call_sid] = self.world.now
            silent = self.world.now - self.heard_until[line.call_sid]
            assert silent <= LONGEST_SILENCE, f"{line.leg.address} heard nothing for {silent} after {line.heard[-1]}"

    def _dials(self, number: str) -> None:
        to = self.dice.choices((MAPLE, BACKLINE, UNKNOWN), (6, 1, 1))[0]
        shown = "anonymous" if self.dice.random() < 0.15 else None
        line = self.world.net.phone(number).dial(to, from_=shown)
        self.plans[line.call_sid] = list(self.dice.choice(OPENINGS)) if to == MAPLE else []
        self.heard_until[line.call_sid] = self.world.now
        self.dialled.append(line)

    def _everybody_acts(self) -> None:
        for phone in list(self.world.net.phones.values()):
            if phone.ringing and phone.behaviour == "manual" and self.dice.random() < 0.4:
                line = phone.answer()
                self.manners[line.call_sid] = self.dice.choice(MANNERS)
            elif self.dice.random() < 0.02 and phone.address not in CALLERS:
                self._choose_behaviour(phone)
            for line in phone.lines:
                with suppress(PhonesimError):
                    self._acts(phone, line)

    def _acts(self, phone: Phone, line: Line) -> None:
        machine = phone.behaviour == "voicemail" and line.call_sid not in self.manners
        if machine or self.dice.random() < 0.5:
            return
        if self.dice.random() < (0.03 if not line.connected_to else 0.06):
            line.hang_up()
        elif listened_to(line, "key") or listened_to(line, "speech"):
            self._answers(phone, line)

    def _answers(self, phone: Phone, line: Line) -> None:
        if plan := self.plans.get(line.call_sid):
            self._gives(line, plan.pop(0))
        elif line.call_sid in self.plans:
            if self.dice.random() < 0.6:
                self._gives(line, self.dice.choice(KEYS if self.dice.random() < 0.7 else WORDS))
        else:
            self._as_mannered(phone, line)

    def _as_mannered(self, phone: Phone, line: Line) -> None:
        manner = self.manners.get(line.call_sid, "says nothing")
        asked_pin = phone.address in self.clinicians and "PIN" in _last_said(line)
        if line.connected_to:
            if self.dice.random() < 0.15:
                line.press("*")
        elif manner == "anything":
            line.press(self.dice.choice((*KEYS, "*")))
        elif asked_pin and manner != "says nothing":
            line.press(f"{WRONG_PIN if manner == 'wrong PIN' else PIN}#")
        elif manner in ("accepts", "declines"):
            line.press("1" if manner == "accepts" else "2")

    def _gives(self, line: Line, answer: str) -> None:
        if set(answer) <= set("0123456789*#"):
            line.press(answer)
        else:
            line.say(answer)

    def _choose_behaviour(self, phone: Phone) -> None:
        phone.behaviour = "manual" if self.dice.random() < 0.65 else self.dice.choice(QUIET_PHONES)

    def _nature(self) -> None:
        if self.faulty and self.dice.random() < 0.06:
            fault = self.dice.choice(NATURE)
            if fault in self.faults:
                self._ends(fault)
            else:
                self._begins(fault)
        elif self.faults and self.dice.random() < 0.1:
            self._ends(sorted(self.faults)[0])

    def _begins(self, fault: str) -> None:
        self.ever.add(fault)
        self.faults.add(fault)
        for written in FAULTS.get(fault, ()):
            switch_on(self.world.net, written)
        if fault == "redis emptied":
            self.world.empty_redis()
        elif fault == "redis stopped":
            self.world.stop_redis()

    def _ends(self, fault: str) -> None:
        self.faults.discard(fault)
        for written in FAULTS.get(fault, ()):
            switch_off(self.world.net, written.partition("=")[0])
        if fault == "redis stopped":
            self.world.return_redis()


def _hears(line: Line, now: datetime) -> bool:
    return any(sound.until is None or sound.until >= now for sound in line.heard[-4:] if sound.kind != "silence")


def _last_said(line: Line) -> str:
    return next((sound.text for sound in reversed(line.heard) if sound.kind == "say"), "")
