"""``sunline check`` and ``load``."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path

import click

from ivr.audit.append import append
from ivr.core.counting import counted
from ivr.core.ids import random_ids
from ivr.core.listing import echo_json, json_option
from ivr.directory import revisions
from ivr.directory.checks import checked
from ivr.directory.draft import Draft, file_of
from ivr.directory.options import DAYS, FOLDER, at_option
from ivr.directory.organisation import Organisation, organisation_of, read_folder
from ivr.directory.problems import ConfigurationError, DirectoryError, Problem, some
from ivr.flows.flows_command import afresh_option, prove, unsafe_path, walk
from ivr.flows.prompt_problems import prompt_problems
from ivr.flows.subjects import subjects_of
from ivr.installation.command_line import Installation, now, opened, refusals
from ivr.oncall.changed_numbers import note_changes
from ivr.privacy.keys import OPERATOR_KEYS
from ivr.workforce.coverage import find_gaps
from ivr.workforce.coverage_causes import Cause, causes_of
from ivr.workforce.coverage_words import described, mend_of, places_of

CHECKED_DAYS = 14


class LoadedMeanwhile(DirectoryError):
    """Somebody else loaded a configuration after the difference was shown."""


def check_folder(
    folder: Path, at: datetime, *, days: int = CHECKED_DAYS, allow_unsigned: bool = False
) -> tuple[Problem, ...]:
    """All that is wrong with a folder, warnings too, who is missing in the ``days`` after ``at``, and the prompts."""
    spoken = tuple(prompt_problems())
    try:
        draft, warnings = checked(folder, at, allow_unsigned=allow_unsigned)
    except ConfigurationError as error:
        return (*error.problems, *spoken)
    missing = find_gaps(organisation_of(draft.body()), at, at + timedelta(days=days))
    uncovered = (_uncovered(draft, cause) for cause in causes_of(missing))
    return (*sorted((*warnings, *uncovered)), *spoken)


def load_organisation(installation: Installation, organisation: Organisation, at: datetime, seen: int | None) -> int:
    """Put ``organisation`` in force and record who did; ``seen`` is the revision the difference was shown against.

    Numbers of clinicians that are no more in it are told, and rung for a while.
    """
    for practice in (*organisation.practices, OPERATOR_KEYS):
        installation.ensure_keys(practice, at)
    with installation.database.write() as connection:
        if revisions.current(connection) != seen:
            raise LoadedMeanwhile("another configuration was loaded meanwhile; run the command again")
        before = None if seen is None else revisions.load(connection, seen)
        revision = revisions.apply(connection, organisation, at, installation.actor)
        taken = [] if before is None else note_changes(connection, random_ids(), before, organisation, at)
        for person in sorted({one.person for one in taken}):
            action = "oncall.number-changed"
            append(connection, at=at, actor=installation.actor, action=action, outcome="ok", object_id=person)
        name = f"revision-{revision}"
        append(connection, at=at, actor=installation.actor, action="config.load", outcome="ok", object_id=name)
    return revision


@click.command("check")
@click.argument("folder", type=FOLDER)
@at_option
@click.option("--days", type=DAYS, default=CHECKED_DAYS, show_default=True, help="Look this far ahead for gaps.")
@click.option("--demo", is_flag=True, help="Let protocols pass that are not signed.")
@click.option("--quick", is_flag=True, help="Do not walk the call flows, which takes minutes.")
@afresh_option
@json_option
@click.pass_context
def check(
    context: click.Context,
    folder: Path,
    at: datetime | None,
    days: int,
    demo: bool,
    quick: bool,
    afresh: bool,
    as_json: bool,
) -> None:
    """Is the configuration in FOLDER valid, covered and safe? Exit status 1 when it is not."""
    judged_at = now(context, at)
    problems = check_folder(folder, judged_at, days=days, allow_unsigned=demo)
    if as_json:
        listed = list(map(_listed, problems))
        if not (quick or any(one["severity"] == "problem" for one in listed)):
            listed += _unsafe_flows(folder, judged_at, demo=demo, afresh=afresh)
        echo_json(listed)
        context.exit(1 if any(one["severity"] == "problem" for one in listed) else 0)
    for problem in problems:
        click.echo(str(problem))
    wrong = sum(not problem.warning for problem in problems)
    click.echo(f"{folder}: {counted(wrong, 'problem')}, {counted(len(problems) - wrong, 'warning')}")
    if wrong or not (quick or _flows_are_safe(folder, judged_at, demo=demo, afresh=afresh)):
        context.exit(1)


def _flows_are_safe(folder: Path, at: datetime, *, demo: bool, afresh: bool) -> bool:
    click.echo("Every path of every call flow with this configuration:")
    return prove(subjects_of(read_folder(folder, at=at, allow_unsigned=demo)), afresh=afresh)


def _listed(problem: Problem) -> dict[str, object]:
    """A problem, which keeps the configuration from being loaded, or a warning, which does not."""
    severity = "warning" if problem.warning else "problem"
    place = {"file": problem.file, "line": problem.line}
    return {"severity": severity, **place, "what": problem.what, "mend": problem.mend}


def _unsafe_flows(folder: Path, at: datetime, *, demo: bool, afresh: bool) -> Iterator[dict[str, object]]:
    """Each flow that is not safe with this configuration, as a problem of no line."""
    for subject, walked in walk(subjects_of(read_folder(folder, at=at, allow_unsigned=demo)), afresh=afresh):
        if path := unsafe_path(walked):
            what, mend = f"{subject.flow}, {subject.label}: {path}", f"see: sunline flows explore --config {folder}"
            yield {"severity": "problem", "file": str(folder), "line": None, "what": what, "mend": mend}


@click.command("load")
@click.argument("folder", type=FOLDER)
@at_option
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--dry-run", is_flag=True, help="Show the difference and stop.")
@json_option
@click.pass_context
def load(context: click.Context, folder: Path, at: datetime | None, yes: bool, dry_run: bool, as_json: bool) -> None:
    """Show what FOLDER changes and put it in force. Calls in progress keep the configuration they began with."""
    if as_json and not (dry_run or yes):
        raise click.UsageError("--json asks nothing; give --dry-run or --yes with it")
    with refusals(), opened(context) as installation:
        moment = at or installation.clock.now()
        _load(installation, folder, moment, yes=yes, dry_run=dry_run, as_json=as_json)


def _load(installation: Installation, folder: Path, at: datetime, *, yes: bool, dry_run: bool, as_json: bool) -> None:
    new = read_folder(folder, at=at, allow_unsigned=installation.demo)
    with installation.database.read() as connection:
        seen = revisions.current(connection)
        old = None if seen is None else revisions.load(connection, seen)
    changes = revisions.diff(old, new)
    if as_json:
        echo_json(map(asdict, changes))
    else:
        click.echo("\n".join(map(str, changes)) or "nothing changes")
    if changes:
        click.echo(_missing(new, folder, at), nl=False, err=as_json)
    if dry_run or not changes:
        return
    if not yes:
        click.confirm("Put this in force?", abort=True)
    click.echo(f"revision {load_organisation(installation, new, at, seen)} is in force", err=as_json)


def _missing(organisation: Organisation, folder: Path, at: datetime) -> str:
    """A word about gaps; they keep nobody from loading, because a call-back is promised where somebody is missing."""
    found = sum(not gap.bridged for gap in find_gaps(organisation, at, at + timedelta(days=CHECKED_DAYS)))
    what = f"warning: {counted(found, 'gap')} in coverage in the next {CHECKED_DAYS} days"
    return f"{what}; see: sunline check {folder} --quick\n" if found else ""


def _uncovered(draft: Draft, cause: Cause) -> Problem:
    line = cause.first.line
    what = f"{places_of(cause, practice=False)}: {described(cause)}"
    mend = mend_of(cause) + _or_a_promise(cause)
    place = ("services", line.need.service)
    return draft.problem(file_of("practices", line.practice), place, what, mend, warning=cause.first.bridged)


def _or_a_promise(cause: Cause) -> str:
    gap = cause.first
    if gap.interpreted:
        return ", or rely on the interpreter"
    interpreter = f", or name an interpreter for {some(cause.languages)}" if gap.anyone else ""
    return f"{interpreter}, or write after_hours: message" if gap.promised else interpreter
