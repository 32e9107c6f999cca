from __future__ import annotations

import click


@click.command("greet")
@click.argument("name")
def greet(name: str) -> None:
    """Greet somebody."""
    click.echo(f"good morning, {name}")
