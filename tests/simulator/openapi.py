"""Holds REST requests and answers against Twilio's OpenAPI descriptions, as WSGI middleware for any test.

``checked(net.rest_app, test_data)`` is a callable to put in place of ``net.rest_app``: every request through it may use
documented paths and parameters only, with values of the documented kind, and every answer must have the documented
shape. What is not so raises ``NotDocumented``, which names the place.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any

from werkzeug.datastructures import MultiDict
from werkzeug.test import run_wsgi_app
from werkzeug.wrappers import Request

FILES = ("twilio_api_v2010.json", "twilio_verify_v2.json", "twilio_accounts_v1.json")
FORM = "application/x-www-form-urlencoded"
BEYOND = re.compile(r".*/Recordings/RE[0-9a-f]{32}(\.wav|\.mp3)?|/v1/Alerts(/.*)?")
"""Served though no description at hand has it: media of recordings, and the Monitor API."""
ERROR = {"code": int, "message": str, "more_info": str, "status": int}


class NotDocumented(AssertionError):
    """A request or an answer that Twilio's description does not have."""


@dataclass(frozen=True)
class Operation:
    """One method of one path."""

    method: str
    path: str
    facts: dict[str, Any]
    schemas: dict[str, Any]

    def query(self) -> dict[str, Any]:
        """The documented query parameters and their rules."""
        return {one["name"]: one["schema"] for one in self.facts.get("parameters", []) if one["in"] == "query"}

    def form(self) -> dict[str, Any]:
        """The documented form parameters and their rules."""
        return dict(self._form().get("properties", {}))

    def required(self) -> list[str]:
        """The form parameters a request must have."""
        return list(self._form().get("required", []))

    def _form(self) -> dict[str, Any]:
        return dict(self.facts.get("requestBody", {}).get("content", {}).get(FORM, {}).get("schema", {}))

    def answer(self, status: int) -> dict[str, Any] | None:
        """The rule of the body of an answer; None for an answer without one."""
        if str(status) not in self.facts["responses"]:
            raise NotDocumented(
                f"{self.method} {self.path} answers {status}; documented: {list(self.facts['responses'])}"
            )
        content = self.facts["responses"][str(status)].get("content")
        return dict(content["application/json"]["schema"]) if content else None


class Description:
    """All operations of the descriptions in a folder."""

    def __init__(self, folder: Path) -> None:
        self.operations = [one for name in FILES for one in _operations(json.loads((folder / name).read_text()))]
        self._patterns = [(re.compile(re.sub(r"\{\w+\}", "[^/]+", one.path) + "$"), one) for one in self.operations]

    def find(self, method: str, path: str) -> Operation | None:
        """The operation for a request; literal paths before those with more placeholders."""
        found = [one for pattern, one in self._patterns if one.method == method and pattern.match(path)]
        return min(found, key=lambda one: one.path.count("{"), default=None)


def _operations(text: dict[str, Any]) -> Iterator[Operation]:
    for path, methods in text["paths"].items():
        for method in methods.keys() & {"get", "post", "delete"}:
            yield Operation(method.upper(), path, methods[method], text["components"]["schemas"])


@lru_cache(maxsize=1)
def description(test_data: Path) -> Description:
    """The descriptions among the real data."""
    return Description(test_data / "twilio-spec")


