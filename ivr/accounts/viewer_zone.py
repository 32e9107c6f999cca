"""In whose time zone times are shown beside that of the practice: the zone of whoever looks, and the choice of it."""

from __future__ import annotations

from flask import Blueprint, Response, abort, g, render_template, request, url_for

from ivr.accounts import accounts_store, audit_trail
from ivr.accounts.accounts_store import AccountError
from ivr.accounts.guard import find_signed_in, go_to, is_own_path, redirect_to_sign_in
from ivr.core.web_app import services
from ivr.directory.in_force import find_operator_zone
from routing.zones import known_zone, zone_names

blueprint = Blueprint("viewer_zone", __name__)


def find_viewer_zone() -> str | None:
    """Return the zone of whoever looks: the one they chose, else the operator's. None: that of the practice will do."""
    if "viewer_zone" in g:
        zone: str | None = g.viewer_zone
    else:
        person = find_signed_in()
        zone = (person.zone or find_operator_zone()) if person else None
    return zone if zone is not None and known_zone(zone) else None


def use_viewer_zone(zone: str | None) -> None:
    """Let ``zone`` be that of whoever looks, for this request: somebody who has no account has it from elsewhere."""
    g.viewer_zone = zone


@blueprint.get("/time-zone")
def show_zones() -> Response | str:
    """Offer every time zone that people live by: too many for every page, which offers those in use here."""
    person = find_signed_in()
    if person is None:
        return redirect_to_sign_in()
    back = request.args.get("back", "")
    leads_back = back if is_own_path(back) else url_for("start.open_first_page")
    return render_template("accounts/time_zones.html", zones=zone_names(), chosen=person.zone, back=leads_back)


@blueprint.post("/time-zone")
def choose_zone() -> Response:
    """Keep the choice with the account, and go back to the page on which it was made."""
    person = find_signed_in()
    if person is None:
        return redirect_to_sign_in()
    try:
        with services().database.write() as connection:
            accounts_store.choose_time_zone(connection, person.id, request.form.get("zone") or None)
            audit_trail.write_row_within(connection, services(), person, "account.time-zone")
    except AccountError:
        abort(400)
    back = request.form.get("back", "")
    return go_to(back if is_own_path(back) else url_for("start.open_first_page"))
