"""The words for whoever is held in a talk, or alone in it, in every language."""

HOLD: dict[str, dict[str, str]] = {
    "en-US": {
        "hold": "Please stay on the line for a moment. We are still with you.",
        "hold.1": "Thank you for holding. We are still with you.",
        "hold.2": "Please hold on a little longer. We are still with you.",
        "hold.aside.1": "Thank you for holding. If it gets worse, hang up and dial 911.",
        "hold.aside.2": "Please hold on a little longer. In an emergency, hang up and dial 911.",
        "hold.call_back": "To be called back instead of holding, press 1.",
        "hold.promised": "We have marked this as urgent. We will call you back by {time}. You can hang up now.",
        "hold.patient": "We are calling the patient. Please stay on the line.",
        "hold.caller": "We are bringing the caller to you. Please stay on the line.",
        "hold.clinician": "A clinician is on the way into this call. Please stay on the line.",
    },
    "es-US": {
        "hold": "Por favor no cuelgue. Un momento, seguimos con usted.",
        "hold.1": "Gracias por esperar. Seguimos con usted.",
        "hold.2": "Por favor espere un poco más. Seguimos con usted.",
        "hold.aside.1": "Gracias por esperar. Si empeora, cuelgue y marque el 911.",
        "hold.aside.2": "Por favor espere un poco más. En una emergencia, cuelgue y marque el 911.",
        "hold.call_back": "Para que le llamemos en lugar de esperar, oprima 1.",
        "hold.promised": "Lo hemos marcado como urgente. Le llamaremos a más tardar {time}. Ya puede colgar.",
        "hold.patient": "Estamos llamando al paciente. Por favor no cuelgue.",
        "hold.caller": "Le estamos comunicando con la persona que llamó. Por favor no cuelgue.",
        "hold.clinician": "Un médico está por entrar a esta llamada. Por favor no cuelgue.",
    },
}
