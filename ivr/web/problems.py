"""Refusals and failures as pages: the number, a sentence, and nothing that tells what is or is not there."""

from __future__ import annotations

import structlog
from flask import Response, make_response, render_template, request
from werkzeug.exceptions import HTTPException

log = structlog.get_logger(__name__)

WORDS = {
    400: "This form cannot be used any more. Go back, load the page again and repeat it.",
    403: "Your account may not open this page.",
    404: "There is nothing here.",
    405: "This page cannot be used that way.",
    409: "This recording is not what was stored, so it is not played. Supervisors have been alerted.",
    410: "This recording was destroyed. Its custody record remains.",
    413: "That was too much at once.",
    503: "This cannot be reached just now. Try again in a moment.",
}
OTHERWISE = "Something failed on our side. Try again in a moment."


def show_problem(problem: Exception) -> Response:
    """Return the page for a refusal or a failure. The text of a failure never leaves the process."""
    if not isinstance(problem, HTTPException):
        log.error("page_failed", endpoint=request.endpoint, exc_info=problem)
        return _page(500)
    if problem.response is not None or (problem.code or 500) < 400:
        return make_response(problem.get_response())
    answer = _page(problem.code or 500)
    for name, value in problem.get_headers():
        if name not in ("Content-Type", "Content-Length"):
            answer.headers[name] = value
    return answer


def _page(code: int) -> Response:
    return make_response(render_template("web/problem.html", code=code, words=WORDS.get(code, OTHERWISE)), code)
