"""Many people at once: plans, arrivals, scripted callers and agents, and what became of them."""

from __future__ import annotations

import csv
import gzip
import math
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from random import Random
from statistics import fmean, pvariance

import pytest
from click.testing import CliRunner

from phonesim import Options, Trace
from phonesim.__main__ import main
from phonesim.errors import FileError
from phonesim.load import Plan, Stepped, arrival_times, read_plan, summarise, table, write_calls
from phonesim.load.arrivals import BadArrivals
from phonesim.load.dice import Constant, Exponential, LogNormal, Measured, Uniform, one_of
from phonesim.load.plan import Agents, Counts, Cue, Rate, Reason, Stamps
from phonesim.load.population import numbered
from tests.simulator.stage import OURS, Stage
from tests.simulator.town import Town

AGENT = "+13125550171"
HOUR = 3600.0
WHOLE = """\
load: a morning
dial: "+13125550100"
calls: 40
arrivals: {rate: 60 per hour}
reasons:
  - reason: appointment
    share: 3
    script:
      - {hears: press 1, presses: "1"}
agents:
  - agents: all
    phones: everybody
    misses: 5%
    answers after: {exponential: 4s}
"""


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    path = tmp_path / "plan.yaml"
    path.write_text(WHOLE, "utf-8")
    return path


def people(**changes: object) -> Plan:
    """Ten calls a minute apart on average, answered by one agent whom the office dials."""
    wanted = Plan(
        "test", OURS, Rate(60), (Reason("help", 1, (Cue("press one", presses="1"),)),),
        (Agents("agent", frozenset({AGENT}), answers_after=Constant(4)),), most=10, talk=Constant(30),
        reaction=Constant(1), never_hears=("application error",),
    )  # fmt: skip
    return replace(wanted, **changes)  # type: ignore[arg-type]


def office(stage: Stage, menu: str = f"<Dial>{AGENT}</Dial>") -> Stage:
    stage.page("/voice", '<Gather numDigits="1" action="/menu"><Say>For help, press one.</Say></Gather>')
    stage.page("/menu", menu)
    return stage


def played(stage: Stage, plan: Plan, seed: int = 1) -> Stepped:
    load = Stepped(stage.net, plan, seed)
    load.run()
    return load


def outcomes(load: Stepped) -> set[str]:
    return {call.outcome for call in load.population.calls}


def rows_of(file: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(file.read_text("utf-8").splitlines()))


# Plans


def test_a_plan_is_read_as_it_is_written(plan: Path) -> None:
    found = read_plan(plan)
    assert (found.title, found.most, found.arrivals) == ("a morning", 40, Rate(60))
    assert found.reasons == (Reason("appointment", 3, (Cue("press 1", presses="1"),)),)
    assert found.agents[0].misses == 0.05
    assert found.agents[0].answers_after == Exponential(4)
    assert found.agents[0].phones == frozenset()


