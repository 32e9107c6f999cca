"""``/oncall``: signed in once for a shift, on a device of one's own, by which a link was opened before."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial, wraps
from typing import Any

from flask import Blueprint, Response, flash, g, redirect, render_template, request, session, url_for

from ivr.accounts import known_device
from ivr.accounts.address import find_client_address
from ivr.accounts.viewer_zone import use_viewer_zone
from ivr.calls.configuration import newest
from ivr.clinicians import actions, home, items
from ivr.core.unit_of_work import Work, in_transaction, transaction
from ivr.core.web_app import services
from ivr.oncall import page_access, page_sessions, page_sign_in, shift_sessions
from ivr.oncall.marks import mark_page
from ivr.rotas import covers, swaps
from ivr.rotas.covers import CoverRefused
from ivr.rotas.duties import list_on_duty
from ivr.rotas.live import list_covers
from ivr.rotas.swaps import Swap
from routing.spans import Span

blueprint = Blueprint("on_call_home", __name__, url_prefix="/oncall")
Answer = Response | str | tuple[str, int]
UNTIL_THE_END = "shift"


@blueprint.get("")
def show_home() -> Answer:
    """Show everything of the person who is signed in; ask whoever is not for the PIN, on a device that is known."""
    with transaction(services()) as work:
        person = page_access.find_person(work)
        if person is None:
            return render_template("clinicians/sign_in.html", people=_list_known(work))
        told = home.read_home(work, person)
        actions.note_person_use(work, person, "oncall.home")
    use_viewer_zone(told.organisation.person(person).zone)
    g.runs_script = True
    return render_template(
        "clinicians/home.html", home=told, mark=mark_page, hours=home.COVER_HOURS, until_the_end=UNTIL_THE_END
    )


@blueprint.post("")
def sign_in() -> Answer:
    """Check the PIN of somebody who has signed in on this device before, by the link of a page."""
    settings, digits = services().settings, request.form.get("pin", "").strip()
    with transaction(services()) as work:
        known = _list_known(work)
        wanted = request.form.get("person") or next(iter(known), "")
    person = wanted if wanted in known else None
    account = f"clinician {person}" if person else f"link {find_client_address(request)}"
    device = known_device.find_device(request, settings, account)
    asked = page_sign_in.Asked(account, person, digits, find_client_address(request), device)
    token = page_sign_in.check_pin(services(), asked, partial(_begin, person), partial(_note, person))
    if token is None:
        return render_template("clinicians/sign_in.html", people=known, failed=True), 403
    _end_session()
    shift_sessions.remember_session(session, token)
    answer = _back()
    known_device.remember_device(answer, request, settings, account)
    return answer


@blueprint.post("/leave")
def sign_out() -> Answer:
    """Sign out."""
    person = _end_session()
    if person is not None:
        with transaction(services()) as work:
            actions.note_person_use(work, person, "oncall.sign-out")
    return _back()


def _signed_in(action: str) -> Callable[[Callable[..., str]], Callable[..., Answer]]:
    """Let only whoever is signed in do something; what was refused is told in words. All of it leaves a row."""

    def guard(act: Callable[..., str]) -> Callable[..., Answer]:
        @wraps(act)
        def guarded(**where: Any) -> Answer:
            def once(work: Work) -> str | None:
                person = page_access.find_person(work)
                if person is None:
                    return None
                try:
                    with work.connection.begin_nested():
                        words, outcome = act(work, person, **where), "ok"
                except CoverRefused as refused:
                    words, outcome = f"Not done: {str(refused).partition(';')[0]}.", "refused"
                actions.note_person_use(work, person, action, outcome)
                return words

            words = in_transaction(services(), once)
            if words is None:
                return render_template("clinicians/sign_in.html", people=[]), 403
            flash(words)
            return _back()

        return guarded

    return guard


@blueprint.post("/items/<call_id>/take")
def take_item(call_id: str) -> Answer:
    """Take an open item that was handed over, and go to its card."""

    def once(work: Work) -> tuple[str | None, str | None]:
        person = page_access.find_person(work)
        if person is None:
            return None, None
        known = items.find_item(work.connection, call_id) is not None
        token = items.take_item(work, call_id, person) if known else None
        about = call_id if known else None
        actions.note_person_use(work, person, "oncall.take", "ok" if token else "refused", about)
        return person, token

    person, token = in_transaction(services(), once)
    if person is None:
        return render_template("clinicians/sign_in.html", people=[]), 403
    if token is None:
        flash("It is not handed over to you any more.")
        return _back()
    return redirect(url_for("oncall.show_page", token=token), 303)  # type: ignore[return-value]


@blueprint.post("/swaps")
@_signed_in("oncall.swap-ask")
def ask_swap(work: Work, person: str) -> str:
    """Ask a colleague to take a shift, perhaps for one of theirs."""
    rota, gives = _read_shift(request.form.get("gives", ""))
    other, _, rest = request.form.get("with", "").partition("|")
    takes = _read_shift(rest)[1] if rest else None
    wanted = Swap(rota, person, gives, other, takes)
    organisation = newest(work)
    if other not in organisation.people:
        raise CoverRefused("choose whom to ask")
    swaps.ask_swap(work.connection, organisation, work.services.ids(), wanted, work.at, person)
    return f"{organisation.person(other).name} is asked. It holds once they agree on their own page."


@blueprint.post("/swaps/<name>/confirm")
@_signed_in("oncall.swap-confirm")
def confirm_swap(work: Work, person: str, name: str) -> str:
    """Agree to a swap."""
    swaps.confirm_swap(work.connection, newest(work), name, person, work.at, person)
    return "Agreed: the swap holds."


@blueprint.post("/swaps/<name>/withdraw")
@_signed_in("oncall.swap-withdraw")
def withdraw_swap(work: Work, person: str, name: str) -> str:
    """Take a swap back, or decline it."""
    swaps.withdraw_swap(work.connection, name, person, work.at, person)
    return "The swap is taken back."


@blueprint.post("/covers")
@_signed_in("oncall.cover")
def make_cover(work: Work, person: str) -> str:
    """Let a colleague stand in for the person, from now until an end."""
    rota, other = request.form.get("rota", ""), request.form.get("person", "")
    organisation = newest(work)
    if rota not in organisation.rotas or other not in organisation.people:
        raise CoverRefused("choose a rota and a colleague")
    until = _find_until(work, rota, request.form.get("until", ""))
    about = {"instead_of": person}
    covers.cover(
        work.connection, organisation, work.services.ids(), rota, other, Span(work.at, until), work.at, person, **about
    )
    return f"{organisation.person(other).name} stands in for you. Pages that have begun go on as they were."


@blueprint.post("/covers/<name>/end")
@_signed_in("oncall.cover-end")
def end_cover(work: Work, person: str, name: str) -> str:
    """End a cover by or for the person."""
    mine = [row.id for row in list_covers(work.connection, work.at) if person in (row.person_id, row.instead_of)]
    if name not in mine or not covers.end_cover(work.connection, name, work.at, person):
        raise CoverRefused("it is no cover of yours that still holds")
    return "It is ended, and the rota holds again."


def _find_until(work: Work, rota: str, until: str) -> datetime:
    if until == UNTIL_THE_END:
        return next(iter(list_on_duty(work.connection, newest(work), work.at, (rota,)))).until
    if until not in map(str, home.COVER_HOURS):
        raise CoverRefused("choose an end")
    return work.at + timedelta(hours=int(until))


def _read_shift(text: str) -> tuple[str, Span]:
    rota, *times = text.split("|")
    try:
        start, end = map(datetime.fromisoformat, times)
    except ValueError:
        raise CoverRefused("choose a shift") from None
    if start.tzinfo is None or end.tzinfo is None:
        raise CoverRefused("choose a shift")
    return rota, Span(start, end)


def _list_known(work: Work) -> dict[str, str]:
    """The people whom this device is known to, by id and name: nobody else is told who is on call."""
    settings = services().settings
    people = newest(work).people.values()
    return {
        one.id: one.name
        for one in people
        if known_device.find_device(request, settings, f"clinician {one.id}") is not None
    }


def _begin(person: str | None, work: Work) -> str | None:
    if person is None:
        return None
    ends_at = shift_sessions.find_end(work.connection, newest(work), person, work.at)
    return shift_sessions.begin_session(work, person, ends_at)


def _note(person: str | None, work: Work, outcome: str) -> None:
    actions.note_person_use(work, person or "unknown", "oncall.sign-in", outcome)


def _end_session() -> str | None:
    with transaction(services()) as work:
        page_sessions.end_session(work, session)
        return shift_sessions.end_session(work.connection, session)


def _back() -> Response:
    return redirect(url_for("on_call_home.show_home"), 303)  # type: ignore[return-value]
