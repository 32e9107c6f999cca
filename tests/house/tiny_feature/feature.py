from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from flask import Blueprint
from sqlalchemy import Row, func, insert, select

from ivr.core.feature import Feature, Metric
from ivr.core.preflight import Examined, Finding, advice
from ivr.core.unit_of_work import Work
from ivr.core.web_app import services
from tests.house.tiny_feature.tables import greeting

page = Blueprint("tiny", __name__)


def read_greeting(work: Work, leg: Row[Any], about: Mapping[str, str]) -> Mapping[str, str]:
    return {"greeting": f"good {about['time']}"}


def write_greeting(work: Work, call_id: str) -> None:
    work.connection.execute(insert(greeting).values(call_id=call_id, state="sent"))


def check_greetings(examined: Examined) -> Iterator[Finding]:
    yield advice("nobody is greeted", "write greetings")


@page.get("/tiny")
def greetings() -> str:
    with services().database.read() as connection:
        return f"{connection.execute(select(func.count()).select_from(greeting)).scalar_one()} greetings"


FEATURE = Feature(
    name="tiny",
    facts={"tiny_greeting": read_greeting},
    timers={"tiny_greeting": write_greeting},
    pages=(page,),
    tables=(greeting,),
    metrics=(Metric("tiny_greetings", greeting),),
    checks=(check_greetings,),
)
