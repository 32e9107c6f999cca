"""What a clinician hears of the call for which their phone rings, and by which key they take it."""

from __future__ import annotations

from callflows.dialogues.hand_off import own_words_told, patient_told
from callflows.prompts import Line, line
from callflows.prompts.states import state_name
from callflows.values import Page
from callflows.vocabulary import Known

PROOFS = {
    "none": "page.proof_none",
    "code": "page.proof_code",
    "rings": "page.proof_rings",
    "unanswered": "page.proof_unanswered",
    "reached": "page.proof_reached",
}
"""What is said of how a professional has proved for whom they call; nothing where the practice lists nobody."""
PLACES = {
    "elsewhere": "page.elsewhere",
    "unlicensed": "page.unlicensed",
    "unknown": "page.where_unknown",
    "unasked": "page.unasked",
}
"""What is said of where the patient is, by the fact; nothing in the usual case."""


def summary(page: Page, about: Known) -> tuple[Line, ...]:
    """Urgency, practice, language, who calls about whom, how an emergency was heard, where, and their own words."""
    lead = line(
        "page.summary",
        page.language,
        urgency=line(f"urgency.{about['urgency']}", page.language).spoken(),
        practice=page.practice,
        spoken_language=line(f"language.{about['language']}", page.language).spoken(),
    )
    source = about.get("source")
    who = (
        (line("page.source", page.language, source=line(f"source.{source}", page.language).spoken()),) if source else ()
    )
    again = (line("page.continues", page.language),) if about.get("continues") else ()
    told = (lead, *again, *who, *proof(page, about), *patient_told(page.language, about), *place(page, about))
    said = own_words_told(page.language, about, told)
    return (*told, *said, *elsewhere(page, about), how_to_take(page, about))


def elsewhere(page: Page, about: Known) -> tuple[Line, ...]:
    """With whom the caller is put through now: whoever accepts takes them from there."""
    if about.get("on_help_line"):
        return (line("page.help_line", page.language),)
    return (line("page.house", page.language),) if about.get("at_house") else ()


def proof(page: Page, about: Known) -> tuple[Line, ...]:
    """For which organisation a professional has proved to call, and how far."""
    prompt = PROOFS.get(about.get("proof"))
    return (line(prompt, page.language, organisation=about.get("organisation")),) if prompt else ()


def others(page: Page, calls: Known) -> tuple[Line, ...]:
    """How many calls the ring is for, where there are several, and how many come from the telephone of the first.

    Summaries of older calls tell of no others.
    """
    if calls.get("calls") in ("", "0", "1"):
        return ()
    several = line("page.calls", page.language, calls=calls["calls"], emergent=calls["emergent"])
    same = (line("page.same", page.language, same=calls["same"]),) if calls["same"] != "1" else ()
    return (several, *same)


def place(page: Page, about: Known) -> tuple[Line, ...]:
    """Where the patient is, in every case that is not the usual one: the clinician answers for practising there."""
    prompt = PLACES.get(about.get("where"))
    if prompt is None:
        return ()
    state = about.get("state")
    return (line(prompt, page.language, state=state_name(state, page.language) if state else ""),)


def how_to_take(page: Page, about: Known) -> Line:
    """The key that takes the call, told together with what is taken by it."""
    return line("page.accept", page.language, urgency=urgency_told(page, about))


def urgency_told(page: Page, about: Known) -> str:
    """The urgency, within a sentence."""
    return line(f"urgency.{about['urgency']}", page.language).spoken().lower()
