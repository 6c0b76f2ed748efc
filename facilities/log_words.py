"""The words of the log: for every verb the code writes, and every key of what it tells of an act.

A deed's words stand before the kind of the thing and its name: "duyệt" + "báo cáo tháng" + "Trạm Y tế …".
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


@dataclass(frozen=True)
class Deeds:
    """Deeds of one kind, as the filter offers them: a name, and the words of each verb."""

    name: Promise
    verbs: dict[str, Promise]


DEEDS: dict[str, Deeds] = {
    "entry": Deeds(
        _("Nhập, nộp số liệu"),
        {
            "save": pgettext_lazy("nhật ký", "nhập số liệu vào"),
            "import": pgettext_lazy("nhật ký", "nạp số liệu từ tệp vào"),
            "nothing_occurred": pgettext_lazy("nhật ký", "báo không phát sinh trong"),
            "note_note": pgettext_lazy("nhật ký", "ghi chú ở"),
            "note_reason": pgettext_lazy("nhật ký", "giải thích số lạ ở"),
            "absence": pgettext_lazy("nhật ký", "nêu lý do chưa nộp của"),
            "submit": pgettext_lazy("nhật ký", "nộp"),
            "recall": pgettext_lazy("nhật ký", "lấy lại để sửa"),
        },
    ),
    "review": Deeds(
        _("Duyệt, trả lại"),
        {
            "approve": pgettext_lazy("nhật ký", "duyệt"),
            "send_back": pgettext_lazy("nhật ký", "trả lại"),
            "note_sent_back": pgettext_lazy("nhật ký", "ghi ô cần sửa ở"),
        },
    ),
    "correction": Deeds(
        _("Đính chính"),
        {
            "propose_correction": pgettext_lazy("nhật ký", "đề nghị đính chính"),
            "accept_correction": pgettext_lazy("nhật ký", "chấp nhận đính chính"),
            "refuse_correction": pgettext_lazy("nhật ký", "không chấp nhận đính chính"),
            "withdraw_correction": pgettext_lazy("nhật ký", "rút đề nghị đính chính"),
        },
    ),
    "closing": Deeds(
        _("Khóa, mở kỳ"),
        {
            "close_period": pgettext_lazy("nhật ký", "khóa"),
            "reopen_period": pgettext_lazy("nhật ký", "mở lại"),
        },
    ),
    "plan": Deeds(
        _("Lập, sửa kế hoạch"),
        {
            "load": pgettext_lazy("nhật ký", "nạp từ tệp"),
            "create": pgettext_lazy("nhật ký", "thêm"),
            "update": pgettext_lazy("nhật ký", "sửa"),
            "delete": pgettext_lazy("nhật ký", "xóa"),
            "set_target": pgettext_lazy("nhật ký", "đặt chỉ tiêu cho"),
            "publish_allocation": pgettext_lazy("nhật ký", "công bố phân bổ của"),
            "enter_figure": pgettext_lazy("nhật ký", "nhập số thực hiện của"),
            "import_entered": pgettext_lazy("nhật ký", "nạp số thực hiện từ tệp vào"),
            "set_agencies": pgettext_lazy("nhật ký", "giao cơ quan cho"),
            "report_progress": pgettext_lazy("nhật ký", "báo tiến độ"),
        },
    ),
    "report": Deeds(
        pgettext_lazy("nhật ký", "Soạn báo cáo"),
        {
            "open_report": pgettext_lazy("nhật ký", "bắt đầu"),
            "write_narrative": pgettext_lazy("nhật ký", "viết lời đánh giá trong"),
            "write_document": pgettext_lazy("nhật ký", "sửa phần đầu, phần ký của"),
            "write_additions": pgettext_lazy("nhật ký", "viết thêm câu trong"),
            "freeze_report": pgettext_lazy("nhật ký", "chốt"),
            "request_file": pgettext_lazy("nhật ký", "yêu cầu dựng tệp của"),
            "delete_report": pgettext_lazy("nhật ký", "xóa"),
            "remind_stations": pgettext_lazy("nhật ký", "nhắc các trạm còn thiếu số cho"),
            "set_report_day": pgettext_lazy("nhật ký", "đặt ngày báo cáo hằng năm của"),
            "receive_report": pgettext_lazy("nhật ký", "ghi ngày nhận hoặc gửi báo cáo theo"),
        },
    ),
    "signing": Deeds(
        _("Ký, vào sổ, gửi"),
        {
            "sign_report": pgettext_lazy("nhật ký", "ký số"),
            "print_number": pgettext_lazy("nhật ký", "ghi số, ngày vào"),
            "register_document": pgettext_lazy("nhật ký", "vào sổ văn bản đi"),
            "take_signed_file": pgettext_lazy("nhật ký", "lấy tệp đã ký làm tệp phát hành của"),
            "pack_document": pgettext_lazy("nhật ký", "đóng gói gửi qua trục liên thông"),
            "ask_delivery": pgettext_lazy("nhật ký", "gửi"),
            "send_again": pgettext_lazy("nhật ký", "gửi lại"),
            "withdraw_delivery": pgettext_lazy("nhật ký", "dừng gửi"),
        },
    ),
    "place": Deeds(
        _("Sắp xếp, nạp địa bàn"),
        {
            "enter_reform": pgettext_lazy("nhật ký", "nhập"),
            "undo_reform": pgettext_lazy("nhật ký", "hoàn tác"),
            "load_places": pgettext_lazy("nhật ký", "nạp danh mục địa bàn, cơ sở của"),
        },
    ),
    "account": Deeds(
        _("Tài khoản"),
        {
            "change_address": pgettext_lazy("nhật ký", "đổi địa chỉ thư của"),
            "stop_mails": pgettext_lazy("nhật ký", "thôi nhận thư của"),
        },
    ),
    "administration": Deeds(
        _("Quản trị"),
        {
            "admin_add": pgettext_lazy("nhật ký", "thêm ở trang quản trị"),
            "admin_change": pgettext_lazy("nhật ký", "sửa ở trang quản trị"),
            "admin_delete": pgettext_lazy("nhật ký", "xóa ở trang quản trị"),
            "start_recompute": pgettext_lazy("nhật ký", "bắt đầu"),
            "retry_recompute": pgettext_lazy("nhật ký", "thử lại"),
            "cancel_recompute": pgettext_lazy("nhật ký", "hủy"),
            "generate": pgettext_lazy("nhật ký", "tạo số liệu trình diễn cho"),
        },
    ),
}
VERBS: dict[str, Promise] = {verb: words for deeds in DEEDS.values() for verb, words in deeds.verbs.items()}

# The models that acts name beside those of the administration pages, in the order the filter offers them.
SUBJECTS = (
    "indicators.submission",
    "indicators.closedperiod",
    "plans.plan",
    "plans.planindicator",
    "plans.objective",
    "plans.task",
    "plans.budgetline",
    "plans.historictotal",
    "reporting.report",
    "facilities.reform",
    "facilities.user",
    "facilities.area",
    "facilities.facility",
    "indicators.recomputerun",
)

# What is told of an act, in the order it is read. `before` and `after` together read "cũ → mới".
DETAILS: dict[str, Promise] = {
    "period": _("kỳ"),
    "form": _("biểu"),
    "year": _("năm"),
    "kind": _("loại"),
    "status": _("tình trạng"),
    "value": _("giá trị"),
    "numerator": _("tử số"),
    "denominator": _("mẫu số"),
    "indicator": _("chỉ số"),
    "group": _("nhóm"),
    "source": _("nguồn"),
    "before": _("trước đó"),
    "after": _("sau đó"),
    "changes": _("thay đổi"),
    "cells": _("ô"),
    "reason": _("lý do"),
    "remark": _("lời kèm theo"),
    "absence": _("lý do chưa nộp trước đó"),
    "answer": _("trả lời"),
    "proposed_by": _("người đề nghị"),
    "note": _("ghi chú"),
    "number": _("số"),
    "on": _("ngày"),
    "date": _("ngày"),
    "snapshot": _("bản"),
    "part": _("chữ ký của"),
    "certificate": _("chứng thư"),
    "format": _("định dạng"),
    "address": _("địa chỉ"),
    "way": _("cách gửi"),
    "files": _("tệp"),
    "parts": _("phần"),
    "narrative": _("phần đã viết"),
    "stations": _("số trạm"),
    "notices": _("số thông báo"),
    "reporter": _("cơ quan báo cáo"),
    "month": _("tháng"),
    "day": _("ngày"),
    "years_after": _("sau số năm"),
    "version": _("bản"),
    "method": _("cách chia"),
    "places": _("số nơi"),
    "figures": _("số dòng"),
    "file": _("tệp"),
    "lead": _("cơ quan chủ trì"),
    "partners": _("cơ quan phối hợp"),
    "legal_basis": _("căn cứ"),
    "ended": _("đơn vị kết thúc"),
    "begun": _("đơn vị bắt đầu"),
    "provinces": _("tỉnh"),
    "areas": _("số địa bàn"),
    "successions": _("số lần kế tục"),
    "facilities": _("số cơ sở"),
    "placements": _("số nơi đặt"),
    "wish": _("loại thư"),
    "first": _("từ tháng"),
    "last": _("đến tháng"),
    "submissions": _("số báo cáo"),
    "sha256": pgettext_lazy("nhật ký", "SHA-256"),
}
# Where a key means something else than by itself.
OTHERWISE: dict[tuple[str, str], Promise] = {
    ("freeze_report", "number"): _("bản"),
    ("sign_report", "number"): _("bản"),
    ("nothing_occurred", "cells"): _("số ô điền 0"),
    ("send_back", "before"): _("tình trạng trước đó"),
}
# Keys that say nothing to a reader: ids, and what the name of the thing says already.
UNTOLD = frozenset(
    {
        "correction",
        "delivery",
        "facility",
        "yearly",
        "plan",
        "duty",
        "names",
        "seed",
        "coverage",
        "contributions",
    }
)

# Codes that are told by the words of a field's choices, by verb and key.
CHOICES: dict[tuple[str, str], str] = {
    ("send_back", "before"): "indicators.Submission.status",
    ("report_progress", "status"): "plans.Task.status",
    ("enter_figure", "kind"): "plans.EnteredFigure.kind",
    ("publish_allocation", "method"): "plans.AllocationVersion.method",
    ("open_report", "kind"): "reporting.Report.kind",
    ("request_file", "format"): "reporting.ReportFile.format",
    ("sign_report", "part"): "reporting.Signature.part",
    ("ask_delivery", "way"): "reporting.Delivery.way",
    ("enter_reform", "kind"): "facilities.Reform.kind",
    ("undo_reform", "kind"): "facilities.Reform.kind",
}
# Other codes, by key.
CODES: dict[str, dict[str, Promise]] = {
    "source": {
        "form": _("nhập trên biểu"),
        "import": _("nạp từ tệp"),
        "api": _("gửi qua API"),
        "workbook": _("tải lên từ tệp Excel"),
    },
    "wish": {"reminders": _("thư nhắc"), "digest": _("thư tổng hợp")},
}
