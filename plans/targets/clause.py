"""One clause of a target: `xuống dưới 30/100.000`, `giảm 2%`, `80% cơ sở y tế đủ năng lực`."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import takewhile

from facilities.numbers import AmbiguousNumber, NotANumber, parse_number
from plans.targets import words
from plans.targets.meaning import Meaning

_BY_DIRECTION = {"higher": ">=", "lower": "<="}
_SIGN = {"higher": 1, "lower": -1}
_MIRRORED = {"<": ">", "<=": ">=", ">=": "<=", ">": "<"}


@dataclass(frozen=True)
class Candidate:
    """A number (or range) of a clause with what stands around it."""

    subject: str
    chain: tuple[str, ...]  # the words right before the number, nearest first
    low: str
    high: str | None
    unit: str
    tail: str

    @property
    def operator(self) -> str | None:
        """Give the operator printed nearest the number; "giảm … đạt 18%" prints none, the verb gives it."""
        if words.OR_MORE.match(self.tail):
            return ">="
        if words.OR_LESS.match(self.tail):
            return "<="
        printed = (word for word in self.chain if word in words.OPERATOR_OF)
        return next((words.OPERATOR_OF[word] for word in printed if word != "đạt" or self.verb >= 0), None)

    @property
    def reaches_level(self) -> bool:
        """Say whether a level word stands behind any verb: "giảm còn 15", but not "mức giảm 15"."""
        nearer = takewhile(lambda word: word not in words.DOWN | words.UP, self.chain)
        return not words.LEVEL_WORDS.isdisjoint(nearer)

    @property
    def is_points(self) -> bool:
        return bool(words.POINTS.match(self.unit))

    @property
    def is_rate(self) -> bool:
        return bool(self.unit) and not self.is_points

    @property
    def verb(self) -> int:
        """Give −1 for giảm, +1 for tăng, 0 for neither, in the chain or at the start of the clause."""
        spoken = set(self.chain)
        if self.subject and not words.NO_VERB.match(self.subject):
            spoken.add(self.subject.split(maxsplit=1)[0].lower())
        return -1 if spoken & words.DOWN else 1 if spoken & words.UP else 0


def read_clause(text: str, direction: str) -> tuple[Meaning, str]:
    """Give the meaning of one clause without year or group, and the subject it names before its number.

    A clause that says nothing measurable is a meaning of kind `text`. Never raises.
    """
    candidates = _candidates(text)
    chosen, alone = _choose(candidates)
    if chosen is not None:
        return _meaning(text, chosen, direction, alone), chosen.subject
    if not candidates and words.KEEP.fullmatch(text.strip()):
        return Meaning(text, operator=_BY_DIRECTION.get(direction, "about"), kind="level"), ""
    return Meaning(text, ambiguous=sum(one.is_rate for one in candidates) > 1), ""


def _candidates(text: str) -> list[Candidate]:
    found = []
    for match in words.NUMBER.finditer(text):
        head, tail = text[: match.start()], text[match.end() :]
        if _names_something_else(match, head, tail):
            continue
        subject, chain = _strip_chain(head)
        unit = (match["unit"] or "").lower()
        found.append(Candidate(subject, chain, match["low"], match["high"], unit, tail))
    return found


def _names_something_else(match: re.Match[str], head: str, tail: str) -> bool:
    """Say whether the number belongs to a date, an age, a weight, a list label or a period of years."""
    if words.NAMED.search(head) or (not match["unit"] and words.MEASURED.match(tail)):
        return True
    if not head.strip() and words.LIST_LABEL.match(tail):
        return True
    ends = (match["low"], match["high"] or "")
    return all(words.CALENDAR.fullmatch(end) for end in ends)


def _strip_chain(head: str) -> tuple[str, tuple[str, ...]]:
    """Take the words that speak about the number off the end of what stands before it."""
    chain = []
    while match := words.LAST_WORD.search(head):
        chain.append(" ".join(match[1].lower().split()))
        head = head[: match.start()]
    return head.strip(" \t\n;,."), tuple(chain)


def _choose(candidates: Sequence[Candidate]) -> tuple[Candidate | None, bool]:
    """Choose the number the clause is about, and say whether nothing else competes for it."""
    if not candidates:
        return None, True
    first, last = candidates[0], candidates[-1]
    if "từ" in first.chain and last is not first and last.reaches_level:
        return last, True  # "giảm từ 20% xuống 17%"
    rates = [one for one in candidates if one.is_rate]
    if not first.subject:
        return first, len(rates if first.is_rate else candidates) == 1
    if _ends_clause(last) and (last.chain or last.unit):
        return last, len(rates) <= 1
    if len(rates) == 1:
        return rates[0], True
    bounds = [one for one in candidates if one.operator in ("<=", ">=")]
    return (bounds[0], True) if len(bounds) == 1 and not rates else (None, False)


def _ends_clause(candidate: Candidate) -> bool:
    """Say whether only the unit follows: `%`, ` người`, `/100.000 trẻ đẻ sống`."""
    return bool(re.fullmatch(r"(?:\s*/\s*1[0.]*)?[^0-9]{0,40}", candidate.tail.strip(" .;")))


def _meaning(text: str, chosen: Candidate, direction: str, alone: bool) -> Meaning:
    try:
        low, low_asks = _number(chosen, chosen.low)
        high, high_asks = _number(chosen, chosen.high) if chosen.high else (None, False)
    except NotANumber:
        return Meaning(text, ambiguous=True)
    asks = low_asks or high_asks or not alone or chosen.low.startswith("+")
    if high is not None:
        asks = asks or high < low
        low, high = min(low, high), max(low, high)
    if chosen.verb and not chosen.reaches_level:
        if chosen.operator not in ("<", ">") or chosen.is_points:
            relative = bool(words.PERCENT.match(chosen.unit))
            return _change(text, chosen, chosen.verb, low, high, asks or relative)
        asks = True  # "giảm dưới 30": a level, or a change by less than 30
    elif chosen.is_points and not chosen.reaches_level and chosen.operator is None:
        return _change(text, chosen, _SIGN.get(direction, 0), low, high, asks)
    elif not chosen.verb and chosen.operator is None and words.MENTIONED_VERB.search(chosen.subject):
        asks = True  # "tiếp tục giảm tỷ lệ … 2%": a change, or a level
    return _level(text, chosen, direction, low, high, asks)


def _number(chosen: Candidate, token: str) -> tuple[Decimal, bool]:
    """Read a number; `1.250` is taken as thousands and asks, unless people or cases are counted."""
    try:
        return parse_number(token), False
    except AmbiguousNumber as ambiguous:
        return ambiguous.thousands, not words.COUNTED.match(chosen.tail)


def _level(
    text: str, chosen: Candidate, direction: str, low: Decimal, high: Decimal | None, asks: bool
) -> Meaning:
    operator = "between" if high is not None else chosen.operator
    signed = operator is not None
    if operator is None and chosen.verb and chosen.reaches_level:
        operator = "<=" if chosen.verb < 0 else ">="
    if operator is None and "từ" in chosen.chain:
        operator, signed = ">=", True
    if operator is None:
        operator = "=" if low == 0 else _BY_DIRECTION.get(direction, "about")
    return Meaning(text, None, operator, low, high, "level", None, asks, signed)


def _change(
    text: str, chosen: Candidate, sign: int, low: Decimal, high: Decimal | None, asks: bool
) -> Meaning:
    """Give a change of level: tăng x is met by Δ ≥ +x, giảm x by Δ ≤ −x (domain/targets.md).

    Sign 0: nothing says up or down, so the operator stays open and a person decides.
    """
    if sign == 0:
        return Meaning(text, None, None, low, high, "change", None, True, False)
    asks = asks or bool(words.OTHER_BASE.search(chosen.tail))
    if high is not None:
        low, high = (low, high) if sign > 0 else (-high, -low)
        return Meaning(text, None, "between", low, high, "change", None, asks, True)
    operator = chosen.operator or ">="
    if sign < 0:
        operator = _MIRRORED.get(operator, operator)
    return Meaning(text, None, operator, sign * low, None, "change", None, asks, True)
