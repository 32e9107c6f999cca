"""What the release shows as an example and no patient may meet: sample protocols, and telephones of stories."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping

from ivr.core.counting import counted
from ivr.core.preflight import Finding, risk
from ivr.directory.organisation import Organisation
from ivr.directory.own_lines import own_lines
from ivr.directory.problems import some
from ivr.directory.sign_off import SIGN_OFF, fingerprint_of
from ivr.directory.yaml_reader import Tree

TEXTS = frozenset(
    {
        "0e83e0734e318a033b52d0488b44de7a",
        "120d61e4167c0270754875131e31fa44",
        "617e8c8479e0bdfedeb9820e1018a1ff",
    }
)
"""The sample protocols, each by the fingerprint of its text without the sign-off."""
SIGNER = "Dr Meera Patel"
"""Who signs the samples. Nobody of that name has answered for them."""
STORIES = re.compile(r"\+1[2-9]\d{2}55501\d{2}")
"""555-0100 to 555-0199 of any area, which are given to nobody (ATIS-0300115: fictitious numbers)."""


def text_of(protocol: Mapping[str, Tree]) -> str:
    """The fingerprint of a protocol as written, whoever signed it."""
    return fingerprint_of({key: value for key, value in protocol.items() if key != SIGN_OFF})


def check_sample_protocols(organisation: Organisation) -> Iterator[Finding]:
    """Every protocol that a service uses is the practice's own, and signed by somebody who exists."""
    written = json.loads(organisation.body)["protocols"]
    used = {name for file in organisation.practices.values() for name in file.named_protocols()}
    for name in sorted(used):
        sign_off = organisation.protocol(name).sign_off
        if text_of(written[name]) in TEXTS:
            what = f"protocol {name} is word for word a sample of this release"
            mend = "have the clinical lead write your own, with your author and version, and sign it"
            yield risk(what, f"{mend}, then: sunline load DIR")
        elif sign_off is not None and sign_off.name == SIGNER:
            what = f"protocol {name} is signed by {SIGNER}, the invented person who signs the samples"
            yield risk(what, "have your clinical lead sign it: sunline protocol sign FILE, then: sunline load DIR")


def check_story_numbers(organisation: Organisation) -> Iterator[Finding]:
    """No line, no telephone and nobody of the staff has a number that is given to nobody."""
    operator = organisation.operator
    written = [*own_lines(organisation), operator.fallback.number, *(one.number for one in operator.interpreters)]
    written += [agent.contact for agent in operator.agents]
    written += [number for one in organisation.people.values() for number in one.numbers]
    found = sorted({number for number in written if STORIES.fullmatch(number)})
    if found:
        what = f"{counted(len(found), 'number')} of the configuration can reach nobody, as in stories: {some(found)}"
        yield risk(what, "write the real ones, then: sunline load DIR")
