"""However a call goes, its record leaves nothing out: paths by the answers with which the explorer walks flows."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from callflows.call_record.material import About, Conversation, Material, Protocol, Raise, ScreeningQuestion
from callflows.call_record.record import CallRecord, compose_record, find_gaps
from callflows.engine.replay import Run
from callflows.engine.retelling import Logged, retell
from callflows.proof import samples
from callflows.proof.graph import Subject
from callflows.proof.possible import HANG_UP
from callflows.proof.subjects import caller_subjects
from callflows.vocabulary import Ask, Do, Interrupted, LeaveMessage, NoteCall, Pressed, Silence, Spoke, StartEscalation
from callflows.vocabulary.hearing import GRAVE

BEGAN = datetime(2026, 11, 3, 2, 0, tzinfo=UTC)
CALL = samples.call(samples.practice(samples.NURSE, protocol=samples.PROTOCOL, state="IL"))
SUBJECTS = caller_subjects("a usual practice", CALL)
PROTOCOL = Protocol(
    "adult",
    "1",
    questions=tuple(
        ScreeningQuestion(one.key, tuple(words for _, words in one.ask), one.raises_to)
        for one in samples.PROTOCOL.questions
    ),
)
BY_GROUP = samples.call(samples.practice(samples.NURSE, protocols=samples.PROTOCOLS, state="IL"))
GROUPS = tuple(
    Protocol(
        file.name,
        "1",
        questions=tuple(
            ScreeningQuestion(one.key, tuple(words for _, words in one.ask), one.raises_to, one.ages)
            for one in file.questions
        ),
        group=group,
    )
    for group, file in samples.PROTOCOLS
)
PATHS = 60
NOTED = ("symptom", "complaint", "patient_state")


def walk(subject: Subject, chance: random.Random, protocols: tuple[Protocol, ...] = (PROTOCOL,)) -> Material:
    """One path, taken by chance. Hang-ups are taken seldom, so that most paths are long."""
    run, log, known, raises = (
        Run(subject.play(subject.told)).start(),
        list[Logged](),
        dict[str, object](),
        list[Raise](),
    )
    while run.request is not None:
        request, at = run.request, BEGAN + timedelta(seconds=len(log))
        possible = subject.world.answers_for(request)
        likely = [one for one in possible if not isinstance(one, Interrupted)] or list(possible)
        answer = chance.choice(likely if chance.random() < 0.97 else list(possible))
        effect = request.effect if isinstance(request, Do) else None
        if isinstance(effect, NoteCall):
            known |= {name: value for name in NOTED if (value := getattr(effect, name)) is not None}
        if isinstance(effect, NoteCall | StartEscalation) and effect.urgency:
            raises.append(Raise(at, effect.urgency))
        log.append(Logged(at, request.key, answer))
        try:
            run.answer(answer)
        except Exception:  # a takeover that the flow leaves to the safe landing
            break
    retold = retell(subject.play(subject.told), BEGAN, log)
    about = About("c" * 24, "Maple", "America/Chicago", BEGAN, "en-US", **known)  # type: ignore[arg-type]
    talk = Conversation("caller", retold, BEGAN, None)
    return Material(replace(about, ended_at=BEGAN + timedelta(hours=1)), (talk,), protocols, tuple(raises))


def questions(known: Material) -> int:
    return sum(isinstance(one.request, Ask | LeaveMessage) for one in known.exchanges)


@pytest.mark.parametrize("subject", SUBJECTS, ids=lambda subject: subject.flow)
def test_no_path_leaves_a_gap(subject: Subject) -> None:
    chance, urgent = random.Random(1), 0
    for _ in range(PATHS):
        known = walk(subject, chance)
        record = compose_record(known)
        assert list(find_gaps(record)) == []
        assert all(one.retold.whole for one in known.conversations)
        assert len(record.part("Questions").rows) >= questions(known)
        urgent += known.about.symptom
    assert urgent > PATHS / 4


def test_every_question_of_the_protocol_is_asked_or_says_why_it_was_not() -> None:
    chance = random.Random(2)
    for _ in range(PATHS):
        known = walk(SUBJECTS[0], chance)
        if known.about.symptom:
            record = compose_record(known)
            left = {row[0] for row in record.part("Questions not asked").rows}
            asked = " ".join(str(row[1]) for row in record.part("Questions").rows)
            for one in PROTOCOL.questions:
                assert (one.words[0] in left) != any(words in asked for words in one.words)
            assert all(str(row[1]).startswith("not asked") for row in record.part("Questions not asked").rows)


def test_only_the_set_of_the_patient_is_told_of_and_why_there_is_none() -> None:
    (subject, *_), chance, seen = caller_subjects("by group", BY_GROUP), random.Random(4), set[str]()
    for _ in range(4 * PATHS):
        known = walk(subject, chance, GROUPS)
        record = compose_record(known)
        assert list(find_gaps(record)) == []
        asked = {one.key.split("/")[1] for one in known.exchanges if one.key.startswith("triage/")}
        listed = {row[0] for row in record.part("Questions not asked").rows}
        sets = [one for one in GROUPS if asked & {each.key for each in one.questions}]
        for one in sets:
            seen.add(one.group)
            assert str(record.item("Protocol").value).startswith(f"{one.name}, version 1")
            left = {each.words[0] for each in one.questions if each.key not in asked}
            assert listed == left
        if not listed and not sets:
            assert record.part("Questions not asked").remark.startswith("not asked")
        assert record.item("Age and pregnancy").value or "ask" in record.item("Age and pregnancy").missing
    assert seen == {"adult", "child", "pregnancy"}


def test_an_emergency_always_has_its_911_words_in_the_record() -> None:
    chance, seen = random.Random(3), 0
    for _ in range(PATHS):
        known = walk(SUBJECTS[0], chance)
        if any(one.urgency == "emergent" for one in known.raises) and not hung_up(known) and not is_grave(known):
            record, seen = compose_record(known), seen + 1
            assert record.item("Level").value == "emergent"
            assert any("hang up and dial 911 now" in str(row[1]) for row in advice(record))
    assert seen > 5


def is_grave(known: Material) -> bool:
    """Whether words were heard that were signed without the 911 words."""
    return any(isinstance(one.answer, Spoke) and one.answer.danger == GRAVE for one in known.exchanges)


def hung_up(known: Material) -> bool:
    return any(one.answer == HANG_UP for one in known.exchanges)


def advice(record: CallRecord) -> list[tuple[object, ...]]:
    return [row for row in record.part("Advice").rows if row[2] == "said"]


def test_a_log_that_the_flow_no_longer_fits_is_told_as_far_as_it_can_be() -> None:
    flow = SUBJECTS[0]
    log = [Logged(BEGAN, "an/older/question", Silence()), Logged(BEGAN, "triage/brain/0", Pressed("1"))]
    retold = retell(flow.play(flow.told), BEGAN, log)
    assert not retold.whole
    about = About("c" * 24, "Maple", "America/Chicago", BEGAN, "en-US", symptom=True)
    record = compose_record(Material(about, (Conversation("caller", retold),), (PROTOCOL,)))
    assert list(find_gaps(record)) == []
    part = record.part("Questions")
    assert "not known" in part.remark
    assert [row[2] for row in part.rows] == ["silence", "pressed 1"]
    assert "not known" in str(part.rows[0][1])


def test_a_flow_that_no_longer_ships_leaves_the_answers() -> None:
    retold = retell(None, BEGAN, [Logged(BEGAN, "reason/0", Pressed("1")), Logged(BEGAN, "reason/1", None)])
    assert ([one.answer for one in retold.exchanges], retold.said) == ([Pressed("1"), None], ())
