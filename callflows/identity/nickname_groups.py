"""Names that are used for one another, English and Spanish, from general knowledge, as data.

Each line: the whole names, which are spellings of one another, then what is short for them.
"""

GROUPS = """
abigail abby abbie gail
abraham abe bram
adam ad
adrian ade
aidan/aiden/ayden
alan/allan/allen/alun al
albert bert al bertie alberto beto
alberto beto
alejandra alex ale
alejandro alex ale jandro
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
beverley beverly bev
bradley brad
brenda bren
brendan brendon
brian/bryan
bridget biddy bridie
caitlin/kaitlyn/katelyn
callum calum
cameron cam
carl/karl carlos
carol/carole/carolyn/caroline carrie
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
eduardo lalo
edward ed eddie ted teddy ned eduardo lalo edwin
eileen aileen
eleanor ellie nell nora elena
elizabeth/elisabeth/eliza/isabel liz lizzie beth betty bess libby betsy lisa elsie liza
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
francisca paca paquita
francisco paco pancho frank cisco kiko
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
gregorio goyo
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
jane jayne janie
janet jan
janice jan janis
jasmine jasmin yasmin
jason jase jay
javier javi
jean jeanne gene jeannie
jemma gemma gem
jennifer jen jenny jenna
jeremy jerry jez jem
jessica jess jessie
jesus chuy chucho
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
juana juanita
judith judy jude
julia julie jules
julian jules
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
leonardo leo
leslie/lesley les
lewis/louis/luis lou
lillian lily lilian lil
linda/lynda lindy lyn
lindsey lindsay
lorraine lorrie
louise lou luisa
lucy lucia luz lucille
luis lucho louis
lynn/lyn/lynne lin
madeline maddie madeleine
malcolm mal
manuel manolo manny
manuela manoli
marcus mark marcos marco marc
margaret maggie meg peggy marge margie greta margarita rita peg
margarita rita
maria maruja
maria/mary/marie mari
marian marion
marilyn
mark marc
martha marta
martin marty
matthew/mateo matt matty
maureen mo
maurice mo moe mauricio
mauricio mau
maximilian/maximiliano max
maxwell max
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
nathaniel nate nat
nicholas/nicolas nick nicky nico
nicola nicky nikki nicole
norman norm
oliver ollie
olivia liv livvy
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
roberto beto rob
roderick rod rick
rodney rod
rodrigo rigo
roger/rodger
ronald ron ronnie
rosa rosie rosita rose rosario chayo
rosalind ros roz
rosemary rosie rose
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
terence terry terrence
teresa/theresa terry tess tessa teresita tere
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
