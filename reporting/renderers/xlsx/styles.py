"""The looks of cells, one style for every look that occurs: a style made per cell takes twice the time."""

from __future__ import annotations

from functools import lru_cache

from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Side

from facilities.numbers import MINUS

FONT = "Times New Roman"
TITLE, PLAIN, SAID, NOTE = "Tên bảng", "Lời", "Lời dài", "Lời ghi chú"
HEAD, TEXT, CENTRE, RIGHT, GROUP = "Tiêu đề bảng", "Ô chữ", "Ô giữa", "Ô phải", "Nhóm"
TOTAL, TOTAL_NUMBER = "Tổng", "Tổng số"
ALIGNED = {"left": TEXT, "center": CENTRE, "right": RIGHT}
# The locale makes comma and dot Vietnamese also where the reader's machine is not.
LOCALE = "[$-42A]"
THIN = Side(style="thin", color="999999")
GRID = Border(left=THIN, right=THIN, top=THIN, bottom=THIN)


def named_styles() -> list[NamedStyle]:
    return [
        _style(HEAD, bold=True, fill="E8EEF4", across="center"),
        _style(TEXT),
        _style(CENTRE, across="center"),
        _style(RIGHT, across="right"),
        _style(GROUP, bold=True, fill="F5F5F5", wrap=False),
        _style(TOTAL, bold=True),
        _style(TOTAL_NUMBER, bold=True, across="right"),
        _words(TITLE, Font(name=FONT, size=14, bold=True)),
        _words(PLAIN, Font(name=FONT, size=11)),
        _words(SAID, Font(name=FONT, size=11), wrap=True),
        _words(NOTE, Font(name=FONT, size=11, italic=True), wrap=True),
    ]


def _words(name: str, font: Font, *, wrap: bool = False) -> NamedStyle:
    """Text outside a table: running on over empty cells, or wrapped in cells made one."""
    return NamedStyle(name=name, font=font, alignment=Alignment(vertical="top", wrap_text=wrap))


def _style(
    name: str, *, bold: bool = False, fill: str = "", across: str = "left", wrap: bool = True
) -> NamedStyle:
    style = NamedStyle(name=name)
    style.font = Font(name=FONT, size=11, bold=bold)
    style.alignment = Alignment(horizontal=across, vertical="center" if fill else "top", wrap_text=wrap)
    style.border = GRID
    if fill:
        style.fill = PatternFill("solid", fgColor=fill)
    return style


@lru_cache(maxsize=64)
def number_format(decimals: int, suffix: str, plus: bool, minus: bool) -> str:
    """An Excel format that prints the cell's text: `#,##0.0`, its sign and suffix as literal text.

    The text decides the sign: −0,03 with one decimal prints 0,0 on paper, so also here.
    """
    body = f"#,##0{'.' + '0' * decimals if decimals else ''}"
    tail = f'{body}"{suffix}"' if suffix else body
    positive, negative = '"+"' if plus else "", f'"{MINUS}"' if minus else ""
    return f"{LOCALE}{positive}{tail};{LOCALE}{negative}{tail}"
