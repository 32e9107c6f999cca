"""The page on which people sign in, and signing out."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, render_template, request, session, url_for
from flask_login import current_user, login_user, logout_user
from sqlalchemy import Connection, Row

from ivr.accounts import accounts_store, known_device, passwords, sessions, throttle
from ivr.accounts.accounts_store import Person
from ivr.accounts.address import find_client_address
from ivr.accounts.guard import SignedIn, find_signed_in, go_to, is_own_path
from ivr.audit.append import append
from ivr.core.web_app import services

blueprint = Blueprint("sign_in", __name__)
Answer = Response | str | tuple[str, int]


@blueprint.get("/sign-in")
def show_form() -> Answer:
    """Ask for name and password."""
    if find_signed_in() is not None:
        return go_to(url_for("start.open_first_page"))
    return render_template("accounts/sign_in.html")


@blueprint.post("/sign-in")
def sign_in() -> Answer:
    """Begin a session. A wrong, unknown, disabled or too early sign-in is met with the same words for all."""
    name, password = request.form.get("name", "").strip().lower(), request.form.get("password", "")
    settings = services().settings
    device = known_device.find_device(request, settings, name)
    attempt = throttle.Try.of(settings.session_secret, name, find_client_address(request), device)
    with services().database.write() as connection:
        admitted = throttle.admit_try(connection, attempt, services().clock.now())
        row = accounts_store.find_account(connection, name)
    if not admitted:
        return _refuse(row, "too-early")
    # The hash is looked at outside any transaction: it takes long on purpose.
    hashed = accounts_store.find_open_hash(services().cipher, row)
    right = passwords.verify_password(hashed, password)
    return (_begin(name, hashed, attempt) if right else None) or _refuse(row, "denied")


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
    return go_to(url_for("sign_in.show_form"))


def _begin(name: str, checked: str | None, attempt: throttle.Try) -> Answer | None:
    """Begin a session, and end the one that the browser had. None: the account was changed since it was checked."""
    with services().database.write() as connection:
        row = accounts_store.lock_account(connection, name)
        if row is None or accounts_store.find_open_hash(services().cipher, row) != checked:
            return None
        accounts_store.bind_password(connection, services().cipher, row)
        throttle.take_back_try(connection, attempt)
        if current_user.is_authenticated:
            sessions.end_session(connection, current_user.token)
        token = sessions.begin_session(connection, row.id, services().clock.now())
        _note(connection, row.name, "sign-in", "ok", row.role)
    wanted = session.get("next", "")
    session.clear()
    login_user(SignedIn(Person(row.id, row.name, row.role, row.time_zone), token))
    answer = go_to(wanted if is_own_path(wanted) else url_for("start.open_first_page"))
    known_device.remember_device(answer, request, services().settings, name)
    return answer


def _refuse(row: Row[Any] | None, outcome: str) -> Answer:
    # What was typed may be a password in the wrong field: only a name that exists is written down.
    with services().database.write() as connection:
        _note(connection, row.name if row else "unknown", "sign-in", outcome)
    return render_template("accounts/sign_in.html", failed=True), 403


def _note(connection: Connection, actor: str, action: str, outcome: str, role: str | None = None) -> None:
    at, address = services().clock.now(), find_client_address(request)
    append(connection, at=at, actor=actor, action=action, outcome=outcome, role=role, address=address)
