"""Sixty hostile texts in every free text of a report: printed as typed, and nothing read for them."""

import io
import sys
from pathlib import Path

import pdfplumber
import pytest

from facilities.text import printable
from reporting.checks import missing_libraries, serif_font
from reporting.renderers import render
from reporting.renderers.pdf import FOLDER
from reporting.renderers.pdf.letters import drawable
from tests.reporting.cases import small_snapshot
from tests.reporting.hostile import PAYLOADS

pytestmark = pytest.mark.skipif(
    bool(missing_libraries()) or serif_font() is None, reason="needs Pango and Tinos"
)
ASKED: list[str] = []
WATCHING: list[bool] = []
# Modules, their data and the fonts: the same with any text.
OWN = (
    str(FOLDER),
    sys.prefix,
    sys.base_prefix,
    "/usr/share/fonts",
    "/etc/fonts",
    "/etc/mime.types",
    "/etc/apache2",
)


def _hook(event, arguments):
    if WATCHING and event in (
        "open",
        "socket.connect",
        "socket.getaddrinfo",
        "subprocess.Popen",
        "os.system",
    ):
        ASKED.append(f"{event} {arguments[0]}")


sys.addaudithook(_hook)


def hostile_snapshot():
    """Every payload in every place that an officer or a plan's file fills."""
    snapshot = small_snapshot()
    content = snapshot["content"]
    all_of_them = " ".join(PAYLOADS)
    head, foot = content["header"], content["footer"]
    head["superior"], head["number"], head["subject"] = all_of_them, all_of_them, all_of_them
    head["issuer"], head["addressees"] = list(PAYLOADS), list(PAYLOADS)
    foot["recipients"], foot["office"], foot["signer"] = list(PAYLOADS), list(PAYLOADS), all_of_them
    snapshot["dateline"] = content["opening"] = content["closing"] = all_of_them
    content["legal_bases"] = list(PAYLOADS)
    content["boundaries"]["text"] = content["agency"]["name"] = all_of_them
    content["sections"] = [
        {
            "label": "I",
            "title": all_of_them,
            "blocks": [
                {"kind": kind, "key": "k", "prompt": "", "text": text}
                for kind in ("typed", "addition", "item", "heading", "point", "paragraph")
                for text in PAYLOADS
            ],
        }
    ]
    lines = content["tables"]["lines"]
    lines["title"] = lines["note"] = all_of_them
    communes = content["tables"]["communes"]
    communes["columns"][2:] = [{"title": text, "width": 100, "align": "right"} for text in PAYLOADS]
    communes["rows"] = [{"kind": "line", "cells": ["1", "Xã", *PAYLOADS]}]
    lines["rows"] = [{"kind": "line", "cells": [text] * 4} for text in PAYLOADS]
    lines["rows"] += [{"kind": "group", "cells": [text]} for text in PAYLOADS]
    content["annexes"] = [{"label": all_of_them, "tables": ["lines", "communes"]}]
    return snapshot


# Superior, number, subject, issuer, addressees; recipients, office, signer; dateline, opening, closing, bases;
# title of a section and six kinds of blocks; title and note of a table, four cells and a group; boundaries, agency
# and label of the annex; head and cell of the table of communes.
PLACES = 5 + 3 + 4 + 7 + 2 + 5 + 3 + 2


@pytest.fixture(scope="module")
def printed():
    render(small_snapshot(), "pdf")  # what is imported once is read once
    ASKED.clear()
    WATCHING.append(True)
    try:
        content = render(hostile_snapshot(), "pdf")
    finally:
        WATCHING.clear()
    with pdfplumber.open(io.BytesIO(content)) as file:
        chars = [char for page in file.pages for char in page.chars if char["tag"] != "Artifact"]
    return "".join("".join(char["text"] for char in chars).split())


def test_there_are_sixty_payloads():
    assert len(PAYLOADS) == len(set(PAYLOADS)) == 60


def test_nothing_is_read_but_the_documents_own_files_and_nobody_is_called(printed):
    assert ASKED
    assert [asked for asked in ASKED if not asked.startswith(tuple(f"open {path}" for path in OWN))] == []


@pytest.mark.parametrize("payload", PAYLOADS, ids=range(len(PAYLOADS)))
def test_the_text_is_printed_as_typed_in_every_place(printed, payload):
    typed = "".join(drawable(printable(payload), Path(serif_font())).split())
    # A page may end within one of two columns: the other column's words then stand between.
    assert printed.count(typed) >= PLACES - 1


def test_no_direction_or_unseen_character_is_left():
    typed = drawable(printable("".join(PAYLOADS)), serif_font())
    assert not {"\u202e", "\u2066", "\u200b", "\u00ad", "\x07", "\x85", "\ue000"} & set(typed)
