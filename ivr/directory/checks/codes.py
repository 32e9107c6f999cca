"""One-time codes: how they are sent, and through which service of Twilio Verify."""

from __future__ import annotations

from collections.abc import Iterator

from ivr.directory.draft import Draft, file_of
from ivr.directory.problems import Problem
from ivr.directory.schema.codes import SMS_CODE, SUNLINE, VERIFY, VOICE_CODE, Possession
from ivr.directory.yaml_reader import Place

PLACE: Place = ("identity", "L2")


def problems(draft: Draft) -> Iterator[Problem]:
    """Codes that nobody would send, and a service that is missing, is not asked, or is two practices'."""
    owners: dict[str, str] = {}
    for name, practice in draft.practices.items():
        codes, file = practice.identity.L2, file_of("practices", name)
        if codes is None:
            continue
        for place, what, mend in _of_practice(codes):
            yield draft.problem(file, place, what, mend)
        if codes.service is not None and (owner := owners.setdefault(codes.service, name)) != name:
            what = f"the Verify service already belongs to {owner}, whose name is in its texts"
            yield draft.problem(file, (*PLACE, "service"), what, "give each practice a service of its own")


def _of_practice(codes: Possession) -> Iterator[tuple[Place, str, str]]:
    if codes.add == VOICE_CODE:
        yield (*PLACE, "add"), "no call reads a code out", f"write add: {SMS_CODE}"
    if codes.through == VERIFY and codes.service is None:
        mend = "write service: VA..., the SID of a service for this practice in Twilio's console"
        yield (*PLACE, "through"), "Twilio Verify sends codes through a service, and none is named", mend
    if codes.through == SUNLINE and codes.service is not None:
        what = "Sunline sends these codes itself, and never asks the Verify service"
        yield (*PLACE, "service"), what, f"write through: {VERIFY}, or leave the service out"
