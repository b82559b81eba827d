"""What has a shape of its own: e-mails, addresses on the net, CURP, RFC, clave de elector and codes of that kind."""

from __future__ import annotations

import re
from bisect import bisect_left

from stdnum.mx import curp, rfc

from workers.anonymise.lexicon import MAIL, NUMERAL
from workers.anonymise.model import Found
from workers.anonymise.reading import Reading
from workers.anonymise.wordlist import bag

_TLD = (
    "com|mx|net|org|info|xyz|top|club|online|site|shop|app|link|live|vip|icu|store|web|gob|edu|biz|example|test|"
    "invalid|tk|ml|cf|gq|win|bid|loan|click|page|dev|ru|cn|us|es|co|io"
)
_PROVIDERS = "(?:gmail|hotmail|outlook|yahoo|live|icloud|prodigy|proton|msn)(?: ?[. ] ?(?:com|net|es)(?: ?[. ] ?mx)?)?"
_MAILS = re.compile(
    r"(?<![\w.+%\-])[\w.+%\-]+(?:@| ?[(\[]? ?(?:at|arroba) ?[)\]] ?)[a-z0-9\-]+(?:(?:\.| \. ?)[a-z0-9\-]{2,})*"
    rf"|(?<![\w.+%\-])[\w.+%\-]+(?: \d{{1,4}})? {{0,2}}@ {{0,2}}"
    r"(?:[a-z0-9\-]{1,60}(?: ?\. ?[a-z0-9\-]{2,60}){0,3}"
    rf" ?\. ?(?:com|mx|net|org|es|edu|gob|example)|{_PROVIDERS})(?![a-z0-9\-])"
    r"|(?<![\w.])[\w.\-]+(?:\(punto\)\w+)*\(arroba\)[\w\-]+(?:\(punto\)[\w\-]+)+"
    r"|(?<![\w.])@ ?[a-z][\w.]{2,}"
)
_URLS = re.compile(
    r"(?:https?|hxxps?)[:;]/{1,2}\S+|www\.\S+|www ?\. ?[\w\-]{2,40} ?\. ?[a-z]{2,12}(?:/\S*)?"
    rf"|(?<![\w.@\-])[a-z0-9][a-z0-9\-]{{0,62}}(?:\.[a-z0-9\-]{{1,63}}){{0,5}}\.(?:{_TLD})(?![a-z0-9\-])(?::\d+)?(?:/\S*)?"
    r"|(?<![\w.@\-])(?:[a-z0-9\-]{1,40}\.){1,3}[a-z]{2,12}/\S*"
)
_TRAILING = ".,;:!?)\"'"
_PLATE_LIKE = re.compile(r"[a-z]{1,3}_?\d{1,4}(?:_?[a-z\d]{1,3})?|\d{1,3}_[a-z]{1,3}(?:_\d{1,2})?|[a-z\d](?:_[a-z\d])+")
_D = r"[\doil]"
_SEP = r"[ \-./]?"
_LONG = re.compile(
    rf"(?<![a-z0-9&])(?:"
    rf"(?P<CURP>[a-z]{{4}}{_SEP}{_D}{{6}}{_SEP}[hmx]{_SEP}[a-z]{{5}}{_SEP}[a-z0-9]{{1,2}})"
    rf"|(?P<CLAVE_ELECTOR>[a-z]{{6}}{_SEP}{_D}{{8}}{_SEP}[hm]{_SEP}{_D}{{3}})"
    rf"|(?P<RFC>[a-z&]{{3,4}}{_SEP}{_D}{{6}}(?:{_SEP}[a-z0-9]{{3}})?)"
    rf"|(?P<OTRO>(?=(?:[a-z&]*\d){{4}})(?=(?:\d*[a-z&]){{3}})[a-z\d&]{{9,24}})"
    rf")(?![a-z0-9])"
)
_FEWEST_DIGITS = 4
_SPACED = re.compile(r"(?<![a-z0-9])(?:[a-z0-9] ){11,17}[a-z0-9](?![a-z0-9])")
# A telephone to which the words around it stick: the digits alone are the datum.
_GLUED_PHONE = re.compile(r"[a-z]{0,12}\d{10,13}[a-z]{0,12}")
_LETTERS = re.compile(r"[a-z]{3,}")
_CURP_CUES = (("curp", "CURP"), ("rfc", "RFC"), ("elector", "CLAVE_ELECTOR"), ("nss", "NSS"))
_ENDS = bag("com mx net org gob edu es example top xyz info online site shop app link live club store web io biz")
# What somebody calls himself on the net: "lobo_solitario88", "dark.nico" behind "user".
_HANDLES = re.compile(r"(?<![\w.@\-/])(?=[\w.]*[a-z]{3})[a-z\d.]+_[a-z\d_.]*[a-z\d](?![\w@])")
_DOTTED = re.compile(r"(?<![\w.@\-/])[a-z]{3,}\.[a-z]{3,}\d{0,6}(?![\w.@\-/])")
_USER_CUES = re.compile(
    r"(?:user|usuario|username|perfil|nick|insta|instagram|ig|discord|tiktok|facebook|face|fb)\W+(?:\w+\W+){0,2}$"
)
_MAIL_CUES = bag("es correo mail email e-mail : a al del mando escribio")
_MAIL_LINKS = bag("punto guion bajo medio arroba . _ - alta baja")


