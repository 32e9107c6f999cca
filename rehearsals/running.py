"""Playing one rehearsal from its first ring to its last, and saying whether everything happened as written."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

from ivr.core.unit_of_work import transaction
from ivr.patients.importing import carry_out, plan_import, read_patients
from ivr.patients.representatives.importing import (
    plan_representatives,
    read_representatives,
    store_representatives,
)
from ivr.patients.representatives.sealing import seal_representatives
from ivr.patients.sealing import seal_patients
from phonesim import switch_on
from phonesim.errors import PhonesimError
from rehearsals.cast import cast_of
from rehearsals.ending import list_problems, wind_down
from rehearsals.errors import RehearsalError, Unmet, Unreadable
from rehearsals.script import Script, Step
from rehearsals.stage import Stage
from rehearsals.steps import perform
from rehearsals.transcript import transcript
from rehearsals.world import World
from rehearsals.written import unknown_people

EXAMPLE = Path(__file__).resolve().parents[1] / "config"


@dataclass(frozen=True, slots=True)
class Failure:
    """The first thing that went wrong; ``step`` is None where every step was met but the end was not right."""

    step: Step | None
    expected: str
    found: str


@dataclass(frozen=True, slots=True)
class Result:
    """What came of a rehearsal. ``lines`` is its transcript, ``seconds`` its callers' time, ``took`` ours."""

    script: Script
    failure: Failure | None
    lines: tuple[str, ...]
    seconds: float
    took: float

    @property
    def passed(self) -> bool:
        """Whether everything happened as written."""
        return self.failure is None


def rehearse(
    script: Script,
    *,
    config: Path | None = None,
    database_url: str | None = None,
    seed: int = 1,
    twice: bool = False,
    faults: Iterable[str] = (),
) -> Result:
    """Play ``script`` against a configuration, with its own faults of the phone network and ``faults`` besides.

    ``twice`` delivers every webhook twice.

    Raises Unreadable where the script names somebody unknown.
    """
    with World(
        config or script.config or EXAMPLE,
        script.at,
        database_url=database_url,
        seed=seed,
        faults=[*(["webhooks-twice"] if twice else []), *faults],
        allow_unsigned=script.allow_unsigned,
        fallback_elsewhere=script.fallback_elsewhere,
    ) as world:
        return play(script, world)


def play(script: Script, world: World) -> Result:
    """Play ``script`` in ``world``, which must be new."""
    cast = cast_of(script, world.organisation)
    if unknown := unknown_people(script.all_steps(), set(cast.addresses), set(cast.readers)):
        raise Unreadable(unknown)
    if script.patients is not None:
        import_patients(world, script)
    if script.representatives is not None:
        import_representatives(world, script)
    for fault in script.faults:
        switch_on(world.net, fault)
    began, stage = monotonic(), Stage(world, cast, script)
    failure = _steps(stage) or _end(stage)
    passed = (world.now - world.start).total_seconds()
    return Result(script, failure, tuple(transcript(world, cast)), passed, monotonic() - began)


def import_patients(world: World, script: Script) -> None:
    """Take the patients of the script into the practice that is dialled."""
    practice, path = _dialled(world, script), script.patients
    if path is not None:
        sealed = seal_patients(world.services.cipher, practice, read_patients(path, world.now))
        with transaction(world.services) as work:
            carry_out(work.connection, plan_import(work.connection, sealed, work.at, world.services.ids))


def import_representatives(world: World, script: Script) -> None:
    """Take those who speak for its patients into the practice that is dialled."""
    practice, path = _dialled(world, script), script.representatives
    if path is not None:
        sealed = seal_representatives(world.services.cipher, practice, read_representatives(path, world.now))
        with transaction(world.services) as work:
            plan = plan_representatives(work.connection, practice, sealed, work.at, world.services.ids)
            store_representatives(work.connection, plan)


def _dialled(world: World, script: Script) -> str:
    dialled = world.organisation.dialled(script.dial)
    if dialled is None:
        raise RehearsalError(f"{script.path}: {script.dial} belongs to no practice; leave patients out")
    return dialled.practice


def _steps(stage: Stage) -> Failure | None:
    stage.call_comes_in()
    for step in stage.script.steps:
        try:
            perform(stage, step)
            stage.watch()
        except Unmet as unmet:
            return Failure(unmet.step or step, unmet.expected, unmet.found)
        except PhonesimError as problem:
            return Failure(step, step.text, str(problem))
    return None


def _end(stage: Stage) -> Failure | None:
    wind_down(stage)
    wrong = list_problems(stage)
    return Failure(None, "a clean end", "; ".join(wrong)) if wrong else None
