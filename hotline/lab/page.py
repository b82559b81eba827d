"""The page of phones, and the JSON behind it. Everything under `/lab` is the page's own; nothing of it is Twilio's."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from flask import Blueprint, Response, abort, jsonify, render_template, request

from hotline.lab.call import LiveCall
from hotline.lab.carrier import Carrier, Handset
from hotline.lab.errors import CarrierError
from hotline.lab.lcd import font as lcd_font
from hotline.lab.mailbox import Mailbox
from hotline.lab.people import Person
from hotline.lab.snapshot import snapshot

# How long one question for news is kept open; browsers and proxies give up later than that.
NEWS_SECONDS = 20.0
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "[::1]"})
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self'; connect-src 'self'; "
    "frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
# A mail may style itself and nothing else: no script, no request, no form, an origin of its own.
_MAIL_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'; sandbox"
_SECURE = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
Act = Callable[[Handset, dict[str, Any]], str | None]


def page(
    carrier: Carrier, mailbox: Mailbox, people: Sequence[Person], consoles: Mapping[str, str] | None = None
) -> Blueprint:
    """The page at `/` and its endpoints under `/lab`."""
    pages = Blueprint(
        "page", __name__, template_folder="templates", static_folder="static", static_url_path="/lab/static"
    )
    named = {person.id: person for person in people}
    acts = _acts(carrier)

    def handset(person: Person) -> Handset:
        found = carrier.handset(person.phone)
        found.kind, found.shows = person.kind, person.show
        return found

    @pages.before_request
    def _only_here() -> None:
        """Loopback names only (another name means DNS rebinding), and no form of another site can set our header."""
        if request.host.rpartition(":")[0] not in _LOOPBACK and request.host not in _LOOPBACK:
            abort(403)
        if request.method == "POST" and request.headers.get("X-Lab") != "1":
            abort(403)

    @pages.after_request
    def _secured(response: Response) -> Response:
        response.headers.setdefault("Content-Security-Policy", _POLICY)
        response.headers.update(_SECURE)
        return response

    @pages.get("/")
    def lab() -> str:
        return render_template("lab.html", hotline=carrier.hotline_number, consoles=consoles or {})

    @pages.get("/lab/state")
    def state() -> Response:
        seen = request.args.get("after", -1, type=int)
        with carrier.news:
            carrier.news.wait_for(lambda: carrier.revision != seen or carrier.stopped, NEWS_SECONDS)
        return jsonify(snapshot(carrier, people, mailbox.mails))

    @pages.post("/lab/phones/<person>/<act>")
    def phone(person: str, act: str) -> Response:
        if person not in named or act not in acts:
            abort(404)
        try:
            problem = acts[act](handset(named[person]), request.get_json(silent=True) or {})
        except CarrierError as error:
            problem = f"Error {error.code} de la operadora"
        except ValueError:
            problem = "No se puede ahora"
        carrier.changed()
        return jsonify({"problem": problem})

    @pages.get("/lab/lcd.ttf")
    @pages.get("/lab/lcd-bold.ttf", endpoint="lcd_bold")
    def lcd() -> Response:
        return Response(lcd_font(bold=request.path.endswith("-bold.ttf")), mimetype="font/ttf")

    @pages.get("/lab/mails/<int:index>.html")
    def mail(index: int) -> Response:
        mails = mailbox.mails
        if index >= len(mails):
            abort(404)
        response = Response(mails[index].html, mimetype="text/html")
        response.headers["Content-Security-Policy"] = _MAIL_POLICY
        return response

    return pages


def _acts(carrier: Carrier) -> dict[str, Act]:
    """What can be done with a phone; each returns what to show instead when it was in vain."""
    board = carrier.switchboard

    def text(handset: Handset, said: dict[str, Any]) -> str | None:
        if handset.kind == "landline":
            return "Este teléfono no envía mensajes"
        if not handset.on:
            return "El teléfono está apagado"
        to = str(said.get("to") or carrier.hotline_number)
        if to not in carrier.senders:
            return "Ese número no es de la línea"
        carrier.text_from(handset, str(said.get("body", ""))[:1600], to=to)
        return None

    def call(handset: Handset, said: dict[str, Any]) -> str | None:
        to = str(said.get("to") or carrier.hotline_number)
        if to not in carrier.senders:
            return "Aquí sólo contesta la línea"
        board.dial(handset, to)
        return None

    def on_call(act: Callable[[LiveCall, dict[str, Any]], object]) -> Act:
        def perform(handset: Handset, said: dict[str, Any]) -> str | None:
            if handset.call is None:
                return "No hay llamada"
            return "Nadie escucha ahora" if act(handset.call, said) is False else None

        return perform

    def ringing(act: Callable[[LiveCall], None]) -> Act:
        def perform(handset: Handset, said: dict[str, Any]) -> str | None:
            if not handset.ringing:
                return "Ya no suena"
            act(handset.ringing[0])
            return None

        return perform

    def power(handset: Handset, said: dict[str, Any]) -> str | None:
        handset.on = bool(said.get("on"))
        if not handset.on:
            if handset.call:
                handset.call.hang_up()
            for call in list(handset.ringing):
                board.decline(call, "no-answer")
        return None

    return {
        "text": text,
        "call": call,
        "key": on_call(lambda call, said: call.press(str(said.get("key", ""))[:1])),
        "typed": on_call(lambda call, said: call.stop_typing()),
        "say": on_call(lambda call, said: call.say(str(said.get("words", ""))[:1000])),
        "partial": on_call(lambda call, said: call.begin_saying(str(said.get("words", ""))[:1000])),
        "silence": on_call(lambda call, said: call.stay_silent()),
        "hangup": on_call(lambda call, said: call.hang_up()),
        "answer": ringing(board.answer),
        "decline": ringing(board.decline),
        "power": power,
    }
