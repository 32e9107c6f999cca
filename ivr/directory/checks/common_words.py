"""Words that people say whatever they call about: by itself none of them tells of an emergency.

They stand in many of the office, errand and everyday sentences of config/hearing/sentences, or are words for illness,
for parts of the body and for haste that are said of anything. The names of emergencies ("stroke", "overdose") are not
among them, though people say them of other things too: the clinical lead decides about those.
"""

from __future__ import annotations

_ENGLISH = """
    a about account ache aches add address after again ago all allergy am an and ankle ankles another any anybody
    anything appointment are arm arms around as ask asthma at attack authorization awake babies baby back bad be
    been before belly bill bite bleeding blood book boss box breast breath breathe breathing building burn burned
    burning burns bus but by call called calling came can cancel cant car card case center change changed charge
    check checking chest child children cholesterol class clinic close closed cold come coming company copy cough
    coughing could covid cramp cramps credit cut dads danger date daughter day days dead death desk diabetes did
    dizzy do doctor doctors does dog dollars dont door down drive drunk due ear early ears eight emergency every
    everything eye eyes face faint fall fallen far fast fax fee feel feeling feels feet fell fever fifteen fifty
    find finger fingers first five flight flu foot for form forty four free friday from front gas gave get girl give
    go going gonna good got gotta had hand hands has have he head headache heart hello help her here hes hey hi his
    hit hold home hot hours house how human hundred hurry hurt hurting hurts husband i id if ill im in infection
    injured injury instead insulin insurance into is isnt it its ive job june just keeps kid kids kind knee know lab
    lady last late leave left leg legs let letter like list little live long lost lump lunch machine mail make many
    me mean medicine minutes missed monday month more morning mother mouth move moved much my name nausea neck need
    needs never new next night nine ninety no nobody nose not note nothing now numb number nurse of off office oh
    okay old on one only open or order other our out over oxygen pain painful pains paper paperwork parking pass
    patient pay payment people person pharmacy phone physical pick pill pills place plan play please portal pregnant
    prescription pressure prior pulse put rash read ready records referral refill report results right room running
    said same saturday say says scan scared schedule school second see send sent set seven she shot shots should
    shoulder show sick sign signed since six skin sleep so some somebody something son sore sorry speak specialist
    start statement still stomach stop store street sugar supposed surgery swelling swollen tablets take talk tell
    temperature ten test tested tests text thank that thats the them there theres these they thing think third
    thirsty thirty this thousand three throat through throwing thursday tight till time tired to today toe told
    tomorrow tongue too tooth trouble trying tuesday turn twelve twenty twice two up urgent us use virus vision
    visit visits voice vomit vomiting wait wanna want wants was water we weak week weeks well went were what whats
    wheelchair when where which who wife with wont word work worried worse worst would wound wrist write wrong yeah
    year years yes yet you your
"""
_SPANISH = """
    a abdomen abre abren accidente agua ahi ahora ahorita al alarma algo alguien alla alta ano anos antes apellido
    aqui ardor asi asma ataque autorizacion ay ayer ayuda ayudeme ayudenme azucar bajo barriga bebe bien boca brazo
    brazos buenas bueno bulto cabeza cada caer caida caliente calle cambiar cambiaron cansada cansado cara carro
    carta casa cayo centro cerca cero chequeo cierran cinco cincuenta cita clinica cobran comezon como con consulta
    control corazon correo creo cual cuando cuantas cuanto cuantos cuatro cuello cuenta cuerpo cuesta da dan dar de
    debil decir dedo dedos dejan deje dejo del deme desde desmayo dia diabetes dias dice dicen diente dientes dieron
    diez dijeron dijo direccion disculpe doce doctor doctora dolor dolores domingo donde dos duele duelen el ella
    embarazada embarazo emergencia en enferma enfermera enfermo era es esa escuela ese eso espalda espanol
    especialista esposo esta estan este estomago estoy examen falta faltan farmacia favor fax fecha fiebre fisico
    forma frio fue fuerte fui garganta golpe gracias grave gripa gripe ha habla hablar hable hablo hace hacen hacer
    hago hasta hay herida herido hermana hice hicieron hija hijo hinchada hinchado hinchazon hizo hora horas
    hospital hoy hueso iglesia infeccion insulina inyeccion ir jueves la laboratorio las lastimado le lengua les
    lista llama llamada llamo llegar llego lleva llevar llevo lo los lugar lunes luz mal malo mama manana mandan
    mandar mandaron mande manden mando mano manos maquina mareada mareado mareo martes mas me medicina medicinas mes
    meses mi miedo mil minutos mis mismo muchacha muela muero muerte muerto muy nada nariz nauseas necesita necesito
    ni nina nino ninos no noche nomas nombre nos noventa nueva nuevo numero nunca o ocho ocupo oficina oido ojo ojos
    operadora orden otra otro oxigeno paciente pagar pago pague panza papa papel papeles para pasa pasado pasar pase
    paso pastillas pecho pedir peligro peor perdi permiso pero persona pide piden pie piel pierna piernas pies piso
    plan poner por porque presion prueba pruebas puede pueden puedo puerta pues pulso que queda quedo quemado
    quemadura quien quiere quiero quince quisiera receta referencia referido respira respiracion respirar resultados
    rodilla ronchas sabado saber sacar sala sale salio sangre se seguro seis semana semanas senora senorita ser si
    siempre sigue sin son soy su sueno tarde tarjeta te telefono tengo tiene tienen tobillo toca todavia todo todos
    tos trabajo treinta tres tu u un una unos urgencia urgencias urgente usted ustedes va vacuna vacunas vamos van
    veces veinte ver verdad vez viene viernes virus vista visto vomita vomitar vomito voy voz y ya yo
"""
COMMON = {"en": frozenset(_ENGLISH.split()), "es": frozenset(_SPANISH.split())}
"""By language, as :func:`ivr.hearing.phrases.words_of` spells words: small letters without accents."""


def is_common(word: str, language: str) -> bool:
    """Whether people say ``word`` of anything; one that ends in a star is when any common word begins like it."""
    common = COMMON.get(language.partition("-")[0], frozenset())
    if word.endswith("*"):
        return any(one.startswith(word[:-1]) for one in common)
    return word in common