@pytest.mark.parametrize(
    ("written", "instead", "line", "said"),
    [
        ("calls: 40", "calls: forty", 3, "'forty' cannot be read; write a whole number above 0"),
        ("calls: 40", "cals: 40", 3, "unknown key 'cals'"),
        ("calls: 40\n", "", 1, "a rate has no end; write calls: 1000, or lasts: 2h"),
        ("rate: 60 per hour", "rate: 60", 4, "write a rate such as 120 per hour"),
        ("{rate: 60 per hour}", "{often: 60}", 4, "write one of rate, counts, timestamps"),
        ("{rate: 60 per hour}", "{counts: none.csv, column: n, slot: 6m}", 4, "write the path of a file"),
        ("    share: 3\n", "", 6, "'share' is missing"),
        ('presses: "1"', 'presses: "x"', 9, "write keys of a phone"),
        ('presses: "1"', 'presses: "1", says: one', 9, "a cue has one answer"),
        ("misses: 5%", "misses: often", 13, "write a share such as 5%"),
        ("{exponential: 4s}", "{normal: 4s}", 14, "one of exponential, lognormal, uniform, file"),
        ("{exponential: 4s}", "{exponential: 0s}", 14, "write a duration above 0s"),
        ("{exponential: 4s}", "{lognormal: {mu: 800, sigma: 1}}", 14, "write a number above 0, at most 16"),
        ("{exponential: 4s}", "{lognormal: {mu: nan, sigma: 1}}", 14, "write a number above 0"),
        ("{exponential: 4s}", f"{'9' * 400}s", 14, "write a duration of at most a year"),
        ("{exponential: 4s}", "{file: nan.txt}", 14, "write the path of a file with one number of seconds a line"),
        ("{exponential: 4s}", "{file: empty.txt}", 14, "write the path of a file with one number of seconds a line"),
        ("    share: 3\n", "    share: inf\n", 7, "write a number above 0"),
        ("{rate: 60 per hour}", "{rate: 60 per hour, slot: 0s}", 4, "write a duration above 0s"),
        ("rate: 60 per hour", f"rate: {'9' * 400} per hour", 4, "write a rate such as 120 per hour"),
        ("calls: 40", f"calls: {'9' * 5000}", 3, "write a whole number above 0"),
        ("calls: 40", "lasts: 0s", 3, "write a duration above 0s"),
        ("load: a morning", "load: a morning\nload: twice", 2, "'load' is written twice"),
        ("load: a morning", "- a morning", 2, "this is not YAML"),
    ],
)
def test_a_typing_error_in_a_plan_is_told_with_its_line_and_the_mend(
    plan: Path, written: str, instead: str, line: int, said: str
) -> None:
    (plan.parent / "nan.txt").write_text("4\nnan\n", "utf-8")
    (plan.parent / "empty.txt").write_text("", "utf-8")
    plan.write_text(WHOLE.replace(written, instead), "utf-8")
    with pytest.raises(FileError) as refused:
        read_plan(plan)
    place, _, what = refused.value.problems[0].partition(": ")
    assert place.startswith(str(plan))
    assert said in what
    assert place == f"{plan}:{line}"


def test_every_problem_of_a_plan_is_told_at_once(plan: Path) -> None:
    plan.write_text(WHOLE.replace("40", "many").replace("5%", "some"), "utf-8")
    with pytest.raises(FileError) as refused:
        read_plan(plan)
    assert len(refused.value.problems) == 2


def test_a_file_that_is_no_plan_is_one_problem(plan: Path) -> None:
    plan.write_text("people: {a: 1}\nrotas: {}\n", "utf-8")
    with pytest.raises(FileError) as refused:
        read_plan(plan)
    (problem,) = refused.value.problems
    assert "this is no plan: it holds people, rotas; name a file that says load, dial, arrivals, reasons" in problem


# Distributions and arrivals


@pytest.mark.parametrize(
    ("draw", "mean"),
    [
        (Constant(7), 7),
        (Exponential(406), 406),
        (LogNormal(math.log(185) - 1.2**2 / 2, 1.2), 185),
        (Uniform(2, 4), 3),
        (Measured((1.0, 5.0)), 3),
    ],
    ids=lambda value: str(value)[:12],
)
def test_a_distribution_has_the_mean_it_says(draw: object, mean: float) -> None:
    dice = Random(1)
    drawn = [draw(dice) for _ in range(40_000)]  # type: ignore[operator]
    assert fmean(drawn) == pytest.approx(mean, rel=0.05)


def test_reasons_come_in_their_shares() -> None:
    dice = Random(1)
    drawn = [one_of(dice, (1, 3, 6)) for _ in range(20_000)]
    assert [drawn.count(index) / 20_000 for index in range(3)] == pytest.approx([0.1, 0.3, 0.6], abs=0.02)


