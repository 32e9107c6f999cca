"""What the configuration in force leaves open: protocols, interpreters, numbers, and zones whose clocks changed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta

from ivr.core.preflight import Examined, Finding, advice, risk
from ivr.core.settings import Settings
from ivr.core.telephone_numbers import parse_ringable
from ivr.directory.interpreters import uninterpreted
from ivr.directory.organisation import Organisation
from ivr.directory.own_lines import own_lines
from ivr.directory.samples import check_sample_protocols, check_story_numbers
from ivr.directory.schema import ProtocolFile
from ivr.directory.sign_off import State, state_of
from routing import zone_data

SOON = timedelta(days=30)


def check_configuration(examined: Examined) -> Iterator[Finding]:
    """Protocols are signed, callers are understood, and changed clocks are known."""
    if examined.organisation is not None:
        yield from check_protocols(examined.organisation, examined.at)
        yield from check_interpreters(examined.organisation)
        yield from check_numbers(examined.organisation)
        yield from check_fallback_number(examined.settings, examined.organisation)
        yield from check_changed_zones(examined.organisation, examined.at)
        if not examined.settings.demo:
            yield from check_sample_protocols(examined.organisation)
            yield from check_story_numbers(examined.organisation)


def check_protocols(organisation: Organisation, at: datetime) -> Iterator[Finding]:
    """Every protocol that a service uses is signed by a clinical lead as it is, and its review is not overdue."""
    written = json.loads(organisation.body)["protocols"]
    used = {name for file in organisation.practices.values() for name in file.named_protocols()}
    for name in sorted(used):
        yield from _check_protocol(name, organisation.protocol(name), state_of(written[name]), at)


def _check_protocol(name: str, protocol: ProtocolFile, state: State, at: datetime) -> Iterator[Finding]:
    if protocol.sign_off is None:
        yield risk(f"protocol {name} is not signed", "have the clinical lead sign it, then: sunline load DIR")
        return
    due, sign = protocol.sign_off.review_by, "sunline protocol sign FILE"
    if due < at.date():
        yield risk(f"the review of protocol {name} is overdue", "have the clinical lead review and sign it again")
    elif due < (at + SOON).date():
        yield advice(f"protocol {name} is due for review by {due}", "ask the clinical lead now")
    if state == "changed":
        mend = f"have the clinical lead review it, then: {sign} --by NAME and sunline load DIR"
        yield risk(f"protocol {name} was changed after it was signed", mend)
    elif state == "without a fingerprint":
        yield advice(
            f"the sign-off of protocol {name} does not say for which text it is", f"{sign}, then: sunline load DIR"
        )


def check_interpreters(organisation: Organisation) -> Iterator[Finding]:
    """Callers are understood where agents do not speak their language."""
    for practice in organisation.practices.values():
        for language in uninterpreted(organisation.operator, practice):
            what = f"nobody interprets {language} for {practice.practice}"
            yield advice(what, "name an interpreter in operator.yaml, then: sunline load DIR")


def check_numbers(organisation: Organisation) -> Iterator[Finding]:
    """Everybody of the staff may be rung. What is loaded now was checked; what was loaded before may not have been."""
    operator, people = organisation.operator, organisation.people.values()
    written = [("the fallback number", operator.fallback.number)]
    written += [(f"the number of the {name} line", number) for name, number in operator.help_lines]
    written += [(f"the contact of {agent.id}", agent.contact) for agent in operator.agents]
    written += [(f"the number of {one.id}", one.number) for one in operator.interpreters]
    written += [(f"the voice number of {person.id}", person.voice) for person in people]
    written += [(f"the sms number of {person.id}", person.sms) for person in people if person.sms]
    ruled = [(f"a number of a contact rule of {person.id}", person) for person in people]
    written += [(what, number) for what, one in ruled for number in one.numbers if number not in (one.voice, one.sms)]
    for what, number in written:
        if parse_ringable(number, "configuration", own_lines(organisation)) is None:
            yield risk(f"{what} is never rung", "write one that sunline check accepts, then: sunline load DIR")


def check_fallback_number(settings: Settings, organisation: Organisation) -> Iterator[Finding]:
    """The telephone that is rung while the server is down does not lead back to it."""
    if settings.fallback_number in own_lines(organisation):
        yield risk("the fallback number is one of the line's own", "set SUNLINE_FALLBACK_NUMBER to another telephone")


def check_changed_zones(organisation: Organisation, at: datetime) -> Iterator[Finding]:
    """Where clocks have begun to follow other rules of late: phones, diaries and rosters there may not know."""
    for changed in zone_data.changed_rules(organisation.zones, at):
        before, now = (" and ".join(map(_hours, hours)) for hours in (changed.before, changed.now))
        what = f"{changed.zone} keeps UTC{now} since {changed.since:%Y-%m-%d}, no longer UTC{before}"
        yield advice(what, "look through the hours and shifts there, and the phones and diaries of the people")


def _hours(offset: timedelta) -> str:
    minutes = round(offset.total_seconds() / 60)
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"
