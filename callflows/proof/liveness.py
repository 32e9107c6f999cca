"""Which locals a suspended function may still read, from its bytecode.

What is never read again cannot change how a conversation goes on, so it tells no positions apart. The
analysis is the classic backward one, over the jumps and the exception table that :mod:`dis` shows. A loop
variable, and the local that is looped over, always count as read: together they stand for the iterator, which
cannot be seen.
"""

from __future__ import annotations

import dis
from functools import cache
from itertools import pairwise
from types import CodeType

ENDS = ("RETURN_VALUE", "RETURN_CONST", "RAISE_VARARGS", "RERAISE")
JUMPS = ("JUMP_FORWARD", "JUMP_BACKWARD", "JUMP_BACKWARD_NO_INTERRUPT")
IDLE = ("END_SEND", "NOP", "CACHE")
READS = ("LOAD_FAST", "LOAD_FAST_CHECK", "LOAD_FAST_AND_CLEAR", "DELETE_FAST")


@cache
def live(code: CodeType, at: int) -> tuple[str, ...]:
    """The locals that ``code``, suspended after the instruction at offset ``at``, may still read, in one order."""
    return tuple(sorted(_live_after(code)[at]))


@cache
def _live_after(code: CodeType) -> dict[int, frozenset[str]]:
    steps = list(dis.get_instructions(code))
    always = frozenset((*code.co_cellvars, *code.co_freevars, *_loop_variables(steps), *_looped_over(steps)))
    next_of = _successors(steps)
    handler = {step.offset: _handler(code, step.offset) for step in steps}
    before: dict[int, frozenset[str]] = {step.offset: always for step in steps}
    after = dict(before)
    changed = True
    while changed:
        changed = False
        for step in reversed(steps):
            caught = before.get(handler[step.offset], always)
            goes_on = always.union(*(before[offset] for offset in next_of[step.offset]))
            now = _read(step) | (goes_on - _written(step)) | caught
            after[step.offset] = goes_on | caught
            changed = changed or now != before[step.offset]
            before[step.offset] = now
    return after


@cache
def passes_on(code: CodeType, at: int) -> bool:
    """Whether ``code``, waiting at offset ``at`` for another generator, does nothing but return what that returns.

    Exceptions pass through it, too: it can change nothing of how a conversation goes on.
    """
    if catches(code, at):
        return False
    steps = list(dis.get_instructions(code))
    here = next(number for number, step in enumerate(steps) if step.offset == at)
    sent = next((step for step in (steps[here], steps[here - 1]) if step.opname == "SEND"), None)
    after = [step for step in steps if sent and step.offset >= sent.argval and step.opname not in IDLE]
    while [(step.opname, step.arg) for step in after[:1]] == [("SWAP", 2)] and after[1].opname == "POP_TOP":
        # Out of a loop: past its iterator, which lies under what is returned and is dropped.
        after = after[2:]
    return bool(after) and after[0].opname == "RETURN_VALUE"


@cache
def catches(code: CodeType, at: int) -> bool:
    """Whether ``code``, suspended at offset ``at``, may do anything when an interruption is raised there."""
    opcodes = {step.offset: step.opname for step in dis.get_instructions(code)}
    handler = _handler(code, at)
    # A generator that is waited for may raise StopIteration, which is no interruption: Python's own handler passes on.
    while opcodes.get(handler) == "CLEANUP_THROW":
        handler = _handler(code, handler)
    return handler >= 0 and opcodes[handler] != "CALL_INTRINSIC_1"


def _loop_variables(steps: list[dis.Instruction]) -> list[str]:
    stores = [following for step, following in pairwise(steps) if step.opname == "FOR_ITER"]
    return [store.argval for store in stores if store.opname == "STORE_FAST"]


def _looped_over(steps: list[dis.Instruction]) -> list[str]:
    return [
        step.argval for step, following in pairwise(steps) if step.opname in READS and following.opname == "GET_ITER"
    ]


def _successors(steps: list[dis.Instruction]) -> dict[int, tuple[int, ...]]:
    found: dict[int, tuple[int, ...]] = {}
    for step, following in zip(steps, [*steps[1:], None], strict=True):
        straight = step.opname not in (*ENDS, *JUMPS) and following is not None
        jumps = (step.argval,) if step.opcode in dis.hasjrel or step.opcode in dis.hasjabs else ()
        found[step.offset] = (*((following.offset,) if straight and following else ()), *jumps)
    return found


def _handler(code: CodeType, offset: int) -> int:
    """Where an exception at ``offset`` is caught, or -1."""
    entries = dis.Bytecode(code).exception_entries  # type: ignore[attr-defined]
    return next((entry.target for entry in entries if entry.start <= offset < entry.end), -1)


def _read(step: dis.Instruction) -> frozenset[str]:
    return frozenset([step.argval]) if step.opname in READS else frozenset()


def _written(step: dis.Instruction) -> frozenset[str]:
    return frozenset([step.argval]) if step.opname == "STORE_FAST" else frozenset()
