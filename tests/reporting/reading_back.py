"""The numbers of a report read back from its files, and where they differ from its snapshot.

What is expected is taken from the snapshot's content itself, not from how a renderer lays it out. Tables are compared
cell by cell, with all their words; sentences number by number, in their order; a chart by its title, and in the PDF by
its labels.
"""

import io
import re
import unicodedata
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from math import isclose
from xml.etree import ElementTree as ET

import pdfplumber
from docx import Document
from docx.oxml.ns import qn
from docx.table import Table
from docx.text.paragraph import Paragraph
from openpyxl import load_workbook

from facilities.text import printable
from plans.charts.pieces import NAMESPACE
from reporting.renderers.layout import document

NUMBER = re.compile(r"[−+]?\d+(?:[.,]\d+)*[%‰]?")
# A plan may itself print a figure with a point ("99.9"); Excel prints the comma.
DECIMAL_POINT = re.compile(r"\.(?=\d{1,2}(?!\d))")
# The first columns of a wide table stand in each of its parts.
REPEATED = 2
# The page number stands above, in points from the upper edge; the leadership's page and a
# commune's sheet have none and a lower margin.
TOP_MARGIN = {"brief": 0, "sheets": 0}
DECREE_MARGIN = 56


def numbers(text):
    return NUMBER.findall(text)


def bare(text):
    return "".join(unicodedata.normalize("NFC", printable(text)).split())


def text_of(cell):
    return cell if isinstance(cell, str) else cell["text"]


def printed_tables(content):
    """The tables a document prints, in its order: those in the text, then those of the annexes."""
    blocks = [block for section in content["sections"] for block in section["blocks"]]
    keys = [block["key"] for block in blocks if block["kind"] == "table"]
    named = [key for annex in content["annexes"] for key in annex["tables"] if content["tables"][key]["rows"]]
    return [content["tables"][key] for key in [*keys, *named]]


def prose(snapshot):
    """Every number outside tables and their notes, in the order it is printed; of a chart its title."""
    content = snapshot["content"]
    if content["kind"] == "sheets":
        return [found for text in _sheets(snapshot) for found in numbers(printable(text))]
    head = (
        _brief_head(snapshot, content["header"]["subject"]) if content["kind"] == "brief" else _head(snapshot)
    )
    texts = [*head, content["opening"]]
    for section in content["sections"]:
        texts += [f"{section['label']}. {section['title']}"]
        texts += [_said(block, content) for block in section["blocks"] if block["kind"] != "table"]
    foot = content["footer"]
    texts += [content["closing"], *foot["recipients"], *foot["office"], foot["signer"]]
    for annex in content["annexes"]:
        titles = [content["tables"][key]["title"] for key in annex["tables"]]
        symbol = content["header"]["number"].rpartition("/BC-")[2]
        texts += [annex["label"], titles[0], symbol, content["agency"]["name"], content["boundaries"]["text"]]
        texts += [title for title in titles[1:] if title != titles[0]]
    return [found for text in texts for found in numbers(printable(text))]


def _head(snapshot):
    content = snapshot["content"]
    head = content["header"]
    texts = [head["superior"], *head["issuer"], head["number"], snapshot["dateline"]]
    return [*texts, head["subject"], *head["addressees"], *content["legal_bases"]]


def _sheets(snapshot):
    content = snapshot["content"]
    for annex in content["annexes"]:
        title = content["tables"][annex["tables"][0]]["title"]
        yield from [*_brief_head(snapshot, title), content["opening"], content["closing"]]


def _brief_head(snapshot, title):
    content, day = snapshot["content"], date.fromisoformat(snapshot["frozen_at"][:10])
    head = content["header"]
    texts = [head["superior"], *head["issuer"], f"{day:%d/%m/%Y}", content["period"]["as_of_text"]]
    return [*texts, title]


def _said(block, content):
    return content["charts"][block["key"]]["title"] if block["kind"] == "chart" else block["text"]


