"""``sunline doctor``."""

from __future__ import annotations

import os

import click

from ivr.risks import risks
from ivr.settings import read_settings


@click.command("doctor")
@click.pass_context
def doctor(context: click.Context) -> None:
    """Is this installation fit for patients? Every risk, and the mend; exit status 1 when it is not."""
    found = sorted(risks(read_settings(os.environ)), key=lambda risk: not risk.grave)
    for risk in found:
        click.echo(str(risk))
    grave = sum(risk.grave for risk in found)
    click.echo(f"{grave} risks, {len(found) - grave} pieces of advice" if found else "nothing to mend")
    context.exit(1 if grave else 0)
