"""Whatever people do and whatever fails, in the end nobody is stranded and nothing is left over."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from ivr.callbacks.tables import promise
from ivr.calls.event_tables import event
from ivr.calls.tables import call, leg
from ivr.jobs.tables import timer
from ivr.oncall.tables import escalation
from ivr.queue.tables import offer
from ivr.recordings.tables import recording
from rehearsals import ledger
from rehearsals.world import World
from tests.calls.monkey import Monkey
from tests.calls.office import CONFIG, NIGHT, Office

SEEDS = range(28)
AFTERWARDS = timedelta(hours=2)
CALL_BACK_WORDS = ("will call you", "le llamar")
HUNG_UP_AT_THE_BEEP = 16101
ALARMS_OF_FAULTS = {"effect-failed", "recording-not-started", "recording-not-fetched", "page-not-texted"}
ALARMS = {
    "unknown-number",
    "typed-number-refused",
    "ladder-exhausted",
    "promise-overdue",
    "promise-missed",
    "promise-without-number",
    "called-back-by-nobody",
    "no-clinician-accepted",
    "nobody-had-contact",
}
"""What supervisors are told because of what people did."""


@pytest.mark.parametrize("seed", SEEDS)
def test_whatever_people_do_nobody_is_stranded_and_nothing_is_left_over(seed: int) -> None:
    with World(CONFIG, NIGHT, seed=seed) as world:
        monkey = Monkey(world, seed)
        monkey.plays(minutes=4)
        monkey.stops()
        world.advance_to(world.now + AFTERWARDS)
        # Whoever nobody could reach is tried again for ever: what rings just now is let ring out.
        world.advance(lambda: not ledger.live_legs(world), timedelta(minutes=12))
        assert list(wrongs(world, monkey)) == []


def wrongs(world: World, monkey: Monkey) -> Iterator[str]:
    """Everything that is not as it should be in the end."""
    office = Office(world)
    yield from _left_over(world)
    yield from _symptoms(office)
    yield from _missed(office)
    yield from _told(office, monkey)
    yield from _recordings(office)
    yield from _alarms(world, monkey)


def _left_over(world: World) -> Iterator[str]:
    left = {
        "legs that have not ended": ledger.live_legs(world),
        "calls on the network": [one.address for one in world.net.legs.values() if not one.ended],
        "conversations that failed": ledger.failed_legs(world),
        "effects not carried out": ledger.effects(world, "ready", "leased"),
        "timers that did not fire": ledger.overdue_timers(world),
        "agents still held": ledger.engaged_agents(world),
        "calls still looking for an agent": ["one"] * ledger.waiting_callers(world),
    }
    yield from (f"{what}: {', '.join(found)}" for what, found in left.items() if found)


def _symptoms(office: Office) -> Iterator[str]:
    agents = office.world.organisation.agents
    for row in office.rows(call, call.c.symptom):
        escalations = office.rows(escalation, escalation.c.call_id == row.id)
        paged = {one.state for one in escalations}
        offers = office.rows(offer, offer.c.call_id == row.id, offer.c.state == "accepted")
        nursed = any(agents[one.agent_id].licences for one in offers)
        urgent = office.rows(promise, promise.c.call_id == row.id, promise.c.kind == "urgent-callback")
        if not (nursed or urgent or "accepted" in paged):
            yield f"nobody cared for the symptom of a call that ended as {row.outcome}"
        for owed in urgent:
            if owed.state in ("open", "working") and not (paged & {"accepted", "paging"} or _comes(office, owed.id)):
                yield f"an urgent promise is {owed.state}, and nobody works on it"


def _comes(office: Office, promise_id: str) -> bool:
    mine = (timer.c.kind == "promise_start") & (timer.c.subject == promise_id) & (timer.c.state == "waiting")
    return bool(office.rows(timer, mine))


def _missed(office: Office) -> Iterator[str]:
    told = {(row.data["what"], row.data.get("promise")) for row in office.rows(event, event.c.kind == "alert")}
    for owed in office.rows(promise):
        if owed.state == "missed" and ("promise-missed", owed.id) not in told:
            yield "a promise was missed without an alert"
        late = owed.state in ("open", "working") and owed.due_at < office.world.now
        if late and ("promise-overdue", owed.id) not in told:
            yield "a promise is overdue without an alert"


def _told(office: Office, monkey: Monkey) -> Iterator[str]:
    for line in monkey.dialled:
        said = [sound.spoken for sound in line.heard if sound.kind == "say"]
        if any(words in text for text in said for words in CALL_BACK_WORDS):
            (mine,) = office.rows(leg, leg.c.twilio_sid == line.call_sid)
            if not office.rows(promise, promise.c.call_id == mine.call_id):
                yield f"{line.leg.address} was told of a call-back that nobody owes: {said[-2:]}"


def _recordings(office: Office) -> Iterator[str]:
    explained = {row.data.get("recording") for row in office.rows(event, event.c.kind == "alert")}
    for row in office.rows(recording):
        if row.state not in ledger.HOME and row.id not in explained:
            yield f"a recording is {row.state} ({row.last_error})"


def _alarms(world: World, monkey: Monkey) -> Iterator[str]:
    rest_failed = any(fault.startswith("rest ") for fault in monkey.ever)
    undelivered = any(text.status in ("undelivered", "failed") for text in world.net.texts.values())
    allowed = ALARMS | (ALARMS_OF_FAULTS if rest_failed else set()) | ({"texts-not-arriving"} if undelivered else set())
    for what in sorted(set(ledger.alerts(world)) - allowed):
        yield f"there was an alert: {what}"
    if (failed := ledger.effects(world, "failed")) and not rest_failed:
        yield f"effects failed: {', '.join(failed)}"
    for entry in world.log:
        explained = entry["event"] == "effect_given_up" and rest_failed
        if entry["log_level"] in ("error", "critical") and not explained:
            yield f"an error was logged: {entry}"
    for alert in world.net.alerts:
        if alert.code == HUNG_UP_AT_THE_BEEP:
            continue
        yield f"the phone network complained: {alert.code} {alert.message}"
