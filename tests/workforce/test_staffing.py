"""`sunline staffing`: people by pool and half-hour."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner, Result

from ivr.directory.organisation import Organisation, read_folder
from ivr.workforce.demand import Wish, mix_in, mix_of, needs_at, shares_of
from ivr.workforce.pictures.files import as_png
from ivr.workforce.recorded_arrivals import BadArrivals, Came, of_day, read_arrivals
from ivr.workforce.staffing_command import loads_of, of_weekdays, staffing
from ivr.workforce.staffing_need import Goal, Load, Rules, needed
from routing.hours import is_open
from tests.conftest import thorough
from tests.directory.conftest import AT, EXAMPLE, Folder, folder

__all__ = ["folder"]

ZONE = "America/Chicago"
NEVER = f"never was in {ZONE}, whose clocks jumped over it; name the zone whose clocks the file is on with --zone"
BANK = "calls/israeli_bank_1999_h1_arrivals_6min.csv.gz"


def run(*arguments: str) -> Result:
    return CliRunner().invoke(staffing, list(arguments))


@pytest.fixture(scope="module")
def example() -> Organisation:
    return read_folder(EXAMPLE, at=AT, allow_unsigned=True)


@pytest.fixture
def morning(tmp_path: Path) -> Path:
    """Two days with calls in one half-hour of the morning, thirty in the mean."""
    file = tmp_path / "arrivals.csv"
    file.write_text("date,start,calls\n2026-11-02,09:00,20\n2026-11-02,09:06,4\n2026-11-03,09:12,36\n", "utf-8")
    return file


def test_half_hours_are_means_of_the_days_with_how_uneven_they_are(morning: Path) -> None:
    loads = loads_of(read_arrivals(morning, ZONE))
    assert loads[18] == Load(30.0, pytest.approx(72 / 30))
    assert [load.calls for load in loads[:18]] == [0.0] * 18


def test_only_the_days_that_are_asked_for_count(morning: Path) -> None:
    assert loads_of(of_weekdays(read_arrivals(morning, ZONE), (1,)))[18] == Load(36.0, 1.0)
    with pytest.raises(BadArrivals, match="no day of the file is one of --days"):
        of_weekdays(read_arrivals(morning, ZONE), (6,))


def test_a_mark_that_spreadsheets_put_before_the_text_is_passed_over(morning: Path) -> None:
    before = read_arrivals(morning, ZONE)
    morning.write_bytes(b"\xef\xbb\xbf" + morning.read_bytes())
    assert read_arrivals(morning, ZONE) == before


def test_one_line_a_call_is_counted_too(tmp_path: Path) -> None:
    file = tmp_path / "calls.csv"
    file.write_text("timestamp,service\n2026-11-02 09:10,nurse\n2026-11-02 09:10,billing\n", "utf-8")
    found = read_arrivals(file, ZONE)
    assert [one.service for one in found] == ["nurse", "billing"]
    assert loads_of(found)[18].calls == 2


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "it has no calls"),
        ("when\n2026-11-02\n", r":1: it has the columns when; it needs date, start and calls"),
        ("day,calls\n2026-11-02,5\n", r":1: it has no column date and no column start; it has the columns day, calls"),
        ("date,calls,start\n2026-11-02,5\n", r":2: '2026-11-02T' is no date and time; write 2026-11-02 and 08:30"),
        ("date,start,calls\n2026-11-02,09:00,many\n", r":2: 'many' is no number of calls"),
        ("date,start,calls\n2026-11-02,09:00,-3\n", r":2: '-3' is no number of calls"),
        ("timestamp\n2026-11-02 09:00\nyesterday\n", r":3: 'yesterday' is no date and time; write 2026-11-02"),
        ("date,start,calls\n2026-03-08,01:30,1\n2026-03-08,02:30,1\n", r":3: 2026-03-08 02:30 " + NEVER),
        ("timestamp\n2026-03-08 02:59:59\n", r":2: 2026-03-08 02:59 " + NEVER),
        ("date,start,calls\n0001-01-01,00:00,5\n", r":2: '0001-01-01T00:00' is not between 1970 and 2199"),
        ("timestamp\n9999-12-31T23:30\n", r":2: '9999-12-31T23:30' is not between 1970 and 2199"),
        ("timestamp\n0001-01-01T00:00+14:00\n", r":2: '0001-01-01T00:00\+14:00' is no date and time"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_with_line_and_mend(tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "arrivals.csv"
    file.write_text(text, "utf-8")
    with pytest.raises(BadArrivals, match=said):
        read_arrivals(file, ZONE)


def test_a_slot_that_never_was_may_stand_in_a_file_without_calls(tmp_path: Path) -> None:
    file = tmp_path / "slots.csv"
    file.write_text("date,start,calls\n2026-03-08,01:30,4\n2026-03-08,02:00,0\n2026-03-08,02:30,\n", "utf-8")
    assert [one.calls for one in read_arrivals(file, ZONE)] == [4, 0, 0]


def test_the_same_file_is_read_by_clocks_that_do_not_jump(tmp_path: Path) -> None:
    file = tmp_path / "calls.csv"
    file.write_text("timestamp\n2026-03-08 02:30\n", "utf-8")
    assert [one.wall for one in read_arrivals(file, "America/Phoenix")] == [datetime(2026, 3, 8, 2, 30)]


def test_an_instant_with_an_offset_of_its_own_is_brought_to_the_clocks_of_the_zone(tmp_path: Path) -> None:
    file = tmp_path / "calls.csv"
    file.write_text("timestamp\n2026-03-08T08:30:00Z\n2026-03-08T02:30:00-06:00\n", "utf-8")
    assert {one.wall for one in read_arrivals(file, ZONE)} == {datetime(2026, 3, 8, 3, 30)}


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "arrivals.csv.gz"
    file.write_bytes(b"not compressed")
    with pytest.raises(BadArrivals, match="cannot be read as CSV"):
        read_arrivals(file, ZONE)


def test_a_day_without_calls_is_refused() -> None:
    came = Came(datetime(2026, 11, 2, 9), timedelta(), 1.0)
    with pytest.raises(BadArrivals, match="name a day that was recorded"):
        of_day([came], date(2026, 11, 3))


def test_people_are_added_until_the_goal_is_reached(example: Organisation) -> None:
    at, goal = datetime(2026, 11, 24, 16, 15, tzinfo=AT.tzinfo), Goal(0.85, 20.0, 185.0, 1.96, 406.0)
    working = [one for one in example.agents.values() if is_open(one.calendar, at)]
    found = needed(
        working, needs_at(example, mix_of(example, {}), at), Load(60.0, 3.0), goal, at, 1500, Rules.of(example)
    )
    assert found.reached is not None
    assert found.reached.within >= goal.share
    assert found.total >= found.formula > 5
    assert set(found.people) <= {one.pool.id for one in working}
    assert found.unserved == ()


def test_what_nobody_awake_can_take_is_said_and_staffs_nobody(example: Organisation) -> None:
    at = datetime(2026, 11, 24, 16, 15, tzinfo=AT.tzinfo)
    found = needed([], needs_at(example, mix_of(example, {}), at), Load(60.0), Goal(), at, 500)
    assert (found.total, found.reached) == (0, None)
    assert {need.service for need in found.unserved} == {"nurse", "scheduling", "prescriptions", "billing"}


def test_languages_are_shared_as_asked(example: Organisation) -> None:
    shares = mix_of(example, {"en-US": 0.9, "es-US": 0.1})
    assert sum(share for wish, share in shares.items() if wish.language == "es-US") == pytest.approx(0.1)
    assert sum(shares.values()) == pytest.approx(1.0)


def test_what_a_file_says_of_its_callers_is_what_they_want(example: Organisation) -> None:
    mix, nine = mix_of(example, {}), datetime(2026, 11, 2, 9)
    about = Came(nine, timedelta(), 30.0, "maple", "billing", "es-US"), Came(nine, timedelta(), 10.0, "riverside")
    shares = mix_in(about, mix)
    assert sum(shares.values()) == pytest.approx(1.0)
    assert shares[Wish("maple", "loop", "billing", "es-US")] == pytest.approx(0.75)
    assert {wish.practice for wish in shares} == {"maple", "riverside"}
    assert [wish for wish in shares if wish.practice == "maple"] == [Wish("maple", "loop", "billing", "es-US")]
    assert mix_in([Came(nine, timedelta(), 5.0)], mix) == pytest.approx(mix)


def test_names_of_a_file_that_no_menu_has_are_told_of(morning: Path, tmp_path: Path) -> None:
    file = tmp_path / "calls.csv"
    file.write_text("timestamp,practice\n2026-11-02 09:10,marple\n2026-11-02 09:10,maple\n", "utf-8")
    asked = ("--config", str(EXAMPLE), "--on", "2026-11-24", "--calls", "200")
    told = "warning: practice 'marple' is counted as if it were not known; did you mean 'maple'?"
    assert told in run(str(file), *asked).stderr
    assert run(str(morning), *asked).stderr == ""


def test_the_command_prints_a_table_and_draws_a_picture(morning: Path, tmp_path: Path) -> None:
    picture, pixels = tmp_path / "staffing.svg", tmp_path / "staffing.png"
    files = ("--svg", str(picture), "--png", str(pixels))
    asked = ("--config", str(EXAMPLE), "--on", "2026-11-24", "--calls", "300", *files)
    result = run(str(morning), *asked)
    lines = result.output.splitlines()
    assert lines[0].split() == [
        "from",
        "calls",
        "Erlang",
        "A",
        "bogota",
        "cape-town",
        "maple-front-desk",
        "all",
        *["in", "time", "mean", "wait"],
    ]
    assert lines[19].split()[:2] == ["09:00", "30.0"]
    assert int(lines[19].split()[2]) > 3
    assert pixels.read_bytes() == as_png(picture.read_text("utf-8"))
    drawn = ElementTree.parse(picture).getroot()
    assert drawn.findtext("{http://www.w3.org/2000/svg}title") == (
        "People needed for 80% within 20 s, Tue 2026-11-24, America/Chicago"
    )
    assert any((one.text or "").startswith("09:00 bogota: ") for one in drawn.iter())


@pytest.mark.parametrize(
    ("option", "value", "said"),
    [
        ("--share", "es-US", "is no share; write a language and a part of 1"),
        ("--share", "=0.2", "'=0.2' is no share; write a language and a part of 1"),
        ("--share", " =0.2", "' =0.2' is no share; write a language and a part of 1"),
        ("--share", "es-US=nan", "is no share; write a language and a part of 1"),
        ("--zone", "Mars/Olympus", "is not a time zone"),
        ("--days", "someday", "is not a day"),
        ("--level", "80", "80.0 is not in the range"),
        *(
            (option, "nan", "is no number")
            for option in ("--level", "--within", "--handling", "--variation", "--missed")
        ),
        ("--patience", "inf", "is no number"),
    ],
)
def test_an_option_that_cannot_be_meant_is_refused(morning: Path, option: str, value: str, said: str) -> None:
    result = run(str(morning), "--config", str(EXAMPLE), "--on", "2026-11-24", option, value)
    assert result.exit_code == 2
    assert said in result.output


def test_the_calls_of_a_real_bank_are_uneven_and_read_whole(test_data: Path) -> None:
    came = read_arrivals(test_data / BANK, "Asia/Jerusalem")
    loads = loads_of(of_weekdays(came, range(5)))
    assert sum(one.calls for one in came) > 100_000
    assert max(load.calls for load in loads) == pytest.approx(64, abs=15)
    assert loads[21].dispersion > 3


def test_a_phone_that_rings_for_longer_than_callers_may_wait_is_refused(morning: Path) -> None:
    result = run(str(morning), "--config", str(EXAMPLE), "--ring", "20")
    assert result.exit_code == 2
    assert "rings for longer than callers may wait; give less than --within" in " ".join(result.output.split())


@pytest.mark.parametrize(("load", "calls"), [(120.0, 300), thorough(250.0, 1000)])
def test_ringing_takes_people_up_and_callers_time(example: Organisation, load: float, calls: int) -> None:
    at = datetime(2026, 11, 24, 16, 15, tzinfo=AT.tzinfo)
    working = [one for one in example.agents.values() if is_open(one.calendar, at)]
    needs = needs_at(example, mix_of(example, {}), at)
    goals = (Goal(0.8), Goal(0.8, ring=8.0), Goal(0.8, ring=8.0, missed=0.2))
    found = [needed(working, needs, Load(load), goal, at, calls, Rules.of(example)) for goal in goals]
    assert found[0].formula < found[1].formula
    assert found[0].total <= found[1].total < found[2].total


def test_a_share_of_one_language_leaves_the_rest_to_the_others(example: Organisation) -> None:
    shares = mix_of(example, {"es-US": 0.3})
    spoken = {
        language: sum(part for wish, part in shares.items() if wish.language == language)
        for language in ("en-US", "es-US")
    }
    assert spoken == pytest.approx({"en-US": 0.7, "es-US": 0.3})


@pytest.mark.parametrize(
    ("spoken", "given", "shares"),
    [
        (("en-US",), {"es-US": 0.3}, {"en-US": 1.0}),
        (("en-US",), {"en-US": 0.0}, {"en-US": 1.0}),
        (("en-US", "es-US"), {"en-US": 0.5}, {"en-US": 0.5, "es-US": 0.5}),
        (("en-US", "es-US"), {"en-US": 0.2, "es-US": 0.2}, {"en-US": 0.5, "es-US": 0.5}),
        (("en-US", "es-US", "vi-VN"), {"vi-VN": 0.1}, {"en-US": 0.8, "es-US": 0.1, "vi-VN": 0.1}),
        (("en-US", "es-US"), {"es-US": 1.0}, {"en-US": 0.0, "es-US": 1.0}),
    ],
)
def test_the_languages_of_a_practice_share_its_callers(
    spoken: tuple[str, ...], given: dict[str, float], shares: dict[str, float]
) -> None:
    assert shares_of(spoken, given) == pytest.approx({**shares})


def test_a_practice_of_one_language_is_staffed_like_any_other(morning: Path, folder: Folder) -> None:
    folder.replace("practices/maple.yaml", "languages: [en-US, es-US]", "languages: [en-US]")
    result = run(str(morning), "--config", str(folder.path), "--on", "2026-11-24", "--calls", "200")
    assert (result.exit_code, result.exception) == (0, None)


@pytest.mark.parametrize(
    ("shares", "said"),
    [
        (["se-US=0.3"], "no practice speaks 'se-US'; did you mean 'es-US'?"),
        (["es-US=0.8", "en-US=0.3"], "shares are more than all callers"),
        (["es-US=0.2", "es-US=0.3"], "one language has two"),
    ],
)
def test_a_share_that_cannot_be_meant_is_refused(morning: Path, shares: list[str], said: str) -> None:
    options = [option for share in shares for option in ("--share", share)]
    result = run(str(morning), "--config", str(EXAMPLE), "--on", "2026-11-24", *options)
    assert result.exit_code != 0
    assert said in result.stderr