class Checked:
    """The middleware."""

    def __init__(self, app: Any, test_data: Path) -> None:
        self.app, self.description = app, description(test_data)
        self.seen: set[tuple[str, str]] = set()

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answer one request, or raise NotDocumented."""
        sent = Request(environ).get_data(parse_form_data=False)
        request = Request({**environ, "wsgi.input": BytesIO(sent)})
        body, status, headers = run_wsgi_app(self.app, {**environ, "wsgi.input": BytesIO(sent)}, buffered=True)
        code, content = int(status.split()[0]), b"".join(body)
        operation = self.description.find(request.method, request.path)
        if operation:
            self.seen.add((operation.method, operation.path))
            check_request(operation, request.args, request.form, code < 300)
            check_answer(operation, code, content)
        elif not BEYOND.fullmatch(request.path) and code != 404:
            raise NotDocumented(f"{request.method} {request.path} is in no description")
        start_response(status, list(headers))
        return [content]


def checked(app: Any, test_data: Path) -> Checked:
    """The same callable, held against the descriptions."""
    return Checked(app, test_data)


def check_request(operation: Operation, args: MultiDict[str, str], form: MultiDict[str, str], accepted: bool) -> None:
    """Every parameter is documented and of its kind; an accepted request has those that are required."""
    for given, rules in ((args, operation.query()), (form, operation.form())):
        for name, value in given.items(multi=True):
            if name not in rules:
                raise NotDocumented(f"{operation.method} {operation.path} has no parameter {name}")
            _check_parameter(f"{operation.method} {operation.path} {name}", operation.schemas, rules[name], value)
    missing = [name for name in operation.required() if name not in form]
    if accepted and missing:
        raise NotDocumented(f"{operation.method} {operation.path} needs {', '.join(missing)}")


def _check_parameter(where: str, schemas: dict[str, Any], rule: dict[str, Any], value: str) -> None:
    rule = _resolved(schemas, rule.get("items", rule))
    kinds = {"integer": r"-?\d+", "boolean": r"(?i)true|false", "number": r"-?[\d.]+"}
    kind = kinds.get(rule.get("type", ""))
    if kind and not re.fullmatch(kind, value):
        raise NotDocumented(f"{where}: {value!r} is no {rule['type']}")
    if "enum" in rule and value not in rule["enum"]:
        raise NotDocumented(f"{where}: {value!r} is none of {rule['enum']}")
    if "pattern" in rule and value and not re.search(rule["pattern"], value):
        raise NotDocumented(f"{where}: {value!r} does not look like {rule['pattern']}")


def check_answer(operation: Operation, status: int, content: bytes) -> None:
    """The body has every documented property, no other, each of its kind; errors have their four."""
    where = f"{operation.method} {operation.path} -> {status}"
    if status >= 400:
        body = json.loads(content)
        if {name: type(value) for name, value in body.items()} != ERROR or body["status"] != status:
            raise NotDocumented(f"{where}: {sorted(body)} is not an error body")
        return
    rule = operation.answer(status)
    if rule is None:
        if content:
            raise NotDocumented(f"{where} has a body")
        return
    _check_value(where, operation.schemas, rule, json.loads(content))


PYTHON = {"string": str, "integer": int, "number": (int, float, str), "boolean": bool, "object": dict, "array": list}


def _check_value(where: str, schemas: dict[str, Any], rule: dict[str, Any], value: Any) -> None:
    rule = _resolved(schemas, rule)
    if value is None:
        return
    wanted = PYTHON.get(rule.get("type", ""))
    if wanted and (not isinstance(value, wanted) or (isinstance(value, bool) and rule["type"] != "boolean")):
        raise NotDocumented(f"{where}: {value!r} is no {rule['type']}")
    if "enum" in rule and value not in rule["enum"]:
        raise NotDocumented(f"{where}: {value!r} is none of {rule['enum']}")
    if "pattern" in rule and not re.search(rule["pattern"], value):
        raise NotDocumented(f"{where}: {value!r} does not look like {rule['pattern']}")
    _check_format(where, rule.get("format", ""), value)
    if "properties" in rule:
        _check_object(where, schemas, rule["properties"], value)
    for item in value if "items" in rule else ():
        _check_value(f"{where}[]", schemas, rule["items"], item)


def _check_object(where: str, schemas: dict[str, Any], properties: dict[str, Any], value: dict[str, Any]) -> None:
    if value.keys() != properties.keys():
        missing, more = properties.keys() - value.keys(), value.keys() - properties.keys()
        raise NotDocumented(f"{where}: without {sorted(missing)}, with {sorted(more)}")
    for name, rule in properties.items():
        _check_value(f"{where}.{name}", schemas, rule, value[name])


def _check_format(where: str, form: str, value: Any) -> None:
    readers = {"date-time-rfc-2822": parsedate_to_datetime, "date-time": datetime.fromisoformat}
    try:
        readers.get(form, str)(value)
    except ValueError as problem:
        raise NotDocumented(f"{where}: {value!r} is no {form}") from problem


def _resolved(schemas: dict[str, Any], rule: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in rule:
        rule = schemas[rule["$ref"].rsplit("/", 1)[1]]
    return rule
