"""What single words mean as letters and digits when something is spelled, English and Spanish, as data."""

from __future__ import annotations

from collections.abc import Mapping

_ALPHABETS = """
alpha alfa apple adam able andrew alice amy anna
bravo boy baker bob bobby brian ben benjamin bertie bear banana barcelona bueno burro
charlie cat charles cindy candy carl casa carmen
delta dog david dave danny daddy dedo dado
echo edward easy eddie elephant egg eric emily elena espana
foxtrot frank freddy freddie fred fox fish father francia
golf george gary girl goat grape gato
hotel harry henry house horse hat helen hola hombre
india ice ida igloo isaac ivan ink indigo isla italia
juliet juliett jack john johnny james jim jane jose jamon
kilo king kite karen kevin kate kiwi
lima london larry lincoln lucy lemon leo lisa love lion
mike mary mother michael monkey mark mum madrid mama
november nancy nelly nora nan nick nicholas nina
oscar orange october ocean oliver otter oso
papa peter paul pop penny pizza patrick paris perro
quebec queen queenie quiet queso
romeo robert roger robin rabbit river ron raja roma raton
sierra sam sugar samuel susan steven stephen sally snake sunday samba sevilla sol
tango tom tommy thomas toy tiger tim tina teddy toledo
uniform umbrella uncle ursula union uva
victor victoria van violin vincent valencia vaca
whiskey whisky william will water walter wendy wagon
xray xylophone
yankee yellow young yoyo yolanda yogur
zulu zebra zoo zoe zara zapato zaragoza
"""
ACROPHONES: Mapping[str, str] = {word: word[0] for word in _ALPHABETS.split()}
"""Words that stand for their first letter: the alphabet of aviation, and those that people make up."""

_NAMES = """
a ay eh hey
b be bee
c see sea ce
d dee de
e ee
f ef eff efe
g gee ji ge
h aitch haitch hatch ache each age hache
i eye aye
j jay jota
k kay ka okay ok
l el ell hell ele
m em eme
n en in an and ene
o oh owe
p pee pea pe
q queue cue cu kew
r are ar our ere erre
s es ess as ese
t tea tee te
u you ewe yew
v vee uve ve
w dub
x ex axe equis
y why wye
z zed zee zedd zeta
0 zero nought cero
1 one won uno
2 two to too dos
3 three free tree tres
4 four for fore cuatro
5 five cinco
6 six seis
7 seven siete
8 eight ate hate height ocho
9 nine nein niner nueve
"""
LETTER_NAMES: Mapping[str, str] = {
    name: line.split()[0] for line in _NAMES.strip().splitlines() for name in line.split()
}
"""How letters and digits sound when they are said alone, and what recognisers write for them."""

IN_PAIRS: Mapping[tuple[str, str], str] = {
    **dict.fromkeys((("double", "you"), ("double", "u"), ("double", "year"), ("doble", "u"), ("doble", "ve")), "w"),
    ("i", "griega"): "y",
}
EXPLAINING = frozenset({"for", "4", "as", "like", "de", "como", "is"})
"""What stands between a letter and the word that explains it: "B as in boy", "T for Tommy", "B de Barcelona"."""
DIGITS_TOO = frozenset({"for", "4"})
"""Those of them that are a digit where they explain nothing."""
_FILLING_WORDS = (
    "my the is its it that that's thats yes um uh er erm please so sorry again post code postcode zip capital "
    "space spelled spelt spell name first last surname letter number then es el la mi codigo postal con mayuscula"
)
FILLERS = frozenset(_FILLING_WORDS.split())
"""Words around what is spelled."""
