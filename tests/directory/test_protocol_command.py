"""What a clinical lead has signed is shown, and a sign-off is written into its file and into nothing else."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from ivr.directory.sign_off import fingerprint_of, state_of
from ivr.directory.signing import read_protocol, tree_of
from ivr.ops.configuration_commands import check_folder
from ivr.ops.protocol_command import protocol
from tests.directory.conftest import AT, EXAMPLE, Folder

NAME = "protocols/adult-red-flags.yaml"
FILE = EXAMPLE / NAME
MARKED = ", fingerprint: "
TODAY = ("--at", "2026-11-01")
COPY = "adult-red-flags-as-signed.yaml"


def run(*arguments: str | Path, answer: str = "") -> Result:
    return CliRunner().invoke(protocol, [str(one) for one in arguments], input=answer)


def state(path: Path) -> str:
    return state_of(tree_of(read_protocol(path)[0]))


def changed(folder: Folder) -> Path:
    folder.replace(NAME, "had a seizure, hard", "had a fit, hard")
    return folder.path / NAME


def test_all_that_is_asked_and_heard_is_shown_with_who_signed_it() -> None:
    lines = run("show", FILE).output.splitlines()
    assert lines[0] == "adult-red-flags 2026.4 by Sunline clinical content group, for adult"
    assert "callers wait at most: emergent 5m, urgent 15m, routine 1h; where nothing applies: urgent" in lines
    assert "question breath: emergent, says 911" in lines
    assert "  es-US: ¿Le cuesta mucho respirar?" in lines
    assert "question fever_signs: emergent" in lines
    assert "red flag stroke: emergent, says 911" in lines
    assert any(line.startswith("  hears in en-US: can't see, went blind,") for line in lines)
    mark = fingerprint_of(tree_of(read_protocol(FILE)[0]))
    assert lines[-1] == f"Dr Meera Patel signed on 2026-09-14, until 2027-09-14: this text, fingerprint {mark}"


def test_programs_are_shown_the_state_of_a_sign_off(folder: Folder) -> None:
    (row,) = json.loads(run("show", changed(folder), "--json").output)
    assert (row["state"], row["signed_by"], row["review_by"]) == ("changed", "Dr Meera Patel", "2027-09-14")
    assert row["patients"] == ["adult"]


def test_a_sign_off_of_before_there_were_fingerprints_keeps_its_name_and_dates(folder: Folder) -> None:
    folder.replace(NAME, MARKED, "} # ")
    path = folder.path / NAME
    assert run("show", path).output.splitlines()[-1].endswith(": a text of which there is no fingerprint")
    assert run("sign", path, *TODAY, answer="y\n").exit_code == 0
    _, found = read_protocol(path)
    assert found.sign_off is not None
    assert (found.sign_off.name, str(found.sign_off.date)) == ("Dr Meera Patel", "2026-09-14")
    assert state(path) == "signed"


def test_a_changed_text_is_signed_by_somebody_who_is_named(folder: Folder) -> None:
    path = changed(folder)
    refused = run("sign", path, *TODAY, "--yes")
    assert refused.exit_code == 1
    assert "was changed after it was signed; name the clinical lead who has reviewed it: --by NAME" in refused.output
    told = run("sign", path, *TODAY, "--yes", "--by", "Dr Example: lead")
    assert "Dr Example: lead signed on 2026-11-01, until 2027-11-01: this text" in told.output
    assert 'sign_off: {name: "Dr Example: lead", date: 2026-11-01, review_by: 2027-11-01' in path.read_text("utf-8")
    assert check_folder(folder.path, AT) == ()


def test_the_review_may_be_due_sooner_and_never_before_the_sign_off(folder: Folder) -> None:
    path = changed(folder)
    by = ("--by", "Dr Example", *TODAY, "--yes")
    assert "until 2027-02-01" in run("sign", path, *by, "--review-by", "2027-02-01").output
    before = path.read_bytes()
    refused = run("sign", path, *by, "--review-by", "2026-10-01")
    assert (refused.exit_code, path.read_bytes()) == (1, before)
    assert "the review is due before the sign-off" in refused.output
    assert run("sign", path, *TODAY, "--review-by", "2027-02-01").exit_code == 2


@pytest.mark.parametrize(("option", "answer", "status"), [(("--dry-run",), "", 0), ((), "n\n", 1)])
def test_nothing_is_written_by_a_dry_run_or_without_a_yes(
    folder: Folder, option: tuple[str, ...], answer: str, status: int
) -> None:
    path = changed(folder)
    before = path.read_bytes()
    told = run("sign", path, *TODAY, "--by", "Dr Example", *option, answer=answer)
    assert (told.exit_code, path.read_bytes()) == (status, before)
    assert "question breath: emergent, says 911" in told.output
    assert not [one for one in path.parent.iterdir() if one.suffix != ".yaml"]


def test_a_text_that_is_signed_as_it_is_stays_as_it_is(folder: Folder) -> None:
    path = folder.path / NAME
    before = path.read_bytes()
    told = run("sign", path, *TODAY)
    assert (told.exit_code, path.read_bytes()) == (0, before)
    assert "Dr Meera Patel signed on 2026-09-14" in told.output


SIGN_OFFS = {
    "on one line": "sign_off: {name: Dr Meera Patel, date: 2026-09-14, review_by: 2027-09-14}   # by letter\n# next\n",
    "in a block": "sign_off:\n  name: Dr Meera Patel   # by letter\n  date: 2026-09-14\n"
    "  review_by: 2027-09-14\n\n# next\n",
    "over two lines": "sign_off: {name: Dr Meera Patel,\n  date: 2026-09-14, review_by: 2027-09-14}\n# next\n",
    "nowhere": "# next\n",
}


@pytest.mark.parametrize("layout", SIGN_OFFS)
def test_all_but_the_sign_off_stays_as_it_was_written(folder: Folder, layout: str) -> None:
    path = folder.path / NAME
    lines = path.read_text("utf-8").splitlines(keepends=True)
    (at,) = [number for number, line in enumerate(lines) if line.startswith("sign_off:")]
    before, after = "".join(lines[:at]), "".join(lines[at + 1 :])
    path.write_text(before + SIGN_OFFS[layout] + after, "utf-8")
    path.chmod(0o640)
    assert run("sign", path, *TODAY, "--by", "Dr Example", "--yes").exit_code == 0
    text = path.read_text("utf-8")
    assert text.startswith(before)
    assert text.endswith("# next\n" + after)
    assert text.count("sign_off:") == 1
    assert (state(path), path.stat().st_mode & 0o777) == ("signed", 0o640)


def test_a_file_that_is_laid_out_otherwise_is_left_alone_with_what_to_write(folder: Folder) -> None:
    path = folder.path / NAME
    tree = {key: value for key, value in tree_of(read_protocol(path)[0]).items() if key != "sign_off"}
    path.write_text(json.dumps(tree), "utf-8")
    before = path.read_bytes()
    for more in ("--yes", "--dry-run"):
        told = run("sign", path, *TODAY, "--by", "Dr Example", more)
        assert (told.exit_code, path.read_bytes()) == (1, before)
        assert "add to it: sign_off: {name: Dr Example, date: 2026-11-01" in told.output
    assert not [one for one in path.parent.iterdir() if one.suffix != ".yaml"]


def test_a_file_that_cannot_be_used_is_not_signed(folder: Folder) -> None:
    folder.replace(NAME, "key: awake", "key: Brain Stem")
    refused = run("sign", folder.path / NAME, *TODAY, "--by", "Dr Example", "--yes")
    assert refused.exit_code == 1
    assert "'Brain Stem' is not a name" in refused.output


def test_what_changed_since_it_was_signed_is_listed_against_the_text_that_was_signed(folder: Folder) -> None:
    path = changed(folder)
    folder.replace(NAME, "key: swelling", "key: swollen")
    folder.replace(NAME, '"Is it very hard to breathe?"', '"Is it hard to breathe?"')
    folder.replace(NAME, "otherwise: urgent", "otherwise: emergent")
    lines = run("sign", path, *TODAY, "--by", "Dr Example", "--dry-run", "--against", FILE).output.splitlines()
    since = lines[lines.index(f"since Dr Meera Patel signed {FILE} on 2026-09-14:") + 1 : -2]
    limits = "callers wait at most: emergent 5m, urgent 15m, routine 1h; where nothing applies: "
    assert since[:2] == [f"    - {limits}urgent", f"    + {limits}emergent"]
    assert since[2:5] == [
        "  question breath: changed",
        "    - en-US: Is it very hard to breathe?",
        "    + en-US: Is it hard to breathe?",
    ]
    assert since[5:8] == [
        "  question awake: changed",
        "    - hears in en-US: had a seizure",
        "    + hears in en-US: had a fit",
    ]
    assert ("  question swelling: is taken out" in since, "  question swollen: is new" in since) == (True, True)


def test_another_order_of_the_questions_is_told(folder: Folder) -> None:
    path = folder.path / NAME
    text = path.read_text("utf-8")
    head, _, rest = text.partition("  - key: breath\n")
    breath, _, rest = rest.partition("  - key: chest\n")
    chest, _, rest = rest.partition("  - key: awake\n")
    path.write_text(f"{head}  - key: chest\n{chest}  - key: breath\n{breath}  - key: awake\n{rest}", "utf-8")
    told = run("sign", path, *TODAY, "--by", "Dr Example", "--dry-run", "--against", FILE).output
    assert "the order: question chest, question breath, question awake" in told


def test_a_text_that_is_not_the_one_that_was_signed_is_no_comparison(folder: Folder) -> None:
    path, other = changed(folder), EXAMPLE / "protocols/child-red-flags.yaml"
    for against, why in ((other, "is not the text that was signed last"), (path, "is not a text as it was signed")):
        refused = run("sign", path, *TODAY, "--by", "Dr Example", "--yes", "--against", against)
        assert (refused.exit_code, why in refused.output) == (1, True)
    assert state(path) == "changed"


def test_where_only_a_fingerprint_is_kept_git_brings_the_text_back(folder: Folder, tmp_path: Path) -> None:
    def sh(command: str) -> None:
        subprocess.run(["bash", "-euc", command], cwd=tmp_path, check=True, capture_output=True)

    sh("git init -q . && git add . && git -c user.name=a -c user.email=a@example.org commit -qm signed")
    path = changed(folder)
    sh("git -c user.name=a -c user.email=a@example.org commit -qam changed")
    told = run("sign", path, *TODAY, "--by", "Dr Example", "--dry-run")
    mark = fingerprint_of(tree_of(read_protocol(FILE)[0]))
    assert f"was changed since Dr Meera Patel signed it on 2026-09-14, fingerprint {mark};" in told.output
    (fetch,) = (line for line in told.output.splitlines() if line.startswith("  git "))
    sh(fetch)
    told = run("sign", path, *TODAY, "--by", "Dr Example", "--dry-run", "--against", tmp_path / COPY)
    assert "+ hears in en-US: had a fit" in told.output


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (MARKED, MARKED, "the text is as Dr Meera Patel signed it on 2026-09-14: nothing of it changed"),
        (MARKED, "} # ", "which text Dr Meera Patel signed on 2026-09-14 is not known"),
        ("sign_off: {", "# sign_off: {", "signed for the first time"),
    ],
)
def test_it_is_told_whether_anything_changed_as_far_as_that_is_known(
    folder: Folder, old: str, new: str, told: str
) -> None:
    folder.replace(NAME, old, new)
    assert told in run("sign", folder.path / NAME, *TODAY, "--by", "Dr Example", "--dry-run").output


@pytest.mark.parametrize("name", ["oncall.yaml", "operator.yaml", "practices/maple.yaml"])
def test_a_file_that_is_no_protocol_is_one_fault_with_what_it_looks_like(name: str) -> None:
    for command in (("show",), ("sign", "--by", "Dr Example", "--yes")):
        refused = run(*command, EXAMPLE / name)
        assert (refused.exit_code, refused.output.count("\n")) == (1, 1)
        assert f"{EXAMPLE / name}:1: this is not a protocol: it holds" in refused.output
        assert "such as protocols/adult-red-flags.yaml" in refused.output


def test_a_sign_off_of_a_later_day_is_told_with_the_day_that_is_judged(folder: Folder) -> None:
    path = changed(folder)
    run("sign", path, "--at", "2026-11-29", "--by", "Dr Example", "--yes")
    (one,) = check_folder(folder.path, AT)
    assert (
        one.what == "the protocol is signed on 2026-11-29, which is yet to come on 2026-11-01, the day that is judged"
    )
    assert "judge 2026-11-29 or a later day (--at)" in one.mend
