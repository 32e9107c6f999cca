"""The clinician on call is paged by voice: PIN, a short summary, accept, join. In this order, always.

One ring may be for several calls. The conversation is about one of them, and goes on in that of another wherever the
first to be taken is another: right after the PIN, and when this one is over.
"""

from __future__ import annotations

from callflows.conversations.agent_offer import ending
from callflows.dialogues.accepting import accept_key, refusal
from callflows.dialogues.talking import talk_on
from callflows.prompts import Line, line, own_words
from callflows.prompts.states import state_name
from callflows.values import Page
from callflows.vocabulary import (
    AcceptPage,
    Answer,
    Ask,
    AskPin,
    CallPatient,
    CutShort,
    DeclinePage,
    Dialogue,
    Do,
    Fact,
    Flow,
    Granted,
    InVain,
    Known,
    Outcome,
    PinChecked,
    Pressed,
    ReportCutShort,
    Say,
)

PIN_TRIES = range(3)
RINGS_AGAIN = range(3)
"""How often a patient whose line breaks before both have talked may be rung again at once."""
GOES_ON = "goes on"
"""The outcome with which the telephone call goes on in the conversation about another call, without another PIN."""
HELD = "accepted"
"""The outcome of a clinician who was told that a dropped call stays with them."""
HELD_MINUTES = 30
"""How long it stays with them, unless both have talked by then."""
RING = Pressed("1")
WHAT_FOLLOWS = {"again": ("page.again",), "given-up": ("offer.last_try",)}
"""What is said of a patient with whom nobody has talked, by what :class:`InVain` tells."""
SUMMARY_LETTERS = 140
"""About ten seconds of the caller's own words, so that the whole summary stays within 15 seconds."""

ADDRESS_LETTERS = 60
"""About four seconds of where the caller said the patient is."""

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


def clinician_page(page: Page) -> Flow:
    """Say nothing about a patient before the PIN, and connect nobody without an accept key."""
    refused = ""
    if not page.admitted:
        refused = yield from pin(page)
    if refused:
        yield Do("wrong-pin", DeclinePage("wrong-pin"))
        yield Say("pin-failed", (line(refused, page.language),))
        return Outcome("declined")
    about = yield Fact("summary", "page_summary")
    if about.get("first") == "another":
        return Outcome(GOES_ON)
    answer = yield from accept_key((*others(page, about), *summary(page, about)), timeout=8, language=page.language)
    if answer != Pressed("1"):
        yield Do("decline", DeclinePage(refusal(answer)))
        return (yield from go_on("declined"))
    granted = yield Do("accept", AcceptPage())
    if not granted.won:
        yield Say("gone", (line("page.gone", page.language),))
        return (yield from go_on("gone"))
    return (yield from join(page, granted, about.get("proof")))


def go_on(outcome: str) -> Flow:
    """Go on with the next call, if there is one. Returns the outcome, which is ``outcome`` where there is none."""
    calls = yield Fact("next", "wanted_calls")
    return Outcome(GOES_ON if calls["first"] == "another" else outcome)


def others(page: Page, calls: Known) -> tuple[Line, ...]:
    """How many calls the ring is for, where there are several, and how many come from the telephone of the first.

    Summaries of older calls tell of no others.
    """
    if calls.get("calls") in ("", "0", "1"):
        return ()
    several = line("page.calls", page.language, calls=calls["calls"], emergent=calls["emergent"])
    same = (line("page.same", page.language, same=calls["same"]),) if calls["same"] != "1" else ()
    return (several, *same)


def pin(page: Page) -> Dialogue:
    """Ask for the PIN, three times at most. Returns the prompt that ends the call, empty where the PIN was right."""
    prompt = "page.pin"
    for attempt in PIN_TRIES:
        checked = yield AskPin(f"pin/{attempt}", (line(prompt, page.language),))
        if checked == PinChecked(True):
            return ""
        prompt = "page.pin_wrong" if isinstance(checked, PinChecked) else "page.pin"
    return "page.pin_failed" if isinstance(checked, PinChecked) else "farewell"


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
    address = about.get("address")[:ADDRESS_LETTERS]
    where = (own_words(line("page.address", page.language, address=address).spoken(), page.language, private=True),)
    words = about.get("complaint")[:SUMMARY_LETTERS]
    said = line("page.complaint", page.language, complaint=words) if words else line("page.no_complaint", page.language)
    words_said = own_words(said.spoken(), page.language, private=True)
    helped = elsewhere(page, about)
    told = (lead, *who, *proof(page, about), *place(page, about), words_said, *(where if address else ()), *helped)
    return (*told, line("page.accept", page.language))


def elsewhere(page: Page, about: Known) -> tuple[Line, ...]:
    """With whom the caller is put through now: whoever accepts takes them from there."""
    if about.get("on_help_line"):
        return (line("page.help_line", page.language),)
    return (line("page.house", page.language),) if about.get("at_house") else ()


