"""A target's words in sentences and tables: Vietnamese numbers, no capital within a sentence, no name said twice."""

import pytest

from plans.models import Target
from reporting.content import build_content
from reporting.content.lines import target_text_cell
from reporting.content.targets import in_numbers, in_sentence, repeats
from reporting.models import Report
from reporting.renderers.layout import unbroken
from tests.factories_plans import LineFactory, TargetFactory
from tests.reporting.cases import make_plan
from tests.reporting.test_content import TODAY, printed, texts


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("18.5", "18,5"),
        (">75.0%", ">75,0%"),
        ("≤ 9.25 ‰", "≤ 9,25 ‰"),
        ("1.234", "1.234"),
        ("3.645.701", "3.645.701"),
        ("15,1", "15,1"),
        ("theo mục 2.1 của kế hoạch", "theo mục 2.1 của kế hoạch"),
    ],
)
def test_only_a_bare_number_with_one_or_two_decimals_is_written_anew(typed, told):
    assert in_numbers(typed) == told


@pytest.mark.parametrize(
    ("typed", "unit", "told"),
    [
        ("Tăng 0,1", "‰", "tăng 0,1"),
        ("Ít nhất 02", "bác sỹ", "ít nhất 02"),
        ("90", "%", "90%"),
        ("< 18.5", "%", "< 18,5%"),
        ("Bộ Y tế giao", "", "Bộ Y tế giao"),
        ("BM 23", "", "BM 23"),
        ("Bộ máy tinh gọn.", "", "Bộ máy tinh gọn"),
    ],
)
def test_within_a_sentence_it_has_no_capital_and_no_stop(typed, unit, told):
    assert in_sentence(typed, unit) == told


def test_a_target_that_repeats_its_line_is_not_printed_twice():
    text = "Kiểm soát tỷ số giới tính khi sinh."
    assert repeats("Kiểm soát tỷ số giới tính khi sinh", text) and not repeats("Khám thai", text)
    assert (
        target_text_cell([Target(text=text)], "Kiểm soát tỷ số giới tính khi sinh.")
        == "Như nội dung chỉ tiêu"
    )
    number = target_text_cell([Target(text="18.5", value="18.5", kind="level")], "Thấp còi")
    assert (number["text"], number["value"], number["decimals"]) == ("18,5", "18.5", 1)


@pytest.mark.django_db
def test_lines_within_others_and_of_later_years_are_worded_as_people_would(world):
    plan = make_plan(world, end_year=2030)
    objective, parent = plan.objectives.get(), plan.lines.get(key="1.1")
    within = LineFactory(plan=plan, objective=objective, key="a", name="Đặt vòng", parent=parent)
    TargetFactory(line=within, text="18.5", value="18.5")
    later = LineFactory(plan=plan, objective=objective, key="b", name="mẫu máu được trả đúng hạn.")
    TargetFactory(line=later, year=2030, text="Mẫu máu được trả đúng hạn.", kind="text", value=None)
    again = LineFactory(plan=plan, objective=objective, key="c", name="Trả kết quả đúng hạn.")
    TargetFactory(line=again, year=2030, text="Trả kết quả đúng hạn.", kind="text", value=None)
    content = build_content(Report(plan=plan, year=2025, period="year"), today=TODAY)
    said = texts(content, "II")
    assert any(text.startswith("Trong đó, đặt vòng: ") and "kế hoạch 18,5%" in text for text in said)
    assert any(text.endswith("mốc tiếp theo năm 2030: Mẫu máu được trả đúng hạn.") for text in said)
    assert any(text.endswith("không đặt chỉ tiêu, mốc tiếp theo là năm 2030.") for text in said)
    assert not any(".." in text for text in said)
    assert "Mẫu máu được trả đúng hạn." in [row[1] for row in printed(content, "lines") if len(row) > 1]


def test_no_line_ends_within_a_number_and_what_belongs_to_it():
    assert unbroken("kế hoạch ≤ 23; tăng 0,6 điểm % so năm 2025, năm nay") == (
        "kế hoạch ≤\u00a023; tăng 0,6\u00a0điểm\u00a0% so năm\u00a02025, năm nay"
    )
