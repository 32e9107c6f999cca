"""Simulated calls: how many call-minutes a minute holds, of the stand-in alone and with the whole installation.

A call-minute is a minute that one leg is up; the minutes it is held against are those of one busy core. Both sides play
scripted people: once every document is a constant, so that what remains is the stand-in's own work; once the real
application answers.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from time import process_time
from tracemalloc import get_traced_memory, start, stop
from typing import Any

from bench.errors import CannotMeasure
from bench.rows import Baseline, Row, at_least, reported
from ivr.core.counting import counted
from phonesim import Network, Options, WsgiApplication
from phonesim.load import LegTime, Plan, Stepped, read_plan
from phonesim.load.plan import Agents, Cue, Rate, Reason
from rehearsals import provisioning
from rehearsals.running import EXAMPLE
from rehearsals.simulation.running import simulate
from rehearsals.simulation.scaling import with_agents

AT = datetime(2026, 11, 3, 14, 30, tzinfo=UTC)
HOST, OURS = "https://constant.example", "+13125550100"
REHEARSALS = Path(EXAMPLE).parent / "rehearsals"
DOCUMENTS = {
    "/voice": '<Gather numDigits="1" action="/menu"><Say>Welcome. For help, press one.</Say></Gather>',
    "/menu": "<Dial><Number>+13125550171</Number></Dial>",
}
HUNDREDS_OF_THOUSANDS = 200_000
CONSTANT = "constant documents"


@dataclass(frozen=True, slots=True)
class Played:
    """What a run came to."""

    calls: int
    leg_minutes: float
    seconds: float

    @property
    def per_minute(self) -> float:
        """Call-minutes a minute of one core."""
        return self.leg_minutes * 60 / self.seconds


def measure(quick: bool = False) -> list[Row]:
    """The stand-in alone, then the installation against it in the same run."""
    alone = _alone(50 if quick else 3000)
    real = _real(3 if quick else 150)
    baseline, remembered = Baseline(CONSTANT, alone.per_minute), 50 if quick else 1000
    return [
        at_least("the stand-in alone", alone.per_minute, "call-min/min", _target(), 1.0),
        reported("the stand-in alone", alone.calls / alone.seconds, "calls/s"),
        reported("with the whole installation", real.per_minute, "call-min/min", baseline),
        reported("with the whole installation", real.calls / real.seconds, "calls/s"),
        reported("memory of the stand-in, everything kept", _memory(Options(), remembered), "MB/1000 calls"),
        reported("memory of the stand-in, forgetting", _memory(FORGETFUL, remembered), "MB/1000 calls"),
    ]


FORGETFUL = Options(keep_trace=False, forget_after=60.0)


def _target() -> Baseline:
    return Baseline("hundreds of thousands", HUNDREDS_OF_THOUSANDS)


def _plan(calls: int) -> Plan:
    helped = Reason("help", 1, (Cue("press one", presses="1"),))
    return Plan("constant", OURS, Rate(3600), (helped,), (Agents("agents", frozenset()),), most=calls)


def _constant(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    start_response("200 OK", [("Content-Type", "text/xml")])
    return [f"<Response>{DOCUMENTS[environ['PATH_INFO']]}</Response>".encode()]


def _network(options: Options) -> Network:
    net = Network("AC" + "0" * 32, "token", WsgiApplication(_constant, HOST), AT, options=options)
    net.add_number(OURS, f"{HOST}/voice")
    net.phone("+13125550171").behaviour = "answer"
    return net


def _alone(calls: int) -> Played:
    net = _network(FORGETFUL)
    legs = LegTime(net)
    people = Stepped(net, _plan(calls))
    began = process_time()
    people.run()
    took = process_time() - began
    if any(call.stranded for call in people.population.calls):
        raise CannotMeasure("a caller of the constant application was stranded")
    return Played(calls, legs.seconds / 60, took)


def _real(calls: int) -> Played:
    plan = read_plan(REHEARSALS / "load" / "weekday-morning.yaml", calls=calls)
    organisation = with_agents(provisioning.read_organisation(EXAMPLE, AT), 20)
    began = process_time()
    done = simulate(plan, organisation, AT, patients=REHEARSALS / "people" / "maple.csv")
    took = process_time() - began
    if done.stranded:
        raise CannotMeasure(f"{counted(done.stranded, 'caller')} of the installation were stranded")
    return Played(calls, done.leg_minutes, took)


def _memory(options: Options, calls: int) -> float:
    """Megabytes that are still held after so many calls, for each thousand."""
    net = _network(options)
    start()
    try:
        Stepped(net, _plan(calls)).run()
        held, _ = get_traced_memory()
    finally:
        stop()
    return held / 1e6 / calls * 1000
