"""Digits fail closed: runs of numbers are cut into phones, cards and accounts, longest first, and what stays
unexplained with seven digits or more is masked whatever it is.

Check digits choose the label only: one in sixty real identifiers fails its own, and a mistyped card is still a card.
"""

from __future__ import annotations

from collections.abc import Sequence

from stdnum import luhn

from workers.anonymise.model import Found
from workers.anonymise.reading import MASKED, Number, Reading
from workers.anonymise.wordlist import bag

SHORTEST = 7
_FILLERS = bag(
    "ver a perdon digo bueno creo ehh y este eh em mm mmm ah guion punto espacio coma diagonal seguido extension ext x"
)
# What a voice says between two pieces of one number, and what stands in writing between two numbers.
_SAID = bag(
    "pues luego despues entonces sigue no ay espere espereme esperame disculpe corrijo mejor dicho sea o sino eeh emm "
    "mas aja si equivoque error ahora momento permitame dejeme veo otra vez repito va son es guiones"
)
_STOPS = frozenset({*"?¿!¡$#@", MASKED})
_LONGEST_GAP = 4
_WHOLE = frozenset({10, 16, 18})

_CARD_CUES = bag("tarjeta tarjetas tarj plastico debito visa mastercard tdc tdd trjeta targeta")
_ACCOUNT_CUES = bag("cuenta cta cuentas banco bancaria ahorro cuent kuenta contrato")
_BANKS = bag(
    "banorte bancomer bbva banamex citibanamex santander hsbc azteca scotiabank inbursa bancoppel "
    "coppel afirme banbajio compartamos bansefi bienestar nu spin"
)
_CLABE_CUES = frozenset({"clabe", "interbancaria"})
_NSS_CUES = frozenset({"nss", "imss", "social"})
_PHONE_CUES = bag(
    "tel telefono telefonos cel celular celulares cels tels num numero numeros numm nmro whats whatsapp "
    "wats watsap wasap marcan marcando marco marcaron markan marko llaman llamando llamo llamaron yaman "
    "yamaron yamo yamando hablan hablaron hablo ablan ablaron ablo marquen marque llamen llame marcarme "
    "llamarme linea movil recado mensajes sms lada marcar llamar yamar llamenme marquenme recarga "
    "recargas"
)
_LADAS = bag(
    "33 55 56 81 220 221 222 223 224 225 226 227 228 229 231 232 233 236 237 238 241 243 244 245 246 "
    "247 248 249 271 272 273 274 275 276 278 279 281 282 283 284 285 287 288 294 296 297 311 312 313 "
    "314 315 316 317 319 321 322 323 324 325 326 327 328 329 341 342 343 344 345 346 347 348 349 351 "
    "352 353 354 355 356 357 358 359 371 372 373 374 375 376 377 378 381 382 383 384 385 386 387 388 "
    "389 391 392 393 394 395 411 412 413 414 415 417 418 419 421 422 423 424 425 426 427 428 429 431 "
    "432 433 434 435 436 437 438 441 442 443 444 445 446 447 448 449 451 452 453 454 455 456 457 458 "
    "459 461 462 463 464 465 466 467 468 469 471 472 473 474 475 476 477 478 481 482 483 485 486 487 "
    "488 489 492 493 494 495 496 498 499 588 591 592 593 594 595 596 597 599 612 613 614 615 616 618 "
    "621 622 623 624 625 626 627 628 629 631 632 633 634 635 636 637 638 639 641 642 643 644 645 646 "
    "647 648 649 651 652 653 656 658 659 661 662 664 665 667 668 669 671 672 673 674 675 676 677 686 "
    "687 694 695 696 697 698 711 712 713 714 715 716 717 718 719 720 721 722 723 724 725 726 727 728 "
    "729 731 732 733 734 735 736 737 738 739 741 742 743 744 745 746 747 748 749 751 753 754 755 756 "
    "757 758 759 761 762 763 764 765 766 767 768 769 771 772 773 774 775 776 777 778 779 781 782 783 "
    "784 785 786 789 821 823 824 825 826 828 829 831 832 833 834 835 836 841 842 844 845 846 861 862 "
    "864 866 867 868 869 871 872 873 877 878 891 892 894 897 899 913 914 916 917 918 919 921 922 923 "
    "924 932 933 934 936 937 938 951 953 954 958 961 962 963 964 965 966 967 968 969 971 972 981 982 "
    "983 984 985 986 987 988 990 991 992 993 994 995 996 997 998 999 800"
)


def national(digits: str) -> str | None:
    """The ten national digits of a Mexican phone in any of its spellings, or None."""
    for prefix, length in (("", 10), ("52", 12), ("01", 12), ("521", 13), ("044", 13), ("045", 13), ("0052", 14)):
        if len(digits) == length and digits.startswith(prefix):
            return digits[-10:]
    return None


