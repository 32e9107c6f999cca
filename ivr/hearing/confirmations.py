"""Whether somebody confirms what was read back to them. Only a plain yes does: what is doubtful is asked once more.

Elsewhere a yes may be followed by anything, because there it tells of an illness; here it would take one patient for
another.
"""

from __future__ import annotations

from callflows.vocabulary.hearing import NO, YES
from ivr.hearing.replies import FILLERS, forms_of, plain_reply, without_forms

_CONFIRMING = """
yes | yeah | yep | yup | yea | yes sir | yes maam | uh huh | mm hmm | mhm | correct | right | thats right
that is right | its right | it is right | thats correct | that is correct | its correct | it is correct | exactly
exactly right | true | thats true | thats it | that is it | thats me | that is me | thats mine | it is | it sure is
sure | sure is | of course | absolutely | definitely | affirmative | indeed | perfect | good | sounds good
sounds right | thats the one | you got it | you have it | thats my birthday | thats my date of birth | si | sip | sipi
si es | si senor | si senora | claro | claro que si | por supuesto | correcto | correcta | es correcto | es correcta
esta correcto | esta correcta | asi es | eso | eso es | esa es | ese es | esta bien | exacto | exactamente | cierto
es cierto | efectivamente | afirmativo | perfecto | de acuerdo | esa es mi fecha | simon | todo bien
"""
_DENYING = """
no | nope | nah | no sir | no maam | negative | wrong | thats wrong | that is wrong | its wrong
not right | not correct
thats not right | that is not right | thats not correct | that is not correct | thats not it | that is not it
thats not mine | it isnt | it is not | isnt right | isnt correct | incorrect | thats incorrect
negativo | mal | esta mal
equivocado | equivocada | esta equivocado | esta equivocada | incorrecto | incorrecta | esta incorrecto | no es
no es correcto | no es correcta | no es asi | no esta bien | no es esa | no es ese | esa no es | ese no es | asi no es
"""
_WHOSE = """
yes | no | yeah | nope | si | not for me | its not for me | it is not for me | not about me | its not about me
not myself | its not me | it isnt for me | isnt for me | isnt about me | for myself | about myself | its for myself
its myself | myself | no es para mi | no es por mi | no para mi | no por mi | para mi mismo | para mi misma
por mi mismo | por mi misma | soy yo mismo | soy yo misma | para mi | por mi
"""
WHOSE = forms_of(_WHOSE)
"""What is said of whom it is about with words that elsewhere tell how somebody is."""
CONFIRMING, DENYING = forms_of(_CONFIRMING), forms_of(_DENYING)


def read_confirmation(words: str) -> str:
    """YES at a plain yes, NO at a plain no, "" at anything else, both together included."""
    left, denied = without_forms(plain_reply(words), DENYING)
    left, confirmed = without_forms(left, CONFIRMING)
    if set(left) - FILLERS or bool(denied) == bool(confirmed):
        return ""
    return NO if denied else YES
