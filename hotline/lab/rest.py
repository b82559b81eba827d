"""Twilio's REST API, as far as a hotline uses it: messages, calls, recordings, the account and its numbers.

Stricter than Twilio in one thing: a parameter that its API description lacks is refused instead of ignored, since it
can only be a misspelling.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import wraps
from typing import Any

from flask import Blueprint, Response, jsonify, request

from hotline.lab import resources
from hotline.lab.carrier import Carrier
from hotline.lab.errors import RestError
from hotline.lab.records import CallRecord, Message, RestRequest, now
from hotline.lab.resources import Json

View = Callable[..., Json | Response | None]
_PAGING = "PageSize Page PageToken"
_PARAMETERS = {
    "messages.create": "To From Body MediaUrl StatusCallback ApplicationSid MaxPrice ProvideFeedback Attempt "
    "ValidityPeriod ForceDelivery ContentRetention AddressRetention SmartEncoded PersistentAction TrafficType "
    "ShortenUrls ScheduleType SendAt SendAsMms ContentVariables RiskCheck FallbackFrom MessagingServiceSid ContentSid",
    "messages.list": f"To From DateSent DateSent< DateSent> {_PAGING}",
    "messages.update": "Body Status",
    "calls.create": "To From Url Twiml Method FallbackUrl FallbackMethod StatusCallback StatusCallbackEvent "
    "StatusCallbackMethod SendDigits Timeout Record RecordingChannels RecordingStatusCallback "
    "RecordingStatusCallbackMethod RecordingStatusCallbackEvent SipAuthUsername SipAuthPassword MachineDetection "
    "MachineDetectionTimeout MachineDetectionSpeechThreshold MachineDetectionSpeechEndThreshold "
    "MachineDetectionSilenceTimeout AsyncAmd AsyncAmdStatusCallback AsyncAmdStatusCallbackMethod Trim CallerId Byoc "
    "CallReason CallToken RecordingTrack TimeLimit ClientNotificationUrl ApplicationSid",
    "calls.list": f"To From ParentCallSid Status StartTime StartTime< StartTime> EndTime EndTime< EndTime> {_PAGING}",
    "calls.update": "Url Method Status FallbackUrl FallbackMethod StatusCallback StatusCallbackMethod Twiml TimeLimit",
    "recordings.list": f"DateCreated DateCreated< DateCreated> CallSid ConferenceSid IncludeSoftDeleted {_PAGING}",
    "recordings.fetch": "IncludeSoftDeleted",
    "numbers.list": f"Beta FriendlyName PhoneNumber Origin {_PAGING}",
}
_EVENTS = frozenset({"initiated", "ringing", "answered", "completed"})


def rest(carrier: Carrier) -> Blueprint:
    """The API of one carrier, to be mounted at `/2010-04-01/Accounts`."""
    api = Blueprint("rest", __name__, url_prefix="/2010-04-01/Accounts")

    def operation(name: str, status: int = 200) -> Callable[[View], Callable[..., Response]]:
        def decorate(view: View) -> Callable[..., Response]:
            @wraps(view)
            def answer(account: str, **ids: str) -> Response:
                try:
                    response = _perform(carrier, name, status, account, lambda: view(**ids))
                    code = None
                except RestError as error:
                    response, code = jsonify(error.body()), error.code
                    response.status_code = error.status
                    response.headers.update(error.headers)
                asked = {**request.args.to_dict(), **request.form.to_dict()}
                with carrier.news:
                    entry = RestRequest(name, request.method, request.path, asked, response.status_code, code)
                    carrier.log.append(entry)
                    carrier.changed()
                return response

            return answer

        return decorate

    _messages(api, carrier, operation)
    _calls(api, carrier, operation)
    _recordings(api, carrier, operation)

    @api.get("/<account>.json")
    @operation("accounts.fetch")
    def account() -> Json:
        return {"sid": carrier.account_sid, "friendly_name": "Laboratorio", "status": "active", "type": "Full"}

    @api.get("/<account>/IncomingPhoneNumbers.json")
    @operation("numbers.list")
    def numbers() -> Json:
        wanted = request.args.get("PhoneNumber", "")
        found = [
            resources.number(carrier.account_sid, n, *_settings(carrier, n)) for n in carrier.senders if wanted in n
        ]
        return resources.page("incoming_phone_numbers", found, request.path, request.args)

    return api


def _settings(carrier: Carrier, number: str) -> tuple[str, str, str | None]:
    voice = carrier.call_status_url if number == carrier.hotline_number else None
    return carrier.sms_url, carrier.voice_url, voice


def _perform(carrier: Carrier, name: str, status: int, account: str, view: Callable[[], Any]) -> Response:
    login = request.authorization
    if login is None or (login.username, login.password) != (carrier.account_sid, carrier.auth_token):
        raise RestError(20003, "Authenticate", 401, {"WWW-Authenticate": 'Basic realm="Twilio API"'})
    if account != carrier.account_sid:
        raise _not_found()
    allowed = frozenset(_PARAMETERS.get(name, "").split(" "))
    for parameter in [*request.args, *request.form]:
        if parameter not in allowed:
            raise RestError(20001, f"{name} has no parameter {parameter!r} (Twilio would ignore it)")
    fault = carrier.faults.next(name)
    result = view() if fault is None or fault.perform else None
    if fault is not None:
        carrier.faults.wait(fault.hang)
        if error := fault.error():
            raise error
        if not fault.perform:
            raise RestError(20503, "Service unavailable", 503)
    response = result if isinstance(result, Response) else jsonify(result) if result is not None else Response()
    response.status_code = status
    return response


def _not_found() -> RestError:
    return RestError(20404, f"The requested resource {request.path} was not found", 404)


def _finished(carrier: Carrier, final: bool, at: datetime | None) -> None:
    if not final or (now() - (at or now())).total_seconds() < carrier.deletable_after:
        raise RestError(20009, "Unable to delete record; resource not in completed state", 409)


def _between(name: str, moment: datetime | None) -> bool:
    """Whether a resource's time passes the request's filters: `Name`, `Name<` (at or before), `Name>` (at or after)."""
    for sign, passes in (("", "__eq__"), ("<", "__le__"), (">", "__ge__")):
        value = request.args.get(name + sign)
        if not value:
            continue
        if moment is None:
            return False
        try:
            if len(value) == 10:
                limit: date = date.fromisoformat(value)
                mine: date = moment.date()
            else:
                read = datetime.fromisoformat(value)
                limit = read if read.tzinfo else read.replace(tzinfo=UTC)
                mine = moment
        except ValueError:
            raise RestError(20001, f"{name}{sign} is not a date: {value}") from None
        if not getattr(mine, passes)(limit):
            return False
    return True


Operation = Callable[..., Callable[[View], Callable[..., Response]]]


def _messages(api: Blueprint, carrier: Carrier, operation: Operation) -> None:
    def one(sid: str) -> Message:
        found = carrier.messages.get(sid)
        if found is None:
            raise _not_found()
        return found

    @api.post("/<account>/Messages.json")
    @operation("messages.create", 201)
    def create_message() -> Json:
        period = request.form.get("ValidityPeriod")
        if period and not (period.isdigit() and 1 <= int(period) <= 36000):
            raise RestError(20001, f"ValidityPeriod {period} is not between 1 and 36000")
        media = tuple(request.form.getlist("MediaUrl"))
        return resources.message(carrier.account_sid, carrier.create_message(request.form.to_dict(), media))

    @api.get("/<account>/Messages.json")
    @operation("messages.list")
    def list_messages() -> Json:
        to, sender = request.args.get("To"), request.args.get("From")
        with carrier.news:
            found = [
                resources.message(carrier.account_sid, m)
                for m in reversed(carrier.messages.values())
                if (not to or m.to == to) and (not sender or m.sender == sender) and _between("DateSent", m.sent)
            ]
        return resources.page("messages", found, request.path, request.args)

    @api.get("/<account>/Messages/<sid>.json")
    @operation("messages.fetch")
    def fetch_message(sid: str) -> Json:
        return resources.message(carrier.account_sid, one(sid))

    @api.post("/<account>/Messages/<sid>.json")
    @operation("messages.update")
    def update_message(sid: str) -> Json:
        message = one(sid)
        if request.form.get("Body", "") or "Status" in request.form:
            raise RestError(20001, "Body can only be redacted, and only a scheduled message can be canceled")
        if "Body" in request.form:
            _finished(carrier, message.final, message.updated)
            message.body = ""
            carrier.changed()
        return resources.message(carrier.account_sid, message)

    @api.delete("/<account>/Messages/<sid>.json")
    @operation("messages.delete", 204)
    def delete_message(sid: str) -> None:
        message = one(sid)
        _finished(carrier, message.final, message.updated)
        with carrier.news:
            carrier.messages.pop(sid, None)


def _calls(api: Blueprint, carrier: Carrier, operation: Operation) -> None:
    def one(sid: str) -> CallRecord:
        found = carrier.calls.get(sid)
        if found is None:
            raise _not_found()
        return found

    @api.post("/<account>/Calls.json")
    @operation("calls.create", 201)
    def create_call() -> Json:
        events = frozenset(request.form.getlist("StatusCallbackEvent"))
        if not events <= _EVENTS:
            raise RestError(21626, f"StatusCallbackEvent: {sorted(events - _EVENTS)}")
        if not (request.form.get("Timeout") or "60").isdigit():
            raise RestError(20001, "Timeout is not a number of seconds")
        return resources.call(carrier.account_sid, carrier.switchboard.create(request.form.to_dict(), events))

    @api.get("/<account>/Calls.json")
    @operation("calls.list")
    def list_calls() -> Json:
        wanted = {
            name: request.args.get(parameter)
            for name, parameter in (("to", "To"), ("sender", "From"), ("status", "Status"), ("parent", "ParentCallSid"))
        }
        with carrier.news:
            found = [
                resources.call(carrier.account_sid, c)
                for c in reversed(carrier.calls.values())
                if all(not value or getattr(c, name) == value for name, value in wanted.items())
                and _between("StartTime", c.started or c.created)
                and _between("EndTime", c.ended)
            ]
        return resources.page("calls", found, request.path, request.args)

    @api.get("/<account>/Calls/<sid>.json")
    @operation("calls.fetch")
    def fetch_call(sid: str) -> Json:
        return resources.call(carrier.account_sid, one(sid))

    @api.post("/<account>/Calls/<sid>.json")
    @operation("calls.update")
    def update_call(sid: str) -> Json:
        record = one(sid)
        status = request.form.get("Status")
        if status not in {None, "completed", "canceled"}:
            raise RestError(21218, f"Invalid Status: {status}")
        carrier.switchboard.update(carrier.live[sid], request.form.to_dict())
        return resources.call(carrier.account_sid, record)

    @api.delete("/<account>/Calls/<sid>.json")
    @operation("calls.delete", 204)
    def delete_call(sid: str) -> None:
        record = one(sid)
        _finished(carrier, record.final, record.ended)
        with carrier.news:
            carrier.calls.pop(sid, None)
            carrier.live.pop(sid, None)


def _recordings(api: Blueprint, carrier: Carrier, operation: Operation) -> None:
    def shown(sid: str) -> Json:
        found = carrier.recordings.get(sid)
        if found is None:
            raise _not_found()
        return resources.recording(carrier.account_sid, found, carrier.recording_url(sid))

    def listed(call_sid: str | None) -> Json:
        found = [
            shown(r.sid)
            for r in reversed(carrier.recordings.values())
            if (not call_sid or r.call_sid == call_sid) and _between("DateCreated", r.created)
        ]
        return resources.page("recordings", found, request.path, request.args)

    @api.get("/<account>/Recordings.json")
    @operation("recordings.list")
    def list_recordings() -> Json:
        return listed(request.args.get("CallSid"))

    @api.get("/<account>/Calls/<call>/Recordings.json")
    @operation("recordings.list")
    def list_call_recordings(call: str) -> Json:
        return listed(call)

    @api.get("/<account>/Recordings/<sid>.json")
    @operation("recordings.fetch")
    def fetch_recording(sid: str) -> Json:
        return shown(sid)

    @api.delete("/<account>/Recordings/<sid>.json")
    @operation("recordings.delete", 204)
    def delete_recording(sid: str) -> None:
        shown(sid)
        with carrier.news:
            carrier.recordings.pop(sid, None)

    @api.get("/<account>/Recordings/<sid>.wav")
    @api.get("/<account>/Recordings/<sid>")
    @operation("recordings.media")
    def recording_media(sid: str) -> Response:
        shown(sid)
        return Response(resources.silence(carrier.recordings[sid].duration), mimetype="audio/x-wav")
