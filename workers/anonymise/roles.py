"""Words that speak for one side: what the reporter calls his own, what callers do, what victims do. Folded."""

from __future__ import annotations

from workers.anonymise.introductions import KIN
from workers.anonymise.wordlist import bag

MINE = bag("my our mi mis nuestro nuestra nuestros nuestras mio mia mios mias")
HIS = frozenset({"su", "sus", "her", "their"})
THINGS = bag(
    "plastico monedero chequera number phone numero num numeros nums no nro tel telefono telefonos tels cel "
    "celular celulares whats whatsapp wats wasap insta instagram tiktok telegram snap feis messenger linea "
    "movil casa correo mail email tarjeta tarjetas cuenta cuentas clabe curp rfc nss ine clave credencial carro "
    "coche auto moto motocicleta camioneta taxi combi placa placas plaka plakas direccion domicilio datos nip "
    "negocio local puesto tienda unidad camion vehiculo bici mototaxi trabajo cuarto depa departamento recado "
    "contacto face facebook perfil pagina licencia cta banco ahorro nomina telcel fijo credito debito seguro "
    "jetta tsuru aveo chevy vocho matricula terminacion"
)
ADJECTIVES = bag(
    "asi raro rara extrano completo real nuevo viejo otro propio propia personal particular fijo de d el la es son"
)
CALLS = bag(
    "marcan marcando marco marcaron marka markan markaron marko markando marcado marca marcaban llaman "
    "llamando llamo llamaron llama llamado llamaban yaman yamando yamo yamaron yama yamado hablan "
    "hablando hablo hablaron hablado hablaban habla ablan ablando ablo ablaron abla ablado escriben "
    "escribio escribieron escribe escribiendo escribia mandan mandaron mando mandando manda contactaron "
    "contactan contactando amenazan amenazando amenazo amenazaron amenasan amenaso amenasaron amenaza "
    "amenasa amenasando extorsionan extorsionando extorsiono extorsionaron estorsionan estorsionando "
    "extorcionan molestan molestando acosan acosa acosando timbran llego llegan yego yegan llegaron "
    "yegaron insultan timbro colgo llamada llamadas yamada yamadas mensaje mensajes mensajea mensajean "
    "msj msjs sms cobran cobrar piden pide pidio pidieron pidiendo exigen exige exigiendo ofrecieron "
    "ofrecen envian envio enviaron engano enganaron estafo estafaron estafar extorsionar amenazar "
    "contesten contestar contestarle anda andan anuncia anuncian enviando texteo textean comunican "
    "comunico acoso hostiga hostigan ofrecio dejo dejaron usa usan usaron utiliza utilizan"
)
PAYS = bag(
    "deposite depositen deposita depositar depositara depositarle depositarles deposito depositos "
    "depositado transfiera transferir transferencia transfiere transferi transferimos pague pagar "
    "pagara paga pagarle pagado pagamos mande mandar mandara mandarle mandamos envie enviar recarga "
    "recargas recargue abone abonar abono gire ponga depositos deposites mandes pagues transfieras "
    "deposit depocite depocitar depocito page tranfiera trasfiera depositemos rescate regrese "
    "regresarle regresar devuelva devolver liquide liquidar entregue entregar done comunique comunicara "
    "comunicarme anticipo enganche mandame depositame transfiereme pagame mandale depositale "
    "depositarlo mandarlo retiro depositara depositaran"
)
CALLING = bag("marcar llamar yamar hablar ablar markar escribir contactar comunicar buscar localizar")
CONTACTS = bag(
    "marquenme markenme llamenme yamenme hablenme ablenme contactenme comuniquense comunikense "
    "localizarme buscarme contactarme marcarme markarme llamarme yamarme hablarme avisenme escribanme "
    "busquenme localicenme llameme marqueme comuniquese comunicarse localizarnos llamarnos marcarnos "
    "contactarnos llamen marquen yamen hablen ablen marken encuentrenme mandenme regresenme contesto "
    "contestamos atiendo llamenos marquenos hableme contacteme escribame mandeme aviseme respondanme "
    "contestenme devuelvanme"
)
SUSPECTS = bag(
    "sr tipo tipos tipa sujeto sujetos estafador estafadores estafadora extorsionador extorsionadores "
    "extorsionadora estorsionador estorsionadores ratero rateros ratera ladron ladrones delincuente "
    "delincuentes asaltante asaltantes secuestrador secuestradores agresor agresores cobrador "
    "cobradores sicario sicarios halcon narco narcos vendedor vendedora licenciado licensiado lic "
    "comandante ejecutivo ejecutiva vato vatos bato batos cabron cabrones wey morro morros muchacho "
    "muchachos chavo chavos ellos esos aquellos hombre hombres individuo individuos fulano banda culero "
    "culeros pinche criminal criminales maleante maleantes sospechoso sospechosos desconocido "
    "desconocidos gestor gestora prestamista jalador enganchador defraudador acosador expareja exesposo "
    "exmarido exnovio cartel mafia union halcones rata ratas app financiera supuesto supuesta dizque "
    "reclutador reclutadora fraude estafa fraudes extorsion estorsion coyote pollero montadeudas jefe"
) - {"jefe"}
# People of whom nothing bad is said yet: as the object of a clause ("asaltaron a un muchacho") they are no suspects.
PEOPLE = bag("sr hombre hombres muchacho muchachos chavo chavos morro morros")
VICTIMS = (
    bag(
        "senora senorita victima abuelito abuelita vecina vecino besina comerciante anciano anciana "
        "afectado afectada viejito viejita locatario locataria menor estudiante joven clienta cliente "
        "companera denunciante testigo"
    )
    | KIN
)
PUBLISH = bag(
    "sepan reportar reporto investiguen rastreen chequen anoten tengan bloqueen checar reporten "
    "rastrear investigar bloquear reportarlo denunciar denuncio denunciarlo cuidado eviten ojo quemar"
)
TO = frozenset({"al", "a", "ala"})
SOURCES = frozenset({"del", "desde", "dsd", "dl", "from"})
# The word right before a number that ties it to its clause; without one a number may be a signature.
ATTACHED = bag(
    "del de desde dsd d dl numero num numeros nums nro es son era con el este estos ese esos al a por x "
    "la los un otro y e from correo mail email insta instagram facebook face tiktok perfil usuario "
    "cuenta numb"
)
NOUNS = bag("llamada llamadas yamada yamadas mensaje mensajes msj msjs sms")
VAGUE = bag("tel telefono tels telefonos cel celular cels celulares whats whatsapp wats movil")
REACHED = bag("casa trabajo negocio numero num linea domicilio tienda local oficina") | VAGUE
POINTING = bag("su sus este ese esta un otro del tiene tienen trae usa usan con este estos")
ASKS = bag(
    "contesten contestar contestarle pide piden pidio pidieron pidiendo exige exigen exigiendo cobran "
    "cobrar ofrecen ofrecieron"
)
STOLEN = bag(
    "robaron rovaron robo rovo robado robada robados quitaron kitaron quito kito quitado bajaron "
    "chocaron roban roba clonaron clonada clonado llevaron yevaron perdi vaciaron sacaron sakaron "
    "extravie hackearon desvalijaron"
)
OWNING = bag("traigo manejo tengo compre vendi conduzco")
COMPLAINT = bag(
    "pidieron pidio piden pide quitaron kitaron quito golpearon golpeo mordida bajaron bajo amenazaron "
    "amenazo extorsionaron extorsiono detuvieron detuvo sembraban sembrar sembro sembraron robaron robo "
    "dinero corruptos corrupto abuso abusaron insultaron insulto multa torito revisaron pegaron soborno "
    "paro pararon cobraron cobro exigieron exigio kito agredieron amenazan extorsionan golpean "
    "denunciar queja corruptas moche"
)

