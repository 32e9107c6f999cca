"""Beginnings of words for red flags, English and Spanish, so that no such word is taken for somebody's name.

They are general knowledge, by the groups of red flags that a telephone line hears at once: airway, heart, stroke,
consciousness, bleeding, allergy, poison, self-harm and violence, pregnancy, injury, infection, belly, sugar, operations
and eyes. They need not be all of them, nor are they heard as anything: a word that holds one is left to the ear.
"""

from __future__ import annotations

import re

from callflows.identity.words import words_of

_STEMS = """
wheez sibilan choke choki chokin asphyx asfix atragant ahoga ahogo suffoc sofoc strangl estrangul smother gasping
jadea jadeo apnea apnoea dyspn disnea hypox hipox cyanos cyanot cianos cianot stridor estridor bronch bronqu asthma
asmatic pneumo neumo pulmon croup aspirat resuscit reanim intubat cardia cardio myocard miocard infart infarct tachy
taqui bradyc bradic palpit arrhyt arrit fibril defib desfib angina aort aneur arrest pacemak marcapas stroke ictus
embol apoplej thromb tromb derrame paral hemipl hemipar aphas afasi droop slurr numbn entumec adormec tingl hormigue
vertig dizz mareo maread mareand migrain migran jaquec confus desorient disorient faint desmay desvane syncop sincop
unconsc inconsc unrespons collaps colaps comatos seiz convuls epilep lethar letarg spasm espasm hemorr haemorr hemo
haemo hemat haemat bleed desangr sangr coagul clotti anaphyl anafil urticar angioed allerg alerg swell swoll hinchad
hinchaz hinchand epipen poison venen enven intoxic toxic overdos sobredos heroin fentan cocain methamp metanf opioid
opiace oxycod hydrocod morphin morfin methad metadon narcan naloxon benzod xanax acetamin paracet tylenol ibuprof
aspirin warfar bleach lejia antifre anticong pesticid insectic raticid monoxid swallowed ingest drunk borrach withdraw
abstinen suicid noose gallows hanging hanged ahorc matarm matars matand murder asesin homicid selfharm autoles automut
cutting stabb apunal punala gunsh balaz balead tirote knifed rape violac violad violar violo assault agred agresi
strangul hallucin alucin psychos psicos psicot delir miscarr abort preecl eclamp eclams placent contracc contractio
ectop stillb umbilic prolaps pregnan embaraz premat postpart posparto amniot fractur concuss conmoci contus amput
lacerat lacerac disloc luxac electroc drown scald quemad quemand traumat crush aplasta atropell sepsis septic meningi
encephal encefal tetan gangren necro cellulit celulit pyelon pielon nephr nefri rabies infect infecc fiebre calentur
escalofr feverish hyperth hiperter hypoth hipoterm append apendi periton pancreat ulcer perforat perforac hernia
obstruct obstrucc testic torsion vomit diarr nause jaundic icteri hepati cirrho cirros hypogl hipogl hypergl hipergl
diabet insulin ketoac cetoac ketos cetos glucos incision dehisc postoper suture sutura edema oedem phlebi flebit
glaucom retina blindn ceguer sightl shoot disparo dispara disparan balea balac acuchill navaja macheta golpea golpiz
paliz bludgeon beaten wound maim maul trampl impal gash sever mangl pinned ruptur torniq tournicat tourniq herid
mordid mordio picadur pisote bitten snake vibor alacran scorpion escorpi rattles copperh jellyf bluish ashen clammy
breathl winded gurgl gagg retch spew gush squirt spurt froth foam drool babea slump sagg lopsid incoher babbl chueca
torcid paralys tiritan cenizo azulad amoratad morado moretone mottled petechi purpur crowning pujand pujo coronand
breech cramp colica parien parir reventa rompi flatlin comato inconci inconsi desmall agoniz agonia moribund soponc
patatus telele yeyo trabad sincope atorad atoro boquead boqueand resoll silbid drugg drogad roofied huffing envenena
picado colgar colgars colgand aventar lanzar tirarm cortarm soga navajaz frostbit heatstr sweating sudand hemmor
hemorh hemorag borboton chorrea degolla descalab electrocut atropel volcad incendi machuca pateo golpeo secuestr
enferm malestar opres ambulanc punzad piquet molest abduct kidnap traffick anaphal unarous cataton manic razor slit
bullet batter rigid keel labored eviscer bruis ripped trapp unaliv tranq mutil entumid malpart tiraron tambale verdos
picada cegad apreton gout mrsa rsv bloat gassy colic mucus sorenes laryng tonsil sinusit mastit cystit divertic crohn
dissecti tampona pericard depress hyster hoarse oozing whoop tosfer ronquer amigdal otitis empach acidez insolac
atarant sonol aguad adolor salpull sarpull granos drows pounding racing ayude cayo caida caerse quemo quema debil
tiembl temblo tembl pegaro worse palid marea inflam ensangr dehydr deshidr azucar presion earache toothach backach
bellyac stomacha headach heartbur indigest constip estreni phlegm flema shiver chill tirit woozy wobbl groggy queasy
listless fussy throbb sting itch comezon ardor llaga herida cortada moreton chichon quebr zafad ampolla panick fumes
meth singe hipoten hipert kidney gallst appendi colit lupus sciatic spotting manchado dilatad shingle measle mumps
pertuss chickenp varicel sarampi paperas scabies influenz covid neumon
"""
_WORDS = """
coma comas clot clots dolor mato matado mate melena renal tumor cancer cpr rcp dvt copd epoc afib stemi hives rash
numb choke bled dying dead dies died muerto muerta muriendo muero murio morir morirme stab stabs shot crisis ahogar
ahogado od oding oded attack attacks ataque ataques pain pains hurt hurts hurting breathe breath respirar respiro
respira chest pecho duele duelen help socorro auxilio ayuda emergency emergencia sick ill fell fall bit hit cut gun
knife cuchillo pistola dozy snot tender uti roto rota hypo lows torn aguas romper rabia deaf cutter labor wrong funny
peor malo mala mal frio fria blanco blanca amarillo amarilla tos corte falta veo doble gas humo fuego cloro veneno pus
moco mocos flu gripe gripa strep mono fever sore limp puffy lump boil boils bloody mareo mareos golpe golpes sangra
sangre basca agruras crup ido ida trabo pego contesta contestan fumar panic anxious hopeless
"""
_LONG = 6
"""Letters from which on a stem counts in the middle of a word too, as in thromboembolism."""

_ANYWHERE = "|".join(stem for stem in _STEMS.split() if len(stem) >= _LONG)
_BEGINS = "|".join(_STEMS.split())
_FOUND = re.compile(rf"^(?:{_BEGINS})|(?:{_ANYWHERE})|^(?:{'|'.join(_WORDS.split())})$")


def is_clinical(word: str) -> bool:
    """Whether a word holds the stem of a red flag, whatever its accents and marks."""
    return any(_FOUND.search(part) for part in words_of(word))
