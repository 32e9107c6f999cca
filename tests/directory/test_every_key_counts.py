"""Every key of the configuration changes something: what the line does, or what is refused where it is written.

Each key is changed in the example, and somebody looks: at a conversation, at who would be asked, at the hours, at the
check. A key that nobody looks at is missing from the table, and one that changes nothing fails here.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from callflows.authority import HOME_CARE, PARENT, Representation, Represented, Sought, authority
from callflows.vocabulary import Answer, Pressed, Silence, Spoke
from callflows.vocabulary.hearing import CALM
from ivr.calls.flow_view import operator_call, patient_call, screening_protocols
from ivr.calls.hearing import danger_by_phrases
from ivr.codes.verify import find_service
from ivr.directory.checks import checked
from ivr.directory.organisation import Organisation, organisation_of, read_folder
from ivr.directory.problems import ConfigurationError
from ivr.directory.reference import models_in, sections
from ivr.directory.signing import with_sign_off
from ivr.morning_summaries.making import list_places
from ivr.professionals.listing import list_listed
from routing.drills import find_next_ring, list_to_test
from routing.eligible import refusals
from routing.holiday_rules import holiday_names
from routing.hours import open_spans
from routing.ladder import escalation_steps
from routing.nights import due_nights
from routing.rota import on_duty
from tests.directory.conftest import AT, EXAMPLE
from tests.flows.playing import calls

IN_MANILA = datetime(2026, 11, 2, 3, tzinfo=UTC)
YEAR = AT + timedelta(days=366)
MAPLE, RIVERSIDE, ONCALL = "practices.maple", "practices.riverside", "oncall"
PROTOCOL = "protocols.adult-red-flags"
LOOP = f"{MAPLE}.locations.loop"
NURSE, OFFICE = f"{MAPLE}.services.nurse", f"{MAPLE}.services.scheduling"
IN_VAIN = ("1", "2", "1", "02031980", "60601", Silence())
"""Whoever asks for an appointment and is not found."""
VERIFY_SERVICE = "VA0123456789abcdef0123456789abcdef"
LEE = f"{ONCALL}.people.dr-lee"
RULE = f"{LEE}.contact.0"
A_RULE = (
    (f"{LEE}.timezone", "America/Chicago"),
    (f"{LEE}.contact", [{"from": "22:00", "to": "07:00", "voice": "+13125550381"}]),
)
AT_TEN = datetime(2026, 11, 3, 4, 10, tzinfo=UTC)
"""Ten past ten on a Monday night in Chicago."""
Tree = dict[str, Any]
Look = Callable[[Organisation], Any]


@dataclass(frozen=True)
class Probe:
    """Write ``value`` at ``place``, after the changes of ``first``, and look. Without a ``look``, it is refused."""

    place: str
    value: Any
    look: Look | None = None
    first: tuple[tuple[str, Any], ...] = ()


# --- what somebody looks at ----------------------------------------------------------------------------------------


def heard(organisation: Organisation, practice: str, answer: Answer) -> Answer:
    """The answer with what the practice's protocol hears in it."""
    if not isinstance(answer, Spoke):
        return answer
    calm = replace(answer, danger=CALM)
    danger, flag = danger_by_phrases(tuple(screening_protocols(organisation, practice).values()), calm)
    return replace(calm, danger=danger, flag=flag)


def listed(organisation: Organisation) -> Any:
    """Whom a clinician is told of, where they are called back, and whether anybody is asked for a code."""
    told = [(name, one.name, one.number) for _, name, one in list_listed(organisation)]
    return told, patient_call(organisation, "riverside", "downtown", caller_id=True).practice.lists_professionals


def summaries_of_maple(organisation: Organisation) -> Any:
    """Where Maple has a summary each morning, the nights of a month for it, and whom it texts."""
    file = organisation.practice("maple")
    hours, closed = [organisation.calendar("maple", "loop")], file.morning_summary.after_closed
    nights = list(due_nights(hours, closed, AT, AT + timedelta(days=30)))
    return list_places(file), nights, file.morning_summary.text


def told_help_lines(organisation: Organisation) -> Any:
    """The numbers to which a caller may be connected."""
    return patient_call(organisation, "maple", "loop", caller_id=True).help_lines


def conversation(*answers: Answer | str, practice: str = "maple", flow: str = "inbound", open_: str = "yes") -> Look:
    """What a caller hears and what is done for them."""
    given = [Pressed(answer) if isinstance(answer, str) else answer for answer in answers]

    def look(organisation: Organisation) -> Any:
        call = patient_call(organisation, practice, min(organisation.practice(practice).locations), caller_id=True)
        facts = {"opening": {"open": open_}, "patient_match": {"found": "none", "patient": ""}}
        told = calls(call, *(heard(organisation, practice, answer) for answer in given), flow=flow, facts=facts)
        return told.heard, told.effects, told.asked

    return look


def need(service: str = "scheduling", *, opening: bool = False, state: str = "IL", payer: str = "acme") -> Look:
    """What is asked of an agent, what is given up when, and who may answer in the middle of Manila's day."""

    def look(organisation: Organisation) -> Any:
        asked = organisation.need("maple", service, "es-US", state, opening=opening, location="loop", payer=payer)
        agents = organisation.agents_of("maple", "loop")
        last = replace(organisation.at_last(asked), interpreter=False)
        fit = [one.id for one in agents if not list(refusals(one, last, IN_MANILA))]
        return asked, organisation.schedule("maple", service, "es-US"), fit

    return look


