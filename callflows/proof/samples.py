"""Practices as callers meet them, one for each way they can differ: what the explorer walks when no others are given.

PublishedFlow waiting points are logs of :func:`full` and :func:`hidden`: changing these wants a new freeze.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from callflows.values import (
    ADULT,
    CHILD,
    NEWBORN,
    PREGNANCY,
    Call,
    IdentityRule,
    Practice,
    Protocol,
    Question,
    Service,
)

FALLBACK_NUMBER, FALLBACK_POOL = "+13125550190", "house"

NURSE = Service("nurse", clinical=True, when_open="clinical", after_hours="clinical")
DENTIST = replace(NURSE, name="dental", nurses_first=False)
SCHEDULING = Service("scheduling", level="L1", after_hours="agent", takes_new_patients=True)
PRESCRIPTIONS = Service("prescriptions", level="L1", after_hours="message", promise="next_open + 2h")
BILLING = Service("billing", level="L2", after_hours="callback")
INFORMATION = Service("information", when_open="agent", after_hours="agent")
RESULTS = Service("results", when_open="callback", after_hours="message")
LETTERS = Service("letters", when_open="message", after_hours="callback")

PROTOCOL = Protocol(
    "adult",
    questions=(
        Question("breath", (("en-US", "Hard to breathe?"), ("es-US", "¿Le cuesta respirar?")), "emergent", True),
        Question("fever", (("en-US", "A fever?"), ("es-US", "¿Fiebre?")), "urgent"),
    ),
)
SCREEN = Protocol("words")
PROTOCOLS = (
    (
        ADULT,
        Protocol(
            "adult",
            (
                Question("harm", (("en-US", "Do they want to die?"),), "emergent", True),
                Question("belly", (("en-US", "Very bad belly pain?"),), "emergent"),
                Question("cough", (("en-US", "A cough?"),), "urgent"),
            ),
        ),
    ),
    (
        CHILD,
        Protocol(
            "child",
            (
                Question("limp", (("en-US", "Is the child limp?"),), "emergent", True),
                Question("hot", (("en-US", "Does the baby feel hot?"),), "emergent", ages=(NEWBORN,)),
            ),
        ),
    ),
    (PREGNANCY, Protocol("pregnancy", (Question("birth", (("en-US", "Is the baby coming?"),), "emergent", True),))),
)
"""A protocol for each group, with every way in which questions differ, but for help lines."""
HELPED = Protocol(
    "help",
    (Question("harm", (("en-US", "Do they want to die?"),), "emergent", True, help_line="crisis"),),
    help_lines=(("self_harm", "crisis"),),
)
HELP_LINES = (("crisis", "+18002738255"), ("poison", "+18002221222"))


def practice(*services: Service, **changes: Any) -> Practice:
    """A practice with these services on its menu."""
    menu = tuple((str(key), service) for key, service in enumerate(services, start=1))
    plain = Practice("Maple Family Medicine", menu=menu, services=services, protocol=SCREEN)
    return replace(plain, **changes)


def call(called: Practice, *, caller_id: bool = True) -> Call:
    """A call to ``called``."""
    return Call(called, FALLBACK_NUMBER, FALLBACK_POOL, caller_id, called.languages[0], help_lines=HELP_LINES)


def usual() -> Call:
    """A call to a practice with a nurse, appointments and a backline for those it lists: the one that is drawn."""
    told = practice(NURSE, SCHEDULING, protocol=PROTOCOL, state="IL")
    return call(replace(told, has_backline=True, lists_professionals=True))


def full() -> Call:
    """A call to a practice that has everything."""
    services = (NURSE, SCHEDULING, PRESCRIPTIONS, BILLING)
    told = practice(*services, languages=("en-US", "es-US"), protocol=PROTOCOL, state="IL", has_backline=True)
    return call(replace(told, identity=IdentityRule(codes=True)))


def hidden() -> Call:
    """A caller whose number does not show."""
    return call(practice(RESULTS, NURSE, has_backline=True), caller_id=False)


def listed(*, caller_id: bool = True) -> Call:
    """A call to a practice that lists professionals."""
    return call(practice(NURSE, has_backline=True, lists_professionals=True), caller_id=caller_id)


def abroad() -> Call:
    """A caller from abroad, where the practice calls back what is urgent only."""
    return replace(call(practice(RESULTS, NURSE), caller_id=False), abroad=True)


def _asked_for(*items: str, tries: int) -> IdentityRule:
    return IdentityRule(("date_of_birth", *items), tries=tries)


def _for_others() -> IdentityRule:
    return IdentityRule(tries=1, representatives=True)


def variants() -> tuple[tuple[str, Call], ...]:
    """Each way practices differ, by itself, so that all of them together stay small."""
    return (
        ("a usual practice", usual()),
        ("hidden numbers", hidden()),
        ("numbers abroad", abroad()),
        ("listed professionals and hidden numbers", listed(caller_id=False)),
        ("two languages", call(practice(INFORMATION, languages=("es-US", "en-US"), has_backline=True))),
        ("no nurses", call(practice(replace(NURSE, nurses_first=False), INFORMATION))),
        ("a protocol for each group", call(practice(replace(NURSE, nurses_first=False), protocols=PROTOCOLS))),
        ("a help line", call(practice(replace(NURSE, nurses_first=False), protocol=HELPED))),
        ("two kinds of care", call(practice(NURSE, DENTIST))),
        ("messages", call(practice(replace(PRESCRIPTIONS, level="L0")))),
        ("call-backs", call(practice(replace(BILLING, level="L0")))),
        ("record numbers, once", call(practice(BILLING, identity=_asked_for("mrn", tries=1)))),
        ("phones on file, once", call(practice(PRESCRIPTIONS, identity=_asked_for("phone_on_file", tries=1)))),
        ("names and one more item", call(practice(BILLING, identity=_asked_for("name", "zip", tries=2)))),
        ("codes to numbers on file", call(practice(BILLING, identity=IdentityRule(tries=1, codes=True)))),
        ("callers for others", call(practice(BILLING, identity=_for_others()))),
        ("open hours that differ", call(practice(RESULTS, LETTERS))),
        ("recorded always", call(practice(INFORMATION, may_refuse_recording=False))),
        ("nothing clinical", call(practice(INFORMATION, protocol=Protocol()))),
    )
