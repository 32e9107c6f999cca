"""Which numbers are rung and texted, whoever wrote them down: judged by one function, whenever one is dialled."""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from lxml import etree
from sqlalchemy import insert, select

from callflows.vocabulary import DialHelpLine, DialHouse, Request
from ivr.callbacks.promise_opening import number_to_ring
from ivr.callbacks.tables import promise
from ivr.calls import conversation, leg_control, legs
from ivr.calls.addresses import seal_address
from ivr.calls.configuration import newest
from ivr.calls.conversation import Position
from ivr.calls.tables import call, leg
from ivr.clinicians import handing_over
from ivr.core.cipher import name_row
from ivr.core.telephone_numbers import GivenBy, parse_ringable, read_shown_number
from ivr.core.unit_of_work import transaction
from ivr.core.urls import Urls
from ivr.interpreters.attempts import start_interpreting
from ivr.interpreters.tables import interpreting
from ivr.jobs.tables import outbox
from ivr.oncall import contact, texts
from ivr.oncall.tables import care_item, page
from ivr.queue.entries import entry
from ivr.queue.offers import make_offer
from ivr.queue.tables import offer
from ivr.twilio.errors import PermanentFailure
from ivr.webhooks import fallback
from ivr.webhooks.fallback import make
from ivr.webhooks.twiml.render import Renderer
from rehearsals.world import World
from tests.calls.office import MAPLE, Office
from tests.calls.scenes import ANA, DR_LEE, EMERGENCY, NEW_PATIENT, clinician_accepts, dial, goes_on, run, rung

IVR = Path(__file__).resolve().parents[2] / "ivr"
PREMIUM, SATELLITE, FAR = "+19005550123", "+881621234567", "+442071838750"
OUTBOUND = "+13125550191"
"""The number of the operator that whoever is rung sees."""
COSTLY = {
    "premium": PREMIUM,
    "premium in an ordinary area": "+13129761234",
    "directory assistance": "+13125551212",
    "follow-me": "+15005550006",
    "satellite": SATELLITE,
    "satellite at sea": "+870776123456",
    "a network of no country": "+88216123456",
    "premium of no country": "+9791234567890",
    "shared cost of no country": "+80812345678",
    "personal number abroad": "+447001234567",
    "premium abroad": "+449098790000",
    "a country code that nobody has": "+2101234567",
    "an area code that nobody has": "+19115550100",
    "an exchange like 911": "+13129115550",
    "an exchange like 211": "+13122115550",
    "an exchange of carriers": "+13129501234",
    "an exchange for testing lines": "+13129581234",
    "the other one for testing lines": "+13129591234",
    "the exchange that tells one's carrier": "+13127004141",
    "no area of Canada": "+16002012345",
}
ABROAD = {"Britain": FAR, "the Philippines": "+639171234567", "Jamaica": "+18765551234", "the Bahamas": "+12424561234"}


def labelled(numbers: dict[str, str]) -> list[object]:
    return [pytest.param(number, id=name) for name, number in numbers.items()]


@pytest.mark.parametrize("number", ["+13125550147", "+14165550147", "+17875550147"])
@pytest.mark.parametrize("given_by", ["caller", "configuration"])
def test_an_ordinary_number_is_rung(number: str, given_by: GivenBy) -> None:
    assert parse_ringable(number, given_by) == number
    assert parse_ringable(number.removeprefix("+1"), given_by) == number


@pytest.mark.parametrize("number", labelled(COSTLY))
@pytest.mark.parametrize("given_by", ["caller", "configuration"])
def test_a_costly_number_is_never_rung(number: str, given_by: GivenBy) -> None:
    assert parse_ringable(number, given_by) is None


@pytest.mark.parametrize("number", labelled({**ABROAD, "toll-free": "+18005550123"}))
def test_a_number_far_away_is_rung_only_where_the_operator_wrote_it(number: str) -> None:
    assert parse_ringable(number, "caller") is None
    assert parse_ringable(number, "configuration") == number


@pytest.mark.parametrize("typed", ["011442071234567", "***", "911", "", "client:ana", "sip:ana@example.com"])
def test_whatever_else_a_caller_gives_is_not_rung(typed: str) -> None:
    assert parse_ringable(typed, "caller") is None


