"""Finding a patient by what a caller says, decrypting few records and telling of none.

No answer tells which item failed; a caller who guesses learns nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import Connection, select

from callflows.identity import Decision, Rule, Said, decide
from ivr.core.cipher import Cipher
from ivr.patients.candidates import Candidate, TooMany, find_candidates
from ivr.patients.normalise import NORMALISERS
from ivr.patients.tables import patient

Answers = Mapping[str, Sequence[Said]]
"""By item, as a practice's ``identity`` names it: each answer, of which each may have several alternatives."""


@dataclass(frozen=True, slots=True)
class Match:
    """``one`` with the patient, ``none``, or ``more``: several are near, so nobody is chosen without one more item.

    ``set_aside`` is why a record that was given everything of identifies nobody: ``deceased``, ``inactive`` or
    ``replaced``; ``patient_id`` is then its own. Empty: there is no such record.
    """

    kind: Literal["one", "none", "more"]
    patient_id: str | None = None
    set_aside: str = ""


def find(connection: Connection, cipher: Cipher, practice_id: str, **items: str) -> tuple[str, ...]:
    """The patients whose records are in use and match every item given; none when no item is given.

    Items are fields of the table: ``name``, ``date_of_birth``, ``zip``, ``mrn``, ``phone``.
    """
    forms = {field: NORMALISERS[field](said) for field, said in items.items()}
    if not forms or None in forms.values():
        return ()
    hashes = {field: cipher.lookup_hash(practice_id, field, form) for field, form in forms.items() if form}
    clauses = [patient.c[f"{field}_hash"] == wanted for field, wanted in hashes.items()]
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
    return _Judge(said, rule, language).match(candidates)


@dataclass(frozen=True, slots=True)
class _Judge:
    said: Answers
    rule: Rule
    language: str

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

    def _chosen(self, candidates: Sequence[Candidate]) -> Candidate | None:
        decided = self._decide(candidates)
        return candidates[decided.index] if decided.kind == "one" and decided.index is not None else None

    def _decide(self, candidates: Sequence[Candidate]) -> Decision:
        return decide(self.said, [one.held for one in candidates], self.rule, self.language)


def _recognised(one: Candidate) -> Match:
    return Match("none", one.id, one.aside) if one.aside else Match("one", one.id)
