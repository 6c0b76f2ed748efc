"""Pages of reports made up at random: nothing overflows, stands alone or has no glyph; spoiled ones are found out.

`GENERATED_REPORTS=28` makes some 500 pages of them.
"""

import io
import os

import pdfplumber
import pikepdf
import pytest

from reporting.checks import missing_libraries, serif_font
from reporting.renderers import pdf, render
from reporting.renderers.layout import document
from tests.reporting.cases import small_snapshot
from tests.reporting.layout_faults import _has_no_glyph, layout_faults
from tests.reporting.made_up import made_up_snapshot

pytestmark = pytest.mark.skipif(
    bool(missing_libraries()) or serif_font() is None, reason="needs Pango and Tinos"
)
SEEDS = range(int(os.environ.get("GENERATED_REPORTS", "3")))


@pytest.mark.parametrize("seed", SEEDS)
def test_no_page_of_a_made_up_report_overflows_or_leaves_a_head_or_signature_alone(seed):
    count, faults = layout_faults(render(made_up_snapshot(seed), "pdf"))
    assert (faults, count > 4) == ([], True)


@pytest.mark.parametrize(
    ("style", "fault"),
    [
        (".data { width: 115% }", "at "),
        (".country { position: relative; left: 30pt }", "at "),
        ("h2 { break-after: page }", "ends with a heading"),
        ("thead { display: table-row-group }", "goes on without its head"),
        ("thead { display: table-row-group } tbody { break-before: page }", "ends with the head of a table"),
        (".foot { break-before: page } .ending { break-inside: auto }", "signature stands alone"),
    ],
)
def test_a_spoiled_page_is_found_out(style, fault, monkeypatch):
    whole = pdf.html_of
    monkeypatch.setattr(
        pdf, "html_of", lambda *given: whole(*given).replace("</head>", f"<style>{style}</style></head>")
    )
    assert fault in " ".join(layout_faults(render(made_up_snapshot(1), "pdf"))[1])


@pytest.mark.parametrize(("text", "found"), [(b"<00000041>", True), (b"<00410042>", False)])
def test_a_letter_without_a_glyph_is_found_out(text, found):
    file = pikepdf.new()
    page = file.add_blank_page()
    page.Contents = file.make_stream(b"BT [" + text + b"] TJ ET")
    assert _has_no_glyph(page) is found


def test_the_sum_of_a_table_never_stands_alone_on_a_page():
    snapshot = small_snapshot()
    table = snapshot["content"]["tables"]["lines"]
    line, total = next(row for row in table["rows"] if row["kind"] == "line"), dict(table["rows"][-1])
    starts = []
    for count in range(20, 36):
        cells = ["", "Cộng chung", *line["cells"][2:]]
        table["rows"] = [line] * count + [{**total, "kind": "total", "cells": cells}]
        with pdfplumber.open(io.BytesIO(render(snapshot, "pdf"))) as file:
            page = next(page for page in file.pages if "Cộng chung" in page.extract_text())
            starts.append(page.extract_tables()[0][1][1] == "Cộng chung")
    assert not any(starts)


def test_no_page_holds_the_last_row_of_a_table_alone():
    snapshot = small_snapshot()
    table = snapshot["content"]["tables"]["lines"]
    line = next(row for row in table["rows"] if row["kind"] == "line")
    counts = []
    for count in range(24, 34):
        table["rows"] = [{**line, "cells": [f"d{n}", *line["cells"][1:]]} for n in range(count)]
        with pdfplumber.open(io.BytesIO(render(snapshot, "pdf"))) as file:
            page = next(page for page in file.pages if f"d{count - 1} " in page.extract_text())
            counts.append(len(page.extract_tables()[0]) - 1)
    assert min(counts) >= 4


def test_annexes_of_any_label_and_none_at_all_are_laid_out():
    snapshot = small_snapshot()
    snapshot["content"]["annexes"] = [
        {"label": label, "tables": ["lines"]} for label in ("IV", "XVIII", "IV")
    ]
    count, faults = layout_faults(render(snapshot, "pdf"))
    assert (count, faults) == (4, [])
    snapshot["content"]["annexes"] = []
    assert layout_faults(render(snapshot, "pdf")) == (1, [])


def test_words_in_a_column_of_numbers_read_from_the_left():
    snapshot = small_snapshot()
    snapshot["content"]["tables"]["lines"]["rows"][1]["cells"][3] = "đến tháng 6/2026 tất cả các cơ sở"
    [annex, *_rest] = document(snapshot)["annexes"]
    assert [cell["align"] for cell in annex["tables"][0]["rows"][1]["cells"]][2:] == ["right", "left"]
