"""A strict reader of TwiML. Pure: bytes in, verbs out, `TwimlError` for whatever the documentation does not have.

Twilio itself forgives some of this (it warns, drops the attribute and goes on). Nothing is forgiven here, because a
warning in somebody's debugger has never been read in time.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from xml.etree import ElementTree

from hotline.lab import twiml_rules as rules
from hotline.lab.errors import TwimlError

_TYPES = frozenset({"text/xml", "application/xml"})
MAX_BYTES = 64 * 1024
MAX_SAY = 4096
MAX_BODY = 1600


@dataclass(frozen=True)
class Verb:
    """One element: `name`, the attributes given, its words (blanks folded) and what is nested in it."""

    name: str
    given: Mapping[str, str]
    text: str
    children: tuple[Verb, ...]
    rule: rules.Rule

    def __getitem__(self, attribute: str) -> str:
        """The attribute as given, or Twilio's default. Raises KeyError when it has neither: use `get` for those."""
        value = self.get(attribute)
        if value is None:
            raise KeyError(attribute)
        return value

    def get(self, attribute: str) -> str | None:
        return self.given.get(attribute, self.rule.attributes[attribute].default)

    def true(self, attribute: str) -> bool:
        return self[attribute] == "true"


def voice(body: bytes, content_type: str) -> tuple[Verb, ...]:
    """The verbs of a voice document, in order.

    Raises `TwimlError`: 12300 for another content type than XML's, 12100 for a document that is not well-formed XML
    or larger than 64 kB, 11750 likewise, 12200 or the verb's own code for anything that the grammar lacks.
    """
    return _document(body, content_type, rules.VOICE)


def messaging(body: bytes, content_type: str) -> tuple[Verb, ...]:
    """The verbs of a messaging document; raises as `voice` does."""
    return _document(body, content_type, rules.MESSAGING)


def _document(body: bytes, content_type: str, verbs: Mapping[str, rules.Rule]) -> tuple[Verb, ...]:
    if content_type.split(";", 1)[0].strip().lower() not in _TYPES:
        raise TwimlError(12300, f"invalid Content-Type {content_type!r}", "TwiML is text/xml or application/xml")
    if len(body) > MAX_BYTES:
        raise TwimlError(11750, f"{len(body)} bytes", "TwiML response body too large: at most 64 kB")
    if b"<!DOCTYPE" in body or b"<!ENTITY" in body:
        raise TwimlError(12100, "a document type definition", "TwiML documents have none")
    try:
        # Expat is given no entity to expand: documents that declare one were refused above.
        root = ElementTree.fromstring(body)  # noqa: S314
    except ElementTree.ParseError as error:
        raise TwimlError(12100, f"document parse failure: {error}", "TwiML is well-formed XML") from error
    if root.tag != "Response":
        raise TwimlError(12102, f"the root is <{root.tag}>", "the root element of TwiML is <Response>")
    if root.attrib:
        raise TwimlError(rules.SCHEMA, f"<Response> with {sorted(root.attrib)}", "<Response> has no attributes")
    _no_stray_text(root)
    found = tuple(_verb(element, verbs, "Response", rules.SCHEMA) for element in root)
    if any(verb.name == "Reject" for verb in found[1:]):
        raise TwimlError(
            rules.SCHEMA,
            "<Reject> after another verb",
            "Using <Reject> as the first verb in your response is the only way to prevent Twilio from answering",
        )
    return found


def _verb(element: ElementTree.Element, allowed: Mapping[str, rules.Rule], parent: str, nesting_code: int) -> Verb:
    name = element.tag
    rule = allowed.get(name)
    if rule is None:
        why = "not offered by this lab" if name in rules.ELSEWHERE else "unknown here"
        clause = rules.VOICE[parent].clause if parent in rules.VOICE else "verbs are spelled as documented"
        raise TwimlError(nesting_code, f"<{name}> in <{parent}>: {why}", clause)
    for attribute, value in element.attrib.items():
        _check_attribute(name, rule, attribute, value)
    if name == "Say":
        return Verb(name, element.attrib, _spoken(element), (), rule)
    children = tuple(
        _verb(child, {n: r for n, r in _RULES.items() if n in rule.children}, name, rule.nesting_code)
        for child in element
    )
    if children or rule.text == "none":
        _no_stray_text(element, rule.clause)
    verb = Verb(name, element.attrib, " ".join((element.text or "").split()), children, rule)
    if name in {"Message", "Body"}:
        verb = Verb(name, element.attrib, (element.text or "").strip(), children, rule)
    _check_whole(verb)
    return verb


