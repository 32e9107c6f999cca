"""``sunline pin``: the PINs of clinicians, typed by their owners and never shown."""

from __future__ import annotations

import click

from ivr.audit.append import append
from ivr.directory.revisions import load
from ivr.installation.command_line import Installation, opened, refusals
from ivr.oncall.pins import LONGEST, SHORTEST, UnfitPin, set_pin


@click.group("pin")
def pin() -> None:
    """PINs of clinicians."""


@pin.command("set")
@click.argument("person")
@click.pass_context
def set_command(context: click.Context, person: str) -> None:
    """Set or replace the PIN of PERSON, as oncall.yaml names them. It is asked for twice and never shown.

    Let the owner type it. A PIN that was locked after too many wrong tries works again.
    """
    with refusals(), opened(context) as installation:
        name = _known(installation, person)
        digits = click.prompt(
            f"PIN of {name}, {SHORTEST} to {LONGEST} digits", hide_input=True, confirmation_prompt=True
        )
        _set(installation, person, digits)
    click.echo(f"{name} has a new PIN.")


def _known(installation: Installation, person: str) -> str:
    """The name of a clinician of the configuration in force; UnknownName where there is none."""
    with installation.database.read() as connection:
        return load(connection).person(person).name


def _set(installation: Installation, person: str, digits: str) -> None:
    at = installation.clock.now()
    try:
        with installation.database.write() as connection:
            set_pin(connection, person, digits, at)
            append(connection, at=at, actor=installation.actor, action="pin.set", outcome="ok", object_id=person)
    except UnfitPin as unfit:
        raise click.ClickException(str(unfit)) from unfit
