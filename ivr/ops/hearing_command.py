"""``sunline hearing``: train the ear, measure it, and ask it what it hears."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import click

from ivr.core.counting import counted
from ivr.core.listing import echo_json, json_option
from ivr.core.settings import SETTINGS, read_settings
from ivr.directory.emergent_phrases import read_emergent_phrases
from ivr.directory.schema.protocol import phrases_of
from ivr.directory.signing import read_protocol
from ivr.hearing import explaining
from ivr.hearing.ear import Ear, ear_at
from ivr.hearing.encoder import embedded_encoder
from ivr.hearing.figures import Figure, Trial, figures, languages, missed_by_group
from ivr.hearing.held_out import read_held_out
from ivr.hearing.measuring import measure, measure_untrained
from ivr.hearing.paging import Paged, paged_by
from ivr.hearing.phrases import raises
from ivr.hearing.places import PROTOCOLS, RELEASED, Places, places_of
from ivr.hearing.sentences import fingerprint_of, read_sentences
from ivr.hearing.trials import Lesson, by_group, by_hand, by_topic, in_styles, left_out, lesson_of
from ivr.hearing.weights_file import Weights, WeightsUnusable, read_weights, rounded, write_weights
from ivr.installation.command_line import opened, refusals


@click.group("hearing")
def hearing() -> None:
    """What the ear hears in callers' words: train, test, explain."""


@hearing.command("train")
@click.option(
    "--figures/--no-figures",
    "measured",
    default=True,
    show_default=True,
    help="Tell how well it hears what it never learned.",
)
@click.option("--yes", is_flag=True, help="Write the weights; without it nothing is changed.")
@click.pass_context
def train_command(context: click.Context, measured: bool, yes: bool) -> None:
    """Learn from the sentences; a dry run without --yes. The same sentences give the same weights.

    The figures leave each hand, each group of red flags and some of the everyday topics out of the training in turn,
    and take about ten minutes. They are what thresholds are chosen by (ivr/hearing/thresholds.py).
    """
    with refusals():
        places = _places()
        lesson = _read_lesson(places)
        made = Weights(rounded(lesson.learn()), fingerprint_of(places.sentences), embedded_encoder().fingerprint)
        if measured:
            _show_left_out(lesson)
        click.echo(_difference(places, made))
        if not yes:
            _demand_installation(context, places)
            click.echo("Nothing was written; --yes writes it.")
            return
        with _noted(context, places, made.sentences):
            write_weights(places.weights, made)
        click.echo(f"{places.weights} was written.")


@hearing.command("test", short_help="Measure it with sentences that it never learned.")
@click.argument("held_out", metavar="FILE", type=click.Path(path_type=Path, exists=True))
@click.option("--untrained", is_flag=True, help="Hear each group of red flags with weights that never learned it.")
@click.option(
    "--protocols",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    default=PROTOCOLS,
    help="The folder of protocols whose phrases page at once; without it, those of the release.",
)
@json_option
def test_command(held_out: Path, untrained: bool, protocols: Path, as_json: bool) -> None:
    """Measure the ear with the sentences of FILE, or of a folder of such files, that it never learned.

    Each share stands with the range in which the truth is with 95 %: that of Wilson, and for emergencies one that
    allows for other groups than these. Paged without a confirmed answer is what holds a phrase of the protocols for an
    emergency: at the first menu a clinician is paged for that before anything is asked, and for nothing else.
    """
    with refusals():
        read, paged = read_held_out(held_out), paged_by(read_emergent_phrases(protocols))
        if untrained:
            rows = measure_untrained(_read_lesson(_places()), read, embedded_encoder())
        else:
            rows = measure(_ear(), read)
    if as_json:
        echo_json({"style": style, **_as_row(name, one)} for style, trials in rows for name, one in _all(trials, paged))
        return
    for style, trials in rows:
        click.echo(f"\n{style}")
        _show_by_language(trials, paged)


