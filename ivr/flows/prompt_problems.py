"""What is wrong with the prompts of this release, at the lines where they are written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from callflows import prompts
from callflows.prompts import drill, emergency_911
from callflows.proof.wording import PromptFault, prompt_faults
from ivr.directory.problems import Problem

CATALOGUES = Path(prompts.__path__[0])
OF_ALL_LANGUAGES = tuple(Path(str(one.__file__)) for one in (emergency_911, drill))
"""Files that hold what they are about in every language."""


def prompt_problems(faults: Iterable[PromptFault] | None = None) -> Iterator[Problem]:
    """The faults of the prompts, those that were found or else all, as problems of the files that hold them."""
    for one in prompt_faults() if faults is None else faults:
        file, line = _written_at(one.language, one.prompt)
        yield Problem(str(file), line, one.fault.what, one.fault.mend)


def _written_at(language: str, prompt: str) -> tuple[Path, int]:
    """The file and line of a prompt; the first line of its catalogue where it is not written."""
    catalogue = CATALOGUES / f"{language.lower().replace('-', '_')}.py"
    for file, begin in (*((one, f'"{language}":') for one in OF_ALL_LANGUAGES), (catalogue, "PROMPTS")):
        text = file.read_text("utf-8")
        at = text.find(f'"{prompt}":', text.index(begin))
        if at >= 0:
            return file, text.count("\n", 0, at) + 1
    return catalogue, 1
