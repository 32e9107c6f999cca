"""``sunline protocol``: what is signed, by whom and until when, and putting a sign-off into a file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from pathlib import Path
from shlex import quote
from typing import cast

import click

from ivr.core.listing import echo_json, json_option
from ivr.directory import values
from ivr.directory.options import at_option
from ivr.directory.problems import DirectoryError
from ivr.directory.protocol_text import compare_protocols, describe_protocol
from ivr.directory.schema import ProtocolFile
from ivr.directory.sign_off import State, fingerprint_of, state_of
from ivr.directory.signing import checked_protocol, read_protocol, tree_of, with_sign_off, write_sign_off
from ivr.directory.yaml_reader import Document, Tree
from ivr.installation.command_line import now, refusals

YEARLY = "1y"
"""Clinical content is reviewed by a physician every year."""

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


class NotWhatWasSigned(DirectoryError):
    """A text to compare with is not the one that was signed."""


class NobodySigned(DirectoryError):
    """A text has no sign-off that could be kept, and nobody is named who signs it."""


@click.group("protocol")
def protocol() -> None:
    """What a clinical lead has signed to be asked, and signing it."""


@protocol.command("show", short_help="Show all that FILE asks and hears, and who signed it.")
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
        click.echo("\n".join((*describe_protocol(found), _standing(tree, found))))


@protocol.command("sign", short_help="Show FILE and what changed in it, ask, and sign it.")
@click.argument("file", type=FILE)
@click.option("--by", metavar="NAME", help="The clinical lead who has reviewed the text.")
@click.option(
    "--review-by",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DAY",
    help="When it is due again, such as 2027-05-31; default: in a year.",
)
@click.option("--against", type=FILE, help="The text as it was signed last, to list what changed since.")
@at_option
@click.option("--dry-run", is_flag=True, help="Show what would be signed and stop.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.pass_context
def sign(
    context: click.Context,
    file: Path,
    by: str | None,
    review_by: datetime | None,
    against: Path | None,
    at: datetime | None,
    dry_run: bool,
    yes: bool,
) -> None:
    """Show what FILE asks and hears and what changed since it was signed; ask; write who signed that text into it.

    Of what was signed before, FILE keeps a fingerprint and not the words: give them with --against, and each change is
    listed. Without --by a sign-off that does not say yet for which text it is keeps its name and dates.
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
        about_to = checked_protocol(document, signed)
        click.echo("\n".join((*describe_protocol(found), "", *_since(document, found, against))))
        click.echo(f"to be written: {_standing(signed, about_to)}")
        write_sign_off(file, signed, dry_run=True)
        if dry_run:
            click.echo("nothing is written")
            return
        if not yes:
            click.confirm("Write this sign-off?", abort=True)
        write_sign_off(file, signed)
    click.echo(f"{file} is signed; put it in force with: sunline load DIR")


def _since(document: Document, found: ProtocolFile, against: Path | None) -> Iterator[str]:
    """What changed since the last sign-off, as far as that can be known."""
    state, before = state_of(tree_of(document)), found.sign_off
    if against is not None:
        yield from _compared(found, state, against)
    elif before is None:
        yield "signed for the first time: there is nothing to compare it with"
    elif state == "signed":
        yield f"the text is as {before.name} signed it on {before.date}: nothing of it changed"
    elif before.fingerprint is None:
        yield f"which text {before.name} signed on {before.date} is not known: there is no fingerprint of it"
    else:
        yield f"the text was changed since {before.name} signed it on {before.date}, fingerprint {before.fingerprint};"
        yield "its words are not kept here. Where git keeps the file, these list each change before anything is signed:"
        yield from (f"  {line}" for line in _from_git(Path(document.file), before.fingerprint))


def _compared(found: ProtocolFile, state: State, against: Path) -> Iterator[str]:
    """Each change since the text in ``against``.

    Raises:
        NotWhatWasSigned: that is no text that was signed, or another than the one that the file names.
    """
    document, old = read_protocol(against)
    if old.sign_off is None or state_of(tree_of(document)) != "signed":
        raise NotWhatWasSigned(f"{against} is not a text as it was signed; take it from where it was signed")
    named = found.sign_off and found.sign_off.fingerprint
    if state == "changed" and named != old.sign_off.fingerprint:
        raise NotWhatWasSigned(f"{against} is not the text that was signed last; take the one of fingerprint {named}")
    changes = list(compare_protocols(old, found))
    yield f"since {old.sign_off.name} signed {against} on {old.sign_off.date}{':' if changes else ' nothing changed'}"
    yield from (f"  {line}" for line in changes)


def _from_git(file: Path, fingerprint: str) -> tuple[str, str]:
    """Commands that bring back the text of a fingerprint, and compare with it."""
    git, name, copy = f"git -C {quote(str(file.parent))}", quote(file.name), quote(f"{file.stem}-as-signed.yaml")
    commit = f'"$({git} log -1 --format=%H -S {fingerprint} -- {name})":./{name}'
    return f"{git} show {commit} > {copy}", f"sunline protocol sign {quote(str(file))} --against {copy} --by NAME"


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
