"""Condemns a tape for what must never be heard or seen from outside. It knows nothing of how the line works."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations

from tests.orders.tape import Line, Ring, Talk, Tape

LONGEST_SILENCE = 20.0
LONGEST_RINGBACK = 45.0
CONTACT = 20.0
A_MOMENT = 3.0
"""What is underway in the network as something is decided: a ring that begins, a line that ends."""
GRACE = 6.0
SAME_REASON = 60.0
STEP = {True: 150.0, False: 300.0}
"""How long one step of a ladder lasts, for an emergent call and for an urgent one (config/oncall.yaml)."""
AGAIN = 15 * 60.0
"""The longest pause before a ladder is climbed again, and between two alarms (docs/decisions/who-is-responsible.md)."""
EXHAUSTED = ("ladder-exhausted", "no-clinician-accepted")
Span = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Wrong:
    """One rule that was broken, at ``at`` seconds."""

    rule: str
    at: float
    what: str


def judge(tape: Tape) -> list[Wrong]:
    """Everything that is wrong with a tape, by time."""
    return sorted((wrong for rule in RULES for wrong in rule(tape)), key=lambda wrong: wrong.at)


def silence(tape: Tape) -> Iterator[Wrong]:
    """A living caller with a symptom hears a word or has company every twenty seconds."""
    for line in tape.lines_of(tape.callers):
        begin = max(line.begin, tape.told.get(line.who, line.end))
        for gap in _gaps([*_words(line), *_company(tape, line), *tape.refused], begin, tape.until(line.end)):
            if gap[1] - gap[0] > LONGEST_SILENCE + 0.5:
                yield Wrong("alone in silence", gap[0], f"{line.who} for {gap[1] - gap[0]:.0f} s")


def nothing_under_way(tape: Tape) -> Iterator[Wrong]:
    """From the first word of a symptom until contact a phone rings, or will by the schedule."""
    for who, told in tape.told.items():
        until = min(contact_at(tape, who), tape.end)
        for begin, end in _gaps(_efforts(tape, who), told, until):
            allowed = (AGAIN if _in_vain(tape, who, begin) else STEP[begin >= tape.emergent_from]) + 30.0
            if end - begin > allowed:
                yield Wrong("nothing under way", begin, f"for {who} in {end - begin:.0f} s")


def no_contact(tape: Tape) -> Iterator[Wrong]:
    """Where people are willing at last there is contact; else supervisors are told again and again."""
    for who in tape.told:
        if contact_at(tape, who) > tape.end:
            alarmed = any(tape.end - at <= AGAIN + 60 for at, _ in tape.alerts)
            how = "supervisors are told" if alarmed else "NOBODY is told"
            yield Wrong("no contact" + ("" if alarmed else ", nobody told"), tape.willing_from, f"with {who}, {how}")


def rung_when_over(tape: Tape) -> Iterator[Wrong]:
    """Once all have had contact nobody is rung for it any more, or goes on ringing."""
    met = max((contact_at(tape, who) for who in tape.told), default=tape.end)
    for ring in tape.rings:
        if ring.who in tape.staff | tape.callers and tape.until(ring.end) > met + GRACE and ring.end > ring.begin:
            late = max(ring.begin, met)
            if tape.until(ring.end) - late > A_MOMENT:
                yield Wrong("rung after contact", late, f"{ring.who}, {late - met:.0f} s after contact")


def rung_in_a_talk(tape: Tape) -> Iterator[Wrong]:
    """Nobody who talks is rung, and no caller who is on the line with us."""
    for ring in tape.rings:
        busy = _talks_of(tape, ring.who) if ring.who not in tape.callers else _told_lines_of(tape, ring.who)
        if ring.who not in tape.house and any(begin + A_MOMENT < ring.begin < end - A_MOMENT for begin, end in busy):
            yield Wrong("rung while talking", ring.begin, ring.who)


def rung_for_nobody(tape: Tape) -> Iterator[Wrong]:
    """A patient's phone rings only while somebody waits for them, and who picks up has somebody to talk with."""
    waiting = [(line.begin, tape.until(line.end)) for line in tape.lines_of(tape.staff) if not line.machine]
    for ring in tape.rings:
        if ring.who in tape.callers:
            for begin, end in _gaps(waiting, ring.begin, tape.until(ring.end)):
                if end - begin > A_MOMENT:
                    yield Wrong("patient rung for nobody", begin, f"{ring.who} for {end - begin:.0f} s")


