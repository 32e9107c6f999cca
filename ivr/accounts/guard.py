"""Nobody gets to a page without being signed in and having the permission that the page names."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, NoReturn, TypeVar

from flask import Flask, Response, abort, redirect, request, session, url_for
from flask_login import LoginManager, current_user

from ivr.accounts import audit_trail, sessions
from ivr.accounts.accounts_store import Person
from ivr.core.services import Services
from ivr.core.web_app import services

_OWN_PATH = re.compile(r"/(?!/)[\w./?=&%-]*", re.ASCII)

View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class SignedIn:
    """What Flask-Login keeps for a request (Flask-Login: "Your User Class")."""

    person: Person
    token: str
    is_authenticated: bool = True
    is_active: bool = True
    is_anonymous: bool = False

    def get_id(self) -> str:
        """What goes into the browser's signed cookie: the session's token."""
        return self.token


def install_sign_in(app: Flask, built: Services) -> None:
    """Let Flask-Login find who is signed in."""
    manager = LoginManager(app)

    def load(token: str) -> SignedIn | None:
        person = sessions.find_person(built.database, token, built.clock.now())
        return None if person is None else SignedIn(person, token)

    manager.user_loader(load)


def find_signed_in() -> Person | None:
    """Return who is signed in."""
    return current_user.person if current_user.is_authenticated else None


def has_permission(person: Person, permission: str) -> bool:
    """Return whether the role of ``person`` has a permission. Raises KeyError for one that no feature gives."""
    return person.role in services().features.permissions[permission]


def person_may(permission: str) -> bool:
    """Return whether somebody is signed in who has a permission."""
    person = find_signed_in()
    return person is not None and has_permission(person, permission)


def require_permission(permission: str) -> Callable[[View], View]:
    """Let only people with ``permission`` in, and give the view the person."""

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(**where: Any) -> Any:
            person = find_signed_in()
            if person is None:
                return redirect_to_sign_in()
            demand_permission(person, permission, *where.values())
            return view(person, **where)

        return guarded  # type: ignore[return-value]

    return guard


def demand_permission(person: Person, permission: str, *objects: object) -> None:
    """Refuse whoever has not the permission, with 403 and a row in the trail."""
    if not has_permission(person, permission):
        object_id = next(filter(None, map(audit_trail.keep_opaque, objects)), None)
        audit_trail.write_row(services(), person, f"page.{permission}", audit_trail.About(object_id), outcome="denied")
        abort(403)


def refuse_unknown(person: Person, action: str, object_id: str) -> NoReturn:
    """Answer 404, and leave a row: somebody looked for what is not there."""
    audit_trail.write_row(
        services(), person, action, audit_trail.About(audit_trail.keep_opaque(object_id)), outcome="unknown"
    )
    abort(404)


def is_own_path(path: str) -> bool:
    """Return whether a browser that is sent to ``path`` stays on these pages."""
    return _OWN_PATH.fullmatch(path) is not None


def go_to(where: str) -> Response:
    """Send the browser on after a form was dealt with."""
    return redirect(where, 303)  # type: ignore[return-value]


def redirect_to_sign_in() -> Response:
    """Send the browser to the sign-in page, and back here afterwards."""
    if request.method in ("GET", "HEAD"):
        session["next"] = request.path
    return redirect(url_for("sign_in.show_form"))  # type: ignore[return-value]