def reached(at: datetime) -> Look:
    """By which numbers Dr Lee is reached."""
    return lambda organisation: organisation.person("dr-lee").contact(at)


def speaks_for(relation: str) -> Look:
    """Whether somebody with that relation may be served for a patient of 15 years who wants an appointment."""

    def look(organisation: Organisation) -> Any:
        practice = organisation.practice("maple")
        sought = Sought("scheduling", practice.confidential_from("scheduling"))
        patient = Represented(date(2011, 3, 14), "IL")
        scopes = practice.identity.scopes_of_relations()
        return authority([Representation(relation)], patient, sought, AT.date(), scopes)

    return look


def told(organisation: Organisation) -> Any:
    """What the flow of a caller is told."""
    return patient_call(organisation, "maple", "loop", caller_id=True)


def epiphany(organisation: Organisation) -> Any:
    return holiday_names(organisation.calendar("maple", "loop").holidays, date(2027, 1, 6))


def hours(practice: str, location: str) -> Look:
    return lambda organisation: tuple(open_spans(organisation.calendar(practice, location), AT, YEAR))


def work(agent: str) -> Look:
    """When an agent works in the year to come."""
    return lambda organisation: tuple(open_spans(organisation.agent(agent).calendar, AT, YEAR))


def agent(name: str = "ana") -> Look:
    return lambda organisation: organisation.agents.get(name)


ROTA = "oncall.rotas.maple-physicians"
LAYER = f"{ROTA}.layers.0"
NIGHTS = {
    "rotation": "daily",
    "hand_over": "18:00",
    "from": "2026-11-09",
    "when": {"mon-sun": ["18:00-08:00", "08:00-18:00"]},
    "people": ["dr-patel", "dr-okafor", "dr-lee"],
}
A_LAYER = ((f"{ROTA}.layers", [NIGHTS]),)
A_SPAN = {"from": "2026-11-11 08:00", "until": "2026-11-18 08:00"}
A_SHIFT = {**A_SPAN, "person": "dr-patel"}
WITH_A_SHIFT = ((f"{ROTA}.shifts", [A_SHIFT]),)
FOR_A_WHILE = ((f"{ROTA}.temporary", [{**A_SPAN, "shifts": [A_SHIFT]}]),)


MINUTE = timedelta(minutes=1)
MONDAY = datetime(2026, 11, 2, 14, tzinfo=UTC)
"""When Dr Okafor takes over from Dr Lee."""
A_DRILL = ((f"{ROTA}.drill", {"before": "40m"}),)


def drilled_at(at: datetime) -> Look:
    """Whose shifts at Maple are tested at an instant."""
    return lambda organisation: list_to_test(organisation.rotas["maple-physicians"], at)


def next_ring(organisation: Organisation, missed: int) -> Any:
    """When whoever was not reached half an hour before the shift is rung next."""
    rule = organisation.rotas["maple-physicians"].drill
    return rule and find_next_ring(rule, MONDAY, missed, MONDAY - 30 * MINUTE)


def paged_unreached(organisation: Organisation) -> Any:
    """Who is paged where whoever is on call was not reached."""
    duty = organisation.on_call_for("maple")
    return escalation_steps(duty.ladder("urgent"), duty.rota, (duty.director,), MONDAY, unreached=True)


def paged(at: datetime, location: str | None = None, service: str | None = None) -> Look:
    """Who is on call from then on for two weeks, and whom a call climbs to."""

    def look(organisation: Organisation) -> Any:
        duty = organisation.on_call_for("maple", location, service)
        who = [on_duty(duty.rota, at + timedelta(days=days)) for days in range(14)]
        return who, duty.director, duty.licences, duty.own_doctor, [duty.ladder(one) for one in ("urgent", "emergent")]

    return look


def verify_service(organisation: Organisation) -> Any:
    """The service of Twilio Verify that is asked for the codes of a practice."""
    return find_service(organisation.practice("maple"))


def value(path: str) -> Look:
    """What those who carry it out read: each is read by one place only, which has tests of its own."""

    def look(organisation: Organisation) -> Any:
        found: Any = organisation
        for name in path.split("."):
            found = found[name] if isinstance(found, dict) else getattr(found, name)
        return found

    return look


