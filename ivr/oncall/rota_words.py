"""What ``sunline rota`` says of duties, covers and swaps."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Row

from ivr.directory.organisation import Organisation
from ivr.oncall.text_troubles import TextTrouble
from ivr.rotas.duties import OnDuty
from ivr.rotas.swaps import Swap, swap_of
from routing.spans import Span
from routing.zones import to_local

SECRET = ("address_sealed", "token_hash", "shifts")


def describe_stretch(organisation: Organisation, name: str, span: Span) -> str:
    """From when until when, on the clocks of a rota."""
    zone = organisation.rotas[name].zone if name in organisation.rotas else "UTC"
    start, end = (f"{to_local(one, zone):%a %Y-%m-%d %H:%M}" for one in span)
    return f"from {start} until {end} {zone}"


def describe_duty(organisation: Organisation, duty: OnDuty) -> str:
    """Who is on call on a rota, for people."""
    zone = organisation.rotas[duty.rota].zone
    beside = f", with {', '.join(duty.beside)}" if duty.beside else ""
    following = f"; next {duty.next}" if duty.next else "; nobody is next"
    until = f"{to_local(duty.until, zone):%a %Y-%m-%d %H:%M} {zone}"
    return f"{duty.rota}: {duty.on_call}{beside} until {until}{following}{_describe_risk(duty, zone)}"


def _describe_risk(duty: OnDuty, zone: str) -> str:
    told = ""
    if duty.unreached_since is not None:
        since = f"{to_local(duty.unreached_since, zone):%a %H:%M}"
        told = f"; AT RISK: not reached since {since}, {duty.backup or 'whoever is next'} is paged at once with them"
    if duty.next_unreached is not None:
        told += f"; AT RISK: {duty.next_unreached}, who takes over then, was not reached"
    return told


def describe_trouble(trouble: TextTrouble) -> str:
    """Whose texts do not arrive, for people."""
    told = f"texts to {trouble.person} do not arrive: {trouble.why}, since {trouble.since:%Y-%m-%d %H:%M} UTC"
    return f"{told}; their telephone is rung all the same"


def duty_as_json(duty: OnDuty, troubles: Iterable[TextTrouble]) -> dict[str, Any]:
    """The same for programs. ``untexted`` are those of them to whom texts do not arrive."""
    about = {"rota": duty.rota, "on_call": duty.on_call, "beside": list(duty.beside)}
    people = {duty.on_call, *duty.beside, duty.next}
    untexted = sorted({one.person for one in troubles if one.person in people})
    risk = {"unreached_since": duty.unreached_since, "backup": duty.backup, "next_unreached": duty.next_unreached}
    return {**about, "next": duty.next, "until": duty.until, **risk, "untexted": untexted}


def cover_sentence(organisation: Organisation, name: str, person: str, instead_of: str | None, span: Span) -> str:
    """Who stands in for whom, from when until when."""
    return f"{name}: {person} for {instead_of or 'whoever is on call'} {describe_stretch(organisation, name, span)}"


def swap_sentence(organisation: Organisation, swap: Swap) -> str:
    """Who takes what from whom."""
    given = f"{swap.rota}: {swap.asked_of} for {swap.asked_by} {describe_stretch(organisation, swap.rota, swap.gives)}"
    if swap.takes is None:
        return given
    return f"{given}; {swap.asked_by} for {swap.asked_of} {describe_stretch(organisation, swap.rota, swap.takes)}"


def describe_cover(organisation: Organisation, row: Row[Any]) -> str:
    """A cover that stands."""
    span = Span(row.begins_at, row.ends_at)
    why = f": {row.why}" if row.why else ""
    told = cover_sentence(organisation, row.rota_id, row.person_id, row.instead_of, span)
    return f"{row.id}, {told}, by {row.made_by}{why}"


def describe_swap(organisation: Organisation, row: Row[Any]) -> str:
    """A swap, and whether it holds or waits for an answer."""
    stands = f"waits for {row.asked_of}" if row.agreed_at is None else "a swap that both agreed to"
    return f"{row.id}, {swap_sentence(organisation, swap_of(row))}, {stands}"


def row_as_json(kind: str, row: Row[Any]) -> dict[str, Any]:
    """A row of some kind, without what is secret in it, and without the shifts, of which there are many."""
    told = {name: value for name, value in row._asdict().items() if name not in SECRET}
    return {"kind": kind, **({"of": told.pop("kind")} if "kind" in told else {}), **told}
