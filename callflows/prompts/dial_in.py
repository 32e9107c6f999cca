"""What a clinician hears who has dialled in and pressed star, and whoever pressed it by mistake."""

from __future__ import annotations

DIAL_IN: dict[str, dict[str, str]] = {
    "en-US": {
        "dial_in": "For clinicians on call: enter the code of the call, then your PIN, then pound. To go back, stay on "
        "the line.",
        "dial_in.wrong": "That led to no call. Enter the code, then your PIN, then pound. To go back, stay on the "
        "line.",
    },
    "es-US": {
        "dial_in": "Para médicos de guardia: marque la clave de la llamada, luego su PIN y la tecla numeral. Para "
        "volver, no cuelgue.",
        "dial_in.wrong": "No hay llamada con eso. Marque la clave, luego su PIN y la tecla numeral. Para volver, no "
        "cuelgue.",
    },
}
