"""Write a workbook: labels locked, cells to fill in unlocked, ids hidden in column A and row 1, a stamp beside them."""

from __future__ import annotations

from copy import copy
from io import BytesIO

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from indicators.cell_json import State
from indicators.values import GREATEST
from indicators.workbooks.contents import Book, SheetPlan
from indicators.workbooks.layout import FIRST_INPUT, FIRST_ROW, HEAD_ROW
from indicators.workbooks.stamp import SHEET, sign

LINE = Side(style="thin", color="999999")
BOX = Border(left=LINE, right=LINE, top=LINE, bottom=LINE)
GREY, TYPED = PatternFill("solid", fgColor="EEEEEE"), PatternFill("solid", fgColor="FFFDE7")
TOP = Alignment(vertical="top", wrap_text=True)
ACROSS = 12  # columns of cells on a sheet of paper
LOOKS = {
    "title": {"font": Font(bold=True, size=13)},
    "fine": {"font": Font(italic=True, color="555555")},
    "head": {
        "font": Font(bold=True),
        "fill": GREY,
        "border": BOX,
        "alignment": Alignment(wrap_text=True, vertical="center", horizontal="center"),
    },
    "section": {"font": Font(bold=True)},
    "label": {"border": BOX, "alignment": TOP},
    "input": {
        "border": BOX,
        "fill": TYPED,
        "number_format": "#,##0",
        "alignment": Alignment(horizontal="right", vertical="top"),
        "protection": Protection(locked=False),
    },
    "past": {
        "border": BOX,
        "fill": GREY,
        "number_format": "#,##0",
        "alignment": Alignment(horizontal="right", vertical="top"),
    },
    "plain": {},
}


def write(book: Book) -> bytes:
    """The workbook as .xlsx."""
    return _Writer(book).bytes()


