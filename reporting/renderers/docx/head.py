"""The first page's head: who writes, the state's name, number and date, the kind of document, its subject, to whom."""

from __future__ import annotations

from typing import Any

from docx.oxml.xmlchemy import BaseOxmlElement

from reporting.renderers.docx.paper import PORTRAIT, Paper
from reporting.renderers.docx.widths import line_width
from reporting.renderers.docx.xml import Look, cell, paragraph, row, table

COUNTRY, MOTTO = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc"
LEFT = round(PORTRAIT * 0.42)
RIGHT = PORTRAIT - LEFT
SUBJECT = PORTRAIT - 2 * 680
# The decree: a third to a half of the line above.
SHORT_RULE = 0.4


def add_head(paper: Paper, shown: dict[str, Any]) -> None:
    header = shown["header"]
    paper.add(
        table(
            [
                row([cell(_bodies(header), LEFT), cell(_state(), RIGHT)]),
                row(
                    [
                        cell([paragraph(header["number"], "Number")], LEFT),
                        cell([paragraph(shown["dateline"], "Dateline")], RIGHT),
                    ]
                ),
            ],
            [LEFT, RIGHT],
            "TableNormal",
        ),
        paragraph("BÁO CÁO", "DocumentType"),
        paragraph(shown["subject"], "Subject"),
        rule(round(min(line_width(header["subject"], 14), SUBJECT) * SHORT_RULE), PORTRAIT),
        *_addressees(header["addressees"], shown["addressees"]),
    )


def _bodies(header: dict[str, Any]) -> list[BaseOxmlElement]:
    superior = [paragraph(header["superior"], "Superior")] if header["superior"] else []
    issuer = [paragraph(line, "Issuer") for line in header["issuer"]]
    last = header["issuer"][-1] if header["issuer"] else header["superior"]
    return [*superior, *issuer, rule(round(min(line_width(last, 13), LEFT) * SHORT_RULE), LEFT)]


def _state() -> list[BaseOxmlElement]:
    return [paragraph(COUNTRY, "Country"), paragraph(MOTTO, "Motto"), rule(line_width(MOTTO, 14), RIGHT)]


def rule(length: int, width: int) -> BaseOxmlElement:
    """A line of this length in the middle of `width`: the upper border of a low, empty paragraph."""
    side = (width - length) // 2
    return paragraph("", "Rule", Look(indents=(("left", side), ("right", side))))


def _addressees(names: list[str], items: list[str]) -> list[BaseOxmlElement]:
    """One name stands beside its heading, several below it as a list."""
    if len(names) == 1:
        return [paragraph(f"Kính gửi: {names[0]}", "Addressee")]
    return [
        paragraph("Kính gửi:", "Addressees"),
        *[paragraph(item, "AddresseeItem") for item in items],
        paragraph("", "Gap"),
    ]
