"""The people of a load plan. They know what happens on the network and nothing else."""

from collections.abc import Mapping
from random import Random
from typing import Any

from phonesim.load.arrivals import arrival_times
from phonesim.load.dice import one_of
from phonesim.load.people import Agent, Caller, Hands
from phonesim.load.plan import Agents, Plan
from phonesim.load.results import Call

CALLED_BACK = Agents("called back", frozenset(), misses=1.0)
"""Callers whose plan does not say what they do when they are called back let it ring."""


class Population:
    """The callers and agents of one plan. Same seed, same people."""

    def __init__(self, hands: Hands, plan: Plan, seed: int) -> None:
        self.hands, self.plan, self.seed = hands, plan, seed
        self.arrivals = arrival_times(plan, seed)
        self.calls: list[Call] = []
        self.agents: dict[str, Agent] = {}
        self._callers: dict[str, Caller] = {}
        self._phones: set[str] = set()
        self._called_back = Agents("called back", frozenset(), plan.called_back, talks=plan.talk)
        self._rooms: dict[str, list[str]] = {}
        self._handlers = {
            "hear": self._heard, "ring": self._rang, "answer": self._answered, "hang-up": self._ended,
            "join": self._joined, "leave": self._left,
        }  # fmt: skip

    @property
    def over(self) -> bool:
        """Whether every caller has called and everybody has put down the phone."""
        talking = any(agent.on_a_call for agent in self.agents.values())
        return len(self.calls) == len(self.arrivals) and not self._callers and not talking

    @property
    def ended(self) -> int:
        """How many callers have come and gone."""
        return len(self.calls) - len(self._callers)

    def open(self) -> None:
        """Let the first caller come; each brings the next."""
        self._begun = self.hands.now
        self._expect(0)

    def handle(self, kind: str, who: str, detail: Mapping[str, Any]) -> None:
        """React to something that happened on the network."""
        handler = self._handlers.get(kind)
        if handler:
            handler(who, detail)

    def _expect(self, number: int) -> None:
        if number < len(self.arrivals):
            passed = (self.hands.now - self._begun).total_seconds()
            self.hands.after(max(0.0, self.arrivals[number] - passed), lambda: self._calls(number))

    def _calls(self, number: int) -> None:
        dice = Random(f"{self.seed}:caller:{number}")
        reason = self.plan.reasons[one_of(dice, [one.share for one in self.plan.reasons])]
        phone = numbered(self.plan.callers, number)
        call = Call(number + 1, reason.name)
        self.calls.append(call)
        self._phones.add(phone)
        self._callers[phone] = Caller(self.hands, phone, self.plan, dice, reason, call)
        self._callers[phone].dial()
        self._expect(number + 1)

    def _person(self, who: str) -> Caller | Agent | None:
        return self._callers.get(who) or self.agents.get(who)

    def _heard(self, who: str, detail: Mapping[str, Any]) -> None:
        person = self._person(who)
        if person and detail["kind"] != "silence":
            person.hears(detail["text"].casefold(), detail["seconds"])

    def _rang(self, who: str, _detail: Mapping[str, Any]) -> None:
        if who not in self._callers and (agent := self._agent(who)):
            agent.rings()

    def _agent(self, who: str) -> Agent | None:
        if who not in self.agents:
            group = self._group(who)
            if group is None:
                return None
            self.agents[who] = Agent(self.hands, who, self.plan, Random(f"{self.seed}:agent:{who}"), group)
        return self.agents[who]

    def _group(self, who: str) -> Agents | None:
        if who in self._phones:
            return CALLED_BACK if not self.plan.called_back else self._called_back
        named = next((group for group in self.plan.agents if who in group.phones), None)
        return named or next((group for group in self.plan.agents if not group.phones), None)

    def _answered(self, who: str, _detail: Mapping[str, Any]) -> None:
        if agent := self.agents.get(who):
            agent.call_begins()

    def _ended(self, who: str, _detail: Mapping[str, Any]) -> None:
        if caller := self._callers.pop(who, None):
            caller.call_ends()
        elif (agent := self.agents.get(who)) and agent.on_a_call:
            agent.call_ends()

    def _joined(self, who: str, detail: Mapping[str, Any]) -> None:
        if "queue" in detail:
            if caller := self._callers.get(who):
                caller.waits()
        elif "other" in detail:
            self._meet([who, detail["other"]])
        else:
            room = self._rooms.setdefault(detail["conference"], [])
            room.append(who)
            if len(room) > 1:
                self._meet(room)

    def _left(self, who: str, detail: Mapping[str, Any]) -> None:
        if "other" in detail:
            self._part([who, detail["other"]])
        elif "conference" in detail:
            room = self._rooms.get(detail["conference"], [])
            if who in room:
                room.remove(who)
                self._part([who, *room] if len(room) < 2 else [who])
            if not room:
                self._rooms.pop(detail["conference"], None)

    def _meet(self, people: list[str]) -> None:
        for who in people:
            if person := self._person(who):
                person.meets()

    def _part(self, people: list[str]) -> None:
        for who in people:
            if person := self._person(who):
                person.parts()


def numbered(pattern: str, number: int) -> str:
    """Return the number of one caller. Its digits in place of ``#`` begin with a 2, as area and exchange codes do."""
    places = pattern.count("#")
    most = 8 * 10 ** (places - 1)
    return pattern.replace("#" * places, str(2 * 10 ** (places - 1) + number % most))