@hearing.command("explain", short_help="Say what is heard in WORDS, why, and what then happens.")
@click.argument("words", nargs=-1, required=True)
@click.option(
    "--protocols",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    default=PROTOCOLS,
    help="The folder of protocols whose phrases are looked for; without it, those of the release.",
)
def explain_command(words: tuple[str, ...], protocols: Path) -> None:
    """Say what is heard in WORDS, in which stretch of them, and which sentences it learned are nearest.

    A phrase of a protocol goes before what the ear hears, and is told at the end.
    What is typed may stay in the shell's history: never type what a caller really said.
    """
    with refusals():
        places = _places()
        for line in explaining.explain(_ear(), " ".join(words), read_sentences(places.sentences)):
            click.echo(line)
        for line in _phrases_in(" ".join(words), protocols):
            click.echo(line)


def _phrases_in(words: str, folder: Path) -> Iterator[str]:
    """A line for everything in the protocols of ``folder`` of which a phrase is in ``words``."""
    for path in sorted(folder.glob("*.yaml")):
        protocol = read_protocol(path)[1]
        for entry in protocol.listened:
            said = [phrase for phrase in phrases_of(entry) if raises(words, (phrase,))]
            if said:
                says_911 = ", after the 911 words" if entry.says_911 else ""
                what = f"{said[0]!r} is a phrase of {protocol.protocol} ({entry.key})"
                yield f"{what}: it raises the call to {entry.raises_to}{says_911}, whatever else is heard"


def _places() -> Places:
    """Where this installation hears; that of the release where it adds no sentences, which needs no other setting."""
    if SETTINGS["hearing_sentences"].name not in os.environ:
        return RELEASED
    return places_of(read_settings(os.environ))


def _ear() -> Ear:
    return ear_at(_places())


def _read_lesson(places: Places) -> Lesson:
    sentences = read_sentences(places.sentences)
    hands = sorted({one.hand for one in sentences})
    click.echo(f"{counted(len(sentences), 'sentence')} by {counted(len(hands), 'hand')} ({', '.join(hands)})", err=True)
    return lesson_of(embedded_encoder(), sentences)


def _show_left_out(lesson: Lesson) -> None:
    def dot() -> None:
        click.echo(".", err=True, nl=False)

    by_hands = left_out(lesson, by_hand, in_styles(lesson.sentences, embedded_encoder()), dot)
    by_topics = left_out(lesson, by_topic, done=dot)
    by_groups = left_out(lesson, by_group, done=dot)
    click.echo("", err=True)
    click.echo("Heard without the hand that wrote it, or the topic:")
    _show_by_language([*by_hands.pop("as is"), *by_topics["as is"]])
    for style, trials in by_hands.items():
        click.echo(f"\nThe same, {style}:")
        _show_by_language(trials)
    click.echo("\nHeard without its group of red flags:")
    _show_by_language(by_groups["as is"])


def _show_by_language(trials: Sequence[Trial], paged: tuple[Paged, Paged] | None = None) -> None:
    for name, one in _all(trials, paged):
        click.echo(f"  {name:<6} {one.what:<60} {one.share}")


def _all(trials: Sequence[Trial], paged: tuple[Paged, Paged] | None) -> Iterator[tuple[str, Figure]]:
    for name, chosen in (("both", list(trials)), *languages(trials)):
        yield from ((name, one) for one in (*figures(chosen, paged), *missed_by_group(chosen)))


def _as_row(language: str, one: Figure) -> dict[str, object]:
    part = one.share
    return {
        "language": language,
        "what": one.what,
        "share": round(part.value, 4),
        "low": round(part.low, 4),
        "high": round(part.high, 4),
        "hits": part.hits,
        "total": part.total,
    }


def _difference(places: Places, made: Weights) -> str:
    try:
        before = read_weights(places.weights)
    except WeightsUnusable:
        return "There were no usable weights before."
    same = before.sentences == made.sentences and before.encoder == made.encoder
    return "The sentences and the encoder are those of the weights in place." if same else "The weights change."


def _demand_installation(context: click.Context, places: Places) -> None:
    """Refuse what would be refused when weights of an installation are put on its record."""
    if places is not RELEASED:
        with opened(context):
            pass


@contextmanager
def _noted(context: click.Context, places: Places, fingerprint: str) -> Iterator[None]:
    """An audit row for weights of an installation; who changed those of the release, its history tells."""
    if places is RELEASED:
        yield
        return
    with opened(context) as installation, installation.noted("hearing.train", fingerprint[:16]):
        yield