def picked_up_to_nobody(tape: Tape) -> Iterator[Wrong]:
    """Whoever picks up a call of ours and presses the key comes to a person."""
    waiting = [(line.begin, tape.until(line.end)) for line in tape.lines_of(tape.staff) if not line.machine]
    for line in tape.lines_of(tape.callers):
        keyed = [at for at, key in line.keys if key == "1"]
        if line.dialled_in or line.machine or not keyed:
            continue
        met = any(begin < end for begin, end in _company(tape, line))
        lasted = tape.until(line.end) - keyed[0]
        somebody = any(begin <= line.begin - A_MOMENT and end >= keyed[0] + A_MOMENT for begin, end in waiting)
        if not met and lasted > A_MOMENT and not somebody and not _left_in_the_instant(waiting, line, keyed[0]):
            yield Wrong("picked up to nobody", line.begin, line.who)
        if not met and somebody and lasted > CONTACT:
            yield Wrong("never joined", keyed[0], f"{line.who}, on the line for {lasted:.0f} s")


def said_too_early(tape: Tape) -> Iterator[Wrong]:
    """Nothing about a patient before the PIN or the house's key, to a machine, to an interpreter, or in a text."""
    for line in tape.lines.values():
        allowed = _may_hear_from(tape, line)
        for sound in line.sounds:
            if sound.kind == "say" and sound.begin < allowed and _private(tape, sound.text):
                yield Wrong("said before the PIN", sound.begin, f"{line.who}: {sound.text}")
    for at, who, body in tape.texts:
        if _private(tape, body):
            yield Wrong("said in a text", at, who)


def twice_in_a_minute(tape: Tape) -> Iterator[Wrong]:
    """Two texts, or two rings to one who did not take the first, are a minute apart."""
    for (one, who, _), (two, other, _) in combinations(tape.texts, 2):
        if who == other and two - one < SAME_REASON and not _another_told(tape, one, two):
            yield Wrong("two texts in a minute", two, f"{who}, {two - one:.0f} s after the first")
    for first, second in combinations(tape.rings, 2):
        apart = second.begin - first.begin
        another = _was_taken(tape, first) or _another_told(tape, first.begin, second.begin)
        if first.who == second.who and apart < SAME_REASON and not another:
            yield Wrong("two rings in a minute", second.begin, f"{first.who}, {apart:.0f} s after")


def worked_on_as_less(tape: Tape) -> Iterator[Wrong]:
    """Who is paged for an emergency hears that it is one."""
    for line in tape.lines_of(tape.clinicians):
        for sound in line.sounds:
            late = sound.kind == "say" and sound.begin > tape.emergent_from + A_MOMENT
            if late and re.match(r"(?i)(urgent|routine) call for ", sound.text):
                yield Wrong("worked on as less", sound.begin, f"{line.who}: {sound.text}")


def joined_with_a_machine(tape: Tape) -> Iterator[Wrong]:
    """No voicemail is ever joined with anybody."""
    for talk in tape.talks:
        for line in _ends(tape, talk):
            if line.machine:
                yield Wrong("joined with a voicemail", talk.begin, line.who)


RULES: tuple[Callable[[Tape], Iterable[Wrong]], ...] = (
    silence, nothing_under_way, no_contact, rung_when_over, rung_in_a_talk, rung_for_nobody, picked_up_to_nobody,
    said_too_early, twice_in_a_minute, worked_on_as_less, joined_with_a_machine,
)  # fmt: skip


def contact_at(tape: Tape, who: str) -> float:
    """When ``who`` had talked for twenty seconds with somebody who can help; infinity where never."""
    found = (talk.begin + CONTACT for talk in tape.talks if _helps(tape, talk, who) and _long(tape, talk))
    return min((at for at in found if at >= tape.told.get(who, 0.0)), default=float("inf"))


def _long(tape: Tape, talk: Talk) -> bool:
    return tape.until(talk.end) - talk.begin >= CONTACT


def _helps(tape: Tape, talk: Talk, who: str) -> bool:
    """Whether a talk can be contact: with a clinician, or with the house, which stands at the end of every ladder."""
    people = {line.who for line in _ends(tape, talk) if not line.machine}
    return who in people and bool(people & tape.helpers)


def _ends(tape: Tape, talk: Talk) -> list[Line]:
    return [tape.lines[sid] for sid in (talk.one, talk.other) if sid in tape.lines]