def counts_of(times: list[float], slot: float, slots: int) -> list[int]:
    found = Counter(int(time // slot) for time in times)
    return [found[start] for start in range(slots)]


@pytest.mark.parametrize("dispersion", [1.0, 17.0])
def test_arrivals_at_a_rate_vary_as_much_as_is_asked_for(dispersion: float) -> None:
    asked = people(arrivals=Rate(120, dispersion, slot=1800), most=None, lasts=400 * HOUR)
    counts = counts_of(arrival_times(asked, 1), 1800, 800)
    assert fmean(counts) == pytest.approx(60, rel=0.06)
    assert pvariance(counts) / fmean(counts) == pytest.approx(dispersion, rel=0.25)


def test_measured_counts_fall_into_their_slots_of_the_day_that_is_named(tmp_path: Path) -> None:
    rows = [
        "1999-03-01,10:00,9",
        "1999-03-02,09:54,4",
        "1999-03-02,10:00,3",
        "1999-03-02,10:06,0",
        "1999-03-02,10:12,2",
    ]
    file = tmp_path / "counts.csv.gz"
    file.write_bytes(gzip.compress("\n".join(["date,start,calls", *rows]).encode()))
    asked = people(arrivals=Counts(file, "calls", 360, day="1999-03-02", start="10:00"), most=None)
    assert counts_of(arrival_times(asked, 1), 360, 3) == [3, 0, 2]


def test_measured_instants_keep_their_distances(tmp_path: Path) -> None:
    file = tmp_path / "calls.csv"
    file.write_text("timestamp,category\n2016-01-15 12:01,EMS\n2016-01-16 08:00,EMS\n2016-01-15 12:31,Fire\n", "utf-8")
    asked = people(arrivals=Stamps(file, "timestamp", day="2016-01-15", faster=2), most=None)
    first, second = arrival_times(asked, 1)
    assert 0 <= first < 30
    assert 900 <= second < 930


@pytest.mark.parametrize(
    ("arrivals", "said"),
    [
        (lambda file: Counts(file, "calls", 60, day="2001-01-01"), "no row is of 2001-01-01"),
        (lambda file: Counts(file, "many", 60), "it has no column 'many'; it has: date, calls"),
        (lambda file: Counts(file, "date", 60), "is no number of calls"),
        (lambda file: Stamps(file, "calls"), "is no instant"),
        (lambda file: Counts(file.with_name("gone.csv"), "calls", 60), "cannot be read as CSV"),
    ],
)
def test_a_file_of_arrivals_that_does_not_fit_is_told(tmp_path: Path, arrivals: object, said: str) -> None:
    file = tmp_path / "calls.csv"
    file.write_text("date,calls\n1999-03-02,x4\n", "utf-8")
    with pytest.raises(BadArrivals, match=said):
        arrival_times(people(arrivals=arrivals(file)), 1)  # type: ignore[operator]


def test_a_day_of_a_real_call_centre_and_of_real_emergencies_can_be_played(test_data: Path) -> None:
    bank = Counts(test_data / "calls/israeli_bank_1999_h1_arrivals_6min.csv.gz", "calls", 360, day="1999-03-02")
    emergencies = Stamps(test_data / "calls/montgomery_911_sample.csv", "timestamp", day="2016-01-15")
    of_bank = arrival_times(people(arrivals=bank, most=None), 1)
    of_emergencies = arrival_times(people(arrivals=emergencies, most=None), 1)
    assert len(of_bank) > 500
    assert of_emergencies
    for times in (of_bank, of_emergencies):
        assert times == sorted(times)
        assert times[-1] < 24 * HOUR + 60


def test_callers_have_numbers_of_their_own() -> None:
    assert numbered("+1312#######", 0) == "+13122000000"
    assert len({numbered("+1312####", number) for number in range(8000)}) == 8000


# People


def test_callers_follow_their_script_talk_and_hang_up(stage: Stage) -> None:
    load = played(office(stage), people(arrivals=Rate(2)))
    assert outcomes(load) == {"met somebody"}
    assert {call.talked for call in load.population.calls} == {30.0}
    assert not any(call.stranded for call in load.population.calls)
    assert load.population.agents[AGENT].rung == 10
    assert load.population.agents[AGENT].talked == 300
    assert all(leg.ended for leg in stage.net.legs.values())


def test_the_same_seed_gives_the_same_calls_and_another_one_others(stage: Stage) -> None:
    runs = [played(office(Stage()), people(talk=Exponential(60), arrivals=Rate(2)), seed) for seed in (3, 3, 4)]
    lasted = [[call.lasted for call in run.population.calls] for run in runs]
    assert lasted[0] == lasted[1] != lasted[2]


def test_a_caller_answers_once_the_words_were_spoken_and_thought_about(stage: Stage) -> None:
    played(office(stage), people(most=1))
    (dialled,) = [entry.at for entry in stage.net.trace if entry.kind == "dial" and entry.who != OURS][:1]
    (pressed,) = [entry.at for entry in stage.net.trace if entry.kind == "press"]
    words = "for help, press one"
    spoken = len(words) / stage.net.options.characters_per_second
    assert (pressed - dialled).total_seconds() == pytest.approx(spoken + 1, abs=0.01)


def test_an_unheeded_answer_is_given_again_when_the_very_words_are_repeated(stage: Stage) -> None:
    office(stage).page(
        "/menu", '<Gather numDigits="1" action="/two"><Say>For help, press one.</Say></Gather>', "<Hangup/>"
    )
    stage.page("/two", f"<Dial>{AGENT}</Dial>")
    assert outcomes(played(stage, people(most=1))) == {"met somebody"}


def test_a_caller_waits_in_the_queue_only_as_long_as_patience_lasts(stage: Stage) -> None:
    load = played(office(stage, "<Enqueue>line</Enqueue>"), people(patience=Constant(90)))
    assert outcomes(load) == {"abandoned"}
    assert {call.waited for call in load.population.calls} == {90.0}


def test_who_is_hung_up_on_without_having_met_anybody_is_stranded(stage: Stage) -> None:
    load = played(office(stage, "<Say>goodbye</Say><Hangup/>"), people())
    assert outcomes(load) == {"stranded"}
    assert summarise(load.population.calls)[-1].stranded == 10


def test_who_hears_the_words_that_end_a_call_well_is_served(stage: Stage) -> None:
    reason = Reason("help", 1, (Cue("press one", presses="1"),), ends_with=("your message is saved",))
    load = played(office(stage, "<Say>Your message is saved.</Say>"), people(reasons=(reason,)))
    assert outcomes(load) == {"served"}
    assert summarise(load.population.calls)[-1].stranded == 0


def test_who_hears_what_nobody_should_is_stranded_whatever_else_happens(stage: Stage) -> None:
    load = played(office(stage, f"<Say>An application error.</Say><Dial>{AGENT}</Dial>"), people(arrivals=Rate(2)))
    assert outcomes(load) == {"met somebody"}
    assert all(call.wrong == {"heard what nobody should"} and call.stranded for call in load.population.calls)


def test_silence_is_noticed(stage: Stage) -> None:
    load = played(office(stage, f'<Pause length="40"/><Dial>{AGENT}</Dial>'), people(most=1, longest_silence=25))
    assert load.population.calls[0].wrong == {"silence"}


def test_a_call_without_an_end_is_given_up_and_counted(stage: Stage) -> None:
    load = played(office(stage, '<Say loop="0">still here</Say>'), people(most=1, longest_call=300))
    assert outcomes(load) == {"endless"}
    assert load.population.calls[0].lasted == 300


def test_a_talk_longer_than_any_wait_may_be_is_no_fault(stage: Stage) -> None:
    load = played(office(stage), people(most=1, longest_call=300, talk=Constant(900)))
    assert outcomes(load) == {"met somebody"}
    assert load.population.calls[0].talked == 900


def test_an_agent_misses_a_share_of_the_calls_and_wraps_up_after_the_others(stage: Stage) -> None:
    group = Agents("agent", frozenset(), answers_after=Constant(1), misses=0.4, wraps_up=Constant(30))
    load = played(office(stage), people(agents=(group,), arrivals=Rate(60), most=40))
    agent = load.population.agents[AGENT]
    assert 8 <= agent.missed <= 24
    answers = {entry.detail["call_sid"]: entry.at for entry in stage.net.trace if is_agents(entry, "answer")}
    ends = {entry.detail["call_sid"]: entry.at for entry in stage.net.trace if is_agents(entry, "hang-up")}
    rests = [answers[after] - ends[before] for before, after in pairwise(answers)]
    assert len(rests) > 10
    assert min(rests) >= timedelta(seconds=30)


def is_agents(entry: Trace, kind: str) -> bool:
    return entry.kind == kind and entry.who == AGENT


def test_an_agent_who_is_rung_while_talking_is_counted_and_does_not_pick_up(stage: Stage) -> None:
    load = played(office(stage), people(most=2, talk=Constant(3000)))
    assert load.population.agents[AGENT].rung_while_busy == 1


def test_an_agent_presses_the_accept_key_on_its_cue(stage: Stage) -> None:
    office(stage, f'<Dial><Number url="/whisper">{AGENT}</Number></Dial>')
    stage.page("/whisper", '<Gather numDigits="1" action="/go"><Say>To accept, press 1.</Say></Gather><Hangup/>')
    stage.page("/go", "")
    accepting = Agents("agent", frozenset({AGENT}), (Cue("to accept, press 1", presses="1"),))
    assert outcomes(played(stage, people(agents=(accepting,), most=2, arrivals=Rate(2)))) == {"met somebody"}


# Results


def test_the_table_and_the_files_say_the_same(stage: Stage, tmp_path: Path) -> None:
    load = played(office(stage), people(arrivals=Rate(2)))
    (help_, everything) = summarise(load.population.calls)
    assert (help_.offered, help_.answered, everything.offered) == (10, 10, 10)
    assert [line.split()[0] for line in table([help_, everything])] == ["reason", "help", "all"]
    write_calls(tmp_path / "calls.csv", load.population.calls)
    assert [row["talked"] for row in rows_of(tmp_path / "calls.csv")] == ["30.000"] * 10


def test_a_service_level_counts_those_who_gave_up_as_not_answered(stage: Stage) -> None:
    load = played(office(stage, "<Enqueue>line</Enqueue>"), people(patience=Constant(5)))
    assert summarise(load.population.calls)[-1].within_20s == 0.0


# Long runs


def test_a_network_that_forgets_holds_nothing_of_what_is_long_over(stage: Stage) -> None:
    forgetful = office(Stage(Options(keep_trace=False, forget_after=60)))
    seen: list[str] = []
    forgetful.net.listeners.append(lambda entry: seen.append(entry.kind))
    load = played(forgetful, people(arrivals=Rate(2)))
    forgetful.net.advance(120)
    assert not forgetful.net.trace
    assert {"dial", "hear", "hang-up"} <= set(seen)
    assert not forgetful.net.legs
    assert not any(phone.history for phone in forgetful.net.phones.values())
    assert outcomes(load) == {"met somebody"}


def test_a_recording_may_serve_a_second_of_itself_and_still_say_how_long_it_was() -> None:
    stage = Stage(Options(longest_media=1.0))
    line = stage.call('<Record maxLength="20" timeout="0" action="/done"/>')
    stage.page("/done", "<Hangup/>")
    stage.net.advance(10)
    line.hang_up()
    stage.net.advance(10)
    (recording,) = stage.net.recordings.values()
    media = b"".join(recording.media())
    assert len(media) == recording.media_bytes() == 44 + 16_000
    assert round(recording.seconds) == 10


# Live


def test_a_plan_is_played_against_a_phonesim_that_runs_elsewhere(plan: Path, tmp_path: Path) -> None:
    town = Town()
    try:
        town.office.pages = {
            "/voice": '<Gather numDigits="1" action="/menu"><Say>For help, press 1.</Say></Gather>',
            "/menu": f"<Dial>{AGENT}</Dial>",
        }
        town.sim.set_rate(200)
        quick = (
            WHOLE.replace("calls: 40", "calls: 3\ntalk: 20s").replace("5%", "0%").replace("60 per hour", "600 per hour")
        )
        plan.write_text(quick, "utf-8")
        out = tmp_path / "calls.csv"
        arguments = ["load", str(plan), "--against", town.server.url, "--csv", str(out), "--for", "60"]
        done = CliRunner().invoke(main, arguments)
    finally:
        town.close()
    assert "appointment" in done.output
    assert len(rows_of(out)) == 3
    assert (tmp_path / "calls-summary.csv").is_file()


def test_a_plan_that_cannot_be_followed_ends_the_command_with_its_line(plan: Path) -> None:
    town = Town()
    try:
        plan.write_text(WHOLE.replace("40", "many"), "utf-8")
        done = CliRunner().invoke(main, ["load", str(plan), "--against", town.server.url])
    finally:
        town.close()
    assert done.exit_code == 2
    assert f"{plan}:3: 'many' cannot be read" in done.output


@pytest.mark.parametrize("seconds", ["nan", "inf", "-1", "0", "1e9"])
def test_no_time_to_stop_after_is_refused_before_anything_is_asked(plan: Path, seconds: str) -> None:
    asked = ["load", str(plan), "--against", "http://127.0.0.1:9", "--for", seconds]
    done = CliRunner().invoke(main, asked)
    assert done.exit_code == 2
    assert "Invalid value for '--for'" in done.output


@pytest.mark.parametrize("calls", ["nan", "inf", "-1", "1e7"])
def test_no_number_of_calls_is_told(tmp_path: Path, calls: str) -> None:
    file = tmp_path / "calls.csv"
    file.write_text(f"date,calls\n1999-03-02,{calls}\n", "utf-8")
    with pytest.raises(BadArrivals, match=f"'{calls}' in column 'calls' is no number of calls; write one from 0 on"):
        arrival_times(people(arrivals=Counts(file, "calls", 60)), 1)


def test_nobody_there_ends_the_command_with_a_word(plan: Path) -> None:
    done = CliRunner().invoke(main, ["load", str(plan), "--against", "http://127.0.0.1:9"])
    assert done.exit_code == 2
    assert done.output == "no phonesim answers at http://127.0.0.1:9; start one: python -m phonesim serve\n"
