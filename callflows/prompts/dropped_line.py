"""What a clinician hears who has accepted a call whose line has dropped, in every language."""

DROPPED: dict[str, dict[str, str]] = {
    "en-US": {
        "page.dropped": "You have accepted. The caller's line dropped. To call them back now, press 1.",
        "page.later": "To do it later, press 2.",
        "page.pass_on": "If you cannot, press 2. This is an emergency, so the next clinician is called at once.",
        "page.handed_on": "Somebody else is being called for them now.",
    },
    "es-US": {
        "page.dropped": "Usted aceptó. La línea se cortó. Para devolverle la llamada ahora, oprima 1.",
        "page.later": "Para hacerlo más tarde, oprima 2.",
        "page.pass_on": "Si no puede, oprima 2. Es una emergencia: se llamará de inmediato a otra persona de guardia.",
        "page.handed_on": "Ya se está llamando a otra persona para atenderla.",
    },
}
