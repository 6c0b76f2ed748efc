"""The browser and the server read one text alike: several hundred of them, and made-up ones besides."""

from __future__ import annotations

import random

import pytest

from indicators.values import read
from tests.entry.browser import module

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SIGNS = ["", "-", "+", "\N{MINUS SIGN}", "\N{EN DASH}", "--", "- ", "\N{MINUS SIGN}\N{NO-BREAK SPACE}"]
BODIES = [
    *[
        "0",
        "00",
        "7",
        "007",
        "12",
        "999",
        "1000",
        "123456789012",
        "1234567890123",
        "1000000000000",
        "1000000000001",
    ],
    *["9999999999999", "10000000000000", "0000000000000000000012", "9" * 40, "1" + "0" * 30 + ",0"],
    *[
        "1.234",
        "1,234",
        "12.345",
        "123.456",
        "0.125",
        "0,125",
        "1234.567",
        "1234,567",
        "1.000",
        "1,000",
        "999.999",
    ],
    *[
        "1.234.567",
        "1.234.567,5",
        "1.234.567,0",
        "1.234,5",
        "1.234,00",
        "1,234,567",
        "1.23.456",
        "01.234",
        "12.3456",
    ],
    *[
        "9,5",
        "9.5",
        "9,0",
        "9.0",
        "9,",
        ",9",
        ".",
        ",",
        "-",
        "–",
        "5%",
        "1/2",
        "1e3",
        "0x10",
        "١٢",
        "१२",
        "Ⅷ",
        "½",
        "²",
    ],
]
WORDS = [
    *[
        "",
        " ",
        "na",
        "NA",
        "Na",
        "n/a",
        "N/A",
        "n",
        "NaN",
        "không có số liệu",
        "KHÔNG CÓ SỐ LIỆU",
        "Không có số liệu ",
    ],
    *[
        "kh\u00f4ng c\u00f3 s\u1ed1 li\u1ec7u",
        "kho\u0302ng co\u0301 so\u0302\u0301 lie\u0302\u0323u",
        "hai",
        "12a",
        "a12",
        "12 34",
        "1 234",
    ],
    *[
        "None",
        "null",
        "true",
        "Infinity",
        "-Infinity",
        "__proto__",
        "\0",
        "12\0",
        "🙂",
        "<b>7</b>",
        "＝7",
        "７",
        "1_000",
        "\u200b7",
    ],
]
SPACES = [
    " ",
    "\t",
    "\n",
    "\x0b",
    "\x0c",
    "\x1c",
    "\x1f",
    "\x85",
    "\xa0",
    "\u1680",
    "\u2007",
    "\u2028",
    "\u202f",
    "\u3000",
    "\ufeff",
    "\u180e",
]


def texts() -> list[str]:
    plain = [sign + body for sign in SIGNS for body in BODIES] + WORDS
    spaced = [
        before + text + after
        for text in ("7", "-7", "1.234", "NA")
        for before in SPACES
        for after in (SPACES[0], "\ufeff", "")
    ]
    rng = random.Random(20261101)
    letters = "0123456789.,-+ \N{MINUS SIGN}\N{NO-BREAK SPACE}na%"
    made = ["".join(rng.choices(letters, k=rng.randrange(1, 9))) for _ in range(1500)]
    return plain + spaced + made


def told(text: str) -> list:
    """How the server reads a text, as the browser says it."""
    found = read(text)
    state = None
    if found.cell is not None:
        state = "NA" if found.cell.no_data else found.cell.value
    return [state, found.problem.value if found.problem else "", list(found.choices)]


def test_browser_and_server_read_every_text_alike(blank_page):
    asked = texts()
    script = module(
        "numbers",
        "(texts) => texts.map((text) => { const f = m.read(text); return [f.state, f.problem, f.choices]; })",
    )
    answers = blank_page.evaluate(script, asked)
    different = [
        (text, told(text), got) for text, got in zip(asked, answers, strict=True) if told(text) != got
    ]
    assert len(asked) > 2000 and different == []


def test_figures_are_printed_as_the_server_prints_them(blank_page):
    script = module("numbers", "(values) => values.map(([value, decimals]) => m.format(value, decimals))")
    values = [
        [0, 0],
        [7, 0],
        [1234, 0],
        [3571278, 0],
        [92.64, 1],
        [92.65, 1],
        [-0.06, 2],
        [0.04, 1],
        [-0.04, 1],
        [66.66666, 2],
    ]
    printed = ["0", "7", "1.234", "3.571.278", "92,6", "92,7", "−0,06", "0,0", "0,0", "66,67"]
    assert blank_page.evaluate(script, values) == printed
