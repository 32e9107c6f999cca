"""Interpreters over the telephone, third in a talk."""

from __future__ import annotations

from callflows.vocabulary import AcceptInterpreting, AskInterpreter, DeclineInterpreting
from ivr.core.feature import Feature, Role
from ivr.interpreters import attempts, effects, tables

FEATURE = Feature(
    name="interpreters",
    roles={
        "interpreter": Role(
            view=effects.interpreter_view,
            rings=attempts.restart_join_time,
            ended=attempts.note_leg_gone,
            send_digits=attempts.digits_to_send,
            shows="operator",
            number_given_by="configuration",
            speaks_language_of_call=True,
        ),
    },
    facts={
        "interpreter": effects.interpreter,
    },
    effects={
        AskInterpreter: effects.ask_interpreter,
        AcceptInterpreting: effects.accept_interpreting,
        DeclineInterpreting: effects.decline_interpreting,
    },
    timers={
        "interpreter_over": attempts.miss_interpreter,
        "no_interpreter": attempts.give_up_interpreting,
    },
    actions={
        "interpreter_joined": attempts.interpreter_joined,
        "hang_up_interpreter": attempts.hang_up_interpreter,
        "next_interpreter": attempts.next_interpreter,
        "replace_interpreter": attempts.replace_interpreter,
        "tell_no_interpreter": attempts.tell_no_interpreter,
        "bring_interpreter_again": attempts.bring_interpreter_again,
        "let_interpreter_go": attempts.let_interpreter_go,
    },
    talk_over=attempts.end_interpreting,
    tables=(tables.interpreting,),
)
