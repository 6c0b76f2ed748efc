"""Sentences that rows keep as a code and its values, said in the language of whoever reads them."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.utils.translation import gettext_lazy as _

SENTENCES = {
    # Why a report was frozen again.
    "number_printed": _("Ghi số %(number)s ngày %(on)s."),
    # Why a delivery waits or failed.
    "stopped": _("Đã dừng trước khi gửi."),
    "link_over": _("Liên kết đã thu hồi hoặc hết hạn trước khi gửi."),
    "worker_dies": _("Máy chủ dừng giữa chừng ở mỗi lần thử."),
    "no_login": _("Máy chủ thư không cho cổng đăng nhập. Báo quản trị xem lại cấu hình thư."),
    "put_off": _("Máy chủ thư hoãn nhận: %(reason)s"),
    "silent": _("Máy chủ thư không trả lời (%(cause)s)."),
    "not_made": _("Không tạo được thư (%(cause)s). Báo quản trị xem nhật ký."),
    "address_refused": _("Máy chủ thư từ chối địa chỉ này (%(reason)s). Sửa địa chỉ rồi gửi lại."),
    "mail_refused": _("Máy chủ thư từ chối thư này (%(reason)s)."),
    "file_not_ready": _(
        "Chưa có tệp %(formats)s. Đợi tệp dựng xong ở trang “Bản chốt, tệp”, hoặc yêu cầu dựng lại."
    ),
    "file_changed": _(
        "Tệp %(name)s trên máy chủ đã mất hoặc không khớp SHA-256. Báo quản trị khôi phục từ bản sao lưu."
    ),
    # Why a file could not be made.
    "waited_an_hour": _("Quá một giờ chưa dựng được tệp. Hãy yêu cầu lại."),
    "disk_full": _(
        "Máy chủ hết chỗ trên đĩa nên chưa lưu được tệp. Báo người quản trị, rồi yêu cầu dựng lại."
    ),
    "not_rendered": _(
        "Dựng tệp gặp lỗi, nhật ký máy chủ có ghi. Yêu cầu dựng lại; nếu vẫn lỗi, báo người quản trị: %(cause)s"
    ),
    "library_missing": _(
        "Máy chủ thiếu thư viện dựng PDF. Cài các gói Debian: libpango-1.0-0 libpangoft2-1.0-0 "
        "libharfbuzz-subset0 fonts-croscore."
    ),
    "font_missing": _(
        "Máy chủ thiếu phông chữ Times đủ dấu tiếng Việt nên chưa dựng được tệp. Người quản trị cài gói "
        "fonts-croscore, rồi yêu cầu dựng lại."
    ),
    "font_replaced": _(
        "Máy chủ thiếu phông chữ Times đủ dấu tiếng Việt nên chưa dựng được tệp (phông thay vào: %(names)s). Người "
        "quản trị cài gói fonts-croscore, rồi yêu cầu dựng lại."
    ),
}


@dataclass(frozen=True)
class Said:
    """One sentence: its code in SENTENCES and the values it names. `str()` is its words in the active language."""

    code: str
    values: dict[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return str(SENTENCES[self.code]) % self.values


# The fields by which a row keeps what went wrong: `error` holds the words of rows older than the codes.
NO_ERROR: dict[str, object] = {"error": "", "error_code": "", "error_values": {}}


def error_of(said: Said) -> dict[str, object]:
    """The fields that keep this sentence."""
    return NO_ERROR | {"error_code": said.code, "error_values": said.values}
