"""What each key that a prompt offers must lead to."""

from __future__ import annotations

from collections.abc import Mapping

from callflows.vocabulary import (
    AcceptHouse,
    AcceptInterpreting,
    AcceptOffer,
    AcceptPage,
    CallPatient,
    ConfirmReachable,
    DeclineInterpreting,
    DeclineOffer,
    DeclinePage,
    Effect,
    FinishConsult,
    HandOn,
    LeaveWaitingRoom,
    NoteCall,
    OpenPromise,
    RefuseRecording,
    ReportReached,
    SendCode,
    StartConsult,
    StartEscalation,
)

KEYS: Mapping[str, Mapping[str, type[Effect]]] = {
    "notice.opt_out": {"9": RefuseRecording},
    "wait.keys": {"1": LeaveWaitingRoom, "2": NoteCall},
    "wait.worse": {"2": StartEscalation},
    "hold.call_back": {"1": OpenPromise},
    "message.ill": {"1": NoteCall},
    "offer.accept": {"1": AcceptOffer, "2": DeclineOffer},
    "step_out": {"1": StartConsult},
    "step_out.alone": {"6": StartConsult},
    "step_out.call_off": {"7": FinishConsult},
    "step_out.codes": {"4": SendCode},
    "interpreter.asked": {"1": AcceptInterpreting, "2": DeclineInterpreting},
    "page.accept": {"1": AcceptPage, "2": DeclinePage},
    "page.dropped": {"1": CallPatient},
    "page.pass_on": {"2": HandOn},
    "house.accept": {"1": AcceptHouse},
    "drill.confirm": {"1": ConfirmReachable},
    "called_back": {"1": ReportReached},
    "called_back.unasked": {"1": ReportReached},
}
"""By prompt: what a key that it offers must lead to before anybody is waited for again."""
