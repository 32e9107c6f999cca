"""The address without a path."""

from __future__ import annotations

from flask import Blueprint, Response, abort, redirect, url_for

from ivr.accounts.guard import find_signed_in, redirect_to_sign_in
from ivr.web.navigation import list_navigation

blueprint = Blueprint("start", __name__)


@blueprint.get("/")
def open_first_page() -> Response:
    """Send the browser to the first page of the navigation that the person may open."""
    if find_signed_in() is None:
        return redirect_to_sign_in()
    first = next(iter(list_navigation()), None) or abort(404)
    return redirect(url_for(first.endpoint))  # type: ignore[return-value]
