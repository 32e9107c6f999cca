"""``sunline pin``: the PINs of clinicians, typed by their owners and never shown."""

from __future__ import annotations

from collections.abc import Iterable

import click

from ivr.audit.append import append
from ivr.directory.people import OnCallPerson
from ivr.directory.revisions import load
from ivr.installation.command_line import Installation, opened, refusals
from ivr.oncall.pin_rules import LONGEST, SHORTEST, UnfitPin, refuse_published
from ivr.oncall.pins import set_pin
from ivr.privacy.keys import OPERATOR_KEYS


@click.group("pin")
def pin() -> None:
    """PINs of clinicians."""


@pin.command("set")
@click.argument("person")
@click.pass_context
def set_command(context: click.Context, person: str) -> None:
    """Set or replace the PIN of PERSON, as oncall.yaml names them. It is asked for twice and never shown.

    Let the owner type it. A PIN that was locked after too many wrong tries works again, and
    whoever is signed in to a page of theirs is signed out.
    """
    with refusals(), opened(context) as installation:
        known = _find(installation, person)
        name, numbers = known.name, list(known.numbers)
        digits = click.prompt(
            f"PIN of {name}, {SHORTEST} to {LONGEST} digits", hide_input=True, confirmation_prompt=True
        )
        _set(installation, person, digits, numbers)
    click.echo(f"{name} has a new PIN.")


def _find(installation: Installation, person: str) -> OnCallPerson:
    """A clinician of the configuration in force; UnknownName where there is none."""
    with installation.database.read() as connection:
        return load(connection).person(person)


def _set(installation: Installation, person: str, digits: str, numbers: Iterable[str]) -> None:
    at = installation.clock.now()
    installation.ensure_keys(OPERATOR_KEYS, at)
    try:
        if not installation.demo:
            refuse_published(digits)
        with installation.database.write() as connection:
            set_pin(connection, installation.cipher, person, digits, at, numbers)
            append(connection, at=at, actor=installation.actor, action="pin.set", outcome="ok", object_id=person)
    except UnfitPin as unfit:
        raise click.ClickException(str(unfit)) from unfit