def test_a_browser_is_rung_where_the_configuration_says_so() -> None:
    assert parse_ringable(ANA, "configuration") == ANA
    assert parse_ringable("sip:ana@example.com", "configuration") is None


@pytest.mark.parametrize("given_by", ["caller", "configuration"])
def test_our_own_lines_are_never_rung(given_by: GivenBy) -> None:
    assert parse_ringable(MAPLE, given_by, {MAPLE}) is None


@pytest.mark.parametrize(
    "number", ["+18002115550", "+18009585550", "+442079111234"], ids=["800-211", "800-958", "Britain"]
)
def test_what_is_said_of_exchanges_is_said_of_areas_of_north_america(number: str) -> None:
    assert parse_ringable(number, "configuration") == number


@pytest.mark.parametrize("written", ["312-555-0147", "3125550147 x3", "+13125550147;ext=2", "３１２５５５０１４７"])
@pytest.mark.parametrize("given_by", ["caller", "configuration"])
def test_what_is_written_otherwise_than_we_write_it_is_not_rung(written: str, given_by: GivenBy) -> None:
    assert parse_ringable(written, given_by) is None


AREAS = ("312", "416", "787", "340", "600", "500", "800", "900", "011", "100", "911", "211", "876", "441")
EXCHANGES = ("555", "911", "211", "976", "700", "950", "958", "000", "123")
TEN_DIGITS = st.one_of(
    st.from_regex(r"[0-9]{10}", fullmatch=True),
    st.builds(
        "".join,
        st.tuples(st.sampled_from(AREAS), st.sampled_from(EXCHANGES), st.from_regex(r"[0-9]{4}", fullmatch=True)),
    ),
)


@settings(max_examples=1000)
@given(TEN_DIGITS)
@example("3129115550")
@example("3125550123")
@example("8005550123")
def test_a_number_is_judged_alike_whether_it_was_typed_or_shown(digits: str) -> None:
    shown = read_shown_number(f"+1{digits}")
    assert parse_ringable(digits, "caller") == (parse_ringable(shown, "caller") if shown else None)


@given(st.text(alphabet="0123456789*#w+", max_size=30))
def test_whatever_is_given_is_judged_without_failing(given_number: str) -> None:
    number = parse_ringable(given_number, "caller")
    assert number is None or (number.startswith("+1") and read_shown_number(number) == number)


# Every way to a telephone


@pytest.fixture
def line(world: World) -> Office:
    return Office(world)


@pytest.mark.parametrize(
    "own",
    [PREMIUM, SATELLITE, FAR, MAPLE, OUTBOUND],
    ids=["premium", "satellite", "far", "our own line", "what we show"],
)
def test_a_caller_whose_own_number_may_not_be_rung_is_asked_for_another(line: Office, own: str) -> None:
    caller = goes_on(line.world, dial(line.world, from_=own), NEW_PATIENT)
    run(line.world, 2)
    goes_on(line.world, caller, ("1", "3125550188", "1"))
    run(line.world, 20)
    made = line.one(promise)
    assert (
        line.services.cipher.open("maple", "address", name_row(promise, made.id), made.number_sealed) == "+13125550188"
    )


@pytest.mark.parametrize("own", [PREMIUM, SATELLITE, FAR], ids=["premium", "satellite", "far"])
def test_a_line_that_drops_after_a_red_flag_is_not_rung_at_such_a_number(line: Office, own: str) -> None:
    caller = goes_on(line.world, dial(line.world, from_=own), EMERGENCY)
    caller.hang_up()
    clinician_accepts(line.world)
    run(line.world, 60)
    assert rung(line.world, own) == 0
    assert rung(line.world, DR_LEE) >= 1


FIT = ("3125550199", "4165550147", "7875550147", "2025550123")
UNFIT = (
    *(number.removeprefix("+1") for number in COSTLY.values() if number.startswith("+1")),
    *("8005550123", "8765551234", "0005550123", MAPLE.removeprefix("+1"), OUTBOUND.removeprefix("+1")),
)


