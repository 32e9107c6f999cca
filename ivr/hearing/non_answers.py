"""What people say who do not have what they are asked for, or need a moment: it gives nothing, and tells of nothing.

The ear takes some of it for an illness, since somebody who is asked what is wrong may say it too. So it counts only
where an item is asked for, and only where nothing else is said.
"""

from __future__ import annotations

from collections.abc import Sequence

from ivr.hearing.replies import FILLERS, forms_of, places_without, plain_reply, without_forms

_NON_ANSWERS = """
i dont know | i do not know | i dont know it | i dont know that | i dont know my number | dont know | i dont have it
i dont have one | i dont have a code | i dont have the code | no tengo el codigo | no tengo la clave
i dont have that | i dont have a number | i dont have any | i do not have it | i do not have one
i dont have it with me | i dont have it on me | i dont have my card | i dont have my card with me | dont have it
dont have one | i dont remember | i do not remember | i cant remember | i cant remember it | i dont recall | i forgot
i forgot it | i forget | im not sure | i am not sure | not sure | i have no idea | no idea | wait | wait a moment
wait a minute | wait a second | hold on | hold on a second | hang on | hang on a second | just a second
just a moment | just a minute | one moment | one second | one minute | give me a second | give me a minute
give me a moment | let me see | let me look | let me check | let me think | let me find it | let me get it
let me look it up | let me get my card | i need my glasses | i need to find it | i cant find it | i cant read it
i lost it | i lost my card | it changed | i moved | i just moved | we moved | i changed my number
i have a new number | i got a new number | its on my card | it is on my card | its new | first time
its my first time | new | none | nothing | skip | skip it | pass | next | never mind | nevermind | forget it | what
what was the question | what was that | what is that | whats that | say again | say that again | say it again
come again | can you repeat that | could you repeat that | repeat that | repeat the question | pardon | pardon me
excuse me | i dont understand | i didnt understand | i didnt hear | i didnt hear you | i didnt catch that
i didnt get it | i didnt get one | i didnt get a text | i didnt get the text | i didnt get a code | it didnt come
it hasnt come | nothing came | no text | no code | its not here | its not coming | i got nothing | i cant get texts
i dont get texts | its a landline | it is a landline | my phone is dead | my phone died | my phone is broken
i dont have my phone | im driving | im at work | i already told you | i told you | you should have it | you have it
same as before | the same | no se | no lo se | no la se | no lo tengo | no la tengo | no tengo | no tengo ninguno
no tengo uno | no tengo numero | no me acuerdo | no lo recuerdo | no recuerdo | se me olvido | me olvide
no estoy seguro | no estoy segura | no tengo idea | ni idea | espere | espereme | espera | espere un momento
espere tantito | un momento | un momentito | momento | un segundo | un segundito | un ratito | un minuto | permitame
deme un segundo | deme un momento | dejeme ver | dejeme buscar | dejeme buscarlo | dejeme buscarla | dejeme pensar
aguanteme | aguanteme tantito | a ver | vamos a ver | que | como | mande | perdon | cual | cual era la pregunta
cual es la pregunta | otra vez | repita | repita por favor | puede repetir | me lo repite | que es eso | no entiendo
no entendi | no escuche | no oi | me mude | nos mudamos | cambio | cambie de numero | tengo otro numero
no traigo la tarjeta | no tengo la tarjeta | no encuentro | no lo encuentro | no la encuentro | necesito mis lentes
lo perdi | la perdi | perdi la tarjeta | el mismo | la misma | ya se lo dije | no importa | nada | ninguno | ninguna
siguiente | es la primera vez | primera vez | soy nuevo | soy nueva | no me llego | no me llego nada | no llega
no llego | no llego nada | no llego el mensaje | no recibo mensajes | es telefono de casa | es un telefono fijo
se me descompuso el telefono | no tengo el telefono | no tengo telefono aqui | estoy manejando | estoy en el trabajo
"""
NON_ANSWERS = forms_of(_NON_ANSWERS)
LONG = tuple(form for form in NON_ANSWERS if len(form) > 2)
"""Those that say nothing beside other words either."""


def is_non_answer(words: str) -> bool:
    """Whether the words say nothing but that there is no answer, or not yet."""
    left, found = without_forms(plain_reply(words), NON_ANSWERS)
    return bool(found) and set(left) <= FILLERS


def without_non_answers(said: Sequence[str]) -> list[str]:
    """The words of an answer without what says that there is no answer."""
    folded = ["".join(plain_reply(word)) for word in said]
    left, _ = places_without(folded, LONG, range(len(said)))
    return [said[place] for place in left]
