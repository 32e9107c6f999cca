"""Calls to organisations that lack what the example has."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from ivr.ops.protocol_command import protocol
from rehearsals.language import read_script
from rehearsals.report import failure
from rehearsals.running import rehearse
from tests.rehearsals.conftest import FOLDER, TO_A_PAGE, Write


def test_when_every_licence_has_lapsed_the_caller_is_told_at_once_and_brought_to_the_fallback(
    write: Write, tmp_path: Path
) -> None:
    config = Path(shutil.copytree(FOLDER.parent / "config", tmp_path / "config"))
    on_call = config / "oncall.yaml"
    on_call.write_text(on_call.read_text("utf-8").replace("expires: 2027-07-31", "expires: 2026-11-03"), "utf-8")
    script = read_script(
        write(
            "caller hears: 911",
            "caller hangs up",
            "time jumps to: 2026-11-04 20:00 America/Chicago",
            "caller calls again",
            *TO_A_PAGE,
            "caller hears: no clinician can take your call now",
            "house's phone rings",
            "house answers",
            "house hears: press 1",
            "house presses: 1",
            "connected: [caller, house]",
            "house hangs up",
            at="2026-11-03 12:00 America/Chicago",
            extra="expect alerts: [ladder-exhausted, no-clinician-accepted]",
            outcome="with the house",
        )
    )
    result = rehearse(script, config=config)
    assert result.passed, failure(result)


def test_a_protocol_that_was_signed_after_the_day_that_is_played_is_heard(write: Write, tmp_path: Path) -> None:
    config = Path(shutil.copytree(FOLDER.parent / "config", tmp_path / "config"))
    file = config / "protocols/adult-red-flags.yaml"
    signed = ["sign", str(file), "--at", "2027-01-10", "--by", "Dr Example", "--yes"]
    assert CliRunner().invoke(protocol, signed).exit_code == 0
    script = read_script(write("caller hears: 911", "caller hangs up", outcome="hung-up"))
    result = rehearse(script, config=config)
    assert result.passed, failure(result)


ALONE = "timezone: America/Chicago, rotation: none, hand_over: mon 08:00, from: 2026-10-05"
PEOPLE = """  dr-molar:
    name: Dr Molar
    voice: "+13125550187"
    sms: "+13125550187"
    licences: [{kind: DMD, state: IL, expires: 2027-07-31}]
"""
ROTAS = f"""  maple-dentists: {{{ALONE}, people: [dr-molar]}}
  uptown-physicians: {{{ALONE}, people: [dr-patel]}}
"""
UPTOWN = """  uptown:
    timezone: America/Chicago
    state: IL
    numbers: ["+13125550105"]
    opening_hours: {mon-fri: ["09:00-16:00"]}
    on_call: {rota: uptown-physicians}
"""
DENTAL = """  dental:
    {skill: triage_rn, level: L0, licensed: true, open: on_call, after_hours: on_call,
     protocols: {adult: adult-red-flags, child: child-red-flags, pregnancy: pregnancy-red-flags},
     on_call: {rota: maple-dentists, medical_director: dr-molar, licences: [DDS]}}
"""


@pytest.fixture
def dental(tmp_path: Path) -> Path:
    """Maple with a dental service, whose dentists are on call for it, and a second location with its own physicians."""
    config = Path(shutil.copytree(FOLDER.parent / "config", tmp_path / "config"))
    _replace(config / "oncall.yaml", ("rotas:\n", f"{PEOPLE}rotas:\n"), ("escalations:\n", f"{ROTAS}escalations:\n"))
    _replace(
        config / "practices" / "maple.yaml",
        ("\nstaff: {pool", f"{UPTOWN}\nstaff: {{pool"),
        ("pharmacy]}", "pharmacy], location: loop}"),
        ("\nidentity:\n", f"{DENTAL}\nidentity:\n"),
        ("{key: 3, service: prescriptions}", "{key: 3, service: dental}"),
    )
    return config


def _replace(file: Path, *pairs: tuple[str, str]) -> None:
    text = file.read_text("utf-8")
    for old, new in pairs:
        assert text.count(old) == 1
        text = text.replace(old, new)
    file.write_text(text, "utf-8")


@pytest.mark.parametrize(
    ("dialled", "key", "person", "why"),
    [
        ("+13125550100", 1, "dr-okafor", "on call for maple (rota maple-physicians)"),
        ("+13125550100", 3, "dr-molar", "on call for maple (rota maple-dentists)"),
        ("+13125550105", 1, "dr-patel", "on call for maple (rota uptown-physicians)"),
        ("+13125550105", 3, "dr-molar", "on call for maple (rota maple-dentists)"),
    ],
    ids=["practice", "service", "location", "service before location"],
)
def test_a_page_goes_to_the_rota_of_the_service_then_of_the_location_then_of_the_practice(
    write: Write, dental: Path, dialled: str, key: int, person: str, why: str
) -> None:
    path = write(
        "caller hears: press 1",
        "caller presses: 1",
        "caller hears: press 1",
        f"caller presses: {key}",
        "caller hears: what is wrong",
        "caller says: my chest hurts",
        "caller hears: dial 911 now",
        f"page goes to: {person}",
        f"decision: {why}",
        f"{person} answers",
        f"{person} enters: PIN",
        f"{person} hears: chest",
        f"{person} presses: 1",
        f"connected: [caller, {person}]",
        "caller waits: 22s",
        "caller hangs up",
        outcome="with a clinician",
    )
    path.write_text(path.read_text("utf-8").replace('dial: "+13125550100"', f'dial: "{dialled}"'), "utf-8")
    result = rehearse(read_script(path), config=dental)
    assert result.passed, failure(result)
