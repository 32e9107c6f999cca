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
AROUND_A_NAME = frozenset(_NAME.split())
AROUND_A_DAY = frozenset(_DAY.split())
AROUND_A_NUMBER = frozenset(_NUMBER.split())
AROUND_A_CODE = frozenset(_CODE.split())
"""Said beside the digits of a one-time code, and only there without meaning: "I have 104" may be a fever."""
