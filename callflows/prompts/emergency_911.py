"""The 911 words, in every language: what a caller hears first, at a red flag, and while our own servers are down."""

EMERGENCY: dict[str, dict[str, str]] = {
    "en-US": {
        "emergency": "If this is an emergency, hang up and dial 911.",
        "symptom.911": "This may be an emergency. Please hang up and dial 911 now. If you stay on the line, "
        "I am calling a clinician for you.",
        "danger.911": "This may be an emergency. If somebody is in danger, hang up and dial 911 now.",
        "fallback": "If this is an emergency, hang up and dial 911. Please stay on the line. "
        "I am getting a person for you.",
    },
    "es-US": {
        "emergency": "Si es una emergencia, cuelgue y marque el 911.",
        "symptom.911": "Esto puede ser una emergencia. Por favor cuelgue y marque el 911 ahora. "
        "Si se queda en la línea, estoy llamando a un médico para usted.",
        "danger.911": "Esto puede ser una emergencia. Si alguien está en peligro, cuelgue y marque el 911 ahora.",
        "fallback": "Si es una emergencia, cuelgue y marque el 911. Por favor no cuelgue. Le comunico con una persona.",
    },
}
