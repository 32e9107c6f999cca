"""The clinician on call is paged by voice: PIN, a short summary, accept, join. In this order, always.

One ring may be for several calls. The conversation is about one of them, and goes on in that of another wherever the
first to be taken is another: right after the PIN, and when this one is over.
"""

from __future__ import annotations

from callflows.conversations.agent_offer import ending
from callflows.dialogues.accepting import NO, YES, accept_key, refusal
from callflows.dialogues.hand_off import more_told
from callflows.dialogues.page_summary import PROOFS, how_to_take, others, proof, summary, urgency_told
from callflows.dialogues.talking import talk_on
from callflows.prompts import Line, line
from callflows.values import Page
from callflows.vocabulary import (
    AcceptPage,
    Answer,
    AskMeanwhile,
    AskPin,
    CallPatient,
    CutShort,
    DeclinePage,
    Dialogue,
    Do,
    Fact,
    Flow,
    Granted,
    HandOn,
    InVain,
    Joined,
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
"""How long it stays with them, unless both have talked by then. No emergency does that has a number to ring."""
RING = Pressed("1")
WHAT_FOLLOWS = {"again": ("page.again",), "given-up": ("offer.last_try",)}
"""What is said of a patient with whom nobody has talked, by what :class:`InVain` tells."""
MORE = Pressed("3")
MORE_OFTEN = range(3)
"""How often the rest may be heard before a key must decide."""


def clinician_page(page: Page) -> Flow:
    """Say nothing about a patient before the PIN, and connect nobody without an accept key."""
    if page.returned:
        return (yield from take_returned(page))
    refused = ""
    if not page.admitted:
        refused = yield from pin(page)
    if refused:
        yield Do("wrong-pin", DeclinePage("wrong-pin"))
        yield Say("pin-failed", (line(refused, page.language),))
        return Outcome("declined")
    about = yield Fact("summary", "page_summary")
    if about.get("taken"):
        # They accepted on their page in a browser.
        answer = yield from accept_key((how_to_take(page, about),), timeout=8, language=page.language)
    elif about.get("first") == "another":
        return Outcome(GOES_ON)
    else:
        answer = yield from decide(page, about)
    if answer != Pressed("1"):
        yield Do("decline", DeclinePage(refusal(answer)))
        return (yield from go_on("declined"))
    granted = yield Do("accept", AcceptPage())
    if not granted.won:
        yield Say("gone", (line("page.gone", page.language),))
        return (yield from go_on("gone"))
    return (yield from join(page, granted, about))


def decide(page: Page, about: Known) -> Dialogue:
    """Tell of the call, and of all the rest as often as it is wanted, until a key decides. Returns the last answer."""
    told = (*others(page, about), *summary(page, about), line("page.more", page.language))
    answer = yield from accept_key(told, timeout=8, language=page.language, keys=(YES, NO, MORE))
    for turn in MORE_OFTEN:
        if answer != MORE:
            break
        known = yield Fact(f"more/{turn}", "page_more")
        again = (line("page.more", page.language),) if turn != MORE_OFTEN[-1] else ()
        rest = (*more_told(page.language, known), how_to_take(page, about), *again)
        keys = (YES, NO, MORE) if again else (YES, NO)
        answer = yield from accept_key(rest, timeout=8, language=page.language, key=f"more/{turn}/", keys=keys)
    return answer


def take_returned(page: Page) -> Flow:
    """Bring whoever accepted a call that has dropped to the same patient, who has called again. Returns the outcome."""
    granted = yield Do("accept", AcceptPage())
    if not granted.won:
        yield Say("gone", (line("page.gone", page.language),))
        return (yield from go_on("gone"))
    if granted.caller_here:
        yield Say("returned", (line("page.returned", page.language),))
    about = yield Fact("summary", "page_summary", (("accepted", "yes"),))
    return (yield from join(page, granted, about))


def go_on(outcome: str) -> Flow:
    """Go on with the next call, if there is one. Returns the outcome, which is ``outcome`` where there is none."""
    calls = yield Fact("next", "wanted_calls")
    return Outcome(GOES_ON if calls["first"] == "another" else outcome)


def pin(page: Page) -> Dialogue:
    """Ask for the PIN, three times at most. Returns the prompt that ends the call, empty where the PIN was right."""
    prompt = "page.pin"
    for attempt in PIN_TRIES:
        checked = yield AskPin(f"pin/{attempt}", (line(prompt, page.language),))
        if checked == PinChecked(True):
            return ""
        prompt = "page.pin_wrong" if isinstance(checked, PinChecked) else "page.pin"
    return "page.pin_failed" if isinstance(checked, PinChecked) else "farewell"


def proof_now(page: Page, told: str, key: str = "") -> Dialogue:
    """The proof as it is now, in a pair with what is said of it: nothing where no proof was ``told`` of."""
    if told not in PROOFS:
        return told, ()
    known = yield Fact(f"{key}proof", "caller_proof")
    return known["proof"], proof(page, known)


def join(page: Page, granted: Granted, about: Known) -> Flow:
    """Connect to the caller, or ring the patient whose line dropped, if there is a number. Returns the outcome.

    What was taken is read back first. What a professional has proved is told again, as it is now: a key cuts the
    summary short, and proofs grow. Later only what is news is told.
    A line may drop once more before both have talked: then the patient may be rung again. The call stays with whoever
    presses a key for that; where nobody says so, it is begun anew.
    """
    proved, news = yield from proof_now(page, about.get("proof"))
    if not (granted.caller_here or granted.number):
        yield Say("unreachable", (*news, line("page.no_number", page.language), *held(page, "page.unreached")))
        return Outcome(HELD)
    emergency = about["urgency"] == "emergent"
    if not granted.caller_here:
        choice = yield from ring_patient(page, emergency, news=news)
        if isinstance(choice, Joined):
            return Outcome(GOES_ON)
        if choice != RING:
            return (yield from settle(page, emergency, choice))
    taken = line("page.taken", page.language, urgency=urgency_told(page, about))
    yield Say("joining", (*((taken, *news) if granted.caller_here else ()), line("offer.joining", page.language)))
    answer = yield from talk_on("caller", (line("offer.no_interpreter", page.language),))
    for turn in RINGS_AGAIN:
        if not (lost_patient(answer) and granted.number):
            break
        known = proved
        proved, news = yield from proof_now(page, proved, f"cut/{turn}/")
        choice = yield from ring_patient(page, emergency, f"cut/{turn}/", news if proved != known else ())
        if isinstance(choice, Joined):
            return Outcome(GOES_ON)
        if choice != RING:
            return (yield from settle(page, emergency, choice, f"cut/{turn}/"))
        yield Say(f"cut/{turn}/joining", (line("offer.joining", page.language),))
        answer = yield from talk_on("caller", (line("offer.no_interpreter", page.language),), f"cut/{turn}/")
    if isinstance(answer, Joined):
        return Outcome(GOES_ON)
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


def ring_patient(page: Page, emergency: bool, key: str = "", news: tuple[Line, ...] = ()) -> Dialogue:
    """Tell the ``news``, ask whether to ring the patient whose line dropped, and ring where that is wanted.

    An emergency is not put off: who cannot ring passes it on. Returns the answer: Joined where the patient has called
    again meanwhile.
    """
    otherwise = "page.pass_on" if emergency else "page.later"
    lines = (*news, line("page.dropped", page.language), line(otherwise, page.language))
    choice = yield AskMeanwhile(f"{key}dropped", lines, timeout=10, language=page.language)
    if choice == RING:
        yield Do(f"{key}ring-patient", CallPatient())
    return choice


def settle(page: Page, emergency: bool, choice: Answer, key: str = "") -> Flow:
    """Leave the call to a clinician who pressed a key for that, or an ``emergency`` to whoever is next at once; silence
    keeps nothing. Returns the outcome.
    """
    if isinstance(choice, Pressed) and emergency:
        yield Do(f"{key}hand-on", HandOn())
        yield Say(f"{key}handed-on", (line("page.handed_on", page.language), line("farewell", page.language)))
        return Outcome("let go")
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
