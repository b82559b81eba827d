"""Who does what to whom: verbs that callers, swindlers and reporters are the subject of, in the forms people write.

Stems are folded and may be misspelled; every ending that points to a third person is made here.
"""

from __future__ import annotations

from workers.anonymise.wordlist import bag

_AR = "a an o aron aba aban ando ado aran aria arian"
_ER = "e en io ieron ia ian iendo ido era iera ieran"


def third_person(stems: str, endings: str) -> frozenset[str]:
    """Every stem with every ending."""
    return frozenset(stem + ending for stem in stems.split() for ending in endings.split())


CONTACTING = (
    third_person(
        "marc mark llam yam habl abl mand envi contact mensaj texte molest acos asoc acoz hostig amenaz amenas "
        "extorsion estorsion extorcion estorcion insult timbr comunic intimid chantaj boletin record",
        _AR,
    )
    | third_person("escrib ofrec", _ER)
    | bag(
        "llego llegan yego yegan llegando yegando llega llegaron yegaron colgo colgaron dejo dejaron usa usan "
        "uso usaron utiliza utilizan anuncia anuncian publica publican aparece aparecen salio sale write writes "
        "wrote calling calls called texting texted text call deja dejan recibi recibo recibimos recibio reciben "
        "recibe entro entra entran cayo mensajearon negocian negociaron negociando"
    )
)
"""Verbs of reaching somebody, in the third person or as what was received."""

DEMANDING = third_person("cobr estaf defraud enganch robab roban asalt exhib difam embauc presion", _AR) | bag(
    "pide piden pidio pidieron pidiendo pedia pedian exige exigen exigio exigieron exigiendo exije exijen quiere "
    "quieren kiere kieren quieran queria querian ocupa ocupan solicita solicitan solicito solicitaron prometio "
    "prometieron ofrecieron ofrecen vende venden vendio vendieron vendia vendian amedrenta engana enganan engano "
    "enganaron ekstorsionan transan transo tranzaron exigia"
)
"""Verbs of asking for what is not theirs."""

CRIMES = bag(
    "extorsion estorsion extorcion estorcion extorsiones extorsionador extorsionadores extorsionadora fraude fraudes "
    "fraudulento fraudulenta estafa estafas estafador estafadores estafadora amenaza amenazas amenasa amenasas "
    "secuestradores secuestrador engano spam scam montadeudas ratas ratero rateros delincuentes delincuente "
    "agiotista agiotistas vendedor vendedora cobrador cobradores"
)
"""Nouns that say of a number standing near them what it was used for."""

LISTING = bag(
    "reportar reporto reporten reporte denunciar denuncio denuncia denuncien investigar investiguen investigue "
    "rastrear rastreen rastreo bloquear bloquee bloqueen bloqueo bloquie bloqie bloquio blokie blokee bloqueado "
    "chequen checar checken cheque verificar verifiquen verifique ubiquen anoten anote apunten apunte sepan "
    "cuidado ojo aguas eviten alerta tengan localicen revisen revisar busquen saber reportes reportado "
    "reportados reportadas quemar quemen difundan difundir boletinen consultar identificar siguen sigue checo "
    "busque investigo guarde tengo"
)
"""Verbs of showing a number to the authority: nobody reports his own."""

PAYING = (
    third_person("deposit depocit deposyt transfer tranfer trasfer pag abon recarg liquid", _AR)
    | third_person(
        "deposit depocit transfer transfir transf transfier tranfier pag pagu abon recargu recarg liquid",
        "ar arle arles arlo arla arme e en es emos arnos iera ieran aramos ara aran ir i irle imos a an ame arselo",
    )
    | bag(
        "gire giren giro mande manden mandar mandarle mandara mandarles mandamos mandemos envie envien enviar "
        "enviarle enviara enviamos ponga pongan poner ponerle pusiera regrese regresarle devuelva devolver "
        "entregue entregar entreguen anticipo enganche rescate recarga recargas recarge recargarle deposito "
        "depositos transferencia transferencias transferi tranferencia spei oxxo compre comprar retire retiro "
        "adelanto cuota apartar aparte aparto spein di dimos diera pedi pedimos mando depositado transferido "
        "pagado abonado mandado depositada mandando depositando pagando transfiriendo abonando mandale depositale "
        "traslade trasladara trasladar transfierele pagale pasale mandales"
    )
)
"""Verbs and nouns of paying somebody, whoever the subject is."""

REACH_ME = bag(
    "marquenme markenme llamenme yamenme hablenme ablenme contactenme comuniquense comunikense localizarme buscarme "
    "contactarme marcarme markarme llamarme yamarme hablarme ablarme avisenme escribanme busquenme localicenme llameme "
    "marqueme comuniquese comunicarse localizarnos llamarnos marcarnos contactarnos encuentrenme mandenme regresenme "
    "contesto contestamos atiendo llamenos marquenos llamennos marquennos hableme contacteme escribame mandeme aviseme "
    "respondanme contestenme devuelvanme marcame markame llamame yamame hablame escribeme avisame contactame "
    "regresame responderme contestarme avisarme localizo recados avisen avisarnos avisenos confirmarme informarme "
    "informen respondan encuentro localizan contactan localizas escribirme reach"
)
"""Asking to be called."""

CALL_THEM = bag(
    "hablas marcas llamas escribes comunicate comunikate marcale llamale hablemos reporte reportara reportarme "
    "llamen marquen yamen hablen ablen "
    "marken llame marque hable able marke yame "
    "llamar marcar yamar hablar ablar markar llamara marcara hablara yamara comuniquen comunique comunicara "
    "comunicarme comunicarnos contactar contactara escriba escribiera escribir localizar buscar comunicar "
    "llamemos marquemos call marques llames hables llamaramos marcaramos llamarle marcarle hablarle escribirle "
    "comunicarle contestar conteste contesten"
)
"""Asking to call a number, or calling it: whose it is hangs on who asks."""

LOST = third_person(
    "rob rovab rov quit kit hacke jacke jake jaque clon cancel vaci sac sak desvalij extrav duplic",
    "aron o ado ada ados adas an a",
) | bag(
    "robe perdi extravie perdio perdieron usaron usurparon arrebataron arrebato bajaron chocaron llevaron "
    "yevaron rebato"
)
"""What happens to the reporter's own things."""

MISSING = bag(
    "desaparecio desaparecida desaparecido desaparecidos desaparecidas desaparesio aparece aparecido regreso regresa "
    "regresado regresaron buzon apagado localizable encontramos encuentro encontrarla encontrarlo localizamos "
    "localizarla localizarlo extraviado extraviada perdida secuestrado secuestrada volvio"
)
"""Words of a search for somebody: a number beside them may be the missing person's."""

HOLDERS = bag(
    "anuncio volante lona letrero manta perfil publicacion cartel papel papelito recado nota sticker remitente"
)
"""What carries the number of whoever put it up."""

SAID = bag(
    "dijo dice dise dicen disen dijeron diciendo disiendo decia decian pide piden pidio pidieron mensaje mensajes msj "
    "msjs sms papel papelito carta recado nota correo mail exige exigen quiere quieren kiere kieren ordeno anuncio "
    "publicacion pagina audio whats volante lona letrero manta amenaza aviso licenciado"
)
"""Whose words follow are not the reporter's."""

GIVING = bag(
    "dieron dio dijeron paso pasaron mando mandaron dictaron dicto dicta dictan deja dejaron dejo envio enviaron puso"
)
"""Verbs of telling the reporter a number to pay to or to call."""
