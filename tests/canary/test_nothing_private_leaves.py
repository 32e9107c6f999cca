from __future__ import annotations

import io
import logging
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import structlog
from sqlalchemy import text, update

from ivr.callbacks.tables import promise
from ivr.calls.tables import COMPLAINT, call, leg
from ivr.core.cipher import name_row
from ivr.core.unit_of_work import transaction
from ivr.patients.tables import patient
from ivr.privacy.logging import configure
from ivr.recordings.tables import recording
from phonesim import Line, switch_on
from rehearsals.provisioning import PIN, WRONG_PIN
from rehearsals.world import World
from tests.calls.office import Office
from tests.calls.scenes import ANA, DR_LEE, agent_accepts, dial, goes_on, listened_to, run, said_to, until_it_rings
from tests.calls.test_servers_down import database_gone
from tests.canary.leaving import WAV, Leaving, leaks
from tests.codes.codes import send_through_verify
from tests.taking_in import take_in_rows
from tests.verification.desk import Desk

CALLER = "+13125550148"
TYPED = "3125550147"
BIRTH = "02291988"
PRIVATE = {
    "name": "Quillfeather",
    "given name": "Zyxomma",
    "birth, keyed": BIRTH,
    "birth, stored": "1988-02-29",
    "zip": "60699",
    "record number": "77310942",
    "caller's number": "3125550148",
    "spoken words": "zebrafinch",
    "PIN": PIN,
    "wrong PIN": WRONG_PIN,
}
WORDS = "my zebrafinch has chest pain"
PATIENT = ("id,name,date_of_birth,zip,mrn,phone,language,state\n"
           f"X-9,Zyxomma Quillfeather,1988-02-29,60699,77310942,{CALLER},en-US,IL\n")  # fmt: skip
OTHER = "+13125550177"
CODE = re.compile(r"\b[0-9]{6}\b")
KNOWN = ("1", BIRTH, "60699")


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """Everything that is logged, as it would leave the process."""
    root, configured = logging.getLogger(), structlog.get_config()
    handlers, level = list(root.handlers), root.level
    stream = io.StringIO()
    configure(stream=stream)
    root.setLevel(logging.DEBUG)
    yield stream
    structlog.configure(**configured)
    root.handlers[:] = handlers
    root.setLevel(level)


@pytest.fixture
def leaving(world: World, log: io.StringIO, tmp_path: Path) -> Leaving:
    """A world that knows the patient, and everything that leaves it."""
    take_in_rows(world.services, tmp_path, PATIENT, world.now)
    (tmp_path / "patients.csv").unlink()
    return Leaving(world, log)


def nothing_left(leaving: Leaving, *more: str) -> None:
    """None of the patient's data left, and no sound is readable on the disk."""
    sinks = leaving.sinks()
    assert leaks(sinks, [*PRIVATE.values(), *more]) == set()
    assert {where for where, content in sinks.items() if WAV in content} == set()


def test_an_appointment_of_a_patient_who_was_recognised(leaving: Leaving) -> None:
    world = leaving.world
    line = goes_on(world, dial(world, from_=CALLER), ("1", "2", *KNOWN))
    agent_accepts(world)
    assert line.connected_to == {ANA}
    run(world, 20)
    line.hang_up()
    run(world, 30)
    about = Office(world).one(call)
    assert (about.identity_level, about.outcome) == ("L1", "with an agent")
    assert about.patient_id is not None
    assert any(b"Identity level L1" in sent.answer for sent in leaving.documents.seen)
    nothing_left(leaving)


def clinician_hears(world: World) -> Line:
    """The clinician types a wrong PIN, then the right one, and accepts."""
    until_it_rings(world, DR_LEE)
    return goes_on(world, world.net.phone(DR_LEE).answer(), (f"{WRONG_PIN}#", f"{PIN}#", "1"))


