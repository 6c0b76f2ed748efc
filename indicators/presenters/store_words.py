"""The words of saving, sending, conflicts and offline use on the entry page (static/entry/)."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from indicators.presenters.grid_words import Words, counted


def store_words() -> Words:
    return {**_state_words(), **_conflict_words(), **_session_words(), **_offline_words()}


def _state_words() -> Words:
    return {
        "keeping": _("Đang lưu trên máy"),
        "saved_here": _("Đã lưu trên máy"),
        "sending": _("Đã gửi, chờ máy chủ trả lời"),
        "received": _("Máy chủ đã nhận lúc %(time)s"),
        "unsent": counted(lambda n: ngettext("%(n)s ô chưa được nhận", "%(n)s ô chưa được nhận", n)),
        "ready": _("Sẵn sàng nộp"),
        "ready_offline": _("Sẵn sàng nộp, sẽ gửi khi có mạng"),
        "not_taken": _("Máy chủ chưa nhận (mã %(code)s), sẽ tự gửi lại"),
        "not_taken_why": _(
            "Lần gửi vừa rồi bị chặn trên đường hoặc máy chủ gặp lỗi (mã %(code)s). Số liệu đã gõ còn trên máy và "
            "sẽ tự gửi lại. Nếu kéo dài: tải tệp nháp về và báo người quản trị."
        ),
        "take_back": _("Lấy lại để sửa"),
        "unread_elsewhere": _(
            "Chưa nộp: cột %(cells)s còn chữ chưa đọc được, gõ ở trang khác. Tải lại trang để sửa."
        ),
        "load_again": _("Tải lại trang"),
        "submitted_since": _(
            "Biểu này đã nộp, máy chủ đã nhận lúc %(time)s. Trang đang xem là bản đã lưu trên máy; "
            "muốn sửa thì mở lại khi có mạng."
        ),
        "offline": _("Không có mạng: cứ nhập tiếp, sẽ gửi khi có mạng"),
        "not_kept": _("Trình duyệt không cho lưu trên máy. Bấm Lưu để gửi lên máy chủ trước khi rời trang."),
        "not_kept_not_reached": _(
            "Chưa gửi: không tới được máy chủ, và trình duyệt không cho lưu trên máy. "
            "Đừng đóng trang này: tải tệp nháp về, hoặc bấm lại khi có mạng."
        ),
    }


def _conflict_words() -> Words:
    return {
        "conflict_title": _("Hai người cùng sửa một ô"),
        "blank_value": _("để trống"),
        "no_data_value": _("NA (không có số liệu)"),
        "keep_mine": _("Giữ số vừa gõ: %(value)s"),
        "keep_theirs": _("Lấy số của %(by)s, %(at)s: %(value)s"),
        "keep_own": _("Lấy số bạn đã lưu ở nơi khác, %(at)s: %(value)s"),
        "send_choices": _("Gửi lựa chọn"),
        "later": _("Để sau"),
        "choose_now": _("Chọn ngay"),
        "others_merged": counted(
            lambda n: ngettext(
                "Người khác vừa sửa %(n)s ô, đã cập nhật: cột %(cells)s.",
                "Người khác vừa sửa %(n)s ô, đã cập nhật: cột %(cells)s.",
                n,
            )
        ),
        "way_closed": _("Nhờ người duyệt mở lại kỳ, rồi bấm Lưu."),
        "way_not_due": _("Nếu trạm vẫn phải nộp: báo người duyệt, rồi bấm Lưu."),
        "way_not_open": _("Nếu cần sửa: tải lại trang để lấy lại hoặc đề nghị đính chính."),
        "way_not_found": _("Nếu vẫn phụ trách biểu này: báo người quản trị, rồi bấm Lưu."),
        "way_forbidden": _("Nếu vẫn phụ trách biểu này: báo người quản trị, rồi bấm Lưu."),
        "typed_stays": _("Số liệu đã gõ còn trên máy này; có thể tải tệp nháp về để giữ."),
    }


def _session_words() -> Words:
    return {
        "sign_in_title": _("Đăng nhập lại để gửi tiếp"),
        "user_name": _("Tên đăng nhập"),
        "password": _("Mật khẩu"),
        "sign_in": _("Đăng nhập"),
        "draft_of": _("Số liệu gõ dở ở đây là của %(owner)s."),
        "draft_of_other": _("Số liệu gõ dở ở đây là của %(owner)s, không gửi bằng tài khoản %(name)s."),
        "no_network_sign_in": _("Không có mạng nên chưa đăng nhập được. Số liệu đã gõ còn trên máy."),
        "waits_for_sign_in": _("Chưa gửi: cần đăng nhập lại. Số liệu đã gõ còn trên máy."),
        "file_save": _("Tải tệp nháp"),
        "file_open": _("Đọc tệp nháp"),
        "file_take": _("Đưa vào biểu"),
        "file_title": counted(lambda n: ngettext("Tệp nháp đổi %(n)s ô", "Tệp nháp đổi %(n)s ô", n)),
        "file_unreadable": _("Tệp này không phải tệp nháp. Chọn tệp .json đã tải từ trang này."),
        "file_other": _("Tệp nháp này của biểu, cơ sở hoặc kỳ khác. Mở đúng biểu rồi đọc lại."),
    }


def _offline_words() -> Words:
    return {
        "new_version": _("Có phiên bản mới."),
        "use_new_version": _("Dùng phiên bản mới"),
        "remove_offline": _("Gỡ bản dùng ngoại tuyến"),
        "offline_removed": _("Đã gỡ bản dùng ngoại tuyến. Số liệu gõ dở vẫn còn trên máy."),
    }
