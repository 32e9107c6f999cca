"""The page on which people sign in, and signing out."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, redirect, render_template, request, session, url_for
from flask_login import current_user, login_user, logout_user
from sqlalchemy import Row

from ivr.accounts import accounts_store, passwords, sessions, throttle
from ivr.accounts.accounts_store import Person
from ivr.accounts.address import find_client_address
from ivr.accounts.guard import SignedIn, find_signed_in
from ivr.audit.append import append
from ivr.core.web_app import services

blueprint = Blueprint("sign_in", __name__)
Answer = Response | str | tuple[str, int]


@blueprint.get("/sign-in")
def show_form() -> Answer:
    """Ask for name and password."""
    if find_signed_in() is not None:
        return _go(url_for("start.open_first_page"))
    return render_template("accounts/sign_in.html")


@blueprint.post("/sign-in")
def sign_in() -> Answer:
    """Begin a session. A wrong, unknown, disabled or too early sign-in is met with the same words for all."""
    name, password = request.form.get("name", "").strip().lower(), request.form.get("password", "")
    attempt = throttle.Try.of(services().settings.session_secret, name, find_client_address(request))
    with services().database.write() as connection:
        admitted = throttle.admit_try(connection, attempt, services().clock.now())
        row = accounts_store.find_account(connection, name)
    if not admitted:
        return render_template("accounts/sign_in.html", failed=True), 403
    known = row if row is not None and row.disabled_at is None else None
    # The hash is looked at outside any transaction: it takes long on purpose.
    if not passwords.verify_password(known and known.password_hash, password) or known is None:
        return _refused(row)
    return _begin(known, attempt)


@blueprint.post("/sign-out")
def sign_out() -> Answer:
    """End the session, here and in the browser."""
    if current_user.is_authenticated:
        person, token = current_user.person, current_user.token
        with services().database.write() as connection:
            sessions.end_session(connection, token)
            _note(connection, person.name, "sign-out", "ok", person.role)
        logout_user()
    session.clear()
    return _go(url_for("sign_in.show_form"))


def _begin(row: Row[Any], attempt: throttle.Try) -> Answer:
    with services().database.write() as connection:
        throttle.take_back_try(connection, attempt)
        token = sessions.begin_session(connection, row.id, services().clock.now())
        _note(connection, row.name, "sign-in", "ok", row.role)
    wanted = session.get("next", "")
    session.clear()
    login_user(SignedIn(Person(row.id, row.name, row.role), token))
    return _go(wanted if _is_ours(wanted) else url_for("start.open_first_page"))


def _refused(row: Row[Any] | None) -> Answer:
    # What was typed may be a password in the wrong field: only a name that exists is written down.
    with services().database.write() as connection:
        _note(connection, row.name if row else "unknown", "sign-in", "denied")
    return render_template("accounts/sign_in.html", failed=True), 403


def _note(connection: Any, actor: str, action: str, outcome: str, role: str | None = None) -> None:
    at, address = services().clock.now(), find_client_address(request)
    append(connection, at=at, actor=actor, action=action, outcome=outcome, role=role, address=address)


def _is_ours(path: str) -> bool:
    return path.startswith("/") and not path.startswith(("//", "/\\"))


def _go(where: str) -> Response:
    return redirect(where, 303)  # type: ignore[return-value]
