"""What monitoring asks, and who is answered."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.web.line import Line

TOKEN = "fedcba9876543210" * 3


@pytest.fixture
def monitored(line: Line) -> Line:
    line.services.settings = replace(line.services.settings, metrics_token=TOKEN)
    return line


def status(line: Line, **headers: str) -> int:
    """Asked from this machine, as by a proxy for everybody."""
    return line.client().get("/metrics", headers=headers).status_code


def test_the_figures_are_for_whoever_shows_the_token(monitored: Line) -> None:
    answer = monitored.client().get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert answer.status_code == 200
    assert "sunline_queue" in answer.get_data(as_text=True)


@pytest.mark.parametrize("shown", ["", "Bearer", "Bearer x", f"Basic {TOKEN}", f"Bearer {TOKEN}x", "Bearer \u00fc"])
def test_nobody_else_sees_the_figures(monitored: Line, shown: str) -> None:
    assert status(monitored, Authorization=shown) == status(monitored) == 404


def test_without_a_token_nobody_sees_the_figures(line: Line) -> None:
    assert status(line, Authorization="Bearer ") == status(line, Authorization="Bearer None") == 404


def test_whether_it_runs_everybody_may_ask(line: Line) -> None:
    assert line.client().get("/healthz").get_json() == {"alive": True}
    assert set(line.client().get("/readyz").get_json()) == {"ready", "database", "redis"}