WEEK = datetime(2026, 11, 11, 18, tzinfo=UTC)
ILL = conversation("1", "1", Spoke("my knee hurts", 0.9), "4", "2", "1")
ASKED = ("1", "1", Spoke("my knee hurts", 0.9), "4", "2")
BABY = conversation("1", "1", Spoke("my knee hurts", 0.9), "1", *"2222222")
BREATH = f"{PROTOCOL}.questions.0"
FLAG = f"{PROTOCOL}.red_flags.0"
SOON = f"{PROTOCOL}.questions.5"
OWN_HOURS = {"tue": ["10:00-11:00"]}
SOME_DAY = {"2026-12-02": ["10:00-11:00"]}
INTERPRETER = "operator.interpreters.0"
RULES = ((f"{MAPLE}.policy.payers", ["acme"]), (f"{MAPLE}.policy.sites", [{"states": ["IL"], "never": ["manila"]}]))
SHARED_STAFF = f"{MAPLE}.location_defaults.staff"
SHARED_DESK = (
    (f"{LOOP}.staff", {}),
    (SHARED_STAFF, {"pool": "maple-front-desk", "overflow_after": "40s"}),
)
GERMANY = ((f"{LOOP}.holidays", {"calendar": "DE"}),)
IN_NOVEMBER = datetime(2026, 11, 16, 10, tzinfo=UTC)
HURT = conversation("1", Spoke("I have purple knees", 0.9))
KNEES = (f"{FLAG}.listen.en-US", ["purple knees"])

