"""Why a file is not read, in words that say what to do."""

from __future__ import annotations

from django.utils.translation import gettext as _

from indicators.workbooks.container import Refused


def refusal_words(refused: Refused) -> str:
    """The reason a person reads; the place in the file stands behind it where there is one."""
    words = _words().get(refused.code) or _("Tệp bị hỏng.")
    detail = f" ({refused.detail})" if refused.detail else ""
    return f"{words}{detail}"


def _words() -> dict[str, str]:
    again = _("Tải lại tệp mẫu từ cổng, chép số liệu sang rồi tải lên.")
    large = _("Tệp lớn hơn một tệp số liệu. %(again)s") % {"again": again}
    broken = _("Tệp bị hỏng. Mở bằng Excel, lưu lại dạng .xlsx; nếu vẫn không được: %(again)s") % {
        "again": again
    }
    linked = _("Tệp nối tới tệp hoặc nguồn dữ liệu khác. %(again)s") % {"again": again}
    odd = _("Tệp chứa phần mà tệp số liệu không có. %(again)s") % {"again": again}
    return {
        "too_large": _("Tệp lớn hơn 5 MB. %(again)s") % {"again": again},
        "empty": _("Tệp rỗng. Chọn lại tệp."),
        "not_excel": _("Đây không phải tệp Excel (.xlsx). Chọn lại tệp."),
        "old_excel": _("Đây là tệp Excel kiểu cũ (.xls). Mở bằng Excel, lưu dạng .xlsx rồi tải lên."),
        "encrypted": _("Tệp có mật khẩu. Bỏ mật khẩu, lưu lại rồi tải lên."),
        "macros": _("Tệp chứa macro. Lưu lại dạng .xlsx (không phải .xlsm) rồi tải lên."),
        "dde": _("Tệp chứa công thức gọi chương trình khác (DDE). %(again)s") % {"again": again},
        "too_slow": _("Đọc tệp quá 5 giây nên đã dừng. %(again)s") % {"again": again},
        "memory": _("Đọc tệp cần quá nhiều bộ nhớ nên đã dừng. %(again)s") % {"again": again},
        "no_stamp": _("Tệp không có dấu của cổng: không phải tệp đã tải từ cổng. %(again)s") % {"again": again},
        "foreign_stamp": _("Dấu trong tệp đã bị sửa, hoặc tệp của cổng khác. %(again)s") % {"again": again},
        "too_much_beside": _("Trang tính chứa nhiều ô hơn hẳn tệp đã tải xuống. %(again)s") % {"again": again},
        "form_changed": _("Tệp theo bản cũ của biểu, biểu nay đã đổi. %(again)s") % {"again": again},
        "not_yours": _("Tệp không có cơ sở nào mà tài khoản này được nhập số liệu."),
        **dict.fromkeys(("external_links", "connections"), linked),
        **dict.fromkeys(
            ("embedded", "nested_archive", "strange_part", "strange_packing", "bad_path", "duplicate_part"), odd
        ),
        **dict.fromkeys(
            ("bomb", "too_big_inside", "too_many_parts", "too_many_sheets", "too_many_rows", "too_many_columns",
             "too_many_cells", "too_many_elements", "too_many_strings", "too_deep", "too_long"),
            large,
        ),
        **dict.fromkeys(("damaged", "bad_xml", "bad_structure", "missing_part", "doctype"), broken),
    }  # fmt: skip