def test_a_call_back_is_offered_at_a_number_that_shows_where_the_same_one_typed_is_taken(line: Office) -> None:
    leg_id = line.dialled().leg.id
    for digits in (*FIT, *UNFIT):
        dial(line.world, from_=f"+1{digits}").hang_up()
        with transaction(line.services) as work:
            newest_first = select(call).order_by(call.c.created_at.desc(), call.c.id.desc())
            about = work.connection.execute(newest_first).first()
            typed = number_to_ring(work, legs.lock(work, leg_id), {"number": digits})
        assert about is not None
        shown = "no" if about.caller_sealed is None else "yes"
        assert (digits, shown, typed["fit"]) == (digits, *(["yes" if digits in FIT else "no"] * 2))


def test_a_telephone_that_may_not_be_rung_is_still_known_by_its_number(line: Office) -> None:
    dial(line.world, from_=FAR)
    made = line.one(call)
    assert (made.caller_sealed, made.caller_hash is None) == (None, False)


def to_be_called_back(office: Office) -> str:
    """The leg of a patient who is to be rung."""
    call_id = office.dialled().leg.call_id
    with transaction(office.services) as work:
        leg_id = legs.create_leg(work, call_id, "patient", "called_back", address="")
        legs.enqueue_dial(work, leg_id, "urgent")
    return leg_id


def offered(office: Office) -> str:
    """The leg of an agent who is to be rung."""
    caller = office.dialled()
    caller.plays("122")
    with transaction(office.services) as work:
        legs.lock_call(work, caller.leg.call_id)
        waits = entry(work, caller.leg.call_id)
        assert waits is not None
        make_offer(work, waits, newest(work).agents["joy"])
    return office.one(offer).leg_id


def paged(office: Office) -> str:
    """The leg of a clinician who is to be rung."""
    caller = office.dialled()
    caller.plays("11")
    caller.says("my chest hurts")
    return office.one(page).leg_id


def asked_to_interpret(office: Office) -> str:
    """The leg of an interpreter who is to be rung."""
    call_id = office.dialled().leg.call_id
    with transaction(office.services) as work:
        start_interpreting(work, call_id, "es-US")
    return office.one(interpreting).leg_id


def give_number(office: Office, leg_id: str, number: str) -> None:
    """Have the number be the one of a leg whose ringing waits in the outbox, as the version before this one left it."""
    row = office.one(leg, leg.c.id == leg_id)
    with transaction(office.services) as work:
        sealed = seal_address(work, row.practice_id, name_row(leg, leg_id), number)
        legs.set_columns(work, leg_id, address_sealed=sealed)


@pytest.mark.parametrize(
    "number", [PREMIUM, SATELLITE, FAR, MAPLE], ids=["premium", "satellite", "far", "our own line"]
)
def test_an_item_of_the_outbox_does_not_ring_what_may_not_be_rung(any_office: Office, number: str) -> None:
    leg_id = to_be_called_back(any_office)
    give_number(any_office, leg_id, number)
    any_office.world.settle()
    assert rung(any_office.world, number) == 0
    gone = any_office.one(leg, leg.c.id == leg_id)
    assert (gone.state, gone.ended_how, gone.twilio_sid) == ("ended", "failed", None)
    assert "number-refused" in any_office.alerts()


@pytest.mark.parametrize("number", [PREMIUM, SATELLITE, MAPLE], ids=["premium", "satellite", "our own line"])
@pytest.mark.parametrize("rings", [offered, paged, asked_to_interpret])
def test_nobody_of_the_staff_is_rung_at_a_costly_number(
    office: Office, rings: Callable[[Office], str], number: str
) -> None:
    leg_id = rings(office)
    give_number(office, leg_id, number)
    leg_control.dial_leg(office.services, office.one(outbox, outbox.c.kind == "dial_leg", outbox.c.subject == leg_id))
    gone = office.one(leg, leg.c.id == leg_id)
    assert (gone.state, gone.twilio_sid) == ("ended", None)
    assert office.alerts() == ["number-refused"]


@pytest.mark.parametrize("number", [PREMIUM, SATELLITE, MAPLE], ids=["premium", "satellite", "our own line"])
def test_no_text_goes_to_a_costly_number(office: Office, monkeypatch: pytest.MonkeyPatch, number: str) -> None:
    paged(office)
    with transaction(office.services) as work:
        organisation = newest(work)
    people = {name: replace(person, sms=number) for name, person in organisation.people.items()}
    monkeypatch.setattr(contact, "newest", lambda _: replace(organisation, people=people))
    with pytest.raises(PermanentFailure):
        texts.send_text(office.services, office.one(outbox, outbox.c.kind == "text_page"))
    assert office.one(page).message_sid is None


