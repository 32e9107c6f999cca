"""What somebody hears who chooses when they are called back."""

from __future__ import annotations

CALL_BACK_TIMES: dict[str, dict[str, str]] = {
    "en-US": {
        "promise.when": "To choose when we call, press 4. If you asked for this before and want another time, press 5.",
        "promise.window": "We will call you back {time}.",
        "called_back.later": "To be called at another time, press 2.",
        "times.lead": "When can we reach you?",
        "times.option": "For {when}, press {key}.",
        "offer.later": "The patient came to the phone and chose another time. We will call them then.",
    },
    "es-US": {
        "promise.when": "Para elegir cuándo le llamamos, oprima 4. Si ya la pidió antes y quiere otra hora, oprima 5.",
        "promise.window": "Le llamaremos {time}.",
        "called_back.later": "Para que le llamemos a otra hora, oprima 2.",
        "times.lead": "¿Cuándo podemos localizarle?",
        "times.option": "Para {when}, oprima {key}.",
        "offer.later": "El paciente habló con nosotros y eligió otra hora. Le llamaremos entonces.",
    },
}
