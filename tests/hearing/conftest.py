"""The ear of this checkout, loaded once for all tests here."""

from __future__ import annotations

from pathlib import Path

import pytest

from ivr.hearing.ear import Ear, ear_at
from ivr.hearing.held_out import HeldOut, read_held_out
from ivr.hearing.places import RELEASED
from ivr.hearing.sentences import Sentence, read_sentences


@pytest.fixture(scope="session")
def ear() -> Ear:
    return ear_at(RELEASED)


@pytest.fixture(scope="session")
def sentences() -> list[Sentence]:
    """What the ear of the release learned."""
    return read_sentences(RELEASED.sentences)


@pytest.fixture(scope="session")
def held_out() -> HeldOut:
    return read_held_out(Path(__file__).parent / "sentences")


@pytest.fixture(scope="session")
def second() -> HeldOut:
    """What another hand wrote, and nothing was ever compared or chosen by but the whole of what is learned."""
    return read_held_out(Path(__file__).parent / "sentences" / "second")
