"""Whom a Dial rings: addresses, headers and applications of its nouns, and the caller ID it may show (Twilio: Dial)."""

import re
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

from phonesim.interpreter import Interpreter
from phonesim.numbers import ADDRESS, Endpoint, number_of, reached
from phonesim.twiml.attributes import flag
from phonesim.twiml.document import Verb

HEADER = re.compile(r"x-[!-~]+|user-to-user|remote-party-id|p-preferred-identity|p-called-party-id", re.IGNORECASE)
BAD_ADDRESS = {"Number": 13223, "Client": 12200, "Sip": 13243, "Application": 12200}


@dataclass(frozen=True, slots=True)
class Target:
    """One noun of a Dial: the To of its leg, the phone it rings, and what that phone is told beside the call."""

    noun: Verb
    to: str
    address: str
    told: dict[str, str] = field(default_factory=dict)
    door: Endpoint | None = None


def target_of(run: Interpreter, noun: Verb) -> Target | None:
    """The target of a noun; None after a complaint, when no phone can have its address."""
    target = {"Client": _client, "Sip": _sip, "Application": _application}.get(noun.name, _number)(run, noun)
    if target is None or not (target.door or ADDRESS.fullmatch(target.to)):
        run.complain(BAD_ADDRESS[noun.name], f"{noun.name} names nobody who can be called", noun.line)
        return None
    return target


def _number(_run: Interpreter, noun: Verb) -> Target | None:
    number = number_of(noun.text)
    return Target(noun, number, number) if number else None


def _client(_run: Interpreter, noun: Verb) -> Target | None:
    identity = next((child.text for child in noun.children if child.name == "Identity"), noun.text)
    return Target(noun, f"client:{identity}", f"client:{identity}", parameters(noun))


def _sip(run: Interpreter, noun: Verb) -> Target | None:
    uri, _, query = noun.text.partition("?")
    headers = dict(parse_qsl(query))
    for name in [name for name in headers if not HEADER.fullmatch(name)]:
        run.complain(13252, f"a SIP header of ours begins with x-, unlike {name}", noun.line)
        del headers[name]
    return Target(noun, uri, uri.partition(";")[0], headers) if uri.startswith("sip:") else None


def _application(run: Interpreter, noun: Verb) -> Target | None:
    sid = next((child.text for child in noun.children if child.name == "ApplicationSid"), noun.text)
    door = run.net.account.applications.get(sid)
    if door is None:
        return None
    customer = noun.attributes.get("customerId", run.net.account_sid)
    told = {"CustomerId": customer, **{f"Param_{name}": value for name, value in parameters(noun).items()}}
    return Target(noun, run.leg.to if flag(noun, "copyParentTo") else sid, f"app:{sid}", told, door)


def parameters(verb: Verb) -> dict[str, str]:
    """The Parameter children of an element."""
    children = (child.attributes for child in verb.children if child.name == "Parameter")
    return {each["name"]: each.get("value", "") for each in children if "name" in each}


def caller_id(run: Interpreter, dial: Verb, kinds: set[str]) -> str | None:
    """What the called phone shows. None when the platform refuses it (13214).

    Numbers may see the To or From of the parent (unless that is a SIP call), or a number of ours or a verified one.
    Clients may also see another client, applications and SIP devices anything.
    """
    wanted = reached(dial.attributes.get("callerId", "")) or run.leg.from_
    if run.net.may_show_number(wanted) or kinds <= {"Sip", "Application"}:
        return wanted
    if wanted.startswith("client:"):
        return wanted if kinds == {"Client"} else None
    inherited = not run.leg.address.startswith("sip:") and wanted in {run.leg.from_, run.leg.to}
    return wanted if inherited else None