def _claim(reading: Reading, place: tuple[int, int], kind: str, value: str, found: list[Found]) -> None:
    """The characters of `place` in the folded text, grown to whole tokens, if none of them is taken."""
    first = bisect_left(reading.starts, place[0])
    last = bisect_left(reading.starts, place[1])
    if first < last and reading.free(first, last):
        reading.claim(first, last)
        found.append(Found(first, last, kind, None, value))


def find_net(reading: Reading) -> list[Found]:
    """E-mails and web addresses, written or read aloud ("arroba", "punto com"). They are claimed at once."""
    found: list[Found] = []
    text = reading.text
    if "@" in text or "(" in text:
        for match in _MAILS.finditer(text):
            whole = match.group().rstrip(_TRAILING)
            kind = "ALIAS" if whole.startswith("@") else "CORREO"
            _claim(reading, (match.start(), match.start() + len(whole)), kind, whole.replace(" ", ""), found)
    if reading.any_bits & MAIL:
        _spoken_mails(reading, found)
    if "_" in text:
        for match in _HANDLES.finditer(text):
            if not _PLATE_LIKE.fullmatch(match.group()):
                _claim(reading, match.span(), "ALIAS", match.group(), found)
    if "www" in text or ":/" in text or ";/" in text or text.count(".") > text.count(". ") + text.endswith("."):
        for match in _URLS.finditer(text):
            whole = match.group().rstrip(_TRAILING)
            _claim(reading, (match.start(), match.start() + len(whole)), "URL", whole, found)
        for match in _DOTTED.finditer(text):
            if match.group()[-1].isdigit() or _USER_CUES.search(text[max(0, match.start() - 40) : match.start()]):
                _claim(reading, match.span(), "ALIAS", match.group(), found)
    return found


def _spoken_mails(reading: Reading, found: list[Found]) -> None:
    words = reading.words
    for index, word in enumerate(words):
        if word not in ("arroba", "punto", "aroba") or reading.claimed[index]:
            continue
        if word == "punto" and (index + 1 >= len(words) or words[index + 1] not in _ENDS):
            continue
        last = index + 1
        if word != "punto":
            last = min(last + 1, len(words))
            while last + 1 < len(words) and words[last] in ("punto", ".", "guion", "-", "bajo"):
                last += 2 + (words[last] == "guion" and words[last + 1] in ("bajo", "medio"))
            last = min(last, len(words))
            if last < len(words) and words[last] in _ENDS:
                last += 1
        else:
            last += 1
            while last + 1 < len(words) and words[last] == "punto" and words[last + 1] in _ENDS | {"eme"}:
                last += 2 + (words[last + 1] == "eme" and words[last + 2 : last + 3] == ["equis"])
            if last < len(words) and words[last] in ("diagonal", "/"):
                last = min(last + 2, len(words))
        while last < len(words) and last > index + 1 and reading.glued(last) and words[last].isalnum():
            last += 1
        first = _mail_start(reading, index)
        if word == "punto" and first == index:
            continue
        handle = word != "punto" and first == index
        while handle and last < len(words) and (reading.bits[last] & NUMERAL or words[last].isdigit()):
            last += 1
        while last > first and reading.claimed[last - 1]:
            last -= 1
        if reading.free(first, last):
            reading.claim(first, last)
            kind = "URL" if word == "punto" else "ALIAS" if handle else "CORREO"
            found.append(Found(first, last, kind, None, reading.phrase(first, last)))


