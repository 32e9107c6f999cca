"""Names that people use for one another: short forms and spellings, English and Spanish, from general knowledge."""

from __future__ import annotations

from collections.abc import Mapping

# Each line: the whole names, which are spellings of one another, then what is short for them.
_GROUPS = """
abigail abby abbie gail
abraham abe bram
adam ad
adrian ade
aidan/aiden/ayden
alan/allan/allen/alun al
albert bert al bertie alberto beto
alejandro alex ale jandro
alejandra alex ale
alexander alex alec sandy xander al sasha lex
alexandra alex sandra sandy lexi alexa sasha lexie ali
alfred alf alfie fred freddie alfredo
alice ali
alison/allison ali
amanda mandy
amelia emilia millie amy
andrew andy drew andre andrea
angela angie angelina
ann/anna/anne annie ana anita nancy
annette ann
anthony/antony/antonio tony ant tonio tono
antonia toni tonia
arthur art artie arturo
ashley ashleigh ash
barbara barb babs barbie
bartholomew bart
beatrice bea trixie beatriz betty
benjamin ben benny benji benjamin
bernard bernie
elizabeth/elisabeth/eliza/isabel liz lizzie beth betty bess libby betsy lisa elsie liza
beverley beverly bev
bradley brad
brenda bren
brendan brendon
brian/bryan
bridget biddy bridie
callum calum
cameron cam
carl/karl carlos
carol/carole/carolyn/caroline carrie
caitlin/kaitlyn/katelyn
catherine/katherine/kathryn/kathleen cathy kathy kate katie kay kitty kat catalina cath
cecilia cece celia
charles charlie chuck chas carlos chaz
charlotte charlie lottie lotte
christine/christina/kristina/kristine chris tina chrissie christy
christopher chris kit topher kris cristobal
claire/clare clara
clifford cliff
concepcion concha conchita
consuelo chelo
craig
cynthia cindy
daniel dan danny daniela
daniela dani danielle
darren/daren/darrin
david dave davey davy davie
dean deane
deborah/debra/debora deb debbie debs
denise dee
dennis/denis denny den
diana/diane/dianne di
dolores lola dolly lolita
dominic dom nick dominick
donald don donnie
donna
dorothy dot dotty dottie dolly
douglas doug dougie
duncan dunc
edward ed eddie ted teddy ned eduardo lalo edwin
eileen aileen
eleanor ellie nell nora elena
ellen ellie nell helen
emily em emmy emma
enrique quique kike henry
eric/erik/erick erica erika
ernesto neto ernest ernie
esperanza espe
eugene gene
evelyn eve evie
felicity flick fliss
florence flo florrie
frances/francesca fran frankie fanny
francis frank frankie fran
francisco paco pancho frank cisco kiko
francisca paca paquita
frederick fred freddie freddy rick fredrick federico
gabriel gabe gabi gabriela
gareth gary gaz garry
gavin gav
geoffrey/jeffrey/jeffery geoff jeff
george georgie jorge
georgina georgie georgia gina
gerald gerry jerry gerardo
gerard gerry jerry
gilbert gil bert gilberto
gillian jill gill jillian
glen glenn
gordon
grace gracie
graham/graeme/grahame
gregory greg gregg gregorio goyo
guadalupe lupe lupita
guillermo memo william
gwendolyn gwen
hannah/hanna
harold harry hal
harriet hattie harry
hayley/haley/hailey
heather
helen nell ellen
henry harry hank hal
howard howie
hugh hughie hugo
ian/iain
ignacio nacho
irene rene
isabella/isabel/isabelle/ysabel bella izzy chavela
jack john jackson
jacob jake
jacqueline jackie jacqui jaclyn
jaime jaimito james
james jim jimmy jamie jimmie
janet jan
janice jan janis
jane jayne janie
jasmine jasmin yasmin
jason jase jay
javier javi
jean jeanne gene jeannie
jemma gemma gem
jennifer jen jenny jenna
jeremy jerry jez jem
jesus chuy chucho
jessica jess jessie
joan joanie
joanne/joanna jo joann
joel
john/jon johnny jack johnnie juan jonny
jonathan/johnathan/jonathon jon jonny john nathan
jorge coque george
jose pepe joe joseito
josefina pepa fina
joseph joe joey jo jos
josephine jo josie
joshua josh
joyce joy
judith judy jude
julia julie jules
julian jules
juana juanita
karen caren
keith
kelly kelley
kenneth ken kenny
kerry kerri
kevin kev
kieran ciaran
kimberly kimberley kim kimmy
kirsty kirstie
kristen kristin kirsten
laura laurie
lauren/loren
lawrence/laurence larry lorenzo laurie
leah lia lea
leonard leo len lenny leonardo
leslie/lesley les
lewis/louis/luis lou
lillian lily lilian lil
linda/lynda lindy lyn
lindsey lindsay
louise lou luisa
lorraine lorrie
lucy lucia luz lucille
luis lucho louis
lynn/lyn/lynne lin
madeline maddie madeleine
malcolm mal
manuel manolo manny
manuela manoli
marcus mark marcos marco marc
margaret maggie meg peggy marge margie greta margarita rita peg
maria/mary/marie mari
maria maruja
marian marion
marilyn
mark marc
martin marty
martha marta
matthew/mateo matt matty
maureen mo
maurice mo moe mauricio
maxwell max maximilian maximiliano
megan meg meghan
melanie mel
melissa mel missy lisa
michael/micheal/miguel mike mick mickey micky mikey
michele/michelle shelly
miguel mike
mitchell mitch
mohammed/mohamed/muhammad/mohammad mo ahmed
molly mollie
monica
natalie nat natasha
nathan nate nathaniel nat
nicholas/nicolas nick nicky nico
nicola nicky nikki nicole
norman norm
olivia liv livvy
oliver ollie
oscar
pamela pam
patricia pat patty trish tricia patsy patti
patrick pat paddy rick patricio
paul pablo pauly
paula polly
penelope penny
peter pete pedro
philip/phillip phil pip felipe
priscilla cilla
rachel/rachael/raquel rach
rafael rafa ralph
raymond ray ramon
rebecca becky becca bex rebekah
reginald reg reggie
rhys reece rees reese
richard rick dick ricky rich richie ricardo rico
robert rob bob bobby robbie bert roberto beto robin
roderick rod rick
rodney rod
rodrigo rigo
roger/rodger
ronald ron ronnie
rosa rosie rosita rose rosario chayo
rosemary rosie rose
rosalind ros roz
russell russ
ruth ruthie
samantha sam sammy sami
samuel sam sammy
sandra sandy
santiago santi diego
sara/sarah/zara sally sadie
scott scottie
sean/shaun/shawn shane
sergio checo
sharon shaz
sheila shelagh
shirley
sidney sydney sid syd
simon si
sofia/sophia/sophie/sofie
stacey stacy
stanley stan
stephanie steph stefanie estefania
stephen/steven/stefan/esteban steve stevie ste
stewart/stuart stu stew
susan/suzanne/susanna/susana sue suzie susie
sylvia silvia syl
teresa/theresa terry tess tessa teresita tere
terence terry terrence
theodore ted theo teddy
thomas tom tommy tomas thom
timothy tim timmy
toby tobias
tracy/tracey
trevor trev
valerie val
vanessa nessa
veronica ronnie vero
victor vic
victoria vicky tori vikki vic
vincent vince vinny vicente
virginia ginny ginger
vivian viv vivien
walter walt wally
wayne
wendy wen
william will bill billy willie liam
winifred winnie win
yvonne evonne
zachary zach zack zak zac
zoe/zoey
"""


def _both_ways(lines: str) -> Mapping[str, frozenset[str]]:
    """Whole names go with one another and with each short form; short forms with whole names only."""
    used: dict[str, set[str]] = {}
    for whole, short in map(_read, lines.split("\n")):
        for one in whole:
            for other in (*whole, *short):
                used.setdefault(one, set()).add(other)
                used.setdefault(other, set()).add(one)
    return {word: frozenset(others - {word}) for word, others in used.items()}


def _read(line: str) -> tuple[list[str], list[str]]:
    whole, *short = line.split()
    return whole.split("/"), short


_USED_FOR = _both_ways(_GROUPS.strip())
_WHOLE = frozenset(name for line in _GROUPS.strip().split("\n") for name in _read(line)[0])
GIVEN_NAMES = frozenset(_USED_FOR) | _WHOLE


def are_used_for_one(one: str, other: str) -> bool:
    """Whether two folded given names are used for one person: Bob and Robert, Sean and Shaun, but not Bob and Bert."""
    return other in _USED_FOR.get(one, ())


def formal_names(word: str) -> tuple[str, ...]:
    """The names that a folded word is short for, sorted."""
    return tuple(sorted(_USED_FOR.get(word, frozenset()) & _WHOLE))
