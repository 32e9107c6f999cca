"""Proofs on disk, so that what has not changed is not proved twice."""

from __future__ import annotations

import gc
import json
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path

from callflows.proof.dependencies import Program, Proof, Unfollowed, fingerprint_of, proof_of
from callflows.proof.explore import explore
from callflows.proof.graph import Report, Subject
from callflows.proof.slowness import Slowest
from ivr.flows.sources import LOADED


def default_folder() -> Path:
    """Where proofs are kept: in the user's cache folder, which may be emptied at any moment.

    A user without a home, as in many a container, has none: the folder is one that nothing can be written to.
    """
    caches = os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    try:
        return Path(caches).expanduser() / "sunline" / "proofs"
    except RuntimeError:
        return Path(os.devnull) / "proofs"


@dataclass(frozen=True, slots=True)
class Walked:
    """The proof of a subject, None where it is unsafe; and the walk, None where the proof was ``known`` before."""

    proof: Proof | None
    report: Report | None = None

    @property
    def known(self) -> bool:
        """Whether nothing had to be walked."""
        return self.report is None

    @property
    def size(self) -> tuple[int, int, int]:
        """How many states and answers were walked, and the longest log; up to the unsafe path where there is one."""
        if self.proof:
            return (self.proof.states, self.proof.answers, self.proof.longest)
        return (len(self.report.states), len(self.report.edges), 0) if self.report else (0, 0, 0)


@dataclass(frozen=True, slots=True)
class ProofFolder:
    """Proofs in ``folder``, a file each, named by the fingerprint of all that the proof depends on.

    Only proofs are kept, never what was found unsafe. A file that is damaged, cut short or meant for something else
    is no proof, and a folder that cannot be written to keeps none: then the subject is walked. ``afresh``: walk
    everything again. Processes may share a folder.
    """

    folder: Path
    afresh: bool = False
    program: Program = LOADED
    walk: Callable[[Subject], Report] = explore

    def prove(self, subject: Subject) -> Walked:
        """The proof of ``subject`` that is kept, or else a walk, whose proof is kept."""
        fingerprint = self._fingerprint(subject)
        known = self._read(fingerprint) if fingerprint and not self.afresh else None
        if known:
            return Walked(known)
        with _rings_sought_rarely():
            report = self.walk(subject)
        proof = proof_of(report)
        # A walk of anything else proves nothing about this.
        if fingerprint and proof and self._fingerprint(report.subject) == fingerprint:
            self._write(fingerprint, proof)
        return Walked(proof, report)

    def _fingerprint(self, subject: Subject) -> str:
        try:
            return fingerprint_of(subject, self.program)
        except Unfollowed:
            return ""

    def _read(self, fingerprint: str) -> Proof | None:
        try:
            held = json.loads(self._file(fingerprint).read_text(encoding="utf-8"))
            seconds = tuple(Slowest(**one) for one in held["proof"]["seconds"])
            proof = Proof(**{**held["proof"], "seconds": seconds})
            return proof if held == json.loads(json.dumps(_entry(fingerprint, proof))) else None
        except (OSError, ValueError, TypeError, KeyError):
            return None

    def _write(self, fingerprint: str, proof: Proof) -> None:
        with suppress(OSError):
            self.folder.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=self.folder, delete=False) as file:
                json.dump(_entry(fingerprint, proof), file)
            os.replace(file.name, self._file(fingerprint))

    def _file(self, fingerprint: str) -> Path:
        return self.folder / f"{fingerprint}.json"


@contextmanager
def _rings_sought_rarely() -> Iterator[None]:
    """A walk keeps nearly all that it makes, and no rings of it: looking for rings often is a tenth of its time."""
    before = gc.get_threshold()
    gc.set_threshold(100_000, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)


def _entry(fingerprint: str, proof: Proof) -> dict[str, object]:
    body = {"fingerprint": fingerprint, "proof": asdict(proof)}
    return {**body, "sum": sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()}
