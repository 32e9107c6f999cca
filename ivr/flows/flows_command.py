"""The ``flows`` commands."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime
from itertools import count, groupby, starmap
from pathlib import Path

import click

from callflows.proof.documents import drawn, page
from callflows.proof.explore import explore
from callflows.proof.graph import Subject
from callflows.proof.one_responsible import find_breach
from callflows.proof.subjects import released_subjects, sample_subjects
from callflows.proof.transcript import told
from callflows.proof.waiting_points import Release, Unproved, UnreadableRelease, Verdict, judge, released, write
from callflows.registry import CURRENT, PublishedFlow, UnknownFlow, version
from ivr.core.clock import SystemClock
from ivr.core.counting import counted
from ivr.core.listing import echo_json, json_option
from ivr.directory.organisation import read_folder
from ivr.directory.problems import DirectoryError
from ivr.flows.proofs import ProofFolder, Walked, count_cores, default_folder, prove_each
from ivr.flows.releases import FOLDER, file_of, releases
from ivr.flows.subjects import subjects_of

DIAGRAMS = Path("docs/flows")
COLUMNS = "{:<16} {:<34} {:>7} {:>8} {:>8}  {}"
HELPED = "Seconds until somebody is looked for, a call-back is promised or the 911 words are said, at most"

afresh_option = click.option("--afresh", is_flag=True, help="Walk again what was proved before and has not changed.")


@click.group("flows")
def flows() -> None:
    """Draw, explore and compare the call flows."""


@flows.command("explore", short_help="Walk every path of every flow; exit status 1 where one is unsafe.")
@click.option(
    "--config",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="The configuration to walk them with; default: small sample practices.",
)
@click.option(
    "--at",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DAY",
    help="The day on which it must be valid, such as 2026-11-22; default: today.",
)
@afresh_option
@json_option
def explore_command(config: Path | None, at: datetime | None, afresh: bool, as_json: bool) -> None:
    """Walk every path of every flow and hold the safety rules against it; exit status 1 where one breaks."""
    subjects = _configured(config, at) if config else sample_subjects()
    if as_json:
        found = walk(subjects, afresh=afresh)
        echo_json(starmap(_listed_walk, found))
        safe = all(walked.proof for _, walked in found)
    else:
        safe = prove(subjects, afresh=afresh)
    if not safe:
        raise SystemExit(1)


def walk(subjects: Sequence[Subject], *, afresh: bool = False) -> list[tuple[Subject, Walked]]:
    """Walk each subject and say nothing; what was proved before is not walked again, unless ``afresh``."""
    kept = ProofFolder(default_folder(), afresh)
    return list(zip(subjects, prove_each(kept, subjects, count_cores()), strict=True))


def unsafe_path(walked: Walked) -> str | None:
    """The first unsafe path in words, or None where all are safe."""
    return told(walked.report) if walked.report and walked.report.violation else None


def prove(subjects: Sequence[Subject], *, afresh: bool = False) -> bool:
    """Prove each subject, a line as it is done; the first unsafe path of each that has one. Whether all are safe.

    What was proved before is not walked again while nothing it depends on has changed, unless ``afresh``.
    """
    click.echo(COLUMNS.format("flow", "as met by", "states", "answers", "longest", "safe"))
    kept = ProofFolder(default_folder(), afresh)
    walks = list(_show_each(subjects, prove_each(kept, subjects, count_cores())))
    _show_slowest(subjects, walks)
    known = sum(one.known for one in walks)
    if known:
        click.echo(f"{known} of {len(walks)} were proved before and have not changed; --afresh walks them again")
    unsafe = [one.report for one in walks if one.report and one.report.violation]
    for report in unsafe:
        click.echo(f"\n{report.subject.flow}, {report.subject.label}:\n{told(report)}")
    breach = find_breach()
    if breach:
        click.echo(f"\nwho is responsible, over all lifecycles:\n{breach}")
    return not (unsafe or breach)


@flows.command("draw")
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    default=DIAGRAMS,
    show_default=True,
    help="Write them into this folder.",
)
def draw_command(out: Path) -> None:
    """Write a diagram of each flow."""
    out.mkdir(parents=True, exist_ok=True)
    for subject in drawn():
        path = out / f"{subject.flow}.md"
        path.write_text(page(explore(subject)), encoding="utf-8")
        click.echo(path)


@flows.command("freeze")
@click.argument("names", nargs=-1)
@click.option("--unshipped", is_flag=True, help="These versions never answered a call: store them as they are now.")
def freeze_command(names: tuple[str, ...], unshipped: bool) -> None:
    """Store where calls on the flows of this release may be waiting. Do it with every release, before it ships."""
    for flow in _named(names):
        if not unshipped:
            _refuse_to_forget(flow)
        try:
            release = released(released_subjects(flow.name), flow.version)
        except Unproved as broken:
            raise click.ClickException(
                f"{broken}; mend the flow first (`sunline flows explore` shows the path)"
            ) from None
        file_of(flow.name, flow.version).write_text(write(release), encoding="utf-8")
        click.echo(f"{flow.name} {flow.version}: {counted(len(release.points), 'waiting point')}")


@flows.command("check", short_help="Say what becomes of calls in progress on released flows.")
@json_option
def check_command(as_json: bool) -> None:
    """What the working copy does with calls in progress on released flows; exit status 1 where it strands one."""
    try:
        verdicts = [_judged(release) for release in releases(FOLDER)]
    except (UnreadableRelease, UnknownFlow) as problem:
        raise click.ClickException(str(problem)) from problem
    if as_json:
        echo_json(map(_listed_verdict, verdicts))
    else:
        for verdict in verdicts:
            _show(verdict)
    if not verdicts:
        raise click.ClickException("no release is frozen; run `sunline flows freeze` with the release")
    if not all(verdict.safe for verdict in verdicts):
        raise click.ClickException("a changed flow refuses calls in progress: give it a new version, keep the old one")


def _configured(config: Path, at: datetime | None) -> Sequence[Subject]:
    day = at.astimezone() if at else SystemClock().now()
    try:
        return subjects_of(read_folder(config, at=day))
    except DirectoryError as problem:
        raise click.ClickException(str(problem)) from problem


def _show_each(subjects: Sequence[Subject], walks: Iterator[Walked]) -> Iterator[Walked]:
    """A line for each walk as it is done, and on a terminal which one is waited for, and for how long already."""
    for number, subject in enumerate(subjects, start=1):
        with _shown_while_it_lasts(f"walk {number} of {len(subjects)}: {subject.flow}, {subject.label}"):
            walked = next(walks)
        states, answers, longest = walked.size
        safe = "yes" if walked.proof else "NO"
        click.echo(COLUMNS.format(subject.flow, subject.label, states, answers, longest or "-", safe))
        yield walked


@contextmanager
def _shown_while_it_lasts(what: str) -> Iterator[None]:
    """Say on a terminal what is being done, and for how many seconds, in place of what was said before."""
    if not is_watched():
        yield
        return
    done = threading.Event()
    shown = threading.Thread(target=count_seconds, args=(what, done), name="progress", daemon=True)
    shown.start()
    try:
        yield
    finally:
        done.set()
        shown.join()
        _show_progress("")


def count_seconds(what: str, done: threading.Event) -> None:
    """Say what is being done, and each second for how many already, until it is ``done``."""
    for seconds in count():
        _show_progress(f"{what}, {counted(seconds, 'second')}" if seconds else what)
        if done.wait(1):
            return


def _show_progress(what: str) -> None:
    click.echo(f"\r\033[K{what}\r", nl=False, err=True)


def is_watched() -> bool:
    """Whether somebody looks on: progress is nothing for a file."""
    return sys.stderr.isatty()


def _show_slowest(subjects: Sequence[Subject], walks: Sequence[Walked]) -> None:
    """By language and first answer, how late callers are helped; in brackets, where they then say nothing more."""
    timed = [(subject, walked.proof.seconds) for subject, walked in zip(subjects, walks, strict=True) if walked.proof]
    if any(seconds for _, seconds in timed):
        click.echo(f"\n{HELPED}, after this first answer. In brackets: where the caller then says and presses nothing.")
    for subject, seconds in timed:
        for language, told_of in groupby(seconds, key=lambda one: one.language):
            told_now = ", ".join(f"{one.first} {one.seconds} ({one.then})" for one in told_of)
            click.echo(f"{subject.flow}, {subject.label}, {language}: {told_now}")


def _named(names: tuple[str, ...]) -> Sequence[PublishedFlow]:
    unknown = [name for name in names if name not in [flow.name for flow in CURRENT]]
    if unknown:
        raise click.ClickException(f"there is no flow {unknown[0]!r}; there are {', '.join(f.name for f in CURRENT)}")
    return [flow for flow in CURRENT if not names or flow.name in names]


def _refuse_to_forget(flow: PublishedFlow) -> None:
    """A version that shipped must go on meeting its calls; storing it anew would hide that it does not."""
    stored = [release for release in releases(FOLDER) if (release.flow, release.version) == (flow.name, flow.version)]
    if not all(_judged(release).safe for release in stored):
        raise click.ClickException(f"{flow.name} {flow.version} no longer meets its calls; give it a new version")


def _judged(release: Release) -> Verdict:
    return judge(release, released_subjects(release.flow), version(release.flow, release.version).play)


def _listed_walk(subject: Subject, walked: Walked) -> dict[str, object]:
    states, answers, longest = walked.size
    about = {"flow": subject.flow, "as_met_by": subject.label, "states": states, "answers": answers}
    safe = walked.proof is not None
    seconds = list(map(asdict, walked.proof.seconds)) if walked.proof else []
    found = {"longest": longest, "safe": safe, "known": walked.known, "unsafe_path": unsafe_path(walked)}
    return {**about, **found, "seconds": seconds}


def _listed_verdict(verdict: Verdict) -> dict[str, object]:
    """What becomes of the calls of a release, with every waiting point that refuses them or goes on otherwise."""
    refused = [{"asked": one.pending, "as_met_by": one.label, "why": why} for one, why in verdict.refused]
    otherwise = [{"asked": one.pending, "as_met_by": one.label} for one in verdict.otherwise]
    state = "moved" if verdict.moved else "unchanged" if verdict.unchanged else "changed"
    about = {"flow": verdict.flow, "version": verdict.version, "state": state, "safe": verdict.safe}
    return {**about, "continues": verdict.continues, "otherwise": otherwise, "refused": refused}


def _show(verdict: Verdict) -> None:
    click.echo(f"{verdict.flow} {verdict.version}: {_in_words(verdict)}")
    for point, reason in verdict.refused[:5]:
        click.echo(f"  a call asked {point.pending!r} ({point.label}): {reason}")
    for point in verdict.otherwise[:5]:
        click.echo(f"  a call asked {point.pending!r} ({point.label}): goes on, and then not as it was released")


def _in_words(verdict: Verdict) -> str:
    if verdict.moved:
        return f"moved only; calls in progress go on unchanged at {counted(verdict.continues, 'waiting point')}"
    state = "unchanged" if verdict.unchanged else "changed"
    otherwise = f" ({len(verdict.otherwise)} of them otherwise)" if verdict.otherwise else ""
    goes_on = counted(verdict.continues, "waiting point continues", "waiting points continue")
    refused = counted(len(verdict.refused), "is refused", "are refused")
    return f"{state}; {goes_on}{otherwise}, {refused}"
