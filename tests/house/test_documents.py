"""Documents name files, folders and modules that exist."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from ivr.calls.lost_calls import ALERTS

ROOT = Path(__file__).parents[2]
FOLDERS = (
    "bench",
    "callflows",
    "config",
    "docs",
    "ivr",
    "migrations",
    "phonesim",
    "recordings_vault",
    "rehearsals",
    "routing",
    "tests",
)
DOCUMENTS = (ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted(ROOT.joinpath("docs").rglob("*.md")))

MADE_BY_THE_READER = ("mine/",)
"""The copy of the example organisation that the README has its reader make."""

FENCED = re.compile(r"^```.*?^```", re.DOTALL | re.MULTILINE)
PATH = re.compile(r"(?:[\w.-]+/)+(?:[\w.-]+)?|[\w-]+\.(?:py|md|ya?ml|toml|json|lua|css|svg|png)")
MODULE = re.compile(rf"(?:python -m )?((?:{'|'.join(FOLDERS)})(?:\.[A-Za-z_]\w*)+)")
ZONE_OR_MEDIA_TYPE = re.compile(r"[A-Z]\w+/[A-Z]\w+|text/\w+|application/\w+|audio/\w+")


def everything_there() -> Iterator[str]:
    """Every file and folder of the checkout by its path, and by each end of it: documents leave out what is plain."""
    inside = [path for folder in (*FOLDERS, ".ci") for path in (ROOT / folder, *(ROOT / folder).rglob("*"))]
    for path in (*ROOT.iterdir(), *inside):
        parts = path.relative_to(ROOT).parts
        yield from ("/".join(parts[start:]) for start in range(len(parts)))


def missing(text: str, there: set[str]) -> list[str]:
    """What ``text`` names in backquotes as a file, a folder or a module of ours and what is not ``there``."""
    named = re.findall(r"`([^`\n]+)`", FENCED.sub("", text))
    return [name for name in named if not (_path_is_there(name, there) and _module_is_there(name, there))]


def _path_is_there(name: str, there: set[str]) -> bool:
    is_path = PATH.fullmatch(name) and not ZONE_OR_MEDIA_TYPE.fullmatch(name)
    return not is_path or name.startswith(MADE_BY_THE_READER) or name.rstrip("/") in there


def _module_is_there(name: str, there: set[str]) -> bool:
    """Whether the name is no module, or is one, or something in one."""
    found = MODULE.fullmatch(name)
    if found is None:
        return True
    path = found[1].replace(".", "/")
    return path in there or f"{path}.py" in there or f"{path.rpartition('/')[0]}.py" in there


@pytest.fixture(scope="module")
def there() -> set[str]:
    return set(everything_there())


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_what_a_document_names_exists(document: Path, there: set[str]) -> None:
    assert missing(document.read_text(encoding="utf-8"), there) == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_where_a_document_links_to_is_there(document: Path) -> None:
    targets = re.findall(r"\]\(([^)#\s]+)", FENCED.sub("", document.read_text(encoding="utf-8")))
    assert [name for name in targets if "://" not in name and not (document.parent / name).exists()] == []


def test_every_decision_is_listed_by_its_title() -> None:
    folder = ROOT / "docs" / "decisions"
    listed = [
        line for line in folder.joinpath("README.md").read_text(encoding="utf-8").splitlines() if line[:2] == "- "
    ]
    records = sorted(path for path in folder.glob("*.md") if path.name != "README.md")
    titles = [path.read_text(encoding="utf-8").partition("\n")[0].removeprefix("# ") for path in records]
    assert listed == [f"- [{title}]({path.name})" for title, path in zip(titles, records, strict=True)]


ALERT = re.compile(r'(?:what=|RaiseAlert\()"([a-z-]+)"')


def alerts() -> set[str]:
    """What supervisors are alerted to, as events name it."""
    sources = [path for folder in ("ivr", "callflows") for path in ROOT.joinpath(folder).rglob("*.py")]
    return {*(name for path in sources for name in ALERT.findall(path.read_text("utf-8"))), *ALERTS.values()}


def test_the_runbook_says_what_to_do_about_each_alert() -> None:
    known = re.findall(r"`(?:alert: )?([a-z-]+)`", ROOT.joinpath("docs", "runbook.md").read_text("utf-8"))
    assert sorted(alerts() - set(known)) == []


@pytest.mark.parametrize(
    "name",
    [
        "ivr/calls/ownership.py",
        "ownership.py",
        "ivr/staff/",
        "python -m ivr.nowhere.at_all",
        "ivr.calls.ownership.find",
    ],
)
def test_what_does_not_exist_is_found(name: str, there: set[str]) -> None:
    assert missing(f"It is in `routing/zones.py` and `{name}`.", there) == [name]


@pytest.mark.parametrize(
    "name", ["America/Chicago", "text/html", "mine/oncall.yaml", "sunline load DIR", "queue/offers.py"]
)
def test_what_is_no_path_of_ours_or_is_there_is_let_pass(name: str, there: set[str]) -> None:
    assert missing(f"See `{name}`.", there) == []