class _Writer:
    """Styles are made once and shared: setting them cell by cell costs most of the time of a large book."""

    def __init__(self, book: Book) -> None:
        self.book, self.file, self.looks = book, Workbook(write_only=True), {}

    def bytes(self) -> bytes:
        for plan in self.book.sheets:
            self.sheet(plan)
        self.guide()
        hidden = self.file.create_sheet(SHEET)
        hidden.sheet_state = "veryHidden"
        for piece in sign(self.book.stamp):
            hidden.append([self.cell(hidden, piece, "plain")])
        out = BytesIO()
        self.file.save(out)
        return out.getvalue()

    def cell(self, sheet: object, value: State, look: str) -> WriteOnlyCell:
        cell = WriteOnlyCell(sheet)
        if isinstance(value, str):
            # Never a formula, whatever a name begins with.
            cell.value = ILLEGAL_CHARACTERS_RE.sub("", value)
            cell.data_type = "s"
        else:
            cell.value = value
        if look not in self.looks:
            for name, style in LOOKS[look].items():
                setattr(cell, name, style)
            self.looks[look] = copy(cell._style)
        cell._style = copy(self.looks[look])
        return cell

    def sheet(self, plan: SheetPlan) -> None:
        sheet, stamped = self.file.create_sheet(plan.stamped.name), plan.stamped
        last = FIRST_INPUT + len(stamped.columns) - 1
        self.set_up(sheet, plan, last)
        put = lambda value, look: self.cell(sheet, value, look)  # noqa: E731
        sheet.append([None, None, None, *(put(column, "plain") for column, _label in stamped.columns)])
        sheet.append([None, put(plan.title, "title")])
        how = _("Chỉ điền ô vàng: số nguyên từ 0, hoặc NA nếu không có số liệu; để trống là chưa nhập.")
        sheet.append([None, put(how, "fine")])
        heads = [*plan.heads, *(label for _id, label in stamped.columns), *plan.past_heads]
        sheet.append([None, *(put(head, "head") for head in heads)])
        count = 0
        for index, (line, states) in enumerate(zip(stamped.lines, stamped.states, strict=True)):
            if index in plan.sections:
                sheet.append([None, put(plan.sections[index], "section")])
                count += 1
            look = "input" if plan.is_open[index] else "past"
            past = plan.past[index] if plan.past else []
            if len(line[2]) > (wide := 34 if not stamped.facility else 58):
                sheet.row_dimensions[FIRST_ROW + count].height = 15 * (len(line[2]) // wide + 1)
            sheet.append(
                [
                    put(line[0], "plain"),
                    put(line[1], "label"),
                    put(line[2], "label"),
                    *(put(state, look) for state in states),
                    *(put(state, "past") for state in past),
                ]
            )
            count += 1
        if count:
            first, end = get_column_letter(FIRST_INPUT), get_column_letter(last)
            area = f"{first}{FIRST_ROW}:{end}{FIRST_ROW + count - 1}"
            sheet.data_validations.append(_validation(f"{first}{FIRST_ROW}", area))

    def set_up(self, sheet: object, plan: SheetPlan, last: int) -> None:
        is_area = not plan.stamped.facility
        sheet.freeze_panes = f"{get_column_letter(FIRST_INPUT)}{FIRST_ROW}"
        sheet.protection.sheet = True
        sheet.protection.formatColumns = False
        sheet.row_dimensions[1].hidden = True
        widths = {1: 4, 2: 16 if is_area else 9, 3: 34 if is_area else 58}
        widths |= dict.fromkeys(range(FIRST_INPUT, last + 1), 15)
        widths |= dict.fromkeys(range(last + 1, last + 1 + len(plan.past_heads)), 15)
        for column, width in widths.items():
            sheet.column_dimensions[get_column_letter(column)].width = width
        sheet.column_dimensions["A"].hidden = True
        if is_area:
            sheet.row_dimensions[HEAD_ROW].height = 110
        _paper(sheet, landscape=is_area, pages=-(-len(plan.stamped.columns) // ACROSS))
        sheet.print_title_rows = f"{HEAD_ROW}:{HEAD_ROW}"
        sheet.print_title_cols = "B:C"

    def guide(self) -> None:
        sheet = self.file.create_sheet(_("Hướng dẫn"))
        for letter, width in zip("ABCD", (9, 9, 46, 80), strict=True):
            sheet.column_dimensions[letter].width = width
        sheet.protection.sheet = True
        _paper(sheet, landscape=True)
        for index, words in enumerate(_how()):
            sheet.append([self.cell(sheet, words, "plain" if index else "title")])
        sheet.append([])
        heads = (_("Biểu"), _("Cột"), _("Nội dung"), _("Cách ghi"))
        sheet.append([self.cell(sheet, head, "head") for head in heads])
        for row in self.book.definitions:
            sheet.append([self.cell(sheet, text, "label") for text in row])


def _how() -> list[str]:
    return [
        _("Cách điền tệp này"),
        _(
            "1. Chỉ điền ô vàng. Không có trường hợp nào thì ghi 0. Không có số liệu thì ghi NA. Ô trống là chưa nhập."
        ),
        _(
            "2. Không đổi tên trang tính, không chèn, không sắp xếp lại dòng và cột; không dùng công thức trong ô vàng."
        ),
        _("3. Lưu dạng .xlsx rồi tải lên trang “Tệp Excel”. Cổng cho xem mọi thay đổi trước khi ghi."),
        _("4. Xóa một số đã có thì ô đó thành chưa nhập; cổng nêu rõ trước khi ghi."),
    ]


def _paper(sheet: object, *, landscape: bool, pages: int = 1) -> None:
    sheet.page_setup.paperSize = 9  # A4
    sheet.page_setup.orientation = "landscape" if landscape else "portrait"
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = pages, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True


def _validation(first: str, area: str) -> DataValidation:
    count = f"AND(ISNUMBER({first}),{first}>=0,{first}<={GREATEST},{first}=INT({first}))"
    rule = DataValidation("custom", formula1=f'IF(ISNUMBER({first}),{count},UPPER({first})="NA")', sqref=area)
    rule.allow_blank, rule.showErrorMessage, rule.errorStyle = True, True, "stop"
    rule.errorTitle = _("Ô này đếm")
    rule.error = _("Ghi số nguyên từ 0 trở lên, hoặc NA nếu không có số liệu.")
    return rule