def labels(snapshot):
    """The numbers that the drawings of the charts print."""
    shown = document(snapshot)
    drawings = [block["svg"] for s in shown["sections"] for block in s["blocks"] if block["kind"] == "chart"]
    texts = [text.text or "" for svg in drawings for text in ET.fromstring(svg).iter(f"{{{NAMESPACE}}}text")]
    return [found for text in texts for found in numbers(text)]


class Found:
    """What a document prints: its tables as rows of texts, a group's row being one text, and the words around."""

    def __init__(self):
        self.tables, self.words = [], ""

    def without_notes(self, content):
        words = self.words
        for table in content["tables"].values():
            if table["note"]:
                words = re.sub(r"\s+".join(map(re.escape, printable(table["note"]).split())), "", words)
        return numbers(words)


def read_docx(data):
    word, found = Document(io.BytesIO(data)), Found()
    for element in word.element.body.iterchildren():
        if element.tag == qn("w:tbl"):
            table = Table(element, word)
            rows = [[_cell_text(tc) for tc in row._tr.tc_lst] for row in table.rows]
            if table.style.name == "Bảng số liệu":
                found.tables.append(rows)
            else:
                found.words += "\n" + "\n".join(text for row in rows for text in row)
        elif element.tag == qn("w:p"):
            found.words += "\n" + Paragraph(element, word).text
    return found


def _cell_text(tc):
    return "\n".join(Paragraph(p, None).text for p in tc.p_lst)


def read_pdf(data, kind="plan"):
    found, margin = Found(), TOP_MARGIN.get(kind, DECREE_MARGIN)
    with pdfplumber.open(io.BytesIO(data)) as pdf:
        for page in pdf.pages:
            text = page.filter(lambda thing: thing["object_type"] != "char" or thing["top"] > margin)
            for table in text.find_tables():
                rows = [[cell for cell in row if cell is not None] for row in table.extract()]
                # The dotted lines left for what is still to be typed look like a table, an empty one.
                if any(cell for row in rows for cell in row):
                    found.tables.append(rows)
                    text = text.outside_bbox(table.bbox)
            found.words += "\n" + (text.extract_text() or "")
            page.close()
    return found


def differences_in_document(snapshot, found, *, drawn=False):
    """Where a PDF or a Word file differs from the snapshot, one line a difference; and how many numbers agree.

    `drawn`: the labels of its charts are text of the file.
    """
    content = snapshot["content"]
    rest, wrong, compared = list(found.tables), [], 0
    for table in printed_tables(content):
        rows = _assembled(rest, table)
        expected = [[column["title"] for column in table["columns"]]]
        expected += [[text_of(cell) for cell in row["cells"]] for row in table["rows"]]
        wrong += _compare_rows(table["key"], expected, rows)
        compared += sum(len(numbers(text)) for row in expected for text in row)
    wrong += [f"tables left over: {len(rest)}"] if rest else []
    said, wanted = found.without_notes(content), prose(snapshot)
    if drawn:
        # Labels stand beside each other: what is printed counts, not in which order.
        said, wanted = sorted(said), sorted([*wanted, *labels(snapshot)])
    compared += len(wanted)
    if said != wanted:
        place = next((i for i, (a, b) in enumerate(zip(said, wanted, strict=False)) if a != b), "end")
        wrong.append(f"prose at {place}: {wanted[slice_at(place)]} became {said[slice_at(place)]}")
    return wrong, compared


def slice_at(place):
    return slice(-5, None) if place == "end" else slice(max(place - 2, 0), place + 5)


def _assembled(rest, table):
    """Take from `rest` the parts that make up the table, over pages and side by side; its header stands first."""
    titles = [bare(column["title"]) for column in table["columns"]]
    whole = []
    while rest and len(whole[0] if whole else []) < len(titles):
        part = list(rest.pop(0))
        while rest and len(part) <= len(table["rows"]) and _same(rest[0][0], part[0]):
            part += rest.pop(0)[1:]
        if not whole:
            whole = part
        elif len(part) == len(whole):
            whole = [
                row if len(row) == 1 else [*row, *more[REPEATED:]]
                for row, more in zip(whole, part, strict=True)
            ]
        else:
            break
    return whole


