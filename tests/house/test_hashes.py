"""The effort that guessing a PIN or a password costs, which other tests do not spend."""

from __future__ import annotations

from importlib.util import find_spec, module_from_spec
from types import ModuleType

import pytest
from argon2 import Type, extract_parameters

LEAST_MEMORY_KIB, LEAST_PASSES = 64 * 1024, 3
"""RFC 9106, section 4, the second recommended choice."""


def untouched(name: str) -> ModuleType:
    """A second copy of a module, as the product has it."""
    spec = find_spec(name)
    assert spec
    assert spec.loader
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("name", ["ivr.accounts.passwords", "ivr.oncall.pins"])
def test_a_guess_costs_what_the_standard_asks(name: str) -> None:
    made = extract_parameters(untouched(name)._hasher.hash("six words in a row will do"))

    assert made.type is Type.ID
    assert made.memory_cost >= LEAST_MEMORY_KIB
    assert made.time_cost >= LEAST_PASSES


def test_an_unknown_name_costs_as_much_as_a_known_one() -> None:
    passwords = untouched("ivr.accounts.passwords")

    assert extract_parameters(passwords._NOBODY) == extract_parameters(passwords._hasher.hash("six words in a row"))
