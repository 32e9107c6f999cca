"""The words that people say around what they were asked for, English and Spanish, folded, as data."""

from __future__ import annotations

_NAME = (
    "my name is its it this that the im i am here speaking calling first last surname family given full middle "
    "and yes um uh er hi hello sorry please patient patients me llamo mi nombre es soy apellido se llama"
)
_DAY = "st nd rd th of the del de la el born on nacido nacida birth date birthday fecha nacimiento"
_NUMBER = "zip code postal number phone telephone record medical codigo numero telefono expediente"
_CODE = (
    "ok okay yeah alright so well just got get have has had you sent texted text message says said reads think believe "
    "should be a to thanks thank for one time bueno pues si claro tengo recibi dice creo que gracias clave texto "
    "mensaje por favor aqui esta un una la el lo"
)
_SMALL_TALK = (
    "ok okay yeah yes alright right so well just think believe guess a to please thanks thank you sorry oh sure "
    "gosh let see like now still her his my mine our your that thats would be was used but old new from with and "
    "madam miss bueno pues si claro creo por favor gracias aqui de un una la el lo su mi disculpe perdon dejeme ver "
    "senorita senora senor joven este eh"
)
_WHOM = (
    "i im am is its it thats this the a an calling call about for on behalf of by me my mine her his their our "
    "somebody someone else other another person patient client friend neighbor neighbour boss mother mom mum mommy "
    "mama father dad daddy papa parent parents son daughter child children kid kids baby boy girl wife husband "
    "spouse partner girlfriend boyfriend fiance fiancee brother sister aunt uncle cousin nephew niece grandma grandpa "
    "grandmother grandfather granny grandson granddaughter grandchild stepson stepdaughter stepmother stepfather "
    "inlaw in law guardian caregiver uh um hi hello and both us we "
    "yo soy es para por de del el la los mi mis mio su sus nuestra nuestro llamo llamando otro otra "
    "persona alguien mas paciente cliente amigo amiga vecino vecina madre mami padre papi hijo hija hijos nino "
    "nina bebe esposo esposa marido mujer pareja novio novia hermano hermana tio tia primo prima sobrino sobrina "
    "abuelo abuela abuelito abuelita nieto nieta suegro suegra cunado cunada yerno nuera tutor tutora cuidador "
    "cuidadora se trata y los dos las ambos"
)
AROUND_A_NAME = frozenset(_NAME.split())
AROUND_A_DAY = frozenset(_DAY.split())
AROUND_A_NUMBER = frozenset(_NUMBER.split())
AROUND_A_CODE = frozenset(_CODE.split())
"""Said beside the digits of a one-time code, and only there without meaning: "I have 104" may be a fever."""
SMALL_TALK = frozenset(_SMALL_TALK.split())
"""Said beside an item that is there, and only there without meaning."""
AROUND_WHOM = frozenset(_WHOM.split())
"""By which people say whether it is about themselves or about whom else."""
