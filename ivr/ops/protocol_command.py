"""``sunline protocol``: what is signed, by whom and until when, and putting a sign-off into a file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import cast

import click

from callflows.values import AGES
from ivr.core.listing import echo_json, json_option
from ivr.directory import values
from ivr.directory.options import at_option
from ivr.directory.problems import DirectoryError, some
from ivr.directory.schema import ProtocolFile
from ivr.directory.schema.fields import written_length
from ivr.directory.schema.protocol import QuestionEntry, RedFlagEntry
from ivr.directory.sign_off import fingerprint_of, state_of
from ivr.directory.signing import checked_protocol, read_protocol, tree_of, with_sign_off, write_sign_off
from ivr.directory.yaml_reader import Document, Tree
from ivr.installation.command_line import now, refusals

YEARLY = "1y"
"""Clinical content is reviewed by a physician every year."""

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


class NobodySigned(DirectoryError):
    """A text has no sign-off that could be kept, and nobody is named who signs it."""


@click.group("protocol")
def protocol() -> None:
    """What a clinical lead has signed to be asked, and signing it."""


@protocol.command("show")
@click.argument("file", type=FILE)
@json_option
def show(file: Path, as_json: bool) -> None:
    """Show all that FILE asks and listens for, and whether it is the text that was signed."""
    with refusals():
        document, found = read_protocol(file)
    tree = tree_of(document)
    if as_json:
        echo_json([_listed(tree, found)])
    else:
        click.echo("\n".join((*_content(found), _standing(tree, found))))


@protocol.command("sign")
@click.argument("file", type=FILE)
@click.option("--by", metavar="NAME", help="The clinical lead who has reviewed the text.")
@click.option("--review-by", type=click.DateTime(["%Y-%m-%d"]), help="When it is due again; default: in a year.")
@at_option
@click.option("--dry-run", is_flag=True, help="Show what would be signed and stop.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.pass_context
def sign(
    context: click.Context,
    file: Path,
    by: str | None,
    review_by: datetime | None,
    at: datetime | None,
    dry_run: bool,
    yes: bool,
) -> None:
    """Show what FILE holds, and write into it who signed that text, when, and until when.

    Without --by a sign-off that does not say yet for which text it is keeps its name and dates.
    """
    if review_by and not by:
        raise click.UsageError("--review-by is of a new sign-off; give --by NAME with it")
    today, due = now(context, at).date(), review_by.date() if review_by else None
    with refusals():
        document, found = read_protocol(file)
        tree = tree_of(document)
        sign_off = _new(found, today, by, due) if by is not None else _kept(document, found)
        if sign_off is None:
            click.echo(_standing(tree, found))
            return
        signed = with_sign_off(tree, sign_off)
        click.echo("\n".join((*_content(found), _standing(signed, checked_protocol(document, signed)))))
        if dry_run:
            click.echo("nothing is written")
            return
        if not yes:
            click.confirm("Write this sign-off?", abort=True)
        write_sign_off(file, signed)
    click.echo(f"{file} is signed; put it in force with: sunline load DIR")


def _new(found: ProtocolFile, today: date, by: str, due: date | None) -> Mapping[str, str]:
    """The sign-off of somebody who has reviewed the text today."""
    return {"name": " ".join(by.split()), "date": str(today), "review_by": str(due or values.after(today, YEARLY))}


def _kept(document: Document, found: ProtocolFile) -> Mapping[str, str] | None:
    """The sign-off as it is written, where it only has to say for which text it is; None where it says so already.

    Raises:
        NobodySigned: there is none, or it is for another text.
    """
    tree = tree_of(document)
    state = state_of(tree)
    if state == "signed":
        return None
    if state != "without a fingerprint":
        why = "is not signed" if state == "unsigned" else "was changed after it was signed"
        raise NobodySigned(f"{document.file} {why}; name the clinical lead who has reviewed it: --by NAME")
    return cast(Mapping[str, str], tree["sign_off"])


def _content(found: ProtocolFile) -> Iterator[str]:
    """Everything that a clinical lead answers for, line by line."""
    limits = ", ".join(f"{urgency} {written_length(within)}" for urgency, within in found.answer_within)
    patients = some(found.patients) or "whoever it is asked about"
    yield f"{found.protocol} {found.version} by {found.author}, for {patients}"
    yield f"callers wait at most: {limits}; where nothing applies: {found.otherwise}"
    for question in found.questions:
        asked_at = "" if question.ages == AGES else f", asked at the ages {some(question.ages)}"
        yield f"question {_raising(question)}{asked_at}"
        yield from (f"  {language}: {words}" for language, words in question.ask.items())
        yield from _listening(question)
    for flag in found.red_flags:
        yield f"red flag {_raising(flag)}"
        yield from _listening(flag)


def _raising(entry: QuestionEntry | RedFlagEntry) -> str:
    help_line = f", offers the {entry.help_line} line" if entry.help_line else ""
    return f"{entry.key}: {entry.raises_to}{', says 911' if entry.says_911 else ''}{help_line}"


def _listening(entry: QuestionEntry | RedFlagEntry) -> Iterator[str]:
    yield from (f"  hears in {language}: {', '.join(phrases)}" for language, phrases in entry.listen.items())


def _standing(tree: Mapping[str, Tree], found: ProtocolFile) -> str:
    """Who signed, when, until when, and whether it was this text."""
    signed = found.sign_off
    if signed is None:
        return "not signed"
    of_what = {
        "signed": f"this text, fingerprint {signed.fingerprint}",
        "changed": "another text: it was changed since",
    }.get(state_of(tree), "a text of which there is no fingerprint")
    return f"{signed.name} signed on {signed.date}, until {signed.review_by}: {of_what}"


def _listed(tree: Mapping[str, Tree], found: ProtocolFile) -> dict[str, object]:
    signed = found.sign_off
    return {
        "protocol": found.protocol,
        "version": found.version,
        "patients": found.patients,
        "state": state_of(tree),
        "signed_by": signed and signed.name,
        "signed_on": signed and signed.date,
        "review_by": signed and signed.review_by,
        "fingerprint": fingerprint_of(tree),
    }