# fmt: off
PROBES: dict[str, Probe] = {
    # operator.yaml
    "OperatorFile.operator": Probe("operator.operator", "Other", lambda o: operator_call(o, caller_id=True)),
    "OperatorFile.outbound_number": Probe(
        "operator.outbound_number", "+13125550193", value("operator.outbound_number")
    ),
    "OperatorFile.timezone": Probe("operator.timezone", "America/Denver", value("operator.timezone")),
    "OperatorFile.languages": Probe("operator.languages", ["es-US"], lambda o: operator_call(o, caller_id=True)),
    "HelpLines.crisis": Probe("operator.help_lines", {"crisis": "+13125550194"}, lambda o: told_help_lines(o)),
    "HelpLines.poison": Probe("operator.help_lines", {"poison": "+13125550194"}, lambda o: told_help_lines(o)),
    "UntilContact.ladder_again": Probe(
        "operator.until_contact", {"ladder_again": ["7m"]}, lambda o: o.operator.until_contact
    ),
    "UntilContact.overdue_again": Probe(
        "operator.until_contact", {"overdue_again": "7m"}, lambda o: o.operator.until_contact
    ),
    "Fallback.pool": Probe(
        "operator.fallback.pool", "manila", lambda o: operator_call(o, caller_id=True).fallback_pool
    ),
    "Fallback.number": Probe("operator.fallback.number", "+13125550194", lambda o: told(o).fallback_number),
    "SiteEntry.timezone": Probe("operator.sites.manila.timezone", "Asia/Tokyo", work("ana")),
    "SiteEntry.country": Probe("operator.sites.manila.country", "CN"),
    "SiteEntry.state": Probe("operator.sites.manila.state", "IL"),
    "Holidays.calendar": Probe(f"{LOOP}.holidays.calendar", "CA"),
    "Holidays.state": Probe(f"{LOOP}.holidays.state", "BY", epiphany, GERMANY),
    "Holidays.observe": Probe(f"{LOOP}.holidays.observe", ["Christmas Day"], hours("maple", "loop")),
    "Holidays.closed": Probe(f"{LOOP}.holidays.closed", ["2026-12-01"], hours("maple", "loop")),
    "Holidays.open": Probe(f"{LOOP}.holidays.open", SOME_DAY, hours("maple", "loop")),
    "Holidays.closes": Probe("operator.sites.manila.holidays.closes", "true", work("ana")),
    "PoolEntry.site": Probe("operator.pools.manila.site", "bogota", work("ana")),
    "PoolEntry.shift": Probe("operator.pools.manila.shift", OWN_HOURS, work("ana")),
    "PoolEntry.breaks": Probe("operator.pools.manila.breaks", {"mon-sun": ["12:00-12:30"]}, work("ana")),
    "PoolEntry.days": Probe("operator.pools.manila.days", SOME_DAY, work("ana")),
    "AgentEntry.id": Probe("operator.agents.0.id", "anna", agent()),
    "AgentEntry.name": Probe("operator.agents.0.name", "Ana Cruz", lambda o: o.names["ana"]),
    "AgentEntry.pool": Probe("operator.agents.0.pool", "bogota", work("ana")),
    "AgentEntry.contact": Probe("operator.agents.0.contact", "client:anna", agent()),
    "AgentEntry.languages": Probe("operator.agents.0.languages", ["en-US"], need()),
    "AgentEntry.skills": Probe("operator.agents.0.skills", {"billing": "3"}, need()),
    "AgentEntry.shift": Probe("operator.agents.0.shift", OWN_HOURS, work("ana")),
    "AgentEntry.breaks": Probe("operator.agents.0.breaks", {"mon-sun": ["12:00-12:30"]}, work("ana")),
    "AgentEntry.days": Probe("operator.agents.0.days", SOME_DAY, work("ana")),
    "LicenceEntry.kind": Probe("operator.agents.3.licences.1.kind", "LPN", need("nurse")),
    "LicenceEntry.state": Probe("operator.agents.3.licences.1.state", "TX", need("nurse")),
    "LicenceEntry.expires": Probe("operator.agents.3.licences.1.expires", "2026-10-01", need("nurse")),
    "LicenceEntry.compact": Probe("operator.agents.3.licences.0.compact", "false", need("nurse", state="TX")),
    "Trained.hipaa": Probe("operator.agents.0.trained.hipaa", "2024-01-01", need()),
    "InterpreterEntry.id": Probe(f"{INTERPRETER}.id", "other", value("interpreters")),
    "InterpreterEntry.name": Probe(f"{INTERPRETER}.name", "Other", lambda o: o.names["lingua"]),
    "InterpreterEntry.number": Probe(f"{INTERPRETER}.number", "+13125550195", value("interpreters")),
    "InterpreterEntry.languages": Probe(f"{INTERPRETER}.languages", ["en-US"], need()),
    "InterpreterEntry.keys": Probe(f"{INTERPRETER}.keys", "1", value("interpreters")),
    "LicenceKindEntry.met_by": Probe(
        "operator.licence_kinds",
        {"LPN": {"met_by": []}},
        need("nurse"),
        ((f"{NURSE}.licence", "LPN"), ("operator.licence_kinds", {})),
    ),
    "LicenceKindEntry.prescribes": Probe("operator.licence_kinds", {"MD": {"prescribes": "false"}}),
    "LicenceKindEntry.compact": Probe(
        "operator.licence_kinds", {"RN": {"compact": "false"}}, need("nurse", state="TX")
    ),
    "OperatorPolicy.training_valid": Probe("operator.policy.training_valid", "1mo", need()),
    "OperatorPolicy.edge_margin": Probe("operator.policy.edge_margin", "90m", need()),
    # practices/*.yaml
    "PracticeFile.practice": Probe(f"{MAPLE}.practice", "oak"),
    "PracticeFile.name": Probe(f"{MAPLE}.name", "Oak", lambda o: patient_call(o, "maple", "loop", caller_id=True)),
    "PracticeFile.languages": Probe(f"{MAPLE}.languages", ["es-US", "en-US"], conversation("1")),
    "PracticeFile.information": Probe(
        f"{MAPLE}.information", {"parking": "Nowhere."}, value("practices.maple.information")
    ),
    "LocationEntry.timezone": Probe(f"{LOOP}.timezone", "America/Denver", hours("maple", "loop")),
    "LocationEntry.state": Probe(f"{LOOP}.state", "TX", lambda o: told(o).practice.state),
    "LocationEntry.numbers": Probe(f"{LOOP}.numbers", ["+13125550196"], lambda o: o.dialled("+13125550196")),
    "LocationEntry.opening_hours": Probe(f"{LOOP}.opening_hours", OWN_HOURS, hours("maple", "loop")),
    "LocationDefaults.timezone": Probe(f"{MAPLE}.location_defaults", {"timezone": "Nowhere/X"}),
    "LocationDefaults.state": Probe(f"{MAPLE}.location_defaults", {"state": "XX"}),
    "LocationDefaults.opening_hours": Probe(f"{MAPLE}.location_defaults", {"opening_hours": {"mon": ["9"]}}),
    "StaffDefaults.pool": Probe(f"{SHARED_STAFF}.pool", "manila", need(opening=True), SHARED_DESK),
    "StaffDefaults.overflow_after": Probe(f"{SHARED_STAFF}.overflow_after", "9s", need(opening=True), SHARED_DESK),
    "Staff.pool": Probe(f"{MAPLE}.staff.pool", "manila", need(opening=True)),
    "Staff.overflow_after": Probe(f"{MAPLE}.staff.overflow_after", "50s", need(opening=True)),
    "LocationOnCall.rota": Probe(f"{LOOP}.on_call", {"rota": "riverside-physicians"}, paged(WEEK, location="loop")),
    "LocationOnCall.medical_director": Probe(
        f"{LOOP}.on_call", {"medical_director": "dr-lee"}, paged(WEEK, location="loop")
    ),
    "LocationOnCall.escalation": Probe(
        f"{LOOP}.on_call", {"escalation": {"urgent": "fast"}}, paged(WEEK, location="loop")
    ),
    "LocationOnCall.licences": Probe(f"{LOOP}.on_call", {"licences": ["MD"]}, paged(WEEK, location="loop")),
    "LocationOnCall.own_doctor": Probe(f"{LOOP}.on_call", {"own_doctor": "first"}, paged(WEEK, location="loop")),
    "OnCallException.own_doctor": Probe(f"{NURSE}.on_call", {"own_doctor": "never"}, paged(WEEK, service="nurse")),
    "OnCallEntry.own_doctor": Probe(f"{MAPLE}.on_call.own_doctor", "first", paged(WEEK)),
    "OnCallException.rota": Probe(f"{NURSE}.on_call", {"rota": "riverside-physicians"}, paged(WEEK, service="nurse")),
    "OnCallException.medical_director": Probe(
        f"{NURSE}.on_call", {"medical_director": "dr-lee"}, paged(WEEK, service="nurse")
    ),
    "OnCallException.escalation": Probe(
        f"{NURSE}.on_call", {"escalation": {"urgent": "fast"}}, paged(WEEK, service="nurse")
    ),
    "OnCallException.licences": Probe(f"{NURSE}.on_call", {"licences": ["MD"]}, paged(WEEK, service="nurse")),
    "OnCallEntry.rota": Probe(f"{MAPLE}.on_call.rota", "riverside-physicians", paged(WEEK)),
    "OnCallEntry.medical_director": Probe(f"{MAPLE}.on_call.medical_director", "dr-lee", paged(WEEK)),
    "OnCallEntry.escalation": Probe(f"{MAPLE}.on_call.escalation.urgent", "fast", paged(WEEK)),
    "OnCallEntry.licences": Probe(f"{MAPLE}.on_call.licences", ["MD"], paged(WEEK)),
    "KnownAgent.lately": Probe(f"{MAPLE}.known_agent", {"lately": "1d"}, value("practices.maple.known_agent")),
    "KnownAgent.reserved": Probe(f"{MAPLE}.known_agent", {"reserved": "9s"}, value("practices.maple.known_agent")),
    "MenuEntry.key": Probe(f"{MAPLE}.menu.0.key", "9", conversation("1", "9")),
    "MenuEntry.service": Probe(f"{MAPLE}.menu.1.service", "billing", conversation("1", "2", "1", "02031980")),
    "ServiceEntry.skill": Probe(f"{OFFICE}.skill", "billing", need()),
    "ServiceEntry.skill_level": Probe(f"{OFFICE}.skill_level", "5", need()),
    "ServiceEntry.level": Probe(f"{OFFICE}.level", "L0", conversation("1", "2")),
    "ServiceEntry.licensed": Probe(f"{NURSE}.licensed", "false", need("nurse")),
    "ServiceEntry.licence": Probe(f"{NURSE}.licence", "MD", need("nurse")),
    "ServiceEntry.open": Probe(f"{OFFICE}.open", "message", conversation("1", "2", "2")),
    "ServiceEntry.after_hours": Probe(f"{OFFICE}.after_hours", "message", conversation("1", "2", "2", open_="no")),
    "ServiceEntry.patience": Probe(f"{OFFICE}.patience", "3m", value("practices.maple.services.scheduling.patience")),
    "ServiceEntry.promise": Probe(f"{OFFICE}.promise", "now + 30m", lambda o: told(o).practice.service("scheduling")),
    "ServiceEntry.protocol": Probe(
        f"{NURSE}.protocol",
        "other",
        conversation("1", Spoke("I am tired", 0.9)),
        (
            (f"{NURSE}.protocols", {}),
            (f"{NURSE}.protocol", "adult-red-flags"),
            ("protocols.other", {"=": PROTOCOL}),
            ("protocols.other.questions.0.listen.en-US", ["tired"]),
        ),
    ),
    "ServiceEntry.protocols": Probe(f"{NURSE}.protocols.child", "adult-red-flags", BABY),
    "ServiceEntry.new_patients": Probe(f"{OFFICE}.new_patients", "message", conversation("1", "2", "2")),
    "ServiceEntry.credit": Probe(f"{OFFICE}.credit", "90s", value("practices.maple.services")),
    "ServiceEntry.wrap_up": Probe(f"{OFFICE}.wrap_up", "90s", value("practices.maple.services")),
    "ServiceEntry.edge_margin": Probe(f"{OFFICE}.edge_margin", "90m", need()),
    "WideningEntry.after": Probe(f"{OFFICE}.relax", [{"after": "9s", "give": "level"}], need()),
    "WideningEntry.give": Probe(
        f"{OFFICE}.relax",
        [{"after": "20s", "give": "edges"}],
        need(),
        ((f"{OFFICE}.relax", [{"after": "20s", "give": "level"}]),),
    ),
    "Identity.tries": Probe(f"{MAPLE}.identity.tries", "1", conversation(*IN_VAIN)),
    "Identity.shared_telephones": Probe(
        f"{MAPLE}.identity.shared_telephones", ["+13125550155"], value("practices.maple.identity")
    ),
    "Identity.representatives": Probe(f"{MAPLE}.identity.representatives", "true", conversation("1", "2", "1")),
    "Identity.scopes": Probe(f"{MAPLE}.identity.scopes", {"home_care": ["scheduling"]}, speaks_for(HOME_CARE)),
    "Confidential.from_age": Probe(f"{OFFICE}.confidential", {"from_age": "12"}, speaks_for(PARENT)),
    "Knowledge.items": Probe(
        f"{MAPLE}.identity.L1.items", ["date_of_birth", "mrn"], conversation("1", "2", "1", "02031980")
    ),
    "Knowledge.require": Probe(f"{MAPLE}.identity.L1.require", ["mrn"], conversation("1", "2", "1", "02031980")),
    "Knowledge.need": Probe(f"{MAPLE}.identity.L1.need", "3", conversation("1", "2", "1", "02031980", "60601")),
    "PersonalProof.checklist": Probe(
        f"{MAPLE}.identity.L3",
        {"checklist": {"own-wish": "It is so."}},
        lambda o: o.practice("maple").identity.L3.items(),
    ),
    "Possession.add": Probe(f"{MAPLE}.identity.L2.add", "voice_code"),
    "Possession.through": Probe(
        f"{MAPLE}.identity.L2.through", "verify", verify_service, ((f"{MAPLE}.identity.L2.service", VERIFY_SERVICE),)
    ),
    "Possession.service": Probe(
        f"{MAPLE}.identity.L2.service", VERIFY_SERVICE, verify_service, ((f"{MAPLE}.identity.L2.through", "verify"),)
    ),
    "Backline.numbers": Probe(f"{MAPLE}.backline.numbers", ["+13125550197"], lambda o: o.dialled("+13125550197")),
    "Backline.callers": Probe(f"{MAPLE}.backline.callers", ["hospital"]),
    "ListedOrganisation.name": Probe(f"{RIVERSIDE}.backline.listed.mercy.name", "Mercy South", listed),
    "ListedOrganisation.kind": Probe(f"{RIVERSIDE}.backline.listed.mercy.kind", "practice"),
    "ListedOrganisation.number": Probe(f"{RIVERSIDE}.backline.listed.mercy.number", "+12105550133", listed),
    "Backline.location": Probe(f"{RIVERSIDE}.backline.location", "westside", value("numbers")),
    "Waiting.most": Probe(f"{MAPLE}.waiting", {"most": "3"}, value("practices.maple.waiting")),
    "Waiting.patience": Probe(f"{MAPLE}.waiting", {"patience": "3m"}, value("practices.maple.waiting")),
    "Waiting.call_backs": Probe(f"{MAPLE}.waiting", {"call_backs": OWN_HOURS}, value("practices.maple.waiting")),
    "Waiting.call_back_countries": Probe(
        f"{MAPLE}.waiting", {"call_back_countries": ["MX"]}, value("practices.maple.waiting")
    ),
    "MorningSummary.made": Probe(f"{MAPLE}.morning_summary", {"made": "false"}, summaries_of_maple),
    "MorningSummary.each": Probe(f"{MAPLE}.morning_summary", {"each": "location"}, summaries_of_maple),
    "MorningSummary.after_closed": Probe(f"{MAPLE}.morning_summary", {"after_closed": "30m"}, summaries_of_maple),
    "MorningSummary.text": Probe(f"{MAPLE}.morning_summary", {"text": ["+13125550102"]}, summaries_of_maple),
    "Recording.keep": Probe(f"{MAPLE}.recording.keep", "18mo", value("practices.maple.recording")),
    "Recording.opt_out": Probe(f"{MAPLE}.recording.opt_out", "false", conversation("1")),
    "PracticePolicy.agents_outside_us": Probe(f"{MAPLE}.policy.agents_outside_us", "never", need()),
    "PracticePolicy.download": Probe(f"{MAPLE}.policy.download", "compliance"),
    "PracticePolicy.payers": Probe(f"{MAPLE}.policy.payers", ["acme", "acme"]),
    "SiteRuleEntry.states": Probe(f"{MAPLE}.policy.sites.0.states", ["TX"], need(), RULES),
    "SiteRuleEntry.payers": Probe(f"{MAPLE}.policy.sites.0.payers", ["acme"], need(payer="other"), RULES),
    "SiteRuleEntry.only": Probe(f"{MAPLE}.policy.sites", [{"only": ["bogota"]}], need(), RULES),
    "SiteRuleEntry.never": Probe(f"{MAPLE}.policy.sites.0.never", ["bogota"], need(), RULES),
    # oncall.yaml
    "PersonEntry.name": Probe(f"{ONCALL}.people.dr-lee.name", "Dr Li", lambda o: o.names["dr-lee"]),
    "PersonEntry.voice": Probe(f"{ONCALL}.people.dr-lee.voice", "+13125550198", lambda o: o.person("dr-lee")),
    "PersonEntry.sms": Probe(f"{ONCALL}.people.dr-lee.sms", "+13125550198", lambda o: o.person("dr-lee")),
    "PersonEntry.calendar_names": Probe(
        f"{ONCALL}.people.dr-lee.calendar_names", ["J. Lee"], lambda o: o.person("dr-lee").calendar_names
    ),
    "PersonEntry.remind": Probe(f"{ONCALL}.people.dr-lee.remind", "2h", lambda o: o.person("dr-lee").remind),
    "PersonEntry.timezone": Probe(
        f"{ONCALL}.people.dr-lee.timezone", "America/Denver", lambda o: o.person("dr-lee").zone
    ),
    "ContactEntry.from": Probe(f"{RULE}.from", "23:00", reached(AT_TEN), A_RULE),
    "ContactEntry.to": Probe(f"{RULE}.to", "22:05", reached(AT_TEN), A_RULE),
    "ContactEntry.days": Probe(f"{RULE}.days", "tue-sun", reached(AT_TEN), A_RULE),
    "ContactEntry.voice": Probe(f"{RULE}.voice", "+13125550198", reached(AT_TEN), A_RULE),
    "ContactEntry.text": Probe(f"{RULE}.text", "no", reached(AT_TEN), A_RULE),
    "ContactEntry.second": Probe(f"{RULE}.second", "+13125550198", reached(AT_TEN), A_RULE),
    "OnCallFile.old_numbers_for": Probe(f"{ONCALL}.old_numbers_for", "2d", lambda o: o.old_numbers_for),
    "RotaEntry.timezone": Probe(f"{ONCALL}.rotas.maple-physicians.timezone", "UTC", paged(IN_NOVEMBER)),
    "RotaEntry.rotation": Probe(f"{ONCALL}.rotas.maple-physicians.rotation", "none", paged(WEEK)),
    "RotaEntry.hand_over": Probe(f"{ONCALL}.rotas.maple-physicians.hand_over", "thu 08:00", paged(WEEK)),
    "RotaEntry.from": Probe(f"{ONCALL}.rotas.maple-physicians.from", "2026-10-12", paged(WEEK)),
    "RotaEntry.every": Probe(f"{ROTA}.every", "2", paged(WEEK)),
    "TurnEntry.person": Probe(f"{ROTA}.people", [{"person": "dr-patel"}], paged(WEEK)),
    "TurnEntry.turns": Probe(f"{ROTA}.people", [{"person": "dr-lee", "turns": "3"}, "dr-okafor"], paged(WEEK)),
    "DrillEntry.before": Probe(f"{ROTA}.drill.before", "1h", drilled_at(MONDAY - 50 * MINUTE), A_DRILL),
    "DrillEntry.tries": Probe(f"{ROTA}.drill.tries", "1", lambda o: next_ring(o, missed=1), A_DRILL),
    "DrillEntry.every": Probe(f"{ROTA}.drill.every", "5m", lambda o: next_ring(o, missed=1), A_DRILL),
    "DrillEntry.backup": Probe(f"{ROTA}.drill.backup", "dr-patel", paged_unreached, A_DRILL),
    "LayerEntry.rotation": Probe(f"{LAYER}.rotation", "none", paged(WEEK), A_LAYER),
    "LayerEntry.every": Probe(f"{LAYER}.every", "3", paged(WEEK), A_LAYER),
    "LayerEntry.hand_over": Probe(f"{LAYER}.hand_over", "06:00", paged(WEEK), A_LAYER),
    "LayerEntry.from": Probe(f"{LAYER}.from", "2026-11-17", paged(WEEK), A_LAYER),
    "LayerEntry.until": Probe(f"{LAYER}.until", "2026-11-12 08:00", paged(WEEK), A_LAYER),
    "LayerEntry.when": Probe(f"{LAYER}.when", {"mon": ["00:00-24:00"]}, paged(WEEK), A_LAYER),
    "LayerEntry.beside": Probe(f"{LAYER}.beside", "true", paged(WEEK), A_LAYER),
    "ShiftEntry.from": Probe(f"{ROTA}.shifts.0.from", "2026-11-12 08:00", paged(WEEK), WITH_A_SHIFT),
    "ShiftEntry.until": Probe(f"{ROTA}.shifts.0.until", "2026-11-14 08:00", paged(WEEK), WITH_A_SHIFT),
    "ShiftEntry.person": Probe(f"{ROTA}.shifts.0.person", ["dr-lee", "dr-okafor"], paged(WEEK), WITH_A_SHIFT),
    "TemporaryEntry.from": Probe(f"{ROTA}.temporary.0.from", "2026-11-14 08:00", paged(WEEK), FOR_A_WHILE),
    "TemporaryEntry.until": Probe(f"{ROTA}.temporary.0.until", "2026-11-12 08:00", paged(WEEK), FOR_A_WHILE),
    "OverrideEntry.instead_of": Probe(f"{ROTA}.overrides.1.instead_of", "dr-patel", paged(AT + timedelta(days=2))),
    "OverrideEntry.beside": Probe(f"{ROTA}.overrides.1.beside", "true", paged(AT + timedelta(days=2))),
    "OverrideEntry.from": Probe(
        f"{ONCALL}.rotas.maple-physicians.overrides.1.from", "2026-11-05 08:00", paged(AT + timedelta(days=2))
    ),
    "OverrideEntry.until": Probe(
        f"{ONCALL}.rotas.maple-physicians.overrides.1.until", "2026-11-03 08:00", paged(AT + timedelta(days=4))
    ),
    "OverrideEntry.person": Probe(
        f"{ONCALL}.rotas.maple-physicians.overrides.1.person", "dr-patel", paged(AT + timedelta(days=4))
    ),
    "StepEntry.page": Probe(f"{ONCALL}.escalations.fast.0.page", "medical_director", paged(WEEK)),
    "StepEntry.by": Probe(f"{ONCALL}.escalations.fast.0.by", ["voice"], paged(WEEK)),
    "StepEntry.for": Probe(f"{ONCALL}.escalations.fast.0.for", "100s", paged(WEEK)),
    "StepEntry.times": Probe(f"{ONCALL}.escalations.fast.0.times", "3", paged(WEEK)),
    # protocols/*.yaml
    "ProtocolFile.protocol": Probe(f"{PROTOCOL}.protocol", "other"),
    "ProtocolFile.version": Probe(
        f"{PROTOCOL}.version", "9", lambda o: patient_call(o, "maple", "loop", caller_id=True).practice.screens()
    ),
    "ProtocolFile.otherwise": Probe(f"{PROTOCOL}.otherwise", "routine"),
    "SignOff.fingerprint": Probe(f"{PROTOCOL}.sign_off.fingerprint", "0" * 32),
    "SignOff.date": Probe(f"{PROTOCOL}.sign_off.date", "2026-12-01"),
    "SignOff.review_by": Probe(f"{PROTOCOL}.sign_off.review_by", "2026-10-01"),
    "AnswerWithin.emergent": Probe(
        f"{PROTOCOL}.answer_within.emergent",
        "90s",
        lambda o: patient_call(o, "maple", "loop", caller_id=True).practice.answer_within,
    ),
    "AnswerWithin.urgent": Probe(
        f"{PROTOCOL}.answer_within.urgent",
        "10m",
        lambda o: patient_call(o, "maple", "loop", caller_id=True).practice.answer_within,
    ),
    "ProtocolFile.patients": Probe(f"{PROTOCOL}.patients", "child"),
    "QuestionEntry.key": Probe(f"{BREATH}.key", "air", ILL),
    "QuestionEntry.ask": Probe(f"{BREATH}.ask.en-US", "Short of breath?", ILL),
    "QuestionEntry.listen": Probe(
        f"{SOON}.listen.en-US", ["purple knees"], HURT
    ),
    "QuestionEntry.raises_to": Probe(f"{SOON}.raises_to", "routine"),
    "QuestionEntry.says_911": Probe(f"{BREATH}.says_911", "false", conversation(*ASKED, "1")),
    "QuestionEntry.ages": Probe("protocols.child-red-flags.questions.8.ages", ["child"], BABY),
    "QuestionEntry.help_line": Probe(f"{BREATH}.help_line", "crisis", conversation(*ASKED, "1")),
    "RedFlagEntry.key": Probe(f"{FLAG}.key", "injury"),
    "RedFlagEntry.listen": Probe(
        f"{FLAG}.listen.en-US", ["purple knees"], HURT
    ),
    "RedFlagEntry.raises_to": Probe(f"{FLAG}.raises_to", "urgent", HURT, (KNEES,)),
    "RedFlagEntry.says_911": Probe(f"{FLAG}.says_911", "false", HURT, (KNEES,)),
    "RedFlagEntry.help_line": Probe(f"{FLAG}.help_line", "crisis", HURT, (KNEES,)),
}
# fmt: on
"""By the mapping that a key stands in."""

