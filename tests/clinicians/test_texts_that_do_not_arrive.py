"""Who is on call sees on their page, and whoever looks before patients call hears, to whom texts do not arrive."""

from __future__ import annotations

from ivr.core.preflight import Examined
from ivr.directory.revisions import load
from ivr.oncall.preflight import check_texts
from ivr.oncall.text_troubles import clear_trouble, note_trouble
from tests.clinicians.buttons import signed_in
from tests.web.line import NIGHT, Line

NUMBERS = {"dr-lee": "+13125550181", "dr-okafor": "+13125550182"}


def note(line: Line, person: str, code: int) -> None:
    with line.work() as work:
        note_trouble(work, person, NUMBERS[person], code)


def findings(line: Line) -> list[str]:
    with line.database.read() as connection:
        return list(map(str, check_texts(Examined(line.services.settings, connection, load(connection), NIGHT))))


def test_a_clinician_sees_that_texts_do_not_reach_them_and_how_to_have_them_again(line: Line) -> None:
    browser, _ = signed_in(line)
    assert "do not arrive" not in browser.get("/oncall").get_data(as_text=True)
    note(line, "dr-lee", 21610)
    note(line, "dr-okafor", 30006)
    home = browser.get("/oncall").get_data(as_text=True)
    assert "Texts to your number +13125550181 do not arrive (it has opted out by STOP)" in home
    assert "Text START to the number that texts you." in home
    assert "Texts to Dr Okafor do not arrive (Twilio&#39;s error 30006)" in home
    assert home.count("The telephone is rung all the same.") == 2
    assert NUMBERS["dr-okafor"] not in home
    with line.work() as work:
        clear_trouble(work, NUMBERS["dr-lee"])
    assert "Texts to your number" not in browser.get("/oncall").get_data(as_text=True)


def test_it_is_a_risk_before_patients_call(line: Line) -> None:
    assert findings(line) == []
    note(line, "dr-lee", 21610)
    note(line, "dr-okafor", 30005)
    found = findings(line)
    assert [one.partition(" do not arrive")[0] for one in found] == [
        "RISK: texts to +13125550181 of dr-lee",
        "RISK: texts to +13125550182 of dr-okafor",
    ]
    assert "let them text START to our number; their telephone is rung all the same" in found[0]
    assert "write a number that takes texts" in found[1]
