"""Prompts that claim nothing which the rules could hold against what is known."""

from __future__ import annotations

PLAIN = frozenset({
    "backline.reason", "backline.who", "called_back.call_us", "called_back.later", "called_back.unasked",
    "caller.birth", "caller.name", "code.enter", "danger.911", "danger.ask", "dial_in", "drill.confirm", "drill.test",
    "emergency", "errand.ask", "greeting", "hold.aside.1", "hold.aside.2", "house.accept", "identity.birth",
    "identity.mrn", "identity.name", "identity.once_more", "identity.phone_on_file", "identity.pound",
    "identity.symptom", "identity.whom", "identity.zip", "interpreter.asked", "language.option", "listed.called",
    "listed.offer", "listed.press", "listed.stay", "menu.lead", "menu.option", "menu.person", "message.ill",
    "message.leave", "notice", "notice.opt_out", "offer.accept", "offer.identity", "offer.whisper", "page.accept",
    "page.later", "page.more", "page.pass_on", "page.pin", "patient.age", "patient.known", "patient.pregnant",
    "person.again", "promise.asked_before", "promise.digits", "promise.when", "reason.ill", "symptom.here",
    "symptom.there", "symptom.words", "symptom.yes_no", "symptom.zip", "symptom.zip_again", "times.lead",
    "times.option", "wait.clinician.2", "wait.emergency", "wait.house.2", "wait.nurse.2", "wait.still.1",
    "wait.still.3", "wait.still.4", "wait.still.5", "wait.worse", "where.then",
})  # fmt: skip
"""Prompts that ask, greet or tell to do something."""

PARTS = ("service.", "language.", "urgency.", "source.", "relation.")
"""What begins the names of words that fill the blanks of others."""

OF_THE_SHELL = frozenset(
    {
        *("hold", "hold.1", "hold.2", "hold.patient", "hold.caller", "hold.clinician"),
        *("wait.offered_in", "wait.rings", "wait.nurse_rings", "wait.clinician_rings", "wait.another_rings"),
        *("fallback", "house", "closure.weather", "closure.utilities", "closure.emergency"),
        *("wait.position", "wait.under", "wait.between"),
        *("page.summary", "page.complaint", "page.no_complaint", "page.source", "page.address", "page.help_line"),
        *("page.house", "page.returned", "page.continues", "house.owed"),
        *("page.age_newborn", "page.age_infant", "page.age_child", "page.age_adult"),
        *("page.flag_said", "page.flag_ear", "page.flag_asked", "page.flag_worse", "page.unscreened", "page.screened"),
        *("page.all_no", "page.raised", "page.level", "page.told_911", "page.with_agent", "page.promised"),
    }
)
"""Prompts whose claims the shell fills in from its own records, as its tests hold."""