STATEMENTS = {
    "PracticePolicy.baa": f"{MAPLE}.policy.baa",
    "ProtocolFile.author": f"{PROTOCOL}.author",
    "SignOff.name": f"{PROTOCOL}.sign_off.name",
    "AnswerWithin.routine": f"{PROTOCOL}.answer_within.routine",
}
"""What somebody has to state: nothing is decided by it, and without it the configuration is refused."""


def leaves() -> Iterator[str]:
    """Every key that holds no keys itself."""
    for section in sections():
        for name, field in section.model.model_fields.items():
            if not list(models_in(field.annotation)):
                yield f"{section.model.__name__}.{field.alias or name}"


@pytest.fixture(scope="module")
def example() -> str:
    return read_folder(EXAMPLE, at=AT).body


def test_somebody_looks_at_every_key() -> None:
    assert sorted(leaves()) == sorted({**PROBES, **STATEMENTS})


@pytest.mark.parametrize("key", PROBES)
def test_a_changed_key_changes_what_somebody_sees(key: str, example: str, tmp_path: Path) -> None:
    probe, tree = PROBES[key], json.loads(example)
    for place, first in probe.first:
        write(tree, place, first)
    if probe.look is None:
        write(tree, probe.place, probe.value)
        assert found_wrong(tree if "fingerprint" in probe.place else signed(tree), tmp_path)
        return
    before = probe.look(organisation_of(tree))
    write(tree, probe.place, probe.value)
    assert probe.look(organisation_of(tree)) != before


