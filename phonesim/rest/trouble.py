"""What faults do to REST requests: refused, answered late, or carried out without an answer."""

import re
from dataclasses import dataclass

from werkzeug.wrappers import Request

from phonesim.platform import Platform
from phonesim.rest.problems import RestProblem, not_found, unauthenticated

REGIONAL = re.compile(r"/(CA|CF|QU|RE|SM)[0-9a-f]{32}")
LISTS = re.compile(r"/(Calls|Conferences|Queues|Recordings|Messages)\.json")
EMPTY = "phonesim.empty"
FAILING = {500: (20500, "An internal server error has occurred"), 503: (20503, "Service Unavailable")}
NEVER = float("inf")


@dataclass(frozen=True, slots=True)
class Fate:
    """How one request fares: the problem it is refused with, or how many seconds its answer takes."""

    problem: RestProblem | None = None
    seconds: float = 0.0


def fate(net: Platform, request: Request) -> Fate:
    """How this request fares. What is refused has no effect; what is late or never answered has taken effect."""
    strikes, place = net.faults.strikes, f"{request.method} {request.path}"
    if strikes("rest-busy", place):
        return Fate(RestProblem(429, 20429, "Too Many Requests"))
    if status := strikes("rest-failing", place):
        return Fate(RestProblem(int(status), *FAILING[int(status)]))
    if region := strikes("wrong-region", place):
        problem = _elsewhere(int(region), request)
        if problem:
            return Fate(problem)
    lost = strikes("rest-lost-answer", place)
    return Fate(None, NEVER if lost else strikes("rest-slow", place) or 0.0)


def _elsewhere(status: int, request: Request) -> RestProblem | None:
    """Another region knows neither our resources nor our credentials (Twilio: Regions, API credentials)."""
    if status == 401:
        return unauthenticated()
    request.environ[EMPTY] = request.method == "GET" and LISTS.search(request.path) is not None
    return not_found(request.path) if REGIONAL.search(request.path) else None
