"""The page of every key is that of the schema, and everything on it can be written in a file."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Any

from pydantic import TypeAdapter
from pydantic.fields import FieldInfo

from ivr.directory.reference import PAGE, default_of, means_of, page_with_keys, sections
from ivr.directory.reference_types import kinds_in
from ivr.directory.schema.fields import Means
from ivr.directory.yaml_reader import read_document
from ivr.ops.configuration_commands import check_folder
from tests.directory.conftest import AT, Folder

FIELDS = [
    (f"{section.title} {name}", field) for section in sections() for name, field in section.model.model_fields.items()
]


def read(text: str, field: FieldInfo, folder: Path) -> Any:
    file = folder / "value.yaml"
    file.write_text(text, "utf-8")
    document = read_document(file, "value.yaml")
    assert document.problems == []
    return TypeAdapter(Annotated[field.annotation, *field.metadata]).validate_python(document.tree)  # type: ignore[name-defined]


def test_the_page_is_that_of_the_schema() -> None:
    page = PAGE.read_text("utf-8")
    assert page == page_with_keys(page), "write it anew: .venv/bin/python -m ivr.directory.reference"


def test_every_key_says_what_it_means_with_an_example_that_can_be_read(tmp_path: Path) -> None:
    for name, field in FIELDS:
        means = means_of(field)
        assert re.fullmatch(r"[A-Z].*\.", means.text), name
        read(means.example, field, tmp_path)
        assert all(text for _, text in kinds_in(field)), name


def test_what_stands_where_a_key_is_left_out_is_told_as_it_would_be_written(tmp_path: Path) -> None:
    for name, field in FIELDS:
        if not field.is_required() and (told := default_of(field)):
            assert read(told, field, tmp_path) == field.get_default(call_default_factory=True), name


def test_every_key_has_one_meaning() -> None:
    assert all(sum(isinstance(one, Means) for one in field.metadata) == 1 for _, field in FIELDS)


def test_every_link_of_the_page_leads_to_a_heading() -> None:
    page = PAGE.read_text("utf-8")
    anchors = {section.anchor for section in sections()}
    headings = [line.lstrip("# ") for line in page.splitlines() if line.startswith("##")]
    assert set(re.findall(r"\]\(#([^)]*)\)", page)) <= anchors
    assert {section.title for section in sections()} <= set(headings)


def test_the_words_before_the_tables_are_configuration_that_can_be_read(folder: Folder) -> None:
    """Both snippets stand in a practice as they are: only what they name is missing."""
    shared, duty = re.findall(r"```yaml\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    path = folder.path / "practices/maple.yaml"
    text = path.read_text("utf-8")
    whole = re.sub(r"\nlocations:.*?\nstaff:", lambda _: f"\n{shared}staff:", text, flags=re.DOTALL)
    path.write_text(whole.replace("pharmacy]}", "pharmacy], location: loop}"), "utf-8")
    assert [one for one in check_folder(folder.path, AT) if not one.warning] == []
    services, locations = duty.split("services:\n")[1].split("locations:\n")
    text = path.read_text("utf-8").replace("  uptown:\n", f"  uptown:\n{_inner(locations)}")
    path.write_text(text.replace("\nidentity:", f"{services}\nidentity:"), "utf-8")
    unknown = {one.what for one in check_folder(folder.path, AT) if "there is no" in one.what}
    assert unknown == {
        "there is no rota 'maple-dentists'",
        "there is no rota 'uptown-physicians'",
        "there is no rota 'uptown-dentists'",
    }


def _inner(locations: str) -> str:
    return "    " + locations.strip().removeprefix("uptown: {").removesuffix("}") + "\n"