def test_a_symptom_is_heard_by_the_clinician_after_the_pin_and_by_nobody_else(leaving: Leaving) -> None:
    world = leaving.world
    line = goes_on(world, dial(world, from_=CALLER), ("1", "1", WORDS))
    clinician_hears(world)
    run(world, 25)
    assert line.connected_to == {DR_LEE}
    line.hang_up()
    run(world, 60)
    about = Office(world).one(call)
    assert world.services.cipher.open("maple", COMPLAINT, name_row(call, about.id), about.complaint_sealed) == WORDS
    told = [sent for sent in leaving.documents.seen if b"zebrafinch" in sent.answer]
    accept = Office(world).one(leg, leg.c.role == "clinician")
    assert WORDS.encode() in told[0].answer
    assert all(f"/voice/leg/{accept.id}/" in sent.address for sent in told)
    sinks = leaving.sinks()
    sinks["documents"] = sinks["documents"].replace(b"zebrafinch", b"")
    assert leaks(sinks, PRIVATE.values()) == set()


def test_nothing_of_a_symptom_is_heard_without_the_pin(leaving: Leaving) -> None:
    world = leaving.world
    goes_on(world, dial(world, from_=CALLER), ("1", "1", WORDS))
    until_it_rings(world, DR_LEE)
    goes_on(world, world.net.phone(DR_LEE).answer(), (f"{WRONG_PIN}#",) * 3)
    run(world, 30)
    assert "That PIN is not right. Goodbye." in said_to(world.net.phone(DR_LEE).history[0])
    nothing_left(leaving)


def test_where_a_patient_is_leaves_as_a_spoken_state_and_its_zip_code_not_at_all(leaving: Leaving) -> None:
    world = leaving.world
    answers = ("1", "1", "my zebrafinch hurts", "4", "2", *"22222222222", "2", "94199", "1")
    line = goes_on(world, dial(world, from_=CALLER), answers)
    clinician_hears(world)
    line.hang_up()
    run(world, 60)
    sinks = leaving.sinks()
    sinks["documents"] = sinks["documents"].replace(b"zebrafinch", b"")
    assert b"That is in California" in sinks["documents"]
    assert leaks(sinks, [*PRIVATE.values(), "94199"]) == set()
    assert leaks(sinks, ["California"]) == {("documents", "California")}


def test_a_message(leaving: Leaving) -> None:
    world = leaving.world
    line = goes_on(world, dial(world, from_=CALLER), ("1", "3", *KNOWN))
    assert world.advance(lambda: any(sound.kind == "beep" for sound in line.heard), timedelta(minutes=1))
    line.say("This is Zyxomma Quillfeather")
    run(world, 5)
    line.hang_up()
    run(world, 60)
    kept = Office(world).rows(recording)
    assert {row.kind: row.state for row in kept} == {"call": "released", "message": "released"}
    nothing_left(leaving)


def test_a_call_back_on_a_number_that_was_typed(leaving: Leaving) -> None:
    world, office = leaving.world, Office(leaving.world)
    line = goes_on(world, dial(world, from_=CALLER), ("1", "4", *KNOWN, "2", TYPED, "1"))
    run(world, 10)
    assert "We will call you back by" in said_to(line)
    assert office.one(promise).state == "open"
    nothing_left(leaving, TYPED)
    switch_on(world.net, "rest-lost-answer on POST /Calls.json 2 times")
    assert world.advance(lambda: bool(office.rows(leg, leg.c.role == "agent")), timedelta(days=2))
    agent = office.one(leg, leg.c.role == "agent").person_id
    address = world.organisation.agents[agent].contact
    until_it_rings(world, address)
    switch_on(world.net, "rest-lost-answer on POST /Calls.json 1 time")
    goes_on(world, world.net.phone(address).answer(), ("1",))
    until_it_rings(world, f"+1{TYPED}")
    goes_on(world, world.net.phone(f"+1{TYPED}").answer(), ("1",))
    run(world, 20)
    assert office.one(promise).state == "kept"
    sinks = leaving.sinks()
    assert leaks(sinks, PRIVATE.values()) == set()
    # The number is where it must be to be rung, once for all the doubt about it, and nowhere else.
    assert leaks(sinks, [TYPED]) == {("bodies of requests", TYPED)}
    placing = [sent for sent in leaving.rest.seen if TYPED.encode() in sent.body]
    assert {(sent.method, sent.address.rpartition("/")[2]) for sent in placing} == {("POST", "Calls.json?")}