@pytest.mark.parametrize("key", STATEMENTS)
def test_what_has_to_be_stated_is_missed(key: str, example: str, tmp_path: Path) -> None:
    tree = json.loads(example)
    write(tree, STATEMENTS[key], None)
    assert any("is missing" in one for one in found_wrong(tree, tmp_path))


def write(tree: Tree, place: str, value: Any) -> None:
    """Put a value into the tree; None takes it out."""
    *way, last = (int(name) if name.isdigit() else name for name in place.split("."))
    at: Any = tree
    for name in way:
        at = at.setdefault(name, {}) if isinstance(at, dict) else at[name]
    if isinstance(value, dict) and "=" in value:
        copied: Any = tree
        for name in value["="].split("."):
            copied = copied[name]
        value = json.loads(json.dumps(copied))
    if value is None:
        del at[last]
    else:
        at[last] = json.loads(json.dumps(value))


def signed(tree: Tree) -> Tree:
    """The tree, whose protocols are signed as they are."""
    protocols = {name: with_sign_off(one, one["sign_off"]) for name, one in tree["protocols"].items()}
    return {**tree, "protocols": protocols}


def found_wrong(tree: Tree, folder: Path) -> list[str]:
    """What the check says of the tree, written as the files of a folder: JSON is YAML."""
    files = {"operator.yaml": tree["operator"], "oncall.yaml": tree["oncall"]}
    for kind in ("practices", "protocols"):
        files |= {f"{kind}/{name}.yaml": one for name, one in tree[kind].items()}
    for name, content in files.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(json.dumps(content), "utf-8")
    try:
        return [one.what for one in checked(folder, AT)[1]]
    except ConfigurationError as refused:
        return [one.what for one in refused.problems]
