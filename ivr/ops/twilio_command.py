"""``sunline twilio``: pointing a real number at this server."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

import click

from ivr.core.setting_values import UnreadableValue, phone
from ivr.core.settings import Settings, read_settings
from ivr.core.urls import Urls
from ivr.installation.building import build_twilio
from ivr.installation.command_line import opened, refusals
from ivr.twilio.errors import TemporaryFailure, TwilioError
from ivr.twilio.rest_api import NumberState, RestApi

FIELDS = ("voice_url", "voice_fallback_url", "status_callback")


def wanted(settings: Settings) -> dict[str, str]:
    """Where a number must send its calls, its failures and its endings."""
    urls = Urls(settings.public_url)
    fallback = settings.fallback_url or urls.fallback()
    return dict(zip(FIELDS, (urls.incoming(), fallback, urls.number_status()), strict=True))


def differences(number: NumberState, wanted: dict[str, str]) -> list[str]:
    """What would change, a line each."""
    present = {name: getattr(number, name) for name in FIELDS}
    return [
        f"{name.replace('_', ' ')}: {present[name] or 'nothing'} -> {wanted[name]}"
        for name in FIELDS
        if present[name] != wanted[name]
    ]


@click.group("twilio")
def twilio() -> None:
    """The account at the phone network."""


@twilio.command("connect", short_help="Point NUMBER, such as +13125550100, at this server.")
@click.argument("number")
@click.option("--dry-run", is_flag=True, help="Show what would change and stop.")
@click.pass_context
def connect(context: click.Context, number: str, dry_run: bool) -> None:
    """Point NUMBER, such as +13125550100, at this server: voice, fallback and status addresses, all with POST.

    Shows what changes. Calls to the number reach this server from then on.
    """
    settings = read_settings(os.environ)
    with _refusals(), refusals(), opened(context) as installation:
        api = build_twilio(settings)
        state = _find(api, number)
        changes = differences(state, wanted(settings))
        click.echo("\n".join(changes) or "nothing changes")
        if not dry_run:
            # Also where nothing differs: the methods, which are not shown, may.
            with installation.noted("twilio.connect", state.sid):
                _point(api, state, wanted(settings))
            click.echo(f"{state.number} is connected.")


def _find(api: RestApi, number: str) -> NumberState:
    try:
        state = api.find_number(phone(number))
    except UnreadableValue as wrong:
        raise click.BadParameter(str(wrong), param_hint="NUMBER") from wrong
    if state is None:
        raise click.ClickException("this account does not own that number; check TWILIO_ACCOUNT_SID, or buy the number")
    return state


def _point(api: RestApi, state: NumberState, to: dict[str, str]) -> None:
    after = api.point_number(
        state.sid,
        voice_url=to["voice_url"],
        status_callback=to["status_callback"],
        fallback_url=to["voice_fallback_url"],
    )
    left = differences(after, to)
    if left:
        raise click.ClickException("\n".join(["the phone network did not take everything over:", *left]))


@contextmanager
def _refusals() -> Iterator[None]:
    try:
        yield
    except TemporaryFailure as failure:
        mend = "try again, and look whether this machine reaches its REST API"
        raise click.ClickException(f"the phone network does not answer: {failure}; {mend}") from failure
    except TwilioError as refusal:
        raise click.ClickException(f"the phone network refused: {refusal}") from refusal