def find_digits(reading: Reading, public: frozenset[str], caller: str | None) -> list[Found]:
    """Phones, cards, CLABE, accounts and unexplained runs. `caller` is the caller's number as bare national digits."""
    found: list[Found] = []
    unsure = any(number.explained and number.spoken for number in reading.numbers)
    if not unsure and sum(len(number.digits) for number in reading.numbers) < SHORTEST:
        return found
    for group in _groups(reading):
        if sum(len(number.digits) for number in group) >= SHORTEST:
            foreign = group[0].first > 0 and reading.words[group[0].first - 1] == "+"
            whole = foreign and sum(len(number.digits) for number in group) <= 15
            cuts = [group] if whole else _cut(group, public, caller)
            for cut in cuts:
                _label(reading, cut, public, caller, found)
            if len(cuts) > 1:
                _label_rests(reading, cuts, found)
    return found


def _label_rests(reading: Reading, cuts: list[list[Number]], found: list[Found]) -> None:
    """Four to six digits that nothing but a sign parts from a longer run are a piece of it."""
    for turn, cut in enumerate(cuts):
        if cut[0].spoken or not _LEAST_REST <= sum(len(number.digits) for number in cut) < SHORTEST:
            continue
        for other in cuts[max(0, turn - 1) : turn] + cuts[turn + 1 : turn + 2]:
            first, last = min(cut[-1].last, other[-1].last), max(cut[0].first, other[0].first)
            bare = not any(word.isalnum() or word == "," for word in reading.words[first:last])
            if bare and sum(len(number.digits) for number in other) >= SHORTEST:
                digits = "".join(number.digits for number in cut)
                found.append(Found(cut[0].first, cut[-1].last, "OTRO", None, digits))
                break


_LEAST_REST = 4


def _groups(reading: Reading) -> list[list[Number]]:
    """Runs of unexplained numbers with nothing but separators or fillers between them."""
    groups: list[list[Number]] = []
    previous: Number | None = None
    for turn, number in enumerate(reading.numbers):
        if number.explained and number.spoken and turn + 1 < len(reading.numbers):
            following = reading.numbers[turn + 1]
            number.explained = not (following.first == number.last and following.spoken)
        if number.explained or any(reading.claimed[number.first : number.last]):
            previous = None
            continue
        if previous is not None and _joined(reading, previous, number):
            groups[-1].append(number)
        else:
            groups.append([number])
        previous = number
    return groups


def _joined(reading: Reading, before: Number, after: Number) -> bool:
    first, last = before.last, after.first
    said = before.spoken and after.spoken
    if last - first > 2 * _LONGEST_GAP or sum(word.isalnum() for word in reading.words[first:last]) > _LONGEST_GAP:
        return False
    bracket = False
    lada = before.first > 0 and reading.words[before.first - 1] == "lada"
    for word in reading.words[first:last]:
        # What stands in brackets before a number may be a mask of ours copied to hide it.
        bracket = bracket or word == "["
        separates = not word.isalnum() and word not in _STOPS
        letter = len(word) == 1 and word.isalpha() and reading.glued(first)
        filler = word in _FILLERS or (said and word in _SAID) or (lada and word in ("numero", "num", "tel", "telefono"))
        if not (separates or filler or letter or (bracket and word.isalpha())):
            return False
    return True


def _phone_layout(sizes: tuple[int, ...], digits: str) -> bool:
    """Whether the pieces look as people write a phone: an area code of two or three digits stands at its front."""
    if len(sizes) == 1 or all(size == 1 for size in sizes):
        return True
    lada = digits[:2] if digits[:2] in _LADAS else digits[:3] if digits[:3] in _LADAS else ""
    return bool(lada) and (sizes[0] == len(lada) or sizes in ((5, 5), (4, 3, 3), (4, 4, 2), (4, 2, 4), (4, 6)))


def _cost(numbers: Sequence[Number], public: frozenset[str], caller: str | None) -> float:
    """How badly these numbers together make one identifier: low is good."""
    digits = "".join(number.digits for number in numbers)
    size = len(digits)
    bare = national(digits)
    if caller is not None and (bare == caller or (size == 8 and caller.endswith(digits))):
        return 0.1
    if digits in public:
        return 0.2
    sizes = tuple(len(number.digits) for number in numbers)
    if size < SHORTEST:
        return 1.5 if size < 3 else 2.5
    if bare is not None and _phone_layout(tuple(_without_prefix(list(sizes), size - 10)), bare):
        return 0.3
    if size in (16, 18) and (len(sizes) == 1 or all(piece >= 2 for piece in sizes[:-1])):
        return 0.8
    if size in {8, 10} or sizes == (4, 6, 5):
        return 1.0
    if size in (11, 15) and len(sizes) == 1:
        return 1.0
    if 13 <= size <= 19 and all(piece == 4 for piece in sizes[:-1]):
        return 1.5
    if 9 <= size <= 12:
        return 2.4
    return 3.0


def _without_prefix(sizes: list[int], prefix: int) -> list[int]:
    while prefix > 0 and sizes:
        taken = min(prefix, sizes[0])
        sizes[0] -= taken
        prefix -= taken
        if not sizes[0]:
            sizes.pop(0)
    return sizes


