"""Practices as callers meet them, one for each way they can differ: what the explorer walks when no others are given.

Released waiting points are logs of :data:`INBOUND`; a change of a sample needs a new ``sunline flows freeze``.
"""

from __future__ import annotations

from dataclasses import replace

from callflows.values import Call, Practice, Protocol, Question, Service

HOUSE_NUMBER, HOUSE_POOL = "+13125550190", "house"
RED_FLAG = "chest pain"

NURSE = Service("nurse", clinical=True, when_open="clinical", after_hours="clinical")
SCHEDULING = Service("scheduling", level="L1", after_hours="agent", takes_new_patients=True)
PRESCRIPTIONS = Service("prescriptions", level="L1", after_hours="message", promise="next_open + 2h")
BILLING = Service("billing", level="L2", after_hours="callback")

PROTOCOL = Protocol(
    "adult",
    red_flags=(RED_FLAG, "dolor de pecho"),
    questions=(
        Question(
            "breath", (("en-US", "Hard to breathe?"), ("es-US", "¿Le cuesta respirar?")), "emergent", says_911=True
        ),
        Question("fever", (("en-US", "A fever?"), ("es-US", "¿Fiebre?")), "urgent"),
    ),
)

PRACTICE = Practice(
    "Maple Family Medicine",
    menu=(("1", NURSE), ("2", SCHEDULING)),
    services=(NURSE, SCHEDULING),
    protocol=PROTOCOL,
    state="IL",
)


def call(practice: Practice = PRACTICE, *, caller_id: bool = True) -> Call:
    """A call to ``practice``."""
    return Call(practice, HOUSE_NUMBER, HOUSE_POOL, caller_id, practice.languages[0])


def offering(*services: Service, **changes: object) -> Practice:
    """The practice with only these services on its menu."""
    menu = tuple((str(key), service) for key, service in enumerate(services, start=1))
    return replace(PRACTICE, menu=menu, services=services, **changes)  # type: ignore[arg-type]
