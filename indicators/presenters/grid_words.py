"""The words of the grid on the entry page (static/entry/), in the reader's language."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

Words = dict[str, str | list[str]]


def grid_words() -> Words:
    """Words by the key the browser asks for; a pair is [singular, plural]. `%(name)s` is filled in the browser."""
    return {**_cell_words(), **_page_words(), **_panel_words(), **_paste_words(), **_key_words()}


def counted(words: Callable[[int], str]) -> list[str]:
    """Both forms, for the browser to choose from."""
    return [words(1), words(2)]


def _cell_words() -> Words:
    return {
        "or": _(" hoặc "),
        "problem_not_a_number": _(
            "“%(text)s” không phải là số. Ghi số nguyên, hoặc NA nếu không có số liệu."
        ),
        "problem_ambiguous": _("“%(text)s” đọc được hai cách. Chọn một:"),
        "problem_decimal": _("“%(text)s” là số lẻ. Ô này đếm, chỉ nhận số nguyên."),
        "problem_negative": _("“%(text)s” là số âm. Ô này đếm, chỉ nhận từ 0 trở lên."),
        "problem_too_large": _("“%(text)s” quá lớn. Kiểm tra lại số chữ số."),
        "problem_both": _("Vừa có “%(text)s” vừa đánh dấu NA (không có số liệu). Bỏ một trong hai."),
        "reading_count": _("%(value)s (hàng nghìn)"),
        "reading_decimal": _("%(value)s (số lẻ)"),
        "sum_against_cell": _("(tổng %(sum)s, ô ghi %(cell)s)"),
        "left_against_right": _("(%(left)s so với %(right)s)"),
        "explain": _("Giải thích"),
        "explained": _("Đã giải thích: “%(text)s”."),
        "change": _("Sửa"),
        "sent_back": _("Người duyệt trả lại: %(text)s"),
        "sent_back_changed": _("Đã sửa sau khi trả lại: %(text)s"),
        "note_is": _("Ghi chú: %(text)s"),
        "write_note": _("Ghi chú của ô này"),
        "write_reason": _("Vì sao số này đúng"),
        "write_keys": _("Enter để xong, Shift+Enter xuống dòng, Esc để bỏ"),
        "done": _("Xong"),
    }


def _page_words() -> Words:
    return {
        "close": _("Đóng"),
        "cancel": _("Không dán"),
        "keys_title": _("Bảng phím"),
        "filled_of": _("%(filled)s/%(total)s ô"),
        "entered_of": _("Đã nhập %(filled)s/%(total)s ô"),
        "blanks": counted(lambda n: ngettext("%(n)s ô trống", "%(n)s ô trống", n)),
        "unread": counted(lambda n: ngettext("%(n)s ô chưa đọc được", "%(n)s ô chưa đọc được", n)),
        "warnings": counted(lambda n: ngettext("%(n)s cảnh báo", "%(n)s cảnh báo", n)),
        "fill_zeros": counted(lambda n: ngettext("Điền 0 cho %(n)s ô trống", "Điền 0 cho %(n)s ô trống", n)),
        "zeros_done": counted(
            lambda n: ngettext(
                "Đã điền 0 vào %(n)s ô. Ctrl+Z để hoàn tác.", "Đã điền 0 vào %(n)s ô. Ctrl+Z để hoàn tác.", n
            )
        ),
        "zeros_none": _("Phần này không còn ô trống."),
        "undo_done": counted(lambda n: ngettext("Đã hoàn tác %(n)s ô.", "Đã hoàn tác %(n)s ô.", n)),
        "redo_done": counted(lambda n: ngettext("Đã làm lại %(n)s ô.", "Đã làm lại %(n)s ô.", n)),
        "undo_zeros": _("Hoàn tác điền 0"),
        "undo_none": _("Không còn gì để hoàn tác."),
        "no_remarks": _("Không còn chỗ nào cần xem lại."),
        "unread_first": counted(
            lambda n: ngettext(
                "Chưa nộp: %(n)s ô chưa đọc được. Sửa ô đang chọn rồi nộp.",
                "Chưa nộp: %(n)s ô chưa đọc được. Sửa từng ô rồi nộp; F8 đến ô kế tiếp.",
                n,
            )
        ),
        "submit_title": _("Xem lại trước khi nộp"),
        "blanks_left": counted(
            lambda n: ngettext(
                "Còn %(n)s ô trống. Ô trống không được tính là 0: chỉ tiêu dùng các ô này sẽ thiếu số liệu của trạm.",
                "Còn %(n)s ô trống. Ô trống không được tính là 0: chỉ tiêu dùng các ô này sẽ thiếu số liệu của trạm.",
                n,
            )
        ),
        "warnings_left": counted(lambda n: ngettext("Còn %(n)s cảnh báo:", "Còn %(n)s cảnh báo:", n)),
        "remark": _("Giải thích cho người duyệt (không bắt buộc)"),
        "submit_anyway": _("Vẫn nộp"),
        "back_to_sheet": _("Quay lại sửa"),
    }


def _panel_words() -> Words:
    return {
        "year_to_date": _("Lũy kế"),
        "latest": _("Mới nhất"),
        "months_of": _("%(n)s/%(due)s tháng"),
        "target_rate": _("Lũy kế %(value)s (%(numerator)s/%(denominator)s), mốc so sánh %(target)s."),
        "target_count": _("Lũy kế %(value)s, mốc so sánh %(target)s."),
        "target_none": _("Chưa tính được, mốc so sánh %(target)s."),
        # A plan's target is nothing a station reaches or misses: it is told where it stands to it.
        "target_kept": _("Bằng hoặc tốt hơn mốc."),
        "target_missed": _("Chưa tới mốc."),
        "definition": _("Định nghĩa"),
        "example": _("Ví dụ"),
        "basis": _("Căn cứ"),
        "sent_back_title": _("Lý do trả lại"),
        "note_title": _("Ghi chú"),
        "add_note": _("Thêm ghi chú"),
        "reason_title": _("Giải thích"),
        "reason_old": _("(cho số trước đây của ô này)"),
        "history_title": _("Lịch sử"),
        "history_link": _("Ai đã sửa ô nào, lúc nào"),
        "details": _("Định nghĩa và so sánh"),
    }


def _paste_words() -> Words:
    return {
        "paste_title": _("Dán từ bảng tính"),
        "paste_too_large": _("Khối vừa dán quá lớn. Chỉ sao chép các cột và hàng của biểu này."),
        "paste_column": _("Cột nào của khối là số liệu %(period)s?"),
        "paste_pick": _("(chọn cột)"),
        "paste_column_name": _("Cột %(n)s: %(head)s (%(first)s …)"),
        "paste_disagrees": _("Tên hàng trong khối khác tên dòng của biểu. Đặt số theo cách nào?"),
        "paste_blank_titles": _("Khối có hàng trống đúng chỗ tên phần của biểu. Đặt số theo cách nào?"),
        "paste_way_order": _("Lần lượt từ ô đang chọn, hàng trống cũng là một ô"),
        "paste_way_titles": _("Lần lượt, bỏ qua hàng trống ở chỗ tên phần"),
        "paste_way_names": _("Theo tên hàng: %(agree)s hàng trùng tên"),
        "paste_row": _("Dòng của biểu"),
        "paste_old": _("Đang có"),
        "paste_new": _("Trong khối"),
        "paste_reading": _("Sẽ ghi"),
        "paste_label": _("trong khối: %(label)s"),
        "paste_blank": _("giữ nguyên (trong khối trống)"),
        "paste_covered": _("giữ nguyên (ô gộp)"),
        "paste_refused": _("giữ nguyên: %(problem)s"),
        "paste_ask": _("“%(text)s” đọc là"),
        "paste_leave": _("giữ nguyên, chưa chọn"),
        "paste_na": _("NA (không có số liệu)"),
        "paste_known": _("theo số gốc trong bảng tính"),
        "paste_rounded": _("bảng tính đang làm tròn từ %(exact)s"),
        "paste_all_counts": _("Đọc mọi dấu chấm, dấu phẩy ở đây là phân hàng nghìn"),
        "paste_beyond": counted(
            lambda n: ngettext(
                "%(n)s hàng của khối không có dòng trên biểu, bỏ qua: %(rows)s",
                "%(n)s hàng của khối không có dòng trên biểu, bỏ qua: %(rows)s",
                n,
            )
        ),
        "paste_blanks": _("Xóa cả những ô mà trong khối để trống"),
        "paste_apply": counted(lambda n: ngettext("Ghi %(n)s ô", "Ghi %(n)s ô", n)),
        "paste_done": counted(
            lambda n: ngettext(
                "Đã dán %(n)s ô. Ctrl+Z để hoàn tác.", "Đã dán %(n)s ô. Ctrl+Z để hoàn tác.", n
            )
        ),
        "paste_kept": counted(lambda n: ngettext("%(n)s ô giữ nguyên.", "%(n)s ô giữ nguyên.", n)),
        "short_not_a_number": _("không phải là số"),
        "short_decimal": _("số lẻ"),
        "short_negative": _("số âm"),
        "short_too_large": _("quá lớn"),
    }


def _key_words() -> Words:
    """One line a key of static/entry/keys.js."""
    return {
        "key_down": _("xuống ô dưới"),
        "key_up": _("lên ô trên"),
        "key_enter": _("xong ô này, sang ô kế tiếp; ở ô cuối: đến nút Nộp biểu"),
        "key_back": _("về ô trước"),
        "key_tab": _("sang ô hoặc nút kế tiếp"),
        "key_tab_back": _("về ô hoặc nút trước"),
        "key_section_first": _("ô đầu của phần này (khi đang sửa chữ: đầu chữ)"),
        "key_section_last": _("ô cuối của phần này (khi đang sửa chữ: cuối chữ)"),
        "key_page_down": _("xuống 10 ô"),
        "key_page_up": _("lên 10 ô"),
        "key_first": _("ô đầu của biểu"),
        "key_last": _("ô cuối của biểu"),
        "key_next_open": _("ô trống kế tiếp"),
        "key_previous_open": _("ô trống trước đó"),
        "key_next_remark": _("chỗ cần xem lại kế tiếp: cảnh báo, chưa đọc được, bị trả lại"),
        "key_type": _("ghi đè số đang có"),
        "key_edit": _("sửa chữ trong ô, không ghi đè"),
        "key_restore": _("trả ô về như khi vừa vào"),
        "key_clear": _("xóa ô"),
        "key_no_data": _("gõ N rồi sang ô khác: NA, không có số liệu"),
        "key_undo": _("hoàn tác (một lần dán, một lần điền 0 là một bước)"),
        "key_redo": _("làm lại"),
        "key_paste": _("dán một khối từ bảng tính, xem trước rồi mới ghi"),
        "key_zeros": _("điền 0 cho ô trống của phần này"),
        "key_note": _("ghi chú cho ô"),
        "key_explain": _("giải thích cảnh báo của ô"),
        "key_panel": _("phần bên: định nghĩa, so sánh, chỉ tiêu"),
        "key_save": _("lưu và gửi ngay"),
        "key_submit": _("nộp biểu"),
        "key_help": _("bảng phím này (? khi không ở trong ô)"),
    }