def test_a_conversation_that_breaks_and_a_database_that_is_gone_tell_the_log_nothing(leaving: Leaving) -> None:
    world, office = leaving.world, Office(leaving.world)
    line = goes_on(world, dial(world, from_=CALLER), ("1", "1"))
    assert world.advance(lambda: listened_to(line, "speech"), timedelta(minutes=1))
    with database_gone(office):
        line.say(WORDS)
        world.net.advance(4)
    world.clock.move_to(world.net.now)
    other = goes_on(world, dial(world, from_=CALLER), ("1", "1", "my zebrafinch is unwell"))
    with transaction(world.services) as work:
        work.connection.execute(update(leg).where(leg.c.twilio_sid == other.call_sid).values(pending_key="zebra"))
    run(world, 10)
    logged = leaving.log.getvalue()
    assert "document_failed" in logged
    assert "safe_landing" in logged
    nothing_left(leaving)


def test_a_leak_anywhere_is_found(leaving: Leaving) -> None:
    world = leaving.world
    assert leaks(leaving.sinks(), ["Kestrel"]) == set()
    redis = world.services.redis
    assert redis is not None
    redis.set("sunline:kestrel", 1)
    structlog.get_logger("test").warning("safe_landing", flow="kestrel")
    with world.services.database.write() as connection:
        connection.execute(text("CREATE TABLE careless (word TEXT)"))
        connection.execute(text("INSERT INTO careless VALUES ('Kestrel')"))
    (Path(str(world.services.database.url.database)).parent / "careless.wav").write_bytes(b"RIFF....WAVEfmt Kestrel")
    world.app.add_url_rule("/voice/kestrel", view_func=lambda: "Kestrel", methods=["POST"])
    found = {where for where, _ in leaks(leaving.sinks(), ["Kestrel"])}
    assert found >= {"redis", "log", "file careless.wav"}
    assert {"file sunline.db", "file sunline.db-wal"} & found
    assert [where for where, content in leaving.sinks().items() if WAV in content] == ["file careless.wav"]


@pytest.mark.parametrize("way", ["sunline", "verify"])
def test_a_one_time_code_and_the_number_it_goes_to(leaving: Leaving, way: str) -> None:
    world = leaving.world
    if way == "verify":
        send_through_verify(world)
    with world.services.database.write() as connection:
        connection.execute(update(patient).values(phone_since=(world.now - timedelta(days=90)).date()))
    line = goes_on(world, dial(world, from_=OTHER), ("1", "4", *KNOWN))
    assert world.advance(lambda: bool(world.net.phone(CALLER).messages), timedelta(minutes=1))
    (text_,) = world.net.phone(CALLER).messages
    code = CODE.findall(text_.body)[0]
    wrong = f"{(int(code) + 1) % 10**6:06}"
    goes_on(world, line, (wrong, code))
    run(world, 30)
    assert Office(world).one(call).identity_level == "L2"
    sinks = leaving.sinks()
    assert "Quillfeather" not in text_.body
    # Our text is the one thing that tells the code, and the request for it the one that tells the number.
    told = {("bodies of requests", code), ("bodies of requests", PRIVATE["caller's number"])}
    # Verify is told the number, and what was given; its texts are none of ours.
    also = {("texts", code)} if way == "sunline" else {("bodies of requests", wrong)}
    assert leaks(sinks, [*PRIVATE.values(), code, wrong]) == told | also


def test_a_code_that_an_agent_types_on_the_page_and_what_they_tick(leaving: Leaving) -> None:
    world, office = leaving.world, Office(leaving.world)
    with world.services.database.write() as connection:
        connection.execute(update(patient).values(phone_since=(world.now - timedelta(days=90)).date()))
    goes_on(world, dial(world, from_=OTHER), ("1", "2", *KNOWN))
    agent_accepts(world, ANA)
    run(world, 12)
    desk = Desk(office)
    seen, code = desk.text, desk.texts(CALLER)
    desk.gives(f"{(int(code) + 1) % 10**6:06}")
    desk.gives(code)
    seen += desk.text
    desk.proves()
    assert desk.level == "L3"
    run(world, 30)
    sinks = leaving.sinks()
    assert leaks({"pages": seen.encode()}, [*PRIVATE.values(), code]) == set()
    assert leaks(sinks, [*PRIVATE.values(), code]) == {
        ("bodies of requests", code),
        ("bodies of requests", PRIVATE["caller's number"]),
        ("texts", code),
    }
