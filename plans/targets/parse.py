"""From a target's printed text to its meanings: years, then brackets and groups, then clauses.

Source: domain/targets.md, "Forms seen in real plans".
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import replace

from plans.targets import words
from plans.targets.clause import read_clause
from plans.targets.meaning import Meaning

# A cell or a sentence is shorter; a whole section is prose, and reading it would take long.
LONGEST_TARGET = 1000
_EDGES = " \t\r\n;,.\N{NO-BREAK SPACE}"


def parse(text: str, direction: str) -> list[Meaning]:
    """Propose what a target's text means; `direction` is `higher`, `lower` or `none`.

    Gives one meaning for each year, group, level and change the text names, the level before the change;
    none for a blank (or a dash): no target set. A text that says nothing measurable is one meaning of kind
    `text`. Never raises: what cannot be read surely is `ambiguous`.
    """
    printed = unicodedata.normalize("NFC", text).replace("\N{NO-BREAK SPACE}", " ")
    if not printed.strip(_EDGES + "-–—"):
        return []
    if len(printed) > LONGEST_TARGET:
        return [Meaning(text)]
    meanings = []
    for year, piece, context in _by_year(printed):
        for meaning in _of_piece(piece, context, direction):
            meanings.append(replace(meaning, year=year))
    return [replace(meanings[0], text=text)] if len(meanings) == 1 else meanings


def _by_year(text: str) -> list[tuple[int | None, str, str]]:
    """Split into (year, piece, words before all pieces): `Năm 2026: 50% …` or `9% vào năm 2025 và 6% …`."""
    mentions = [
        match for match in words.YEAR.finditer(text) if not words.REFERENCE.search(text[: match.start()])
    ]
    years = [int(match["year"] or match["last"] or match["bare"]) for match in mentions]
    if not mentions:
        return [(None, text.strip(), "")]
    if len(mentions) == 1:
        start, end = mentions[0].span()
        return [(years[0], f"{text[:start]} {text[end:]}".strip(), "")]
    head = text[: mentions[0].start()]
    if any(character.isdigit() for character in head):
        starts = [0, *(match.end() for match in mentions[:-1])]
        ends = [match.start() for match in mentions[:-1]] + [len(text)]
        pieces = [text[start:end] for start, end in zip(starts, ends, strict=True)]
        last = mentions[-1]
        pieces[-1] = f"{text[starts[-1] : last.start()]} {text[last.end() :]}"
        head = ""
    else:
        ends = [match.start() for match in mentions[1:]] + [len(text)]
        pieces = [text[match.end() : end] for match, end in zip(mentions, ends, strict=True)]
    return [(year, _tidy(piece), head) for year, piece in zip(years, pieces, strict=True)]


def _tidy(piece: str) -> str:
    return piece.strip(_EDGES).removeprefix("và ").strip(_EDGES)


def _of_piece(piece: str, context: str, direction: str) -> list[Meaning]:
    """Read one year's piece: its main clause, then what stands in brackets or behind "trong đó"."""
    plain = words.BRACKET.sub(" ", piece)
    if leading := words.OF_THEM.match(plain):
        plain = plain[leading.end() :]
    main, *of_them = words.OF_THEM.split(plain)
    meaning, _ = read_clause(f"{context} {main}".strip(), direction)
    if meaning.kind == "text":
        return [replace(meaning, text=piece)]
    meaning = replace(meaning, text=main.strip(_EDGES))
    asides = [aside for inner in words.BRACKET.findall(piece) for aside in _split_aside(inner)]
    levels = [level for aside in asides if (level := _level_of_change(meaning, aside, direction))]
    groups = [group for aside in [*asides, *of_them] if (group := _group(aside, direction))]
    if not levels and not groups:
        return [replace(meaning, text=piece)]
    return [*levels, meaning, *groups]


def _split_aside(inner: str) -> Sequence[str]:
    """Split `đô thị 80%, miền núi 60%` at commas that are no decimal signs."""
    return [part for chunk in inner.split(";") for part in chunk.split(", ") if part.strip()]


def _level_of_change(change: Meaning, aside: str, direction: str) -> Meaning | None:
    """Read `(về mức 111)` beside `Giảm 16,2 điểm%`: the level the change leads to."""
    if change.kind != "change" or change.value is None:
        return None
    towards = "lower" if change.value < 0 else "higher"
    level, subject = read_clause(aside, towards)
    if level.kind != "level" or level.value is None or subject:
        return None
    return replace(level, text=aside.strip(_EDGES), ambiguous=level.ambiguous or change.operator is None)


def _group(aside: str, direction: str) -> Meaning | None:
    """Read `đô thị 80%` as a target of its own; a remark without a name and a number is passed over."""
    meaning, subject = read_clause(aside, direction)
    name = words.OF_THEM.sub("", subject).strip(_EDGES + ":")
    if meaning.kind == "text" or meaning.value is None or not name or words.REMARK.match(name):
        return None
    if any(character.isdigit() for character in name):
        return None
    return replace(meaning, text=aside.strip(_EDGES), group=name)