def proof(page: Page, about: Known) -> tuple[Line, ...]:
    """For which organisation a professional has proved to call, and how far."""
    prompt = PROOFS.get(about.get("proof"))
    return (line(prompt, page.language, organisation=about.get("organisation")),) if prompt else ()


def proof_now(page: Page, told: str, key: str = "") -> Dialogue:
    """The proof as it is now, in a pair with what is said of it: nothing where no proof was ``told`` of."""
    if told not in PROOFS:
        return told, ()
    known = yield Fact(f"{key}proof", "caller_proof")
    return known["proof"], proof(page, known)


def place(page: Page, about: Known) -> tuple[Line, ...]:
    """Where the patient is, in every case that is not the usual one: the clinician answers for practising there."""
    prompt = PLACES.get(about.get("where"))
    if prompt is None:
        return ()
    state = about.get("state")
    return (line(prompt, page.language, state=state_name(state, page.language) if state else ""),)


def join(page: Page, granted: Granted, proved: str = "") -> Flow:
    """Connect to the caller, or ring the patient whose line dropped, if there is a number. Returns the outcome.

    What a professional has ``proved`` is told again, as it is now: a key cuts the summary short, and proofs grow. Later
    only what is news is told.
    A line may drop once more before both have talked: then the patient may be rung again. The call stays with whoever
    presses a key for that; where nobody says so, it is begun anew.
    """
    proved, news = yield from proof_now(page, proved)
    if not (granted.caller_here or granted.number):
        yield Say("unreachable", (*news, line("page.no_number", page.language), *held(page, "page.unreached")))
        return Outcome(HELD)
    if not granted.caller_here:
        choice = yield from ring_patient(page, news=news)
        if choice != RING:
            return (yield from settle(page, choice))
    yield Say("joining", (*(news if granted.caller_here else ()), line("offer.joining", page.language)))
    answer = yield from talk_on("caller", (line("offer.no_interpreter", page.language),))
    for turn in RINGS_AGAIN:
        if not (lost_patient(answer) and granted.number):
            break
        known = proved
        proved, news = yield from proof_now(page, proved, f"cut/{turn}/")
        choice = yield from ring_patient(page, f"cut/{turn}/", news if proved != known else ())
        if choice != RING:
            return (yield from settle(page, choice, f"cut/{turn}/"))
        yield Say(f"cut/{turn}/joining", (line("offer.joining", page.language),))
        answer = yield from talk_on("caller", (line("offer.no_interpreter", page.language),), f"cut/{turn}/")
    told = ending(answer, page.language)
    if lost_patient(answer) and granted.number:
        told = yield from let_go(page, "cut/")
    calls = yield Fact("next", "wanted_calls")
    if calls["first"] == "another":
        yield Say("going-on", (*told[:-1], line("page.next", page.language)))
        return Outcome(GOES_ON)
    yield Say("ended", told)
    return Outcome("done")


def lost_patient(answer: Answer) -> bool:
    """Whether the patient's line broke before both had talked, or whose did is not known."""
    return isinstance(answer, CutShort) and answer.role in ("caller", "patient", "")


def ring_patient(page: Page, key: str = "", news: tuple[Line, ...] = ()) -> Dialogue:
    """Tell the ``news``, ask whether to ring the patient whose line dropped, and ring where that is wanted.

    Returns the answer.
    """
    lines = (*news, line("page.dropped", page.language))
    choice = yield Ask(f"{key}dropped", lines, timeout=10, language=page.language)
    if choice == RING:
        yield Do(f"{key}ring-patient", CallPatient())
    return choice


def settle(page: Page, choice: Answer, key: str = "") -> Flow:
    """Leave the call to a clinician who pressed a key for that; silence keeps nothing. Returns the outcome."""
    if isinstance(choice, Pressed):
        yield Say(f"{key}held", held(page, "page.held_until"))
        return Outcome(HELD)
    told = yield from let_go(page, key)
    yield Say(f"{key}not-held", told)
    return Outcome("let go")


def held(page: Page, what_follows: str) -> tuple[Line, ...]:
    """What a clinician hears with whom a dropped call stays: for how long, and what follows then."""
    return (line(what_follows, page.language, minutes=str(HELD_MINUTES)), line("page.held", page.language))


def let_go(page: Page, key: str) -> Dialogue:
    """Begin anew with what nobody has in hand. Returns what a clinician with whom it does not stay hears of it."""
    follows = yield Do(f"{key}let-go", ReportCutShort())
    told = WHAT_FOLLOWS.get(follows.then, ()) if isinstance(follows, InVain) else ()
    return tuple(line(prompt, page.language) for prompt in (*told, "farewell"))
