"""Yes, no and doubt, as people say them, in every language at once: callers mix languages.

Only a clear no is one. Where a yes or a doubt stands beside a no, the reply is a doubt, and a no that goes on to
something else is none: whatever is unclear may hide an illness, and is asked about once more or taken for one.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from callflows.vocabulary.hearing import DOUBT, NO, YES

_NEGATIONS = """
not isnt arent aint amnt wasnt werent dont doesnt didnt nobody nobodys nobodies noone noones never neither hardly nadie
nunca tampoco
"""
_NEGATED = (
    "me te se le la lo las los les nos estoy esta estan estamos estas es son soy anda ando andan sigue siento siente"
)
"""In Spanish a bare no may stand before a filler ("no, bueno"); before one of these it negates."""
_BETWEEN = """
one am is are be been being do doing feel feels feeling look looks looking all at too very so really that quite exactly
completely entirely el la lo my her him them our es esta estan estoy estamos muy tan nada del todo se
siente siento sienten
"""
_WELL = """
well ok okay fine alright right good great better normal self myself himself herself themselves bien bueno buena buenos
mejor mismo misma
"""
Forms = tuple[tuple[str, ...], ...]
"""Phrases as plain words, the longest first."""
LONGEST_NO = 9
"""How many words a reply of no may have: what is longer tells more than no."""

_FILLERS = """
um uh er ah oh well so hmm hm like just please thanks thank you sir maam miss ok okay the a i mean know
este pues eh bueno mire oiga gracias por favor senor senora senorita mija mijo la el
"""
_YES = """
yes | yeah | yep | yup | yea | ya | ye | yessir | yes sir | yes maam | uh huh | mm hmm | mhm | aha | sure | sure is
of course | certainly | absolutely | definitely | correct | right | thats right | that is right | exactly | true
thats true | indeed | affirmative | i do | i am | i have | i did | he is | he does | he has | he did | she is
she does | she has | she did | it is | it does | it has | they are | they do | they did | we are | we do | there is
afraid so | im afraid so | very much | a lot | really bad | all of them | all of that | both | both of them
one of those | some of that | you bet | yes indeed | si | sip | sipi | claro | claro que si | por supuesto | asi es
correcto | exacto | exactamente | cierto | es verdad | efectivamente | afirmativo | desde luego | como no | eso
eso es | esta asi | lo esta | lo tiene | la tiene | lo hace | tengo | tiene | estoy | esta | sufre | le duele
me duele | simon | ya lo creo | seguro | seguro que si | mucho | muchisimo | bastante | demasiado | las dos
los dos | ambos | ambas | todo eso | ajá | aja | sí señor | sí señora | ey | ándale | andale
"""
_NO = """
no | nope | nah | naw | nay | no sir | no maam | no thanks | no thank you | not at all | negative | none
none of those | none of that | none of them | none of the above | nothing like that | nothing of the sort | neither
never | no way | of course not | certainly not | absolutely not | definitely not | i do not | i dont | i am not
im not | i have not | i havent | i did not | i didnt | he is not | he isnt | hes not | he does not | he doesnt
he has not | he hasnt | he did not | he didnt | she is not | she isnt | shes not | she does not | she doesnt
she has not | she hasnt | she did not | she didnt | it is not | it isnt | its not | it does not | it doesnt
they are not | they arent | they do not | they dont | we are not | we arent | we do not | we dont | there is not
there isnt | nobody | nobody is | no one | no one is | everyone is fine | everybody is fine | everybodys fine
everyones fine | were fine | we are fine | im fine | i am fine | all good | were all good | no senor | no senora
para nada | de ninguna manera | en absoluto | ninguno | ninguna | ninguno de esos | ninguna de esas | nada
nada de eso | nunca | jamas | tampoco | negativo | claro que no | por supuesto que no | no gracias | que va | nadie
no nadie | no tengo | no tiene | no estoy | no esta | no es | no lo esta | no lo tiene | no hay | no hay nadie
no hay nada | no me duele | no le duele | no sufre | nel | nones | ni uno | ni una cosa ni la otra | no para nada
estamos bien | estoy bien | todo bien | todos bien | todos estamos bien
"""
_DOUBT = """
maybe | perhaps | possibly | probably | i think so | i think | i guess | i guess so | i suppose | i believe so
i believe | could be | it could be | might be | it might be | not sure | im not sure | i am not sure | unsure
not certain | i dont know | i do not know | dont know | dunno | i dunno | no idea | hard to say | hard to tell
cant tell | i cant tell | cannot tell | kind of | kinda | sort of | sorta | a little | a little bit | a bit
somewhat | some | slightly | not really | not exactly | not quite | i dont think so | i do not think so
dont think so | i hope not | hopefully not | i doubt it | not yet | not that i know | not that i know of
not that im aware of | i cant remember | sometimes | off and on | on and off | it depends | depends | what
pardon | sorry | repeat that | say again | come again | i wouldnt say so | almost | more or less | at times
tal vez | talvez | quizas | quiza | a lo mejor | puede ser | puede que si | puede que no | posiblemente
probablemente | creo | creo que si | creo que no | pienso que si | pienso que no | supongo | supongo que si
me parece | me parece que si | no se | no lo se | no se que decirle | no estoy seguro | no estoy segura | quien sabe
sepa | ni idea | no sabria decirle | un poco | un poquito | poquito | poco | algo | mas o menos | a veces
de vez en cuando | de repente | no mucho | no tanto | no tan | no realmente | no exactamente | no del todo
todavia no | aun no | espero que no | ojala que no | no que yo sepa | depende | como | mande | perdon | que dijo
no entiendo | no entendi | no me acuerdo | regular | asi asi | casi | un tanto | capaz | igual
"""


def forms_of(listed: str) -> Forms:
    """The phrases of a list, longest first, as plain words."""
    phrases = {plain_reply(phrase) for line in listed.strip().splitlines() for phrase in line.split("|")}
    return tuple(sorted(filter(None, phrases), key=lambda phrase: (-len(phrase), phrase)))


def read_reply(words: str) -> str:
    """YES, NO or DOUBT where the words reply one of them, or "".

    A no is short and holds nothing but no; a yes may be followed by anything. Both in one sentence are a doubt, and so
    is a no that says that somebody is not well.
    """
    said = plain_reply(words)
    if denies_wellness(said):
        return DOUBT
    left, doubts = without_forms(said, DOUBTS)
    left, noes = without_forms(left, NOES)
    left, yeses = without_forms(left, YESES)
    if doubts or (yeses and noes):
        return DOUBT
    if yeses:
        return YES
    return NO if noes and set(left) <= FILLERS and len(said) <= LONGEST_NO else ""


def is_bare_reply(words: str) -> bool:
    """Whether the words are no, or a doubt, and courtesy and nothing else: there is no illness in them, whatever they
    sound like. What a doubt raises is the question's to say.

    A no with a verb may be the beginning of more ("no está", of "no está respirando"), so may "no se" without its
    accent ("no se mueve"), and whoever pleads or says it over and over may be in need.
    """
    bare = unicodedata.normalize("NFC", words.casefold().replace("'", "").replace("’", ""))
    return " ".join(re.findall(r"\w+", bare)) in _BARE


def denies_wellness(said: Sequence[str]) -> bool:
    """Whether the words say that somebody or something is not well, or not themselves, whatever else they say."""
    return any(_is_negation(said, place) and _reaches_well(said[place + 1 :]) for place in range(len(said)))


def _is_negation(said: Sequence[str], place: int) -> bool:
    if said[place] == "no":
        return said[place + 1 : place + 2] == ("one",) or (place + 1 < len(said) and said[place + 1] in NEGATED)
    return said[place] in NEGATIONS


def _reaches_well(said: Sequence[str]) -> bool:
    """Whether the words come to one of being well, with nothing before it but small words."""
    for word in said:
        if word in WELL:
            return True
        if word not in BETWEEN and word not in NEGATED:
            return False
    return False


def without_forms(said: Sequence[str], forms: Forms) -> tuple[tuple[str, ...], int]:
    """What is left of the words without any of the phrases, and how many there were."""
    left, found = places_without(said, forms, range(len(said)))
    return tuple(said[place] for place in left), found


def places_without(said: Sequence[str], forms: Forms, places: Sequence[int]) -> tuple[list[int], int]:
    """Which of these places of the words belong to none of the phrases, and how many of them there were."""
    words, left, found, place = tuple(said[one] for one in places), [], 0, 0
    while place < len(words):
        here = next((form for form in forms if words[place : place + len(form)] == form), None)
        found += here is not None
        left += [] if here else [places[place]]
        place += len(here) if here else 1
    return left, found


def plain_reply(text: str) -> tuple[str, ...]:
    """Words in lower case, without accents and apostrophes."""
    bare = unicodedata.normalize("NFKD", text.casefold().replace("'", "").replace("’", ""))
    return tuple(re.findall(r"[a-z0-9]+", "".join(letter for letter in bare if not unicodedata.combining(letter))))


NEGATIONS, NEGATED, BETWEEN = (frozenset(listed.split()) for listed in (_NEGATIONS, _NEGATED, _BETWEEN))
WELL = frozenset(_WELL.split())
YESES, NOES, DOUBTS = forms_of(_YES), forms_of(_NO), forms_of(_DOUBT)
FILLERS = frozenset(plain_reply(_FILLERS))
_BARE_REPLIES = ("no", "nope", "nah", "naw", "nel", "no sé", "no lo sé", "i dont know", "dont know", "not sure")
_COURTESIES = " | thanks | thank you | sir | maam | gracias | señor | señora | señorita | senor | senora | senorita"
_BARE = {f"{reply} {said.strip()}".strip() for reply in _BARE_REPLIES for said in _COURTESIES.split("|")}
