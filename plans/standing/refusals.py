"""Why a target can not be shared out this way, or a place not be given this value: in words, with what to do."""

from __future__ import annotations

from django.utils.translation import gettext as _

from plans.allocation import Fault, Why


def why_words(why: Why) -> str:
    return {
        Why.NO_PLACES: _("Không có địa bàn nào ở cấp này trên ranh giới của kế hoạch."),
        Why.NO_WEIGHTS: _(
            "Không biết dân số hay mẫu số năm trước của các địa bàn. Chọn cách khác hoặc ghi tay."
        ),
        Why.NO_BASELINES: _("Các địa bàn chưa có số năm trước. Chọn cách khác hoặc ghi tay."),
        Why.ZERO_BASELINES: _("Tổng số năm trước bằng 0 nên không chia theo đó được. Chọn cách khác."),
        Why.SENSITIVE: _(
            "Từ số giao theo số năm trước suy ra được số ca tử vong, HIV hoặc phá thai của từng nơi. "
            "Chọn cách khác hoặc ghi tay."
        ),
        Why.SAME_AS_EQUAL: _(
            "Chỉ tiêu là một mức, không phải số đếm: chia theo dân số vẫn ra cùng một mức. Chọn “mức bằng nhau”."
        ),
    }[why]


def fault_words(fault: Fault) -> str:
    return {
        Fault.TOO_LONG: _("Số quá lớn hoặc quá nhiều chữ số thập phân."),
        Fault.NEGATIVE: _("Chỉ tiêu giao không thể âm."),
        Fault.PAST_WHOLE: _("Tỷ lệ phần trăm không thể quá 100."),
        Fault.NOT_WHOLE: _("Chỉ tiêu chung là số nguyên nên mỗi nơi cũng nhận số nguyên."),
    }[fault]
