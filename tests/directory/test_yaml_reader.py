"""YAML is read as text; whatever could surprise is refused by line."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.directory.yaml_reader import Document, read_document


def read(folder: Path, content: str | bytes) -> Document:
    path = folder / "file.yaml"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return read_document(path, "file.yaml")


@pytest.mark.parametrize(
    "text", ["02134", "03141980", "no", "on", "1_000", "0x10", "1e3", "12:30:45", "2026-11-27", "null", "~", ".5", "+1"]
)
def test_a_scalar_stays_what_was_written(tmp_path: Path, text: str) -> None:
    assert read(tmp_path, f"value: {text}\n").tree == {"value": text}


def test_an_asterisk_in_quotes_stays_an_asterisk(tmp_path: Path) -> None:
    assert read(tmp_path, 'value: "*"\n').tree == {"value": "*"}


def test_every_place_knows_its_line(tmp_path: Path) -> None:
    document = read(tmp_path, "a: 1\nb:\n  - x\n  - {c: 2,\n     d: 3}\n")
    places = [("a",), ("b",), ("b", 0), ("b", 1), ("b", 1, "d"), ("b", 1, "missing")]
    assert [document.line(place) for place in places] == [1, 2, 3, 4, 5, 4]


@pytest.mark.parametrize(
    ("content", "line", "word"),
    [
        ("a: 1\nb: 2\na: 3\n", 3, "'a' is written twice"),
        ("a:\n  x: 1\n  x: 2\n", 3, "'x' is written twice"),
        ("a: &here 1\nb: 2\n", 1, "anchor"),
        ("a: 1\nb: *there\n", 2, "alias"),
        ("a: 1\nb: {<<: {c: 1}}\n", 2, "merges are not supported"),
        ("a: 1\nb: !!int 2\n", 2, "tag"),
        ("a: 1\nb: !python/object 2\n", 2, "tag"),
        ("a: 1\n? [x]\n: 2\n", 2, "plain text"),
        ("a: 1\n---\nb: 2\n", 2, "second document"),
        ("a: [1, 2\nb: 3\n", 2, "not YAML"),
        ("a: 1\n\tb: 2\n", 2, "not YAML"),
        ("", 1, "empty"),
        ("a: " + "[" * 50 + "]" * 50, 1, "nested too deeply"),
    ],
)
def test_what_could_surprise_is_refused_by_line(tmp_path: Path, content: str, line: int, word: str) -> None:
    problem = read(tmp_path, content).problems[0]
    assert (problem.file, problem.line) == ("file.yaml", line)
    assert word in problem.what


def test_all_faults_of_a_file_are_named(tmp_path: Path) -> None:
    problems = read(tmp_path, "a: &x 1\na: 2\nb: *x\n").problems
    assert [problem.line for problem in problems] == [1, 2, 3]


def test_a_byte_that_is_not_utf8_is_found_by_line(tmp_path: Path) -> None:
    problem = read(tmp_path, b"a: 1\nb: \xff\n").problems[0]
    assert (problem.line, problem.what) == (2, "a byte is not UTF-8")


def test_a_huge_file_is_refused_unread(tmp_path: Path) -> None:
    assert "megabyte" in read(tmp_path, "a: " + "x" * 1_000_001).problems[0].what


@given(st.text(max_size=200))
def test_no_text_makes_the_reader_fail(tmp_path_factory: pytest.TempPathFactory, content: str) -> None:
    document = read(tmp_path_factory.getbasetemp(), content.encode("utf-8", "surrogatepass"))
    assert document.problems or document.tree is not None
