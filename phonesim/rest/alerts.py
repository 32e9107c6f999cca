"""The debugger's entries (Twilio: Monitor v1 Alerts)."""

from datetime import datetime
from typing import Any

from werkzeug.wrappers import Request

from phonesim.platform import Platform
from phonesim.rest.paging import paged_with_meta
from phonesim.rest.problems import Reply, bad_parameter, existing
from phonesim.values import Alert, iso8601

MONITOR = "https://monitor.twilio.com"


def listing(net: Platform, request: Request) -> Reply:
    """Newest first; filters LogLevel, StartDate and EndDate."""
    level = request.args.get("LogLevel")
    start, end = _instant(request, "StartDate"), _instant(request, "EndDate")
    found = (one for one in reversed(net.alerts) if level in {None, one.level})
    chosen = (one for one in found if (not start or one.at >= start) and (not end or one.at <= end))
    return 200, paged_with_meta(request, MONITOR, "alerts", chosen, lambda one: _shown(net, one))


def _instant(request: Request, name: str) -> datetime | None:
    value = request.args.get(name)
    try:
        return datetime.fromisoformat(value if "T" in value else f"{value}T00:00:00+00:00") if value else None
    except ValueError as problem:
        raise bad_parameter(20001, f"{name} is not ISO 8601") from problem


def fetch(net: Platform, request: Request, sid: str) -> Reply:
    """One entry, with the request it is about left to the request inspector."""
    found = existing(next((one for one in net.alerts if one.sid == sid), None), request.path)
    more = {"request_variables": None, "request_headers": None, "response_headers": None, "response_body": None}
    return 200, {**_shown(net, found), **more}


def _shown(net: Platform, one: Alert) -> dict[str, Any]:
    at = iso8601(one.at)
    return {
        "sid": one.sid, "account_sid": net.account_sid, "alert_text": one.message, "api_version": "2010-04-01",
        "date_created": at, "date_generated": at, "date_updated": at, "error_code": str(one.code),
        "log_level": one.level, "more_info": one.help, "request_method": one.method or None,
        "request_url": one.url or None, "resource_sid": one.call_sid, "service_sid": None,
        "url": f"{MONITOR}/v1/Alerts/{one.sid}",
    }  # fmt: skip