def _same(row, other):
    return [bare(text) for text in row] == [bare(text) for text in other]


def _compare_rows(key, expected, rows):
    if len(rows) != len(expected):
        return [f"{key}: {len(expected)} rows became {len(rows)}"]
    return [
        f"{key}, row {place}: {wanted} became {row}"
        for place, (wanted, row) in enumerate(zip(expected, rows, strict=True))
        if not _same(row, wanted)
    ]


HEADER_ROW, CHART_HEADER_ROW = 4, 3


def differences_in_workbook(snapshot, data):
    """The same for a workbook, which holds the tables: values exact, and printed as the snapshot prints them."""
    book, wrong, compared = load_workbook(io.BytesIO(data), data_only=True), [], 0
    sheets = {sheet["A1"].value: sheet for sheet in book}
    for table in snapshot["content"]["tables"].values():
        sheet = sheets.get(printable(table["title"]))
        if sheet is None:
            wrong.append(f"{table['key']}: no sheet")
            continue
        for place, row in enumerate(table["rows"]):
            cells = list(sheet[HEADER_ROW + 1 + place])
            if row["kind"] == "group":
                found, wanted = [cells[0].value], [printable(row["cells"][0])]
            else:
                found = [_kept(cell) for cell in cells]
                wanted = [
                    one for pair in zip(table["columns"], row["cells"], strict=True) for one in _wanted(*pair)
                ]
                compared += sum(isinstance(one, tuple) for one in wanted)
            if found[: len(wanted)] != wanted:
                wrong.append(f"{table['key']}, row {place}: {wanted} became {found}")
    for chart in (snapshot["content"].get("charts") or {}).values():
        sheet = sheets.get(printable(chart["title"]))
        rows = list(sheet.iter_rows(min_row=CHART_HEADER_ROW + 1, values_only=True)) if sheet else []
        for place, values in enumerate(_chart_values(chart)):
            compared += len(values)
            if place >= len(rows) or not _holds(rows[place], values):
                wrong.append(f"chart {chart['title']}, category {place}: {values}")
    return wrong, compared


def _chart_values(chart):
    """By category the values that its series and its target have there."""
    rows = [one["points"] for one in chart["series"]]
    for place in range(len(chart["categories"])):
        texts = [points[place]["value"] for points in rows if points[place]]
        texts += [chart["target"]["values"][place]] if chart["target"] else []
        yield [float(Fraction(text)) for text in texts if text is not None]


def _holds(row, values):
    kept = [cell for cell in row if isinstance(cell, (int, float))]
    return all(any(isclose(value, cell, rel_tol=1e-12) for cell in kept) for value in values)


def _wanted(column, cell):
    """What stands in the sheet for a cell: a text, or a number as (value, printed); twice where words hide a number."""
    shown = text_of(cell)
    is_number = not isinstance(cell, str)
    yield (
        (float(cell["value"]), DECIMAL_POINT.sub(",", shown))
        if is_number and not cell.get("is_text")
        else printable(shown) or None
    )
    if column.get("has_numbers"):
        yield (float(cell["value"]), printed(cell["value"], cell["decimals"])) if is_number else None


def _kept(cell):
    if isinstance(cell.value, (int, float)):
        return float(cell.value), as_printed(cell)
    return cell.value or None


def as_printed(cell):
    """The number as its format prints it in Vietnamese: `[$-42A]"−"#,##0.0"%"`."""
    positive, _mark, negative = cell.number_format.replace("[$-42A]", "").partition(";")
    form = negative if cell.value < 0 else positive
    before, body, after = re.fullmatch(r'(?:"([^"]*)")?#,##(0(?:\.0+)?)(?:"([^"]*)")?', form).groups()
    value = printed(repr(abs(cell.value)), len(body.partition(".")[2]))
    return f"{before or ''}{value}{after or ''}"


def printed(value, decimals):
    rounded = Decimal(value).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    return f"{rounded:,.{decimals}f}".translate(str.maketrans(",.-", ".,−"))
