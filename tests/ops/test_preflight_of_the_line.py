"""What the preflight finds beyond the settings."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.schema import DropTable

from ivr.accounts.tables import account
from ivr.core.preflight import Severity
from ivr.directory import preflight, revisions, samples
from ivr.directory.organisation import Organisation, organisation_of
from ivr.directory.signing import read_protocol, tree_of
from ivr.oncall import pins
from ivr.oncall import preflight as oncall_preflight
from ivr.oncall.tables import pin
from ivr.ops.checks import machine
from tests.ops.conftest import Account, Run
from tests.ops.test_twilio_connect import HERE
from tests.web.line import CONFIG, NIGHT, Line, wav

pytestmark = pytest.mark.usefixtures("on_a_disk")
AT = ("--at", NIGHT.isoformat())
RELEASED = datetime(2026, 9, 11, tzinfo=UTC)
"""The day of 2026d."""


def organisation(line: Line) -> Organisation:
    with line.database.read() as connection:
        return revisions.load(connection)


OWN = "have the clinical lead write your own, with your author and version, and sign it, then: sunline load DIR"
OF_THE_EXAMPLE = [
    *(
        f"protocol {name}-red-flags is word for word a sample of this release; {OWN}"
        for name in ("adult", "child", "pregnancy")
    ),
    "23 numbers of the configuration can reach nobody, as in stories: +12105550110, +12105550111, +12105550119 "
    "and 20 more; write the real ones, then: sunline load DIR",
]
OF_ITS_SEALS = (
    "who can write in the database can give a caller another's words or number (SUNLINE_SEALS is by-field); set "
    "SUNLINE_SEALS=only-by-row before the first call; where there were calls, follow 'Sealed values' in docs/runbook.md"
)


def every_risk(output: str) -> list[str]:
    return [row.removeprefix("RISK: ") for row in output.splitlines() if row.startswith("RISK")]


def risks(output: str) -> list[str]:
    """Those beyond what the example organisation and the settings have of the release."""
    return [row for row in every_risk(output) if row not in (*OF_THE_EXAMPLE, OF_ITS_SEALS)]


def test_a_furnished_line_is_fit_for_patients_apart_from_what_is_invented_and_advice(run: Run) -> None:
    result = run("preflight", *AT)
    assert sorted(every_risk(result.output)) == sorted([*OF_THE_EXAMPLE, OF_ITS_SEALS])
    assert result.exit_code == 1
    demo = run("preflight", *AT, SUNLINE_MODE="demo").output
    assert not set(every_risk(demo)) & {*OF_THE_EXAMPLE, OF_ITS_SEALS}


def test_values_that_open_in_their_own_row_only_are_no_risk(run: Run) -> None:
    told = {seals: run("preflight", *AT, SUNLINE_SEALS=seals).output for seals in ("by-row", "only-by-row")}
    assert "(SUNLINE_SEALS is by-row)" in told["by-row"]
    assert "SUNLINE_SEALS is" not in told["only-by-row"]


def test_every_sample_of_the_release_is_known_as_one() -> None:
    trees = [tree_of(read_protocol(path)[0]) for path in sorted((CONFIG / "protocols").glob("*.yaml"))]
    assert {samples.text_of(tree) for tree in trees} == samples.TEXTS
    assert {str(tree["sign_off"]["name"]) for tree in trees if isinstance(tree["sign_off"], dict)} == {samples.SIGNER}


def test_a_changed_sample_is_signed_by_nobody_who_exists_until_somebody_else_signs_it(line: Line) -> None:
    tree = json.loads(organisation(line).body)
    for protocol in tree["protocols"].values():
        protocol["author"] = "Clinical lead of Maple"
    found = [str(risk) for risk in samples.check_sample_protocols(organisation_of(tree))]
    assert found == [
        f"RISK: protocol {name}-red-flags is signed by Dr Meera Patel, the invented person who signs the samples; "
        "have your clinical lead sign it: sunline protocol sign FILE, then: sunline load DIR"
        for name in ("adult", "child", "pregnancy")
    ]
    for protocol in tree["protocols"].values():
        protocol["sign_off"]["name"] = "Dr Ann Howe"
    assert list(samples.check_sample_protocols(organisation_of(tree))) == []


def test_whoever_may_be_paged_needs_a_pin(line: Line, run: Run) -> None:
    with line.database.write() as connection:
        connection.execute(pin.delete().where(pin.c.person_id == "dr-patel"))
        connection.execute(update(pin).where(pin.c.person_id == "dr-lee").values(failures=pins.MOST_FAILURES))
    result = run("preflight", *AT)
    assert risks(result.output) == [
        "the PIN of dr-lee is locked; let them run: sunline pin set dr-lee",
        "dr-patel may be paged and has no PIN; let them run: sunline pin set dr-patel",
    ]
    assert result.exit_code == 1


def test_a_check_that_the_database_refuses_is_a_risk_and_the_others_are_made(line: Line, run: Run) -> None:
    with line.database.write() as connection:
        connection.execute(DropTable(pin))
        connection.execute(update(account).values(disabled_at=NIGHT))
    result = run("preflight", *AT)
    assert risks(result.output) == ["the database refused a check (OperationalError); look into its log, or restore it"]
    assert "advice: nobody can sign in to the pages" in result.output
    assert result.exit_code == 1


def test_a_recording_that_is_kept_longer_than_its_rule_asks_is_advice_unless_it_is_held(line: Line, run: Run) -> None:
    recording_id = line.recording(line.new_call()[0], wav(1))
    told = "advice: 1 recording is kept longer than any rule asks; run every day: sunline retention --yes"
    assert told not in run("preflight").output
    assert told in run("preflight", "--at", "2034-01-01 08:00 UTC").output
    run("vault", "hold", recording_id, "--reason", "claim of the insurer")
    assert told not in run("preflight", "--at", "2034-01-01 08:00 UTC").output


def test_a_protocol_must_be_signed_and_its_review_kept(line: Line) -> None:
    known = organisation(line)
    used = known.protocol("adult-red-flags")
    assert used.sign_off is not None
    due = used.sign_off.review_by
    late = NIGHT.replace(year=due.year, month=due.month, day=due.day) + timedelta(days=1)
    assert ["overdue" in risk.what for risk in preflight.check_protocols(known, late)] == [True] * 3
    soon = [risk.severity is Severity.RISK for risk in preflight.check_protocols(known, late - timedelta(days=20))]
    assert soon == [False] * 3
    tree = unsigned(known)
    assert [str(risk) for risk in preflight.check_protocols(tree, NIGHT)] == [
        "RISK: protocol adult-red-flags is not signed; have the clinical lead sign it, then: sunline load DIR"
    ]


def test_a_text_that_is_not_the_one_that_was_signed_is_a_risk(line: Line) -> None:
    tree = json.loads(organisation(line).body)
    protocol = tree["protocols"]["adult-red-flags"]
    protocol["answer_within"]["urgent"] = "14m"
    assert [str(risk) for risk in preflight.check_protocols(organisation_of(tree), NIGHT)] == [
        "RISK: protocol adult-red-flags was changed after it was signed; "
        "have the clinical lead review it, then: sunline protocol sign FILE --by NAME and sunline load DIR"
    ]
    del protocol["sign_off"]["fingerprint"]
    assert [str(risk) for risk in preflight.check_protocols(organisation_of(tree), NIGHT)] == [
        "advice: the sign-off of protocol adult-red-flags does not say for which text it is; "
        "sunline protocol sign FILE, then: sunline load DIR"
    ]


def unsigned(known: Organisation) -> Organisation:
    tree = json.loads(known.body)
    del tree["protocols"]["adult-red-flags"]["sign_off"]
    return organisation_of(tree)


def test_a_language_that_nobody_interprets_is_advice(line: Line) -> None:
    known = organisation(line)
    assert list(preflight.check_interpreters(known)) == []
    tree = json.loads(known.body)
    del tree["operator"]["interpreters"]
    mend = "name an interpreter in operator.yaml, then: sunline load DIR"
    assert [str(risk) for risk in preflight.check_interpreters(organisation_of(tree))] == [
        f"advice: nobody interprets es-US for maple; {mend}",
        f"advice: nobody interprets es-US for riverside; {mend}",
    ]


def test_a_number_of_the_staff_that_is_never_rung_is_a_risk(line: Line) -> None:
    known = organisation(line)
    assert list(preflight.check_numbers(known)) == []
    tree = json.loads(known.body)
    tree["operator"]["fallback"]["number"] = "+19005550190"
    tree["oncall"]["people"]["dr-lee"]["sms"] = "+881621234567"
    assert [risk.what for risk in preflight.check_numbers(organisation_of(tree))] == [
        "the fallback number is never rung",
        "the sms number of dr-lee is never rung",
    ]


def test_pages_that_nobody_can_open_are_advice(line: Line, run: Run) -> None:
    with line.database.write() as connection:
        connection.execute(update(account).values(disabled_at=NIGHT))
    assert "advice: nobody can sign in to the pages; run: sunline accounts add" in run("preflight", *AT).output


def test_a_clock_behind_the_record_is_grave(line: Line, run: Run) -> None:
    line.clock.advance(timedelta(minutes=1))
    line.client().sign_in("supervisor")
    assert risks(run("preflight", *AT).output) == [
        "the clock is behind what was already recorded; synchronise it (chrony or systemd-timesyncd)"
    ]


@pytest.mark.parametrize(
    ("kind", "what"),
    [
        ("tmpfs", "the database is in memory and goes with the power"),
        ("nfs4", "the database is on a network file system (nfs4)"),
    ],
)
def test_a_database_that_is_not_on_a_disk_of_this_machine_is_grave(
    line: Line, monkeypatch: pytest.MonkeyPatch, kind: str, what: str
) -> None:
    monkeypatch.setattr(machine, "_file_system", lambda _path: kind)
    with line.database.read() as connection:
        assert [risk.what for risk in machine.check_durability(line.services.settings, connection)] == [what]


def test_a_database_without_its_write_ahead_log_is_grave(line: Line) -> None:
    with line.database.read() as connection:
        assert list(machine.check_durability(line.services.settings, connection)) == []
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA synchronous=OFF")
        risks = list(machine.check_durability(line.services.settings, connection))
        connection.exec_driver_sql("BEGIN")
    assert [risk.what for risk in risks] == ["the database does not survive a power cut"]


@pytest.mark.parametrize(
    "address", ["https://localhost", "https://10.0.0.4", "https://127.0.0.1:8443", "https://[::1]"]
)
def test_an_address_that_the_phone_network_cannot_reach_is_grave(run: Run, address: str) -> None:
    assert "the public address is private to this network" in run("preflight", *AT, SUNLINE_PUBLIC_URL=address).output


@pytest.mark.parametrize(
    ("version", "risks"),
    [("2026d", []), ("2026f", []), ("2027a", []), ("2026c", [True]), ("2025b", [True]), ("2023c", [True])],
)
def test_time_zones_older_than_a_release_of_a_month_ago_are_a_risk(version: str, risks: list[bool]) -> None:
    assert [risk.severity is Severity.RISK for risk in machine.check_zone_data(NIGHT, version)] == risks


def test_time_zones_age_where_nothing_newer_is_known() -> None:
    told = [
        [str(risk) for risk in machine.check_zone_data(NIGHT + timedelta(days=days), "2026d")]
        for days in (100, 200, 400)
    ]
    mend = "; install the newest pytz, then run: sunline coverage DIR"
    assert told == [
        [],
        [f"advice: the time zones are of 2026d, up to {(NIGHT - RELEASED).days + 200} days old{mend}"],
        [f"RISK: the time zones are of 2026d, too old to be right everywhere{mend}"],
    ]


def test_a_zone_whose_clocks_follow_new_rules_is_told(line: Line) -> None:
    tree = json.loads(organisation(line).body)
    tree["operator"]["sites"]["bogota"]["timezone"] = "America/Edmonton"
    told = [risk.what for risk in preflight.check_changed_zones(organisation_of(tree), NIGHT)]
    assert told == ["America/Edmonton keeps UTC-06:00 since 2026-03-08, no longer UTC-07:00 and -06:00"]
    assert list(preflight.check_changed_zones(organisation(line), NIGHT)) == []


def test_a_fallback_number_that_leads_back_here_is_grave(line: Line, run: Run) -> None:
    output = run("preflight", *AT, SUNLINE_FALLBACK_NUMBER=min(organisation(line).numbers)).output
    assert risks(output) == [
        "the fallback number is one of the line's own; set SUNLINE_FALLBACK_NUMBER to another telephone"
    ]


def test_online_the_phone_network_is_asked_about_every_number(
    line: Line, run: Run, account: Account, at_the_network: dict[str, str]
) -> None:
    numbers = sorted(organisation(line).numbers)
    account.own(numbers[0], **HERE)
    account.own(numbers[1], voice_url="https://elsewhere.example/")
    output = run("preflight", *AT, "--online", **at_the_network).output
    assert numbers[0] not in output
    assert f"{numbers[1]} does not send its calls here; run: sunline twilio connect {numbers[1]}" in output
    assert f"the account does not own {numbers[2]}" in output


def test_online_the_verify_service_of_a_practice_is_looked_at(
    line: Line, run: Run, account: Account, at_the_network: dict[str, str]
) -> None:
    service = "VA0123456789abcdef0123456789abcdef"

    def told() -> list[str]:
        return [row for row in risks(run("preflight", *AT, "--online", **at_the_network).output) if "Verify" in row]

    assert told() == []
    with line.database.write() as connection:
        tree = json.loads(revisions.load(connection).to_json())
        tree["practices"]["maple"]["identity"]["L2"] |= {"through": "verify", "service": service}
        revisions.apply(connection, organisation_of(tree), NIGHT, "rosa")
    assert told() == [
        "the account has no such service as the Verify service of maple; "
        "correct identity.L2.service, then: sunline load DIR"
    ]
    account.services[service] = {"sid": service, "code_length": 4, "do_not_share_warning_enabled": True}
    assert told() == [
        "codes by the Verify service of maple are of another length than 6 digits; "
        "set 6 digits in Twilio's console, at the service",
        "the Verify service of maple tells patients that nobody asks for the code, and agents do; "
        "switch the warning about sharing off in Twilio's console, at the service",
    ]
    account.services[service] = {"sid": service, "code_length": 6, "do_not_share_warning_enabled": False}
    assert told() == []


def test_online_a_clock_that_is_off_is_grave(run: Run, at_the_network: dict[str, str]) -> None:
    output = run("preflight", "--at", "2020-01-01T00:00:00Z", "--online", **at_the_network).output
    assert any(row.startswith("the clock is ") and "s off" in row for row in risks(output))


def test_online_a_network_that_cannot_be_reached_is_grave(run: Run, at_the_network: dict[str, str]) -> None:
    nowhere = {**at_the_network, "SUNLINE_TWILIO_API_URL": "http://127.0.0.1:1"}
    assert "the phone network cannot be reached from here" in run("preflight", *AT, "--online", **nowhere).output


def test_somebody_named_in_a_step_needs_a_pin_too(line: Line) -> None:
    tree = json.loads(organisation(line).body)
    tree["oncall"]["people"]["dr-new"] = tree["oncall"]["people"]["dr-lee"]
    tree["oncall"]["escalations"]["fast"].insert(0, {"page": "dr-new", "by": ["voice"], "for": "2m"})
    with line.database.read() as connection:
        risks = list(oncall_preflight.check_every_pin(organisation_of(tree), connection))
    assert [risk.what for risk in risks] == ["dr-new may be paged and has no PIN"]


def test_the_media_of_the_phone_network_are_always_mentioned(run: Run) -> None:
    assert "turn on HTTP authentication for media" in run("preflight", *AT).output