def _words(line: Line) -> Iterator[Span]:
    for sound in line.sounds:
        if sound.kind in ("say", "speech"):
            yield sound.begin, sound.end
        elif sound.kind == "ring":
            yield sound.begin, min(sound.end, sound.begin + LONGEST_RINGBACK)


def _company(tape: Tape, line: Line) -> Iterator[Span]:
    for talk in tape.talks:
        if talk.has(line.sid) and not any(end.machine for end in _ends(tape, talk)):
            yield talk.begin, tape.until(talk.end)


def _efforts(tape: Tape, who: str) -> list[Span]:
    """Spans in which somebody of the staff is rung or on the telephone with us, or the patient is rung."""
    rings = [(ring.begin, tape.until(ring.end)) for ring in tape.rings if ring.who in tape.helpers | {who}]
    lines = [(line.begin, tape.until(line.end)) for line in tape.lines_of(tape.helpers)]
    agents = [span for line in tape.lines_of(frozenset({who})) for span in _company(tape, line)]
    return [*rings, *lines, *agents]


def _in_vain(tape: Tape, who: str, by: float) -> bool:
    """Whether a ladder had ended in vain, or the patient had been rung, after which there may be a longer pause."""
    exhausted = any(at <= by + A_MOMENT and what in EXHAUSTED for at, what in tape.alerts)
    return exhausted or any(ring.who == who and ring.begin <= by for ring in tape.rings)


def _talks_of(tape: Tape, who: str) -> list[Span]:
    return [
        (talk.begin, tape.until(talk.end)) for talk in tape.talks if any(end.who == who for end in _ends(tape, talk))
    ]


def _told_lines_of(tape: Tape, who: str) -> list[Span]:
    """The lines of a caller from where they told of a symptom; before, it may be somebody else at that telephone."""
    lines = tape.lines_of(frozenset({who}))
    return [(_told_on(tape, line), tape.until(line.end)) for line in lines]


def _told_on(tape: Tape, line: Line) -> float:
    told = tape.told.get(line.who, float("inf"))
    if line.begin <= told:
        return told
    return min((sound.begin for sound in line.sounds if "911 now" in sound.text), default=float("inf"))


def _left_in_the_instant(waiting: list[Span], line: Line, keyed: float) -> bool:
    """Whether somebody was there as the patient picked up, and left before they could be joined."""
    return any(begin <= line.begin and line.begin - A_MOMENT <= end <= keyed + 2 * A_MOMENT for begin, end in waiting)


def _may_hear_from(tape: Tape, line: Line) -> float:
    if line.machine or line.who in tape.interpreters:
        return float("inf")
    if line.who in tape.clinicians and not line.dialled_in:
        return _keyed_at(line, f"{tape.pin}#")
    if line.who in tape.house or (line.who in tape.callers and not line.dialled_in):
        return _keyed_at(line, "1")
    return 0.0


def _keyed_at(line: Line, wanted: str) -> float:
    keys = "".join(key for _, key in line.keys)
    found = keys.find(wanted)
    return line.keys[found + len(wanted) - 1][0] if found >= 0 else float("inf")


def _private(tape: Tape, text: str) -> bool:
    return any(words in text.casefold() for words in tape.private)


def _another_told(tape: Tape, since: float, until: float) -> bool:
    """Whether there is another reason: a symptom told on another telephone, or the loss of who had taken the call."""
    told = any(since < told <= until for told in tape.told.values())
    lost = any(since <= line.end <= until and _has_taken(tape, line) for line in tape.lines_of(tape.helpers))
    return told or lost


def _was_taken(tape: Tape, ring: Ring) -> bool:
    """Whether somebody answered and pressed a key to be connected, after which another ring has a reason of its own."""
    line = tape.lines.get(ring.sid)
    return line is not None and _has_taken(tape, line)


def _has_taken(tape: Tape, line: Line) -> bool:
    if line.machine:
        return False
    if line.who in tape.clinicians:
        return _keyed_at(line, f"{tape.pin}#1") < float("inf")
    return _keyed_at(line, "1") < float("inf")


def _gaps(spans: Iterable[Span], begin: float, end: float) -> Iterator[Span]:
    """The pieces of a time that no span covers."""
    at = begin
    for start, stop in sorted(spans):
        if start > at and start <= end:
            yield at, start
        at = max(at, stop)
    if at < end:
        yield at, end
