"""What can hurt a caller is refused by the quick check too, each with its file, its line and the mend."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner

from ivr.ops.configuration_commands import check, check_folder
from ivr.ops.protocol_command import protocol
from tests.directory.conftest import AT, Folder, fourteen_locations

OPERATOR, MAPLE, ONCALL = "operator.yaml", "practices/maple.yaml", "oncall.yaml"
PROTOCOL = "protocols/adult-red-flags.yaml"

SIGN = "sunline protocol sign FOLDER/protocols/adult-red-flags.yaml"
RENEW = f"have the clinical lead review it, then: {SIGN} --by NAME"
AN_EMERGENCY = "write the words that make it an emergency, such as a symptom with it"
FAST_FIRST = "- {page: on_call, by: [voice, sms], for: 150s}"
STROKE_LEVEL = "raises_to: emergent\n    says_911: true\n  - key: heavy_bleeding"


@dataclass(frozen=True)
class Danger:
    """Edits of files of the example, and what is said at the line of ``at`` in the file that was edited last."""

    name: str
    edits: tuple[tuple[str, str, str], ...]
    at: str
    what: str
    mend: str


def danger(name: str, file: str, old: str, new: str, at: str, what: str, mend: str) -> Danger:
    return Danger(name, ((file, old, new),), at, what, mend)


DANGERS = (
    danger(
        "a word of a signed text was changed",
        *(PROTOCOL, "had a seizure, hard", "had a fit, hard", "sign_off:"),
        "the protocol was changed after Dr Meera Patel signed it on 2026-09-14",
        RENEW,
    ),
    danger(
        "a limit that was signed was changed",
        *(PROTOCOL, "urgent: 15m", "urgent: 14m", "sign_off:"),
        "the protocol was changed after Dr Meera Patel signed it on 2026-09-14",
        RENEW,
    ),
    danger(
        "the sign-off was made to last longer",
        *(PROTOCOL, "review_by: 2027-09-14", "review_by: 2037-09-14", "sign_off:"),
        "the protocol was changed after Dr Meera Patel signed it on 2026-09-14",
        RENEW,
    ),
    danger(
        "another name was put under it",
        *(PROTOCOL, "name: Dr Meera Patel", "name: Dr Else", "sign_off:"),
        "the protocol was changed after Dr Else signed it on 2026-09-14",
        RENEW,
    ),
    danger(
        "it does not say what was signed, as before there were fingerprints",
        *(PROTOCOL, ", fingerprint: ", "} # ", "sign_off:"),
        "the sign-off of Dr Meera Patel does not say for which text it is",
        f"make sure that the text is the one that was signed, then: {SIGN}",
    ),
    danger(
        "something else stands where the fingerprint belongs",
        *(PROTOCOL, "fingerprint: ", "fingerprint: as-signed} # ", "sign_off:"),
        "sign_off.fingerprint: 'as-signed' is not a fingerprint",
        "remove it, then: sunline protocol sign FILE",
    ),
    danger(
        "the sign-off is overdue",
        *(PROTOCOL, "review_by: 2027-09-14", "review_by: 2026-10-31", "sign_off:"),
        "the review of the protocol was due on 2026-10-31",
        f"have the clinical lead review and sign it again, then: {SIGN} --by NAME",
    ),
    danger(
        "nobody has signed",
        *(PROTOCOL, "sign_off:", "# sign_off:", "# The screen for adults"),
        "the protocol is not signed",
        RENEW,
    ),
    danger(
        "a red flag has no words in a language that the practice speaks",
        *(PROTOCOL, "      es-US: [me pegó,", "      es-MX: [me pegó,", "listen:\n      en-US: [he hit me"),
        "violence has no words in es-US",
        "add es-US: to it; a practice that uses the protocol speaks it",
    ),
    danger(
        "a phrase is one common word",
        *(PROTOCOL, "stabbed, gunshot", "stabbed, shot, gunshot", "stabbed, shot"),
        "the phrase 'shot' is one common word, which raises calls about anything",
        AN_EMERGENCY,
    ),
    danger(
        "a phrase is one common word with an article",
        *(PROTOCOL, "[pain in the chest, pressure", "[the pain, pressure", "[the pain"),
        "the phrase 'the pain' is one common word, which raises calls about anything",
        AN_EMERGENCY,
    ),
    danger(
        "a phrase is one common word in Spanish, with an accent and a capital",
        *(PROTOCOL, "[presión en el pecho, op", "[Corazón, op", "[Corazón"),
        "the phrase 'Corazón' is one common word, which raises calls about anything",
        AN_EMERGENCY,
    ),
    danger(
        "a phrase is the beginning of a common word",
        *(PROTOCOL, "badly hurt, very", "hurt*, very", "hurt*"),
        "the phrase 'hurt*' is one common word, which raises calls about anything",
        AN_EMERGENCY,
    ),
    danger(
        "a phrase has no word that could be heard",
        *(PROTOCOL, "no puedo ver, no", '"¡!", no', '"¡!"'),
        "the phrase '¡!' holds no word, so that it is never heard",
        "write words in the letters a to z, or remove it",
    ),
    danger(
        "two questions have one id",
        *(
            PROTOCOL,
            "key: chest\n    ask",
            "key: breath\n    ask",
            'key: breath\n    ask:\n      en-US: "Is there pain',
        ),
        "the key 'breath' is used twice",
        "give each its own key",
    ),
    danger(
        "a question follows one of a lower level",
        *(PROTOCOL, STROKE_LEVEL, STROKE_LEVEL.replace("emergent\n    says_911: true", "urgent")),
        "raises_to: emergent\n    says_911: true\n  - key: swelling",
        "questions: a question follows a less urgent one",
        "order questions from emergent to routine",
    ),
    danger(
        "an emergency may wait longer than what is urgent",
        *(PROTOCOL, "{emergent: 5m, urgent", "{emergent: 20m, urgent", "answer_within:"),
        "answer_within: a more urgent caller waits longer",
        "order them emergent, urgent, routine",
    ),
    danger(
        "the ladders of emergent and urgent are swapped",
        *(MAPLE, "{emergent: fast, urgent: standard}", "{emergent: standard, urgent: fast}", "on_call: {rota"),
        "emergent climbs standard, which is slower than fast for urgent",
        "write a ladder for emergent that pages nobody later than fast, or swap the two",
    ),
    danger(
        "they are swapped at one location only",
        *(MAPLE, "    state: IL\n", "    state: IL\n    on_call: {escalation: {emergent: standard, urgent: fast}}\n"),
        "    on_call: {escalation",
        "emergent climbs standard, which is slower than fast for urgent",
        "write a ladder for emergent that pages nobody later than fast, or swap the two",
    ),
    danger(
        "a later step of the ladder for emergencies is slower",
        *(ONCALL, "next_on_call, by: [voice, sms], for: 150s}", "next_on_call, by: [voice, sms], for: 13m}"),
        "",
        "emergent climbs fast, which is slower than standard for urgent",
        "write a ladder for emergent that pages nobody later than standard, or swap the two",
    ),
    danger(
        "the first step of an emergency outlasts the limit of the protocol",
        *(ONCALL, FAST_FIRST, FAST_FIRST.replace("150s", "150s, times: 3"), "times: 3"),
        "by fast only on_call is paged for 7m 30s, and by adult-red-flags 5m may pass when emergent",
        "write for: and times: that make 5m or less",
    ),
    danger(
        "the first step of what is urgent does so",
        *(ONCALL, "for: 5m, times: 2", "for: 10m, times: 2", "for: 10m, times: 2"),
        "by standard only on_call is paged for 20m, and by adult-red-flags 15m may pass when urgent",
        "write for: and times: that make 15m or less",
    ),
    danger(
        "a clinician's number is one that patients dial",
        *(ONCALL, 'voice: "+13125550181"', 'voice: "+12105550120"', "+12105550120"),
        "+12105550120 is one that patients dial",
        "write the number of a person's own phone",
    ),
    danger(
        "a clinician's number is the one from which people are rung",
        *(ONCALL, 'sms: "+13125550181"', 'sms: "+13125550191"', "+13125550191"),
        "+13125550191 is the line's own, from which it rings people",
        "write the number of a person's own phone",
    ),
    danger(
        "whoever wants the crisis line would come back to the practice",
        *(OPERATOR, "\nfallback:", '\nhelp_lines: {crisis: "+12105550120"}\nfallback:', "help_lines"),
        "the crisis line +12105550120 is one that patients dial",
        "write a number that does not lead back here",
    ),
    danger(
        "an agent's number is a backline",
        *(OPERATOR, '"+13125550171"', '"+13125550101"', "+13125550101"),
        "+13125550101 is one that patients dial",
        "write the number of a person's own phone",
    ),
    danger(
        "an agent's number is the one from which people are rung",
        *(OPERATOR, '"+13125550171"', '"+13125550191"', 'contact: "+13125550191"'),
        "+13125550191 is the line's own, from which it rings people",
        "write the number of a person's own phone",
    ),
    danger(
        "a protocol for adults is offered to children",
        *(MAPLE, "child: child-red-flags", "child: adult-red-flags", "child: adult-red-flags"),
        "adult-red-flags was written for adult, and whoever is a child would be screened by it",
        "name a protocol that has patients: child",
    ),
    danger(
        "a protocol for children is offered to adults",
        *(MAPLE, "adult: adult-red-flags", "adult: child-red-flags", "adult: child-red-flags"),
        "child-red-flags was written for child, and whoever is an adult would be screened by it",
        "name a protocol that has patients: adult",
    ),
)


def line_of(folder: Folder, file: str, text: str) -> int:
    written = (folder.path / file).read_text("utf-8")
    assert written.count(text) == 1, text
    return written[: written.index(text)].count("\n") + 1


@pytest.mark.parametrize("case", DANGERS, ids=[case.name for case in DANGERS])
def test_what_can_hurt_is_refused_with_file_line_and_mend(folder: Folder, case: Danger) -> None:
    for file, old, new in case.edits:
        folder.replace(file, old, new)
    if not case.at:  # told where the practices name the ladder
        file, at = MAPLE, "on_call: {rota"
    else:
        file, at = case.edits[-1][0], case.at
    result = CliRunner().invoke(check, [str(folder.path), "--at", AT.isoformat(), "--quick"])
    mend = case.mend.replace("FOLDER", str(folder.path))
    assert f"{folder.path / file}:{line_of(folder, file, at)}: {case.what}; {mend}" in result.output.splitlines()
    assert result.exit_code == 1


@pytest.mark.parametrize("flags", ["red_flags: []\n", ""])
def test_a_protocol_without_red_flags_is_refused(folder: Folder, flags: str) -> None:
    path = folder.path / PROTOCOL
    asked = path.read_text("utf-8").partition("red_flags:\n")[0]
    path.write_text(asked + flags, "utf-8")
    line = asked.count("\n") + 1 if flags else 1
    assert (
        f"{path}:{line}: the protocol has no red flags, so that nothing said outside its questions raises a call;"
        " list under red_flags what is an emergency wherever it is said"
    ) in [str(one) for one in check_folder(folder.path, AT)]


def test_a_protocol_with_red_flags_in_one_language_is_refused_in_the_other(folder: Folder) -> None:
    path = folder.path / PROTOCOL
    asked, _, flags = path.read_text("utf-8").partition("red_flags:\n")
    path.write_text(f"{asked}red_flags:\n{flags.replace('es-US', 'es-MX')}", "utf-8")
    (found,) = [one for one in check_folder(folder.path, AT) if "no words" in one.what]
    assert found.what == "breathing has no words in es-US (and 15 more: chest, stroke, consciousness and 12 more)"


def test_what_all_locations_have_in_common_is_told_once(folder: Folder) -> None:
    fourteen_locations(folder)
    folder.replace(MAPLE, "{emergent: fast, urgent: standard}", "{emergent: standard, urgent: fast}")
    found = [one.what for one in check_folder(folder.path, AT) if not one.warning]
    assert sorted(found) == [
        "by standard only on_call is paged for 10m, and by adult-red-flags 5m may pass when emergent",
        "emergent climbs standard, which is slower than fast for urgent",
    ]


def test_common_words_among_the_phrases_are_told_once_with_their_count(folder: Folder) -> None:
    folder.replace(PROTOCOL, "stabbed, gunshot", "stabbed, shot, blood, help, baby, hurt, gunshot")
    found = [one.what for one in check_folder(folder.path, AT) if "common word" in one.what]
    assert len(found) == 1
    assert found[0].endswith("(and 4 more: 'blood', 'help', 'hurt' and 'shot')")


def test_two_ladders_that_are_the_same_are_fast_enough(folder: Folder) -> None:
    folder.replace(MAPLE, "{emergent: fast, urgent: standard}", "{emergent: fast, urgent: fast}")
    assert not [one for one in check_folder(folder.path, AT) if "slower" in one.what]


def test_comments_and_layout_are_no_part_of_what_was_signed(folder: Folder) -> None:
    folder.replace(PROTOCOL, "questions:\n", "# Reviewed twice.\nquestions:\n\n")
    folder.replace(PROTOCOL, "otherwise: urgent\nanswer_within:", 'otherwise: "urgent"\n\nanswer_within:')
    assert check_folder(folder.path, AT) == ()


def test_in_the_demo_a_changed_text_is_a_warning(folder: Folder) -> None:
    folder.replace(PROTOCOL, "had a seizure, hard", "had a fit, hard")
    (found,) = check_folder(folder.path, AT, allow_unsigned=True)
    assert found.warning
    assert "was changed after Dr Meera Patel signed it" in found.what


def test_the_command_in_the_mend_mends(folder: Folder) -> None:
    folder.replace(PROTOCOL, ", fingerprint: ", "} # ")
    (found,) = check_folder(folder.path, AT)
    command = found.mend.partition("sunline protocol ")[2].split()
    assert CliRunner().invoke(protocol, [*command, "--yes"]).exit_code == 0
    assert check_folder(folder.path, AT) == ()
    assert Path(command[-1]).read_text("utf-8").count("review_by: 2027-09-14, fingerprint: ") == 1


def test_one_protocol_for_two_groups_is_one_cause(folder: Folder) -> None:
    folder.replace(MAPLE, "child: child-red-flags", "child: adult-red-flags")
    (found,) = [one.what for one in check_folder(folder.path, AT) if not one.warning]
    assert found == "adult-red-flags was written for adult, and whoever is a child would be screened by it"
