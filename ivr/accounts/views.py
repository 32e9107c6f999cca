"""Signing in and out."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, redirect, render_template, request, session, url_for
from flask_login import current_user, login_user, logout_user
from sqlalchemy import Row

from ivr.accounts import passwords, people, sessions, throttle
from ivr.accounts.address import address_of
from ivr.accounts.guard import SignedIn, present
from ivr.accounts.people import Person
from ivr.audit.append import append
from ivr.core.web_app import services

staff = Blueprint("staff", __name__)
Answer = Response | str | tuple[str, int]


@staff.get("/sign-in")
def sign_in() -> Answer:
    """Name and password."""
    if present() is not None:
        return _go(url_for("console.start"))
    return render_template("accounts/sign_in.html")


@staff.post("/sign-in")
def signed_in() -> Answer:
    """Right: a new session. Wrong, unknown, disabled or too early: the same words for all."""
    name, password = request.form.get("name", "").strip().lower(), request.form.get("password", "")
    attempt = throttle.Try.of(services().settings.session_secret, name, address_of(request))
    with services().database.write() as connection:
        admitted = throttle.admit(connection, attempt, services().clock.now())
        row = people.find(connection, name)
    if not admitted:
        return render_template("accounts/sign_in.html", failed=True), 403
    known = row if row is not None and row.disabled_at is None else None
    # The hash is looked at outside any transaction: it takes long on purpose.
    if not passwords.matches(known and known.password_hash, password) or known is None:
        return _refused(row)
    return _begin(known, attempt)


@staff.post("/sign-out")
def sign_out() -> Answer:
    """End the session, here and in the browser."""
    if current_user.is_authenticated:
        person, token = current_user.person, current_user.token
        with services().database.write() as connection:
            sessions.end(connection, token)
            _note(connection, person.name, "sign-out", "ok", person.role)
        logout_user()
    session.clear()
    return _go(url_for("staff.sign_in"))


def _begin(row: Row[Any], attempt: throttle.Try) -> Answer:
    with services().database.write() as connection:
        throttle.take_back(connection, attempt)
        token = sessions.begin(connection, row.id, services().clock.now())
        _note(connection, row.name, "sign-in", "ok", row.role)
    wanted = session.get("next", "")
    session.clear()
    login_user(SignedIn(Person(row.id, row.name, row.role), token))
    return _go(wanted if _is_ours(wanted) else url_for("console.start"))


def _refused(row: Row[Any] | None) -> Answer:
    # What was typed may be a password in the wrong field: only a name that exists is written down.
    with services().database.write() as connection:
        _note(connection, row.name if row else "unknown", "sign-in", "denied")
    return render_template("accounts/sign_in.html", failed=True), 403


def _note(connection: Any, actor: str, action: str, outcome: str, role: str | None = None) -> None:
    at, address = services().clock.now(), address_of(request)
    append(connection, at=at, actor=actor, action=action, outcome=outcome, role=role, address=address)


def _is_ours(path: str) -> bool:
    return path.startswith("/") and not path.startswith(("//", "/\\"))


def _go(where: str) -> Response:
    return redirect(where, 303)  # type: ignore[return-value]
