"""The words of a test of the on-call line, in every language: they are about nobody."""

DRILL: dict[str, dict[str, str]] = {
    "en-US": {
        "drill.test": "This is a test of the on-call line of {practice}.",
        "drill.confirm": "To say that you can be reached, press 1.",
        "drill.confirmed": "Thank you. You can be reached.",
        "drill.gone": "Thank you. This test is over by now. Nothing more is needed.",
        "drill.unconfirmed": "The key 1 was not pressed, so I could not tell that you can be reached.",
    },
    "es-US": {
        "drill.test": "Esta es una prueba de la línea de guardia de {practice}.",
        "drill.confirm": "Para decir que se le puede localizar, oprima 1.",
        "drill.confirmed": "Gracias. Se le puede localizar.",
        "drill.gone": "Gracias. Esta prueba ya terminó. No hace falta nada más.",
        "drill.unconfirmed": "No se oprimió el 1, así que no sé si se le puede localizar.",
    },
}
