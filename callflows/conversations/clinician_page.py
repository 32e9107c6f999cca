"""The clinician on call is paged by voice: PIN, a short summary, accept, join. In this order, always."""

from __future__ import annotations

from callflows.conversations.agent_offer import ending
from callflows.dialogues.accepting import accept_key, refusal
from callflows.dialogues.interpreted import talk_on
from callflows.prompts import Line, line, own_words
from callflows.prompts.states import state_name
from callflows.values import Page
from callflows.vocabulary import (
    AcceptPage,
    Ask,
    AskPin,
    CallPatient,
    DeclinePage,
    Dialogue,
    Do,
    Fact,
    Flow,
    Granted,
    Known,
    Outcome,
    PinChecked,
    Pressed,
    Say,
)

PIN_TRIES = range(3)
SUMMARY_LETTERS = 140
"""About ten seconds of the caller's own words, so that the whole summary stays within 15 seconds."""

PLACES = {
    "elsewhere": "page.elsewhere",
    "unlicensed": "page.unlicensed",
    "unknown": "page.where_unknown",
    "unasked": "page.unasked",
}
"""What is said of where the patient is, by the fact; nothing in the usual case."""


def clinician_page(page: Page) -> Flow:
    """Say nothing about a patient before the PIN, and connect nobody without an accept key."""
    known = yield from pin(page)
    if not known:
        yield Do("wrong-pin", DeclinePage("wrong-pin"))
        yield Say("pin-failed", (line("page.pin_failed", page.language),))
        return Outcome("declined")
    about = yield Fact("summary", "page_summary")
    answer = yield from accept_key(summary(page, about), timeout=8, language=page.language)
    if answer != Pressed("1"):
        yield Do("decline", DeclinePage(refusal(answer)))
        return Outcome("declined")
    granted = yield Do("accept", AcceptPage())
    if not granted.won:
        yield Say("gone", (line("page.gone", page.language),))
        return Outcome("gone")
    return (yield from join(page, granted))


def pin(page: Page) -> Dialogue:
    """Ask for the PIN, three times at most. Returns whether it was right."""
    prompt = "page.pin"
    for attempt in PIN_TRIES:
        checked = yield AskPin(f"pin/{attempt}", (line(prompt, page.language),))
        if checked == PinChecked(True):
            return True
        prompt = "page.pin_wrong"
    return False


def summary(page: Page, about: Known) -> tuple[Line, ...]:
    """Urgency, practice, language, and the caller's own words, cut short."""
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
    words = about.get("complaint")[:SUMMARY_LETTERS]
    said = line("page.complaint", page.language, complaint=words) if words else line("page.no_complaint", page.language)
    words_said = own_words(said.spoken(), page.language, private=True)
    return (lead, *who, *place(page, about), words_said, line("page.accept", page.language))


def place(page: Page, about: Known) -> tuple[Line, ...]:
    """Where the patient is, in every case that is not the usual one: the clinician answers for practising there."""
    prompt = PLACES.get(about.get("where"))
    if prompt is None:
        return ()
    state = about.get("state")
    return (line(prompt, page.language, state=state_name(state, page.language) if state else ""),)


def join(page: Page, granted: Granted) -> Flow:
    """Connect to the caller, or ring the patient whose line dropped, if there is a number. Returns the outcome."""
    if not (granted.caller_here or granted.number):
        yield Say("unreachable", (line("page.no_number", page.language), line("page.held", page.language)))
        return Outcome("accepted")
    if not granted.caller_here:
        choice = yield Ask("dropped", (line("page.dropped", page.language),), timeout=10, language=page.language)
        if choice != Pressed("1"):
            yield Say("held", (line("page.held", page.language),))
            return Outcome("accepted")
        yield Do("ring-patient", CallPatient())
    yield Say("joining", (line("offer.joining", page.language),))
    answer = yield from talk_on("caller", (line("offer.no_interpreter", page.language),))
    yield Say("ended", ending(answer, page.language))
    return Outcome("done")
