"""protocols/*.yaml: signed as they stand there, not overdue, and worded in every language it is asked in."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from ivr.directory.checks.names import repeated
from ivr.directory.draft import Draft, file_of
from ivr.directory.problems import Problem
from ivr.directory.schema import ProtocolFile
from ivr.directory.sign_off import state_of
from ivr.directory.yaml_reader import Place


def problems(draft: Draft, at: datetime, *, allow_unsigned: bool, signed_later: bool) -> Iterator[Problem]:
    """What is wrong with every protocol; without a valid sign-off it only passes as a warning in the demo."""
    for name, protocol in draft.protocols.items():
        file = file_of("protocols", name)
        if protocol.protocol != name:
            what = f"the protocol is {protocol.protocol!r} but the file is {name}.yaml"
            yield draft.problem(file, ("protocol",), what, f"write protocol: {name}, or rename the file")
        if not signed_later:
            yield from _yet_to_come(draft, file, protocol, at, allow_unsigned)
        yield from _sign_off(draft, file, protocol, at, allow_unsigned)
        yield from _keys(draft, file, protocol)
        for language in sorted(_languages(draft, name)):
            yield from _wording(draft, file, protocol, language)


def _yet_to_come(draft: Draft, file: str, protocol: ProtocolFile, at: datetime, allowed: bool) -> Iterator[Problem]:
    signed, today = protocol.sign_off, at.date()
    if signed is not None and signed.date > today:
        what = f"the protocol is signed on {signed.date}, which is yet to come on {today}, the day that is judged"
        mend = f"judge {signed.date} or a later day (--at), or write the day it was signed"
        yield draft.problem(file, ("sign_off", "date"), what, mend, warning=allowed)


def _sign_off(draft: Draft, file: str, protocol: ProtocolFile, at: datetime, allowed: bool) -> Iterator[Problem]:
    signed, today, document = protocol.sign_off, at.date(), draft.documents[file]
    sign = f"sunline protocol sign {document.file}"
    review = f"have the clinical lead review it, then: {sign} --by NAME"
    if signed is None:
        yield draft.problem(file, (), "the protocol is not signed", review, warning=allowed)
        return
    if signed.review_by < today:
        what = f"the review of the protocol was due on {signed.review_by}"
        mend = f"have the clinical lead review and sign it again, then: {sign} --by NAME"
        yield draft.problem(file, ("sign_off", "review_by"), what, mend, warning=allowed)
    state = state_of(draft.tree(file))
    if state == "without a fingerprint":
        what = f"the sign-off of {signed.name} does not say for which text it is"
        mend = f"make sure that the text is the one that was signed, then: {sign}"
        yield draft.problem(file, ("sign_off",), what, mend, warning=allowed)
    elif state == "changed":
        what = f"the protocol was changed after {signed.name} signed it on {signed.date}"
        yield draft.problem(file, ("sign_off", "fingerprint"), what, review, warning=allowed)


def _keys(draft: Draft, file: str, protocol: ProtocolFile) -> Iterator[Problem]:
    sections = {
        "questions": [question.key for question in protocol.questions],
        "red_flags": [flag.key for flag in protocol.red_flags],
    }
    for section, keys in sections.items():
        for place, key in repeated(((section, index, "key"), key) for index, key in enumerate(keys)):
            yield draft.problem(file, place, f"the key {key!r} is used twice", "give each its own key")


def _languages(draft: Draft, protocol: str) -> set[str]:
    return {
        language
        for practice in draft.practices.values()
        if protocol in practice.named_protocols()
        for language in practice.languages
    }


def _wording(draft: Draft, file: str, protocol: ProtocolFile, language: str) -> Iterator[Problem]:
    mend = f"add {language}: to it; a practice that uses the protocol speaks it"
    for place, where in _wordless(protocol, language):
        what = f"{where[0]} has no words in {language}{where[1]}"
        yield draft.problem(file, place, what, mend, cause=f"no words in {language}", about=f"{where[0]}{where[1]}")


def _wordless(protocol: ProtocolFile, language: str) -> Iterator[tuple[Place, tuple[str, str]]]:
    """Where words are missing: the place, whose they are, and under which key where there are several."""
    for index, question in enumerate(protocol.questions):
        for key, texts in (("ask", question.ask), ("listen", question.listen)):
            if language not in texts:
                yield ("questions", index, key), (question.key, f" under {key}")
    for index, flag in enumerate(protocol.red_flags):
        if language not in flag.listen:
            yield ("red_flags", index, "listen"), (flag.key, "")