# What a suspect does, in forms that are no nouns as well ("robo", "asalto"), and what such a verb goes on with.
ACTS = bag(
    "amenaza amenazo amenasa amenaso amenazando cobra cobro cobraba golpea golpeo golpeaba pega pego "
    "pegaba vende vendio vendia roba extorsiona extorsiono estafo estafa acosa acosaba violo viola "
    "abusa exige exigio clona clono engano enganaba disparo balaceo mato defraudo maltrata sembro "
    "asalta extorciona estorsiona hostiga hostigo"
)
HARM = bag(
    "a al me nos les con mi mis los las piso cuota cuotas derecho droga drogas cristal piedra mota "
    "marihuana coca vicio dinero gente menores ninas ninos muerte tarjetas robados armas"
)
DRUGS = bag("droga drogas cristal piedra mota marihuana coca cocaina vicio robados robadas armas")
PASSIVE = bag("fue recibe recibio lo le la los les desaparecio murio fallecio sufrio esta estaba necesita")
RANKS = bag(
    "ofi lic licenciado licenciada licensiado comandante oficial agente policia poli capitan gerente "
    "ejecutivo ejecutiva gestor gestora despachador cobrador inspector licda sargento teniente abogado "
    "vendedor sujeto tipo individuo"
)
DENS = bag(
    "venden vende vendiendo esconden guardan tienen citaron cito entrevista operan narcotienda distribuyen "
    "reunen secuestrados robado robada asaltados queman almacenan secuestran entrenan empaquetan cocinan juntan "
    "rentan rentando falsos fraude oficina oficinas drogas droga"
)