def _cut(group: list[Number], public: frozenset[str], caller: str | None) -> list[list[Number]]:
    """The cheapest cutting of a group at the borders of its numbers. Linear: an identifier has at most 24 pieces."""
    count = len(group)
    one_by_one = all(len(number.digits) == 1 for number in group)
    if count == 1 or (one_by_one and not (caller and caller in "".join(number.digits for number in group))):
        return [group]
    total = sum(len(number.digits) for number in group)
    if total in _WHOLE and any(number.spoken for number in group) and (caller is None or total == 10):
        return [group]
    best: list[tuple[float, int]] = [(0.0, 0)]
    for end in range(1, count + 1):
        choice = (best[end - 1][0] + _cost(group[end - 1 : end], public, caller), end - 1)
        size = len(group[end - 1].digits)
        for start in range(end - 2, max(-1, end - 25), -1):
            size += len(group[start].digits)
            if size > 24:
                break
            if size >= SHORTEST:
                price = best[start][0] + _cost(group[start:end], public, caller)
                if price < choice[0]:
                    choice = (price, start)
        best.append(choice)
    cuts: list[list[Number]] = []
    end = count
    while end:
        start = best[end][1]
        cuts.append(group[start:end])
        end = start
    cuts.reverse()
    return _fail_closed(cuts, public)


def _fail_closed(cuts: list[list[Number]], public: frozenset[str]) -> list[list[Number]]:
    """Neighbouring cuts that are each too short join again when together they reach seven digits.

    What a voice corrects or repeats goes with the number beside it.
    """
    joined: list[list[Number]] = []
    short: list[Number] = []
    for piece in [*cuts, []]:
        cut = piece
        digits = "".join(number.digits for number in cut)
        if cut and len(digits) < SHORTEST and digits not in public:
            short += cut
            continue
        if short and cut and cut[0].spoken and short[-1].spoken:
            cut, short = [*short, *cut], []
        elif short and joined and short[0].spoken and joined[-1][-1].spoken and digits not in public:
            joined[-1] = [*joined[-1], *short]
            short = []
        if short:
            joined.append(short)
            short = []
        if cut:
            joined.append(cut)
    return joined


def _label(reading: Reading, cut: list[Number], public: frozenset[str], caller: str | None, found: list[Found]) -> None:
    digits = "".join(number.digits for number in cut)
    size = len(digits)
    bare = national(digits)
    if size < SHORTEST or digits in public or (bare or "") in public:
        return
    first, last = cut[0].first, cut[-1].last
    words = reading.words
    plus = False
    while (
        first
        and not reading.claimed[first - 1]
        and words[first - 1] in "+("
        and reading.starts[first] - reading.ends[first - 1] <= 1
    ):
        first -= 1
        plus = plus or words[first] == "+"
    if first and words[first - 1] == "mas" and cut[0].spoken and digits[:2] != "55" and not reading.claimed[first - 1]:
        first, plus = first - 1, True
    elif first and reading.glued(first) and words[first - 1].endswith(("ll", "oo", "ol", "lo")):
        # "dll5590714802": what sticks to the digits may be digits too.
        first -= 1
    if last < len(words) and words[last] == ")" and "(" in words[first:last]:
        last += 1
    if (
        caller is not None
        and size >= 8
        and (bare == caller or caller.endswith(digits) or (size >= 10 and digits.endswith(caller)))
    ):
        found.append(Found(first, last, "TELEFONO", "reporter", "+52" + caller))
        return
    kind = _kind(words[max(0, first - 7) : first], words[last : last + 4], digits, plus)
    value = digits
    if kind == "TELEFONO":
        value = "+52" + bare if bare else ("+" + digits if plus else digits)
    found.append(Found(first, last, kind, None, value))


def _kind(before: list[str], after: list[str], digits: str, plus: bool) -> str:
    size = len(digits)
    cue = ""
    for word in reversed(before):
        if word in _PHONE_CUES:
            cue = "TELEFONO"
        elif word in _CARD_CUES:
            cue = "TARJETA"
        elif word in _ACCOUNT_CUES:
            cue = "CUENTA"
        elif word in _CLABE_CUES:
            cue = "CLABE"
        elif word in _NSS_CUES:
            cue = "NSS"
        # "número de cuenta": the nearer word is vague, the one before it tells.
        if cue and not (cue == "TELEFONO" and word in ("num", "numero", "numeros")):
            break
    if size == 18:
        return "CLABE"
    if plus and size <= 15:
        return "TELEFONO"
    if size in (15, 16) or (13 <= size <= 19 and cue == "TARJETA"):
        return "TARJETA"
    if cue == "NSS" and size == 11:
        return "NSS"
    banked = any(word in _BANKS for word in after)
    if national(digits) is not None and (cue in ("", "TELEFONO") and not banked):
        return "TELEFONO"
    if cue in ("CUENTA", "CLABE") or banked:
        return "CUENTA"
    if cue == "TARJETA" and size > 10:
        return "TARJETA"
    if cue == "TELEFONO" and size <= 15:
        return "TELEFONO"
    if size == 11 and luhn.is_valid(digits):
        return "NSS"
    if size > 12:
        return "TARJETA" if luhn.is_valid(digits) else "CUENTA"
    return "TELEFONO" if size in (8, 10) else "OTRO"
