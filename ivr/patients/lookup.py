"""Finding a patient by what a caller says, decrypting few records and telling of none.

No answer tells which item failed; a caller who guesses learns nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from sqlalchemy import Connection, select

from callflows.identity import Decision, Rule, Said, Standing, choose, find_standing, read_said
from ivr.core.cipher import Cipher
from ivr.patients.candidates import Candidate, TooMany, find_candidates
from ivr.patients.normalise import NORMALISERS
from ivr.patients.tables import patient

GUESSED_FROM = 2
"""So many items that agree, of those that are not required, tell whose record a required one is guessed of."""
Answers = Mapping[str, Sequence[Said]]
"""By item, as a practice's ``identity`` names it: each answer, of which each may have several alternatives."""


@dataclass(frozen=True, slots=True)
class Match:
    """``one`` with the patient, ``none``, or ``more``: several are near, so nobody is chosen without one more item.

    ``set_aside`` is why a record that was given everything of identifies nobody: ``deceased``, ``inactive`` or
    ``replaced``; ``patient_id`` is then its own. Empty: there is no such record.
    ``nearest`` are the records that fit best of those that fit in what is required: whom a failed try was about. Where
    none does, it is the one record that fits best in other items, which what is required is guessed of.
    ``too_young``: it would be this patient, who cannot be the one who calls.
    """

    kind: Literal["one", "none", "more"]
    patient_id: str | None = None
    set_aside: str = ""
    nearest: tuple[str, ...] = field(default=(), compare=False)
    too_young: bool = False


@dataclass(frozen=True, slots=True)
class Kin:
    """Whom a telephone and a record belong together with, by keyed hashes and nothing else.

    ``group`` is the same for the records of one day of birth; None where there is no record. ``on_file``: some patient
    of the practice has the telephone, ``own``: one of the group has.
    """

    group: str | None
    on_file: bool
    own: bool


def find(connection: Connection, cipher: Cipher, practice_id: str, **items: str) -> tuple[str, ...]:
    """The patients whose records are in use and match every item given; none when no item is given.

    Items are fields of the table: ``name``, ``date_of_birth``, ``zip``, ``mrn``, ``phone``.
    """
    forms = {name: NORMALISERS[name](said) for name, said in items.items()}
    if not forms or None in forms.values():
        return ()
    hashes = {name: cipher.lookup_hash(practice_id, name, form) for name, form in forms.items() if form}
    clauses = [patient.c[f"{name}_hash"] == wanted for name, wanted in hashes.items()]
    in_use = (patient.c.practice_id == practice_id, ~patient.c.deceased, patient.c.set_aside.is_(None))
    return tuple(connection.execute(select(patient.c.id).where(*in_use, *clauses).order_by(patient.c.id)).scalars())


def match_answers(
    connection: Connection, cipher: Cipher, practice_id: str, said: Answers, rule: Rule, language: str
) -> Match:
    """Whose record the caller has shown to be theirs, by all that was ``said`` and by the practice's ``rule``."""
    try:
        candidates = find_candidates(connection, cipher, practice_id, said, language)
    except TooMany:
        return Match("more")
    weighers = read_said(said, language)
    judge = _Judge(rule, {one.id: find_standing(weighers, one.held) for one in candidates})
    return replace(judge.match(candidates), nearest=judge.find_nearest())


def read_kin(connection: Connection, practice_id: str, phone_hash: str | None, patient_id: str | None) -> Kin:
    """What a telephone and a record have to do with each other. It costs the same whatever they have."""
    birth = select(patient.c.date_of_birth_hash).where(patient.c.id == (patient_id or ""))
    group = connection.execute(birth).scalar() or patient_id
    theirs = select(patient.c.date_of_birth_hash).where(
        patient.c.practice_id == practice_id, patient.c.phone_hash == (phone_hash or "")
    )
    births = connection.execute(theirs).scalars().all()
    return Kin(group, bool(births), group is not None and group in births)


@dataclass(frozen=True, slots=True)
class _Judge:
    """Picks among records by how each of them stands to what was said, by id."""

    rule: Rule
    standings: Mapping[str, Standing]

    def match(self, candidates: Sequence[Candidate]) -> Match:
        """One record that is in use, or nobody.

        Whoever gives the items of a twin may be calling about the one who died: these two are never chosen between.
        A record that is inactive or replaced does not stand in the way of the one in use, which is usually the same
        person's.
        """
        found = self._chosen(candidates)
        if found is not None:
            return _recognised(found)
        fitting = [one for one in candidates if self._decide([one]).kind == "one"]
        in_use = [one for one in fitting if not one.aside]
        dead = [one for one in fitting if one.aside == "deceased"]
        if dead and in_use:
            return Match("more", dead[0].id, dead[0].aside)
        if not in_use:
            return _recognised((dead or fitting)[0]) if fitting else Match("none")
        usable = self._chosen([one for one in candidates if not one.aside])
        return _recognised(usable) if usable else Match("more")

    def find_nearest(self) -> tuple[str, ...]:
        """The records that agree with most of what was said, of those that agree with all that is required.

        Where there is none, the single record that agrees with most, ``GUESSED_FROM`` items at least.
        """
        agreeing = {name: standing.agreeing for name, standing in self.standings.items()}
        required = {name: items for name, items in agreeing.items() if items and items.issuperset(self.rule.require)}
        if required:
            return _most_agreeing(required)
        best = _most_agreeing({name: items for name, items in agreeing.items() if len(items) >= GUESSED_FROM})
        return best if len(best) == 1 else ()

    def _chosen(self, candidates: Sequence[Candidate]) -> Candidate | None:
        decided = self._decide(candidates)
        return candidates[decided.index] if decided.kind == "one" and decided.index is not None else None

    def _decide(self, candidates: Sequence[Candidate]) -> Decision:
        return choose([self.standings[one.id] for one in candidates], self.rule)


def _most_agreeing(agreeing: Mapping[str, frozenset[str]]) -> tuple[str, ...]:
    most = max(map(len, agreeing.values()), default=0)
    return tuple(name for name, items in agreeing.items() if len(items) == most)


def _recognised(one: Candidate) -> Match:
    return Match("none", one.id, one.aside) if one.aside else Match("one", one.id)