def _mail_start(reading: Reading, at: int) -> int:
    """Where the local part of a mail read aloud begins: after its cue if one is near, else one word and what links."""
    words = reading.words
    if words[max(0, at - 4) : at] == [",", "todo", "junto", ","]:
        at -= 4
    for index in range(at - 1, max(-1, at - 9), -1):
        if reading.claimed[index] or words[index] in (",", ";", "?", "!"):
            break
        if words[index] in _MAIL_CUES and not reading.glued(index + 1):
            return index + 1
    first = at
    while first > 0 and at - first < 10 and not reading.claimed[first - 1]:
        joined = words[first - 1] in _MAIL_LINKS or reading.bits[first - 1] & NUMERAL or words[first - 1].isdigit()
        if first < at and not joined and not (words[first] in _MAIL_LINKS or reading.bits[first] & NUMERAL):
            break
        first -= 1
    while first > 0 and reading.glued(first) and not reading.claimed[first - 1]:
        if not (words[first - 1].isalnum() or (words[first - 1] in ("-", ".", "_") and reading.glued(first - 1))):
            break
        first -= 1
    while first > 0 and words[first - 1] in ("w", "www", "guion") and not reading.claimed[first - 1]:
        first -= 1 + (words[first - 1] == "guion" and first > 1)
    return first


def find_codes(reading: Reading) -> list[Found]:
    """CURP, RFC, clave de elector and other long codes of letters and digits. They are claimed at once."""
    found: list[Found] = []
    if reading.digits < _FEWEST_DIGITS:
        return found
    text = reading.text
    _spelled_codes(reading, found)
    for match in _SPACED.finditer(text):
        value = match.group().replace(" ", "").upper()
        if min(sum(c.isdigit() for c in value), sum(c.isalpha() for c in value)) >= _FEWEST_DIGITS:
            before = text[max(0, match.start() - 30) : match.start()]
            kind = next((label for cue, label in _CURP_CUES if cue in before), "CURP" if len(value) == 18 else "OTRO")
            _claim(reading, match.span(), kind, value, found)
    for match in _LONG.finditer(text):
        kind = match.lastgroup or "OTRO"
        value = re.sub(r"[ \-./]", "", match.group()).upper()
        before = text[max(0, match.start() - 30) : match.start()]
        if sum(c.isdigit() for c in value) < _FEWEST_DIGITS:
            continue
        if kind in ("OTRO", "RFC"):
            if kind == "RFC" and " " in match.group() and not _is_rfc(value, before):
                continue
            kind = next((label for cue, label in _CURP_CUES if cue in before), kind)
        if kind == "OTRO" and _GLUED_PHONE.fullmatch(match.group()):
            continue
        if kind == "OTRO" and any(reading.lexicon.bits.get(word) for word in _LETTERS.findall(match.group())):
            continue
        if kind == "OTRO" and curp.is_valid(value):
            kind = "CURP"
        _claim(reading, match.span(), kind, value, found)
    return found


_SIZES = {"curp": 18, "rfc": 13}


def _spelled_codes(reading: Reading, found: list[Found]) -> None:
    """ "curp tepl 93 07 21 mmc rrz 08": the pieces behind the word, where together they are as long as one."""
    words, count = reading.words, len(reading.words)
    for cue, word in enumerate(words):
        size = _SIZES.get(word)
        if size is None:
            continue
        first = cue + 1
        while first < count and first - cue < 4 and words[first] in ("es", ":", "mi", "con", "."):
            first += 1
        last, run = first, ""
        while last < count and len(run) < size and len(words[last]) <= 6 and words[last].isalnum():
            run += words[last]
            last += 1
        digits = sum(character.isdigit() for character in run)
        if size - 1 <= len(run) <= size and 6 <= digits <= 10 and reading.free(first, last):
            reading.claim(first, last)
            found.append(Found(first, last, word.upper(), None, run.upper()))


def _is_rfc(value: str, before: str) -> bool:
    """Words and a number standing apart ("pago 300815 mil") are no RFC unless a cue or its check digit says so."""
    return "rfc" in before or "curp" in before or rfc.is_valid(value)
