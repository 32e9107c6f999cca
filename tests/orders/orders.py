"""Orders of events in a hand-over: how each state is reached, and what may happen there. Pure: plain values only."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

_ENGLISH = "caller hears: For English; caller presses: 1; caller hears: Tell me what you need"
_TO_AGENT = f"""{_ENGLISH}; caller presses: 0; ana rings; ana answers; ana hears: To take the call; ana presses: 1;
    talk: caller ana; wait: 22"""
_CONSULT = """AGENT presses: *; @stepping out; AGENT hears: To bring in the clinician; @on hold; AGENT presses: 1;
    told: caller; @asked; dr-okafor rings; @rung; wait: 4; dr-okafor answers; @picked up;
    dr-okafor hears: Enter your PIN;
    dr-okafor presses: PIN; @PIN given; dr-okafor hears: To accept; @summary heard; dr-okafor presses: 1; @accepted;
    wait: 1; @joining; talk: AGENT dr-okafor; @with the agent;
    talk: caller dr-okafor; @bridged; AGENT hangs up; @agent left"""
_FLAG = f"""{_ENGLISH}; caller presses: 1; caller hears: In a few words; caller says: my chest hurts since the wedding;
    told: caller; @flag said; caller hears: dial 911 now; @911 heard; dr-okafor rings; @first rings"""
_TAKES = """{0} answers; @{0} picked up; {0} hears: Enter your PIN; {0} presses: PIN; @{0} PIN; {0} hears: To accept;
    @{0} summary; {0} presses: 1; @{0} accepted"""
_DECLINED = "dr-okafor declines; dr-lee rings; @second rings"
_DECLINED_TWICE = f"{_DECLINED}; dr-lee declines; dr-patel rings; @director rings"
_DECLINED_BY_ALL = f"{_DECLINED_TWICE}; dr-patel declines; house rings; @house rings; house answers; @house picked up"
_RUNG_BACK = """caller rings; @patient rings; caller answers; @patient picked up; caller hears: To talk with us;
    caller presses: 1; @patient pressed"""
_DROPPED = f"{_FLAG}; caller hangs up; @dropped"
_DROPPED_TAKEN = f"""{_DROPPED}; dr-okafor answers; dr-okafor hears: Enter your PIN; dr-okafor presses: PIN;
    dr-okafor hears: To accept; @dropped, summary; dr-okafor presses: 1; dr-okafor hears: To call them back now;
    @dropped, accepted; dr-okafor presses: 1; @calling back"""
_AGAIN = """{0} dials; @{0} again, dialled; {0} hears: For English; {0} presses: 1; {0} hears: Tell me what you need;
    {0} says: my chest hurts since the wedding; told: {0}; @{0} again, said; {0} hears: dial 911 now; @{0} again, 911"""
_INTERPRETED = """caller hears: Para español; caller presses: 2; caller hears: hablar con una persona;
    caller presses: 0; ana rings; ana answers; ana presses: 2; benjie rings; benjie answers; benjie presses: 1;
    lingua rings; @interpreter rings; lingua answers; lingua presses: 1; talk: caller benjie;
    talk: caller lingua; wait: 22"""
_SPANISH_FLAG = """caller hears: Para español; caller presses: 2; caller hears: Dígame qué necesita; caller presses: 1;
    caller hears: En pocas palabras; caller says: me duele el pecho desde la boda; told: caller; dr-okafor rings"""

CHAINS: dict[str, str] = {
    "consult": f"{_TO_AGENT}; {_CONSULT.replace('AGENT', 'ana')}",
    "flag": f"{_FLAG}; {_TAKES.format('dr-okafor')}; talk: caller dr-okafor; @joined",
    "second": f"{_FLAG}; {_DECLINED}; {_TAKES.format('dr-lee')}; talk: caller dr-lee; @joined",
    "both": f"""{_FLAG}; dr-okafor answers; dr-okafor hears: Enter your PIN; dr-okafor presses: PIN;
        dr-okafor hears: To accept; dr-lee rings; @backup rings;
        {_TAKES.format("dr-lee")}""",
    "director": f"{_FLAG}; {_DECLINED_TWICE}; {_TAKES.format('dr-patel')}; talk: caller dr-patel; @joined",
    "house": f"""{_FLAG}; {_DECLINED_BY_ALL}; house hears: press 1; house presses: 1; @taken;
        talk: caller house; @with the house""",
    "dropped": f"{_DROPPED_TAKEN}; {_RUNG_BACK}; talk: caller dr-okafor; @talking again",
    "dropped house": f"""{_DROPPED}; {_DECLINED_BY_ALL}; house hears: press 1; house presses: 1; @house accepted;
        {_RUNG_BACK}; talk: caller house; @talking again""",
    "again": f"{_DROPPED}; {_AGAIN.format('caller')}; {_TAKES.format('dr-okafor')}; talk: caller dr-okafor; @joined",
    "elsewhere": f"{_DROPPED}; {_AGAIN.format('other')}; {_TAKES.format('dr-okafor')}",
    "interpreted": f"{_INTERPRETED}; {_CONSULT.replace('AGENT', 'benjie')}",
    "interpreted dropped": f"""{_SPANISH_FLAG}; caller hangs up; dr-okafor answers; dr-okafor hears: Enter your PIN;
        dr-okafor presses: PIN; dr-okafor hears: To accept; @summary; dr-okafor presses: 1;
        dr-okafor hears: To call them back now; dr-okafor presses: 1; @calling back; caller rings; @patient rings;
        caller answers; @patient picked up; caller hears: oprima 1; caller presses: 1; @patient pressed;
        talk: caller dr-okafor; @talking again""",
}  # fmt: skip
ACTS = (
    "caller hangs up", "caller is lost", "caller presses 1", "caller presses 2", "caller dials", "other dials",
    "patient ignores", "patient voicemail", "patient busy", "patient declines", "patient puts down",
    "agent hangs up", "agent is lost", "agent presses *", "agent presses 1", "agent presses 2", "agent presses 3",
    "clinician hangs up", "clinician is lost", "clinician declines", "clinician ignores", "clinician voicemail",
    "clinician passes on", "clinician silent", "clinician wrong PIN", "clinician twice", "clinician slow",
    "clinician puts down", "clinicians busy", "clinicians off", "clinicians voicemail",
    "house hangs up", "house ignores", "house voicemail", "house passes on",
    "interpreter hangs up", "interpreter ignores", "interpreter voicemail", "everybody hangs up",
)  # fmt: skip
FAULTS = (
    "news lost", "news late", "webhooks twice", "webhooks late", "worker dies", "rest failing", "rest busy",
    "rest loses answers", "carrier failing", "redis emptied",
)  # fmt: skip
DELAYS = (0, 2, 13)
TAILS = ("willing", "late")


@dataclass(frozen=True, slots=True)
class Order:
    """Reach a state, let the events happen with ``delay`` seconds between, and go on with people of this ``tail``.

    ``seed`` chooses among habits that should not matter: who hangs up first at the end, whether a caller presses 1
    when asked, whether an agent leaves a clinician alone with the caller.
    """

    chain: str
    state: str
    events: tuple[str, ...]
    delay: int = 0
    tail: str = "willing"
    seed: int = 0

    def __str__(self) -> str:
        """The order in one line."""
        happens = f" +{self.delay}s ".join(self.events) or "nothing"
        return f"{self.chain} / {self.state}: {happens} ({self.tail}, {self.seed})"


def steps(chain: str) -> list[str]:
    """The steps of a chain, its states among them."""
    return [" ".join(step.split()) for step in CHAINS[chain].split(";")]


def states() -> list[tuple[str, str]]:
    """Every chain with each of its states."""
    return [(chain, step[1:]) for chain in CHAINS for step in steps(chain) if step.startswith("@")]


def singles(chain: str, state: str) -> Iterator[Order]:
    """Every event at a state, with each tail."""
    for event, (seed, tail) in product((*ACTS, *FAULTS), enumerate(TAILS)):
        yield Order(chain, state, (event,), tail=tail, seed=seed)


def pairs(chain: str, state: str) -> Iterator[Order]:
    """Every two events at a state, in one instant and one after the other."""
    events = (*ACTS, *FAULTS)
    every = product(enumerate(events), enumerate(events), DELAYS)
    for place, ((first, one), (second, two), delay) in enumerate(every):
        if first < second or (delay and first != second):
            yield Order(chain, state, (one, two), delay, TAILS[place % 2], place % 8)


def sample(count: int, seed: int = 1) -> list[Order]:
    """So many orders, each of another state as far as there are any, events drawn by the seed."""
    dice, every = random.Random(seed), states()
    dice.shuffle(every)
    found = []
    for place in range(count):
        chain, state = every[place % len(every)]
        happens = tuple(dice.sample((*ACTS, *FAULTS), dice.choice((1, 2, 2))))
        found.append(Order(chain, state, happens, dice.choice(DELAYS), dice.choice(TAILS), dice.randrange(8)))
    return found