@pytest.mark.parametrize("number", [PREMIUM, SATELLITE, MAPLE], ids=["premium", "satellite", "our own line"])
def test_whoever_an_open_call_is_handed_over_to_is_texted_at_no_costly_number(
    office: Office, monkeypatch: pytest.MonkeyPatch, number: str
) -> None:
    about = office.one(page, page.c.leg_id == paged(office))
    offered = {"state": "offered", "offered_to": "dr-okafor", "offered_at": about.made_at}
    whose = {"practice_id": "maple", "page_id": about.id, "person_id": about.person_id, "opened_at": about.made_at}
    with transaction(office.services) as work:
        organisation = newest(work)
        legs.lock_call(work, about.call_id)
        work.connection.execute(insert(care_item).values(id=about.call_id, **whose, **offered))
        handing_over.enqueue_text(work, about.call_id, "dr-okafor")
    people = {name: replace(person, sms=number) for name, person in organisation.people.items()}
    monkeypatch.setattr(handing_over, "newest", lambda _: replace(organisation, people=people))
    with pytest.raises(PermanentFailure, match="number-refused"):
        handing_over.send_text(office.services, office.one(outbox, outbox.c.kind == handing_over.KIND))


def test_a_fallback_number_that_may_not_be_rung_counts_as_one_that_nobody_answers() -> None:
    urls = Urls("https://sunline.example")
    document = Renderer(urls, Position("leg", "call", "caller", 3, (), DialHouse("house", PREMIUM))).main()
    assert PREMIUM not in document
    assert etree.fromstring(document.encode()).findtext("Redirect") == urls.dial("leg", 3)


@pytest.mark.parametrize("dialled", [DialHouse("house", MAPLE), DialHelpLine("help", MAPLE)], ids=["house", "help"])
def test_a_number_that_has_become_a_line_of_ours_counts_as_one_that_nobody_answers(dialled: Request) -> None:
    position, urls = Position("leg", "call", "caller", 3, (), dialled), Urls("https://sunline.example")
    assert MAPLE in Renderer(urls, position).main()
    assert MAPLE not in Renderer(urls, replace(position, own_lines=frozenset({MAPLE}))).main()


def test_what_the_line_dials_is_judged_by_the_lines_of_now(line: Office) -> None:
    house = line.dialled().leg
    with transaction(line.services) as work:
        run = SimpleNamespace(spoken=(), request=DialHouse("house", OUTBOUND), step=0)
        position = conversation._position(work, legs.lock(work, house.id), run, 0)
    assert {MAPLE, OUTBOUND} <= position.own_lines


@pytest.mark.parametrize("number", [SATELLITE, MAPLE, OUTBOUND], ids=["satellite", "our own line", "what we show"])
def test_the_fallback_document_has_no_number_that_may_not_be_rung(office: Office, number: str) -> None:
    office.services.settings = replace(office.services.settings, fallback_number=number)
    document = make(office.services)
    assert number not in document
    assert "911" in document


def test_that_the_fallback_document_cannot_be_kept_keeps_no_process_from_starting(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_path: object) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr(fallback, "make_file", full)
    assert fallback.prepare(office.services) == make(office.services)


DOORS = {
    "create_call": {"calls/leg_control.py"},
    "send_message": {
        "codes/texts.py",
        "morning_summaries/notices.py",
        "oncall/old_numbers.py",
        "oncall/text_troubles.py",
    },
    "Number": {"webhooks/twiml/render.py"},
    "number": {"webhooks/twiml/render.py"},
    "Ringable": {"core/telephone_numbers.py"},
}
"""Where Twilio is asked to ring or to text, and where an address is found fit for it."""


def test_there_is_no_other_way_to_a_telephone() -> None:
    found: dict[str, set[str]] = {name: set() for name in DOORS}
    for path in IVR.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            called = getattr(node.func, "attr", getattr(node.func, "id", "")) if isinstance(node, ast.Call) else ""
            if called in found:
                found[called].add(path.relative_to(IVR).as_posix())
    assert found == DOORS
