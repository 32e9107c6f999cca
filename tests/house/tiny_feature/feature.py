from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from flask import Blueprint, render_template
from sqlalchemy import Row, func, insert, select

from ivr.accounts import audit_trail
from ivr.accounts.accounts_store import Person
from ivr.accounts.guard import require_permission
from ivr.core.feature import Feature, Metric, NavigationItem
from ivr.core.preflight import Examined, Finding, advice
from ivr.core.unit_of_work import Work
from ivr.core.web_app import services
from tests.house.tiny_feature.tables import greeting

page = Blueprint("tiny", __name__, template_folder="templates")


def read_greeting(work: Work, leg: Row[Any], about: Mapping[str, str]) -> Mapping[str, str]:
    return {"greeting": f"good {about['time']}"}


def write_greeting(work: Work, call_id: str) -> None:
    work.connection.execute(insert(greeting).values(call_id=call_id, state="sent"))


def check_greetings(examined: Examined) -> Iterator[Finding]:
    yield advice("nobody is greeted", "write greetings")


@page.get("/tiny")
@require_permission("greetings")
def show_greetings(person: Person) -> str:
    with services().database.read() as connection:
        count = connection.execute(select(func.count()).select_from(greeting)).scalar_one()
    audit_trail.write_row(services(), person, "greetings.list")
    return render_template("tiny/greetings.html", count=count)


FEATURE = Feature(
    name="tiny",
    facts={"tiny_greeting": read_greeting},
    timers={"tiny_greeting": write_greeting},
    pages=(page,),
    navigation=(NavigationItem("Greetings", "tiny.show_greetings", permission="greetings", order=90),),
    permissions={"greetings": frozenset({"supervisor"})},
    tables=(greeting,),
    metrics=(Metric("tiny_greetings", greeting),),
    checks=(check_greetings,),
)
