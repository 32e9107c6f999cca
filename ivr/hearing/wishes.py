"""Words by which callers name what a question offers: what is left to words where the ear is not sure."""

from __future__ import annotations

from callflows.values import AGES
from callflows.vocabulary.hearing import PERSON
from ivr.hearing.ages import age_said
from ivr.hearing.phrases import raises

PERSON_WORDS = ("agent", "person", "operator", "representative", "human", "agente", "persona", "operadora", "operador")
LONGEST_CALL_FOR_A_PERSON = 8
"""Words. In a longer sentence "a person" is as often somebody it is about."""
WORDS: dict[str, tuple[str, ...]] = {
    PERSON: PERSON_WORDS,
    "nurse": ("nurse", "doctor", "enfermera", "enfermero", "medico", "medica"),
    "scheduling": ("appointment*", "schedul*", "cita*"),
    "prescriptions": ("prescription*", "refill*", "medicine", "receta*", "medicina"),
    "billing": ("bill*", "payment*", "insurance", "cuenta*", "pago*"),
    "results": ("result*", "test*", "lab", "resultado*", "prueba*"),
    "records": ("record*", "expediente*"),
    "referrals": ("referral*", "referido*"),
    "hours": ("hours", "horario*", "open", "address", "direccion"),
    "hospital": ("hospital",),
    "laboratory": ("lab*",),
    "pharmacy": ("pharmacy", "farmacia"),
    "self": (
        "self",
        "myself",
        "for me",
        "about me",
        "its me",
        "is me",
        "mi mismo",
        "mi misma",
        "para mi",
        "por mi",
        "soy yo",
    ),
    "other": (
        *("other", "somebody else", "someone else", "son", "daughter", "child", "baby", "kid", "mother", "father"),
        *(
            "mom",
            "dad",
            "husband",
            "wife",
            "brother",
            "sister",
            "grandmother",
            "grandfather",
            "otra persona",
            "otro",
            "alguien mas",
            "hijo",
        ),
        *("hija", "bebe", "madre", "padre", "mama", "papa", "esposo", "esposa", "hermano", "hermana", "abuela"),
        *("abuelo", "nephew", "niece", "aunt", "uncle", "grandson", "granddaughter", "girlfriend", "boyfriend"),
        *("partner", "on behalf of", "my patient", "suegra", "suegro", "sobrino", "sobrina", "nieto", "nieta"),
        *("novia", "novio", "pareja", "tia", "tio", "otro", "otra", "alguien mas"),
        # Without its comma "no, es para mí" is heard alike: of the two it is the one that is taken for nobody.
        *("not for me", "not about me", "not myself", "isnt for me", "isnt about me", "no es para mi", "no es por mi"),
        *("no para mi", "no por mi"),
    ),
    # Whether somebody was seen before; who says that they are not new is known, so that this goes first.
    "known": ("known", "returning", "existing", "not new", "isnt new", "no soy nuevo", "no soy nueva", "no es nueva"),
    "new": ("new", "first time", "never been", "nuevo", "nueva", "primera vez", "nunca he ido", "nunca he estado"),
    "en-US": ("english", "ingles"),
    "es-US": ("spanish", "espanol"),
}
"""What callers say for each wish, besides its name. A star stands for any ending."""


def wish_in(words: str, wishes: tuple[str, ...]) -> str:
    """The first of the ``wishes`` that the words name, a person last; or ""."""
    asks_age = set(AGES) <= set(wishes)
    named = age_said(words) if asks_age else next((wish for wish in wishes if raises(words, words_for(wish))), "")
    if named or len(words.split()) > LONGEST_CALL_FOR_A_PERSON:
        return named
    return PERSON if raises(words, PERSON_WORDS) else ""


def words_for(wish: str) -> tuple[str, ...]:
    """The words that name a wish."""
    return WORDS.get(wish, (wish.replace("_", " "),))
