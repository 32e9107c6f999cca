"""Proofs on disk, so that what has not changed is not proved twice."""

from __future__ import annotations

import gc
import json
import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from functools import partial
from hashlib import sha256
from multiprocessing import get_context
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
    """The proof of a subject, None where it is unsafe; and the walk, None where the proof was ``known`` before.

    ``size`` is how many states and answers were walked, up to the unsafe path where there is one, and the longest log.
    """

    proof: Proof | None
    size: tuple[int, int, int]
    report: Report | None = None

    @property
    def known(self) -> bool:
        """Whether nothing had to be walked."""
        return self.report is None


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
        known = self.find(subject)
        if known:
            return Walked(known, (known.states, known.answers, known.longest))
        with _rings_sought_rarely():
            report = self.walk(subject)
        fingerprint, proof = self._fingerprint(subject), proof_of(report)
        # A walk of anything else proves nothing about this.
        if fingerprint and proof and self._fingerprint(report.subject) == fingerprint:
            self._write(fingerprint, proof)
        return Walked(proof, (len(report.states), len(report.edges), proof.longest if proof else 0), report)

    def find(self, subject: Subject) -> Proof | None:
        """The proof of ``subject`` that is kept, if one is and it is wanted."""
        fingerprint = self._fingerprint(subject)
        return self._read(fingerprint) if fingerprint and not self.afresh else None

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


def prove_each(folder: ProofFolder, subjects: Sequence[Subject], processes: int) -> Iterator[Walked]:
    """Prove the subjects, in their order, in up to so many processes at once. Of walks only violations are told."""
    to_walk = sum(folder.find(subject) is None for subject in subjects)
    if min(processes, to_walk) < 2:
        yield from map(folder.prove, subjects)
        return
    # Spawned and not forked: whoever calls may have threads.
    with ProcessPoolExecutor(min(processes, to_walk), mp_context=get_context("spawn")) as pool:
        try:
            yield from pool.map(partial(_prove_apart, folder), subjects)
        except BaseException:
            # Whoever is interrupted, or has seen enough, does not wait for the walks that nobody asks for any more.
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def count_cores() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _prove_apart(folder: ProofFolder, subject: Subject) -> Walked:
    walked = folder.prove(subject)
    if walked.report is None:
        return walked
    # Whole, a walk would take longer to hand over than to make.
    return replace(walked, report=replace(walked.report, states=(), edges=()))


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
