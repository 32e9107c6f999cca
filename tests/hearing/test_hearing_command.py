"""``sunline hearing``: it trains, measures and explains, and changes nothing unasked."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select

from ivr import cli
from ivr.audit.tables import audit_row
from ivr.core.clock import SteppedClock
from ivr.core.database import Database
from ivr.hearing import thresholds
from ivr.hearing.heard import Heard, decided_by
from ivr.hearing.places import RELEASED, Places
from ivr.hearing.weights_file import read_weights
from ivr.installation.command_line import Installation
from ivr.ops import hearing_command
from ivr.privacy.keys import KeyStore
from ivr.privacy.master import open_master

SMALL = """language: en-US
hand: {hand}
kind: {kind}
sentences:
  {key}:
    - "{words} one"
    - "{words} two"
"""
FILES = {
    "emergent": ("heart", "my chest is crushing"),
    "clinical": ("cold", "a runny nose"),
    "office": ("billing", "about my bill"),
    "everyday": ("weather", "is it raining"),
}
HELD_OUT = """language: en-US
emergent:
  heart: ["my chest hurts so bad", "there is a truck on my chest"]
office:
  billing: ["what do i owe you"]
wrappers:
  errand: ["i had a question about the bill and {words}"]
"""


@pytest.fixture
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Places:
    """A few sentences of two hands, and no weights yet."""
    learned = tmp_path / "learned"
    learned.mkdir()
    for hand in "xy":
        for kind, (key, words) in FILES.items():
            text = SMALL.format(hand=hand, kind=kind, key=key, words=f"{words} {hand}")
            (learned / f"{kind}-{hand}.yaml").write_text(text, encoding="utf-8")
    small = Places((learned,), tmp_path / "made" / "weights.json")
    monkeypatch.setattr(hearing_command, "_places", lambda: small)
    monkeypatch.setattr(hearing_command, "RELEASED", small)
    return small


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli.main, ["hearing", *arguments], catch_exceptions=False)


@pytest.fixture
def held_out(tmp_path: Path) -> str:
    file = tmp_path / "held" / "en-US.yaml"
    file.parent.mkdir()
    file.write_text(HELD_OUT, encoding="utf-8")
    return str(file)


def test_training_is_a_dry_run_unless_told(places: Places) -> None:
    told = run("train", "--no-figures")
    assert told.exit_code == 0
    assert "There were no usable weights before.\nNothing was written; --yes writes it." in told.stdout
    assert not places.weights.exists()


def test_training_writes_the_same_weights_every_time(places: Places) -> None:
    assert run("train", "--no-figures", "--yes").exit_code == 0
    before = places.weights.read_bytes()
    told = run("train", "--no-figures", "--yes")
    assert "The sentences and the encoder are those of the weights in place." in told.stdout
    assert places.weights.read_bytes() == before
    assert read_weights(places.weights).classifier.labels == ("heart", "clinical", "billing", "everyday")


def test_training_tells_how_well_it_hears_what_it_never_learned(places: Places) -> None:
    told = run("train").stdout
    assert "Heard without the hand that wrote it, or the topic:" in told
    assert "emergent: asked about" in told
    assert "of 4)" in told
    assert "The same, one word in ten lost:" in told
    assert "The same, behind a wish:" in told


def test_a_fault_in_a_sentence_is_one_line(places: Places) -> None:
    (places.sentences[0] / "office-x.yaml").write_text("kind: office\n", encoding="utf-8")
    told = run("train", "--no-figures")
    assert told.exit_code == 1
    assert "office-x.yaml: language is missing; give one of en-US, es-US" in told.stderr


def test_weights_of_other_sentences_test_nothing(places: Places, held_out: str) -> None:
    run("train", "--no-figures", "--yes")
    (places.sentences[0] / "office-x.yaml").unlink()
    told = run("test", held_out)
    assert told.exit_code == 1
    assert (
        "the sentences of the ear have changed since its weights were made; run: sunline hearing train" in told.stderr
    )


def test_measuring_shows_each_style_with_its_range_and_as_json(held_out: str) -> None:
    told = run("test", held_out).stdout
    assert [line for line in told.splitlines() if line and line[0] != " "] == [
        "as is",
        "IN CAPITALS",
        "without accents",
        "one word in ten lost",
        "behind: errand",
    ]
    rows = json.loads(run("test", held_out, "--json").stdout)
    (row,) = [
        one
        for one in rows
        if (one["style"], one["language"], one["what"]) == ("as is", "en-US", "emergent: asked about")
    ]
    assert (row["hits"], row["total"], row["share"]) == (2, 2, 1.0)
    assert row["low"] < 0.5


def test_a_file_of_another_kind_measures_nothing(places: Places) -> None:
    for name in ("office-x.yaml", "."):
        told = run("test", str(places.sentences[0] / name))
        assert told.exit_code == 1
        assert "is no file of held-out sentences: it has none of emergent, urgent, office" in told.stderr


def test_a_group_that_was_never_learned_is_measured(places: Places, held_out: str) -> None:
    assert "by weights that never learned the group" in run("test", held_out, "--untrained").stdout


def test_explaining_says_the_class_the_stretches_and_the_nearest_sentences(places: Places) -> None:
    run("train", "--no-figures", "--yes")
    told = run("explain", "my chest is crushing me").stdout.splitlines()
    assert told[0] == "emergent: ask about heart"
    assert told[1].startswith("because: an emergency is 0.")
    assert told[1].endswith(f"likely in all of it; asked from {thresholds.ASK:.2f} on")
    assert told[2].startswith("the line: says the 911 words and asks whether it is so now")
    assert told[3] == "never learned: me; what is heard in them is guessed"
    assert "(heart)" in told[4]
    assert told[5].startswith("all of it by its meaning alone: emergent 0.")
    assert told[6].startswith("all of it by its spelling alone: emergent 0.")
    assert told[7] == "nearest of what it learned:"
    assert told[8].endswith("emergent, heart (en-US, hand x): my chest is crushing x one") or "my chest" in told[8]
    assert "the line: does not ask the ear" in run("explain", "no sé").stdout
    nothing = run("explain", "...").stdout.splitlines()
    assert nothing == ["nothing: no words", "the line: asks whether anybody is ill, then reads the menu again"]


def test_a_phrase_of_a_protocol_is_told_beside_what_the_ear_hears(places: Places, tmp_path: Path) -> None:
    run("train", "--no-figures", "--yes")
    told = run("explain", "I think I am having a stroke").stdout.splitlines()
    assert (
        "'having a stroke' is a phrase of adult-red-flags (stroke): it raises the call to emergent, "
        "after the 911 words, whatever else is heard"
    ) in told
    none = run("explain", "I think I am having a stroke", "--protocols", str(tmp_path)).stdout
    assert "is a phrase of" not in none


def test_words_that_it_never_learned_are_told_to_be_guessed(places: Places) -> None:
    run("train", "--no-figures", "--yes")
    told = run("explain", "asdf qwer").stdout.splitlines()
    assert told[1].startswith("because: illness or worse is 0.")
    assert f"to a nurse from {thresholds.NURSE:.2f} and {thresholds.NURSE_IN_A_STRETCH:.2f} on" in told[1]
    assert told[2].startswith("the line: asks whether anybody is ill")
    assert told[3] == "not understood: it never learned any of these words (asdf, qwer), so all of this is a guess"
    assert not any("never learned" in line for line in run("explain", "my chest is crushing").stdout.splitlines())


@pytest.mark.parametrize("words", ["call 911", "my sugar is thirty eight"])
def test_what_a_rule_hears_is_no_guess(places: Places, words: str) -> None:
    run("train", "--no-figures", "--yes")
    told = run("explain", words).stdout.splitlines()
    assert told[1].startswith("because: a rule, which counts as certain")
    assert not any("never learned" in line for line in told)


@pytest.mark.parametrize(
    ("heard", "told"),
    [
        (
            Heard(emergent_stretch=0.65, ill=0.4, ill_stretch=0.7),
            f"0.65 likely in a stretch of it; asked from {thresholds.ASK_IN_A_STRETCH:.2f} on",
        ),
        (
            Heard(emergent=0.2, ill=0.7, ill_stretch=0.7),
            "0.70 likely in all of it, 0.70 in a stretch, and an emergency",
        ),
        (
            Heard(ill=0.1, ill_stretch=0.5),
            f"0.10 likely in all of it, 0.50 in a stretch; to a nurse from {thresholds.NURSE:.2f}",
        ),
        (Heard(ill=0.1, office=0.8, everyday=0.1), "Office 0.80, everyday 0.10"),
    ],
)
def test_what_decided_is_told_with_where_it_begins_to_count(heard: Heard, told: str) -> None:
    assert told in decided_by(heard)


def test_the_release_is_heard_with_where_no_setting_says_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SUNLINE_HEARING_SENTENCES", raising=False)
    assert hearing_command._places() is RELEASED


def test_weights_of_an_installation_leave_a_row(
    places: Places, monkeypatch: pytest.MonkeyPatch, database: Database, tmp_path: Path
) -> None:
    monkeypatch.setattr(hearing_command, "RELEASED", RELEASED)
    keys = KeyStore(database, open_master(f"file:{tmp_path}/master.key", create=True))
    given = Installation(database, keys, SteppedClock(datetime(2026, 11, 29, tzinfo=UTC)), "rosa", demo=False)
    asked = ["hearing", "train", "--no-figures", "--yes"]
    dry = CliRunner().invoke(cli.main, asked[:-1], env={"SUNLINE_DATA_DIR": str(tmp_path)})
    assert (dry.exit_code, "SUNLINE_MASTER_KEY: is not set" in dry.stderr) == (1, True)
    assert CliRunner().invoke(cli.main, asked, obj=given, catch_exceptions=False).exit_code == 0
    with database.read() as connection:
        rows = connection.execute(select(audit_row).order_by(audit_row.c.sequence)).all()
    assert [(row.actor, row.action, row.outcome) for row in rows] == [
        ("rosa", "hearing.train", "asked"),
        ("rosa", "hearing.train", "ok"),
    ]
    assert places.weights.exists()
