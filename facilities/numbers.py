"""Vietnamese numbers, both ways: what a person typed, and how a document prints it.

Comma is the decimal sign and dot groups thousands, but documents also write `99.9`. A text with two
readings is refused with both of them, never reinterpreted. Rounding is half up, away from zero.
"""

import re
from decimal import Decimal
from fractions import Fraction

MINUS = "\N{MINUS SIGN}"
FRACTION_DECIMALS = 2

Number = int | float | Decimal | Fraction

_SIGN = rf"(?P<sign>[-+{MINUS}\N{{EN DASH}}]?)\s*"
_WHOLE = re.compile(_SIGN + r"(?P<whole>[0-9]+)")
_GROUPED = re.compile(_SIGN + r"(?P<whole>[1-9][0-9]{0,2}(?:\.[0-9]{3})+)(?:,(?P<part>[0-9]+))?")
_POINTED = re.compile(_SIGN + r"(?P<whole>[0-9]+)[.,](?P<part>[0-9]+)")
_ONE_GROUP = re.compile(_SIGN + r"(?P<whole>[1-9][0-9]{0,2})[.,](?P<part>[0-9]{3})")


class NotANumber(ValueError):
    """The text is no number, or no whole number where one is asked for."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


class AmbiguousNumber(ValueError):
    """The text reads as thousands or as a decimal: `1.250`. Holds both readings for the person to choose."""

    def __init__(self, text: str, thousands: Decimal, decimal: Decimal) -> None:
        super().__init__(text)
        self.text = text
        self.thousands = thousands
        self.decimal = decimal


def parse_number(text: str, *, integer: bool = False) -> Decimal:
    """Read a number as it is written in Vietnam: `3.571.278`, `42,7`, `99.9`, `−0,06`.

    `integer` says that a count is meant: then `1,234` is ambiguous too, and `42,7` is refused.
    Raises NotANumber, or AmbiguousNumber for one dot followed by exactly three digits (`1.250`, but not
    `0.125` or `1234.567`, which cannot be thousands). Source: domain/targets.md, "Numbers".
    """
    stripped = text.strip()
    one_group = _ONE_GROUP.fullmatch(stripped)
    if one_group and ("." in stripped or integer):
        sign, whole, part = one_group.groups()
        raise AmbiguousNumber(text, _decimal(sign, whole + part), _decimal(sign, whole, part))
    match = _WHOLE.fullmatch(stripped) or _GROUPED.fullmatch(stripped) or _POINTED.fullmatch(stripped)
    if match is None:
        raise NotANumber(text)
    groups = match.groupdict()
    value = _decimal(groups["sign"], groups["whole"].replace(".", ""), groups.get("part"))
    if integer and value != value.to_integral_value():
        raise NotANumber(text)
    return value


def _decimal(sign: str, whole: str, part: str | None = None) -> Decimal:
    digits = f"{whole}.{part}" if part else whole
    return Decimal(digits if sign in ("", "+") else f"-{digits}")


def format_number(value: Number, decimals: int | None = None, signed: bool = False) -> str:
    """Print `value` with dot thousands, comma decimals and a true minus: 3.571.278; 42,7; −0,06.

    `decimals` None keeps the digits a Decimal or float has; a Fraction then shows at most two. `signed`
    also prints the plus of a positive number. A value that rounds to zero has no sign.
    """
    exact = Fraction(repr(value)) if isinstance(value, float) else Fraction(value)
    places = _own_decimals(value) if decimals is None else decimals
    scaled = int(abs(exact) * 10**places + Fraction(1, 2))
    whole, part = divmod(scaled, 10**places)
    text = f"{whole:,}".replace(",", ".")
    if places:
        text += f",{part:0{places}d}"
    if decimals is None and isinstance(value, Fraction) and places:
        text = text.rstrip("0").rstrip(",")
    if scaled == 0:
        return text
    if exact < 0:
        return MINUS + text
    return f"+{text}" if signed else text


def _own_decimals(value: Number) -> int:
    if isinstance(value, int):
        return 0
    if isinstance(value, Fraction):
        return 0 if value.denominator == 1 else FRACTION_DECIMALS
    exponent = Decimal(repr(value) if isinstance(value, float) else value).as_tuple().exponent
    return max(0, -int(exponent))


def format_percent(value: Number, decimals: int | None = None, signed: bool = False) -> str:
    """Print a value that is already in percent, without a space: 95%."""
    return format_number(value, decimals, signed) + "%"


def format_share(percent: Number, decimals: int = 1) -> str:
    """Print the percent of a whole that came: never 100% while something is missing, nor 0% once something came."""
    exact, step = Fraction(percent), Fraction(1, 10**decimals)
    if 0 < exact < 100:
        exact = min(max(exact, step), 100 - step)
    return format_percent(exact, decimals)


_DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
_AFTER_TEN = {5: "lăm"}
_AFTER_TENS = {1: "mốt", 4: "tư", 5: "lăm"}
_BILLION = 10**9


def amount_in_words(amount: int, unit: str = "đồng") -> str:
    """Spell a sum of money as official documents do, in northern words (linh, nghìn).

    745880000 → "Bảy trăm bốn mươi lăm triệu, tám trăm tám mươi nghìn đồng". Thousands of billions are
    spelled without commas inside: "Một nghìn không trăm linh năm tỷ đồng".
    """
    words = ", ".join(_parts(abs(amount))) if amount else _DIGITS[0]
    if amount < 0:
        words = f"âm {words}"
    words = f"{words} {unit}".strip()
    return words[0].upper() + words[1:]


def _parts(number: int, full: bool = False) -> list[str]:
    """Words of each group of thousands; `full` spells the leading zeros of what follows a larger group."""
    parts = []
    billions, rest = divmod(number, _BILLION)
    if billions:
        parts.append(" ".join(_parts(billions, full)) + " tỷ")
        full = True
    for size, name in ((10**6, " triệu"), (10**3, " nghìn"), (1, "")):
        group, rest = divmod(rest, size)
        if group:
            parts.append(_group_words(group, full) + name)
        full = full or group > 0
    return parts


def _group_words(group: int, full: bool) -> str:
    """Words of 1 to 999: "hai mươi mốt", "một trăm linh năm"; `full` says "không trăm" too."""
    hundreds, rest = divmod(group, 100)
    tens, ones = divmod(rest, 10)
    words = [f"{_DIGITS[hundreds]} trăm"] if hundreds or full else []
    if tens == 0 and ones:
        words.append(f"linh {_DIGITS[ones]}" if words else _DIGITS[ones])
    elif tens == 1:
        words.append("mười")
    elif tens:
        words.append(f"{_DIGITS[tens]} mươi")
    if tens and ones:
        words.append((_AFTER_TEN if tens == 1 else _AFTER_TENS).get(ones, _DIGITS[ones]))
    return " ".join(words)