_RULES: Mapping[str, rules.Rule] = {**rules.VOICE, **rules.NOUNS}


def _check_attribute(name: str, rule: rules.Rule, attribute: str, value: str) -> None:
    known = rule.attributes.get(attribute)
    if known is None:
        near = next((a for a in rule.attributes if a.lower() == attribute.replace("_", "").lower()), None)
        hint = f"; it is spelled {near}" if near else ""
        raise TwimlError(rules.SCHEMA, f"<{name}> has no attribute {attribute!r}{hint}", "attributes are camelCase")
    if not known.check(value):
        raise TwimlError(known.code, f"<{name} {attribute}={value!r}>", known.clause)


def _check_whole(verb: Verb) -> None:
    """What no single attribute shows: required words, combinations, numbers that must not be dialled."""
    if verb.rule.text == "some" and not verb.text:
        raise TwimlError(rules.SCHEMA, f"<{verb.name}> is empty", verb.rule.clause)
    if verb.rule.text == "instead" and not verb.text and not verb.children:
        raise TwimlError(rules.SCHEMA, f"<{verb.name}> is empty", verb.rule.clause)
    if verb.name in {"Redirect", "Play", "Media"} and not rules.url(verb.text):
        raise TwimlError(11100, f"<{verb.name}> of {verb.text!r}", verb.rule.clause)
    if verb.name == "Gather":
        _check_gather(verb)
    if verb.name == "Dial" and len(verb.children) > 10:
        raise TwimlError(13223, f"{len(verb.children)} numbers", "You can use up to ten <Number> nouns")
    if verb.name == "Number" or (verb.name == "Dial" and verb.text):
        _check_dialled(verb.text)
    if verb.name in {"Message", "Body"} and len(verb.text) > MAX_BODY:
        raise TwimlError(14103, f"{len(verb.text)} characters", "Message: at most 1,600 characters")


def _check_gather(verb: Verb) -> None:
    model = verb.get("speechModel")
    if "speech" not in verb["input"].split(" "):
        return
    if model is not None and not (verb.get("speechTimeout") or "").isdigit():
        raise TwimlError(
            13327, "speechModel without an integer speechTimeout", "with speechModel, speechTimeout must be an integer"
        )
    if model in rules.NARROW_MODELS and verb["language"] not in rules.NARROW_LANGUAGES:
        raise TwimlError(13334, f"{model} in {verb['language']}", "the language is not supported for the chosen model")
    if verb.true("enhanced") and model != "phone_call":
        raise TwimlError(rules.SCHEMA, "enhanced without phone_call", "enhanced works with speechModel phone_call only")


def _check_dialled(number: str) -> None:
    digits = "".join(c for c in number if c.isdigit())
    if digits.removeprefix("52") in rules.EMERGENCY:
        raise TwimlError(13225, f"<Dial> to {number}", "Twilio offers no emergency calls in Mexico: say the number")
    if not rules.e164(number):
        raise TwimlError(13223, f"<Dial> to {number!r}", "phone numbers are in E.164 format with a + and country code")


def _spoken(element: ElementTree.Element) -> str:
    """The words of a `<Say>`, with the SSML tags checked and left out."""
    for tag in element.iter():
        if tag is element:
            continue
        if tag.tag not in rules.SSML or not rules.SSML[tag.tag].issuperset(tag.attrib):
            raise TwimlError(rules.SCHEMA, f"<{tag.tag}> in <Say>", "<Say> has text and the supported SSML tags inside")
    text = " ".join("".join(element.itertext()).split())
    if not text:
        raise TwimlError(13520, "<Say> is empty", "Say: Invalid text")
    if len(text) > MAX_SAY:
        raise TwimlError(13520, f"<Say> of {len(text)} characters", "Say: at most 4,096 characters")
    return text


def _no_stray_text(element: ElementTree.Element, clause: str = "text stands inside a verb") -> None:
    stray = [element.text, *(child.tail for child in element)]
    words = " ".join(" ".join(s.split()) for s in stray if s and s.strip())
    if words:
        raise TwimlError(rules.SCHEMA, f"text in <{element.tag}> outside a verb: {words[:40]!r}", clause)
