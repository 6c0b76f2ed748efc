"""What a report says: header, sections in words, annexes, boundaries."""

from datetime import date

import pytest

from facilities.models import Area
from facilities.periods import InvalidPeriod, Month
from indicators.actions.corrections import accept_correction, propose_correction
from indicators.actions.figures import save_cells
from indicators.actions.submissions import send_back
from indicators.models import Indicator, MonthlyResult, Submission
from indicators.values import CellValue
from plans.models import Target
from reporting.content import build_content
from reporting.content.canonical import canonical_json, sha256_of
from reporting.content.cells import exact_text, number, text_of, with_unit
from reporting.content.header import place_name
from reporting.content.periods import ReportPeriod
from reporting.content.quality import forms_table
from reporting.models import Report
from tests.factories import AreaFactory
from tests.factories_indicators import FormFactory, SubmissionFactory, settle_duties
from tests.factories_plans import EnteredFigureFactory, make_result
from tests.indicators.sensitive import deaths_indicator, report_deaths, roll_up
from tests.reporting.cases import make_plan
from tests.world import make_cast

pytestmark = pytest.mark.django_db
TODAY = date(2026, 2, 10)


def content_of(plan, code="year", today=TODAY, **fields):
    return build_content(Report(plan=plan, year=2025, period=code, **fields), today=today)


def texts(content, label):
    section = next(s for s in content["sections"] if s["label"] == label)
    return [block["text"] for block in section["blocks"] if "text" in block]


def printed(content, key):
    return [[text_of(cell) for cell in row["cells"]] for row in content["tables"][key]["rows"]]


def test_the_report_of_an_abolished_province_comes_from_its_successor_and_says_its_boundaries(world):
    content = content_of(make_plan(world, "A"))
    assert content["header"]["superior"] == "UBND TỈNH M"
    assert content["header"]["issuer"] == ["SỞ Y TẾ"]
    assert content["header"]["number"] == "Số:         /BC-SYT"
    assert content["header"]["addressees"] == ["UBND tỉnh M"]
    assert "theo ranh giới hành chính đến ngày 30/6/2025 của tỉnh A" in content["boundaries"]["text"]
    assert "của Sở Y tế tỉnh A" in content["opening"]


def test_the_overall_sentence_counts_every_line_with_a_target(world):
    overall = texts(content_of(make_plan(world)), "II")[1]
    assert (
        overall == "Kết quả: đạt và vượt 1/2 chỉ tiêu (trong đó vượt 1); không đạt 0/2; chưa có số liệu 1/2."
    )


def test_every_line_is_a_sentence_with_its_number_and_counts(world):
    sentences = texts(content_of(make_plan(world)), "II")
    assert (
        "Tỷ lệ khám thai: 95,0% (1.140/1.200); kế hoạch 90%; đạt 105,6% kế hoạch năm; "
        "tăng 7,0 điểm % so cùng kỳ; vượt chỉ tiêu kế hoạch." in sentences
    )
    assert "Tỷ lệ thấp còi: chưa có số liệu; kế hoạch 18,5%." in sentences


def test_before_the_year_ends_the_words_are_likely_and_at_risk(world):
    content = content_of(make_plan(world), "h1")
    assert content["period"]["as_of"] == "2025-06"
    assert "có khả năng đạt 1/2 chỉ tiêu; nguy cơ không đạt 0/2" in texts(content, "II")[1]


def test_an_estimate_is_worded_as_one(world):
    plan = make_plan(world)
    EnteredFigureFactory(line=plan.lines.get(key="1.2"), kind="estimate", value=19)
    content = content_of(plan)
    assert any("ước thực hiện 19,0%" in text and "ước đạt" in text for text in texts(content, "II"))
    assert "ước đạt 1" in texts(content, "II")[1]


def test_annex_one_prints_the_plans_own_baseline_and_target(world):
    rows = printed(content_of(make_plan(world)), "lines")
    assert rows[0] == ["Mục tiêu 1: Chăm sóc bà mẹ"]
    assert rows[1] == [
        "1",
        "Tỷ lệ khám thai",
        "%",
        "88,0",
        "90",
        "95,0",
        "105,6%",
        "+7,0",
        "Vượt",
        "1.140/1.200",
    ]
    assert rows[2][5:9] == ["–", "–", "–", "Chưa có số liệu"]


def test_a_computed_baseline_that_differs_is_shown_too(world):
    plan = make_plan(world)
    indicator = plan.lines.get(key="1.1").indicator
    for month in range(1, 13):
        make_result(plan.area, indicator, f"2024-{month:02d}", 91, 100)
    row = printed(content_of(plan), "lines")[1]
    assert row[3] == "88,0"
    assert "số tính được năm 2024: 91,0" in row[9]
    assert row[7] == "+4,0"


def test_annex_two_has_a_row_a_commune_of_the_plans_own_time(world):
    plan = make_plan(world)
    line = plan.lines.get(key="1.1")
    for month in range(1, 13):
        make_result(world.areas["a1"], line.indicator, f"2025-{month:02d}", 9, 10)
    content = content_of(plan)
    titles = [column["title"] for column in content["tables"]["communes"]["columns"]]
    assert titles == ["STT", "Xã, phường", "1.1. Tỷ lệ khám thai (%)"]
    rows = printed(content, "communes")
    assert rows[0] == ["", "Tỉnh A", "95,0"]
    assert ["1", "Xã a1", "90,0"] in rows
    assert len(rows) == 5
    assert "ẩn" not in content["tables"]["communes"]["note"]


def test_communes_of_one_name_are_told_apart_by_their_districts(world):
    plan = make_plan(world)
    Area.objects.filter(pk__in=[world.areas["a1"].pk, world.areas["b1"].pk]).update(name="Xã Đồng Tiến")
    make_result(world.areas["a1"], plan.lines.get(key="1.1").indicator, "2025-12", 9, 10)
    names = [row[1] for row in printed(content_of(plan), "communes")]
    assert names == ["Tỉnh A", "Xã Đồng Tiến, huyện a", "Xã a2", "Xã Đồng Tiến, huyện b", "Xã b2"]


def with_deaths(world, deaths, letter="A"):
    """The plan of old province A, or another area, with a line on infant deaths, counted in January 2025."""
    plan = make_plan(world, letter)
    line = plan.lines.get(key="1.1")
    indicator = deaths_indicator()
    report_deaths(world, indicator, "2025-01", deaths)
    roll_up("2025-01")
    plan.lines.create(
        objective=line.objective,
        order=9,
        key="1.9",
        name="Tử vong",
        unit="‰",
        decimals=1,
        indicator=indicator,
    )
    return plan


def test_small_counts_of_a_commune_are_hidden_with_what_gives_them_away_and_the_table_says_why(world):
    plan = with_deaths(world, {"T-a1": 2, "T-a2": 9, "T-b1": 0, "T-b2": 7})
    content = content_of(plan)
    titles = [column["title"] for column in content["tables"]["communes"]["columns"]]
    deaths = titles.index("1.9. Tử vong (‰)")
    assert [[row[1], row[deaths]] for row in printed(content, "communes")] == [
        ["Tỉnh A", "45,0"],
        ["Xã a1", "ẩn"],
        ["Xã a2", "ẩn"],
        ["Xã b1", "ẩn"],
        ["Xã b2", "70,0"],
    ]
    assert "được ẩn để không lộ người bệnh" in content["tables"]["communes"]["note"]
    line = next(row for row in printed(content, "lines") if row[1:2] == ["Tử vong"])
    assert "18/400" in line[9]


def test_no_small_count_of_a_commune_stands_anywhere_in_the_snapshot(world):
    """The commune's value, 20,0‰ of 100 births, is in no table, no sentence and no note."""
    content = content_of(with_deaths(world, {"T-a1": 2, "T-a2": 9, "T-b1": 0, "T-b2": 7}))
    text = canonical_json(content).decode()
    assert "20,0" not in text and "2/100" not in text and '"value":"20"' not in text


def test_cells_changed_after_approval_are_counted_whichever_way_they_were(world):
    """By an accepted correction, or by a report sent back; twice in one cell is one cell."""
    plan, cast, cell = make_plan(world), make_cast(world), ("X.all", "")
    form = FormFactory(code="X", cells=[cell])
    settle_duties()
    for facility, period in (("T-a1", date(2025, 1, 1)), ("T-a1", date(2025, 2, 1))):
        SubmissionFactory(
            form=form, facility=world.facilities[facility], period=period, status="approved", values={cell: 5}
        )
    first, second = Submission.objects.order_by("period")
    asked = propose_correction(submission=first, cells={cell: CellValue(7)}, reason="Sót.", by=cast.clerk)
    accept_correction(correction=asked, by=cast.reviewer)
    send_back(submission=second, by=cast.reviewer, reason="Xem lại.")
    for value in (6, 8):
        second.refresh_from_db()
        save_cells(
            facility=second.facility, form=form, period=second.period, cells={cell: CellValue(value)},
            by=cast.clerk, source="form", expected_version=second.version,
        )  # fmt: skip

    (row,) = forms_table(plan.area, Month(2025, 6), 2025)["rows"]

    assert [text_of(cell) for cell in row["cells"][-2:]] == ["2", "2"]


def test_money_is_printed_in_figures_and_words_with_its_rate(world):
    money = texts(content_of(make_plan(world)), "IV")
    assert money == [
        "Kinh phí giao năm 2025: 400.000.000 đồng (Bốn trăm triệu đồng).",
        "Kinh phí thực hiện: 300.000.000 đồng (Ba trăm triệu đồng).",
        "Tỷ lệ giải ngân: 75,0%.",
    ]


def test_typed_parts_stand_in_their_sections_and_empty_ones_stay_empty(world):
    content = content_of(make_plan(world), narrative={"strengths": "Các trạm nộp đúng hạn."})
    assert texts(content, "V")[1] == "Các trạm nộp đúng hạn."
    assert texts(content, "VII") == [""]


def test_a_snapshot_holds_no_floats_and_hashes_the_same_after_a_round_trip(world):
    import json

    content = content_of(make_plan(world))
    again = json.loads(canonical_json(content))
    assert sha256_of(again) == sha256_of(content)
    assert b"." not in canonical_json(number(5)) and json.loads(
        canonical_json(content), parse_float=pytest.fail
    )


def test_no_figure_at_all_still_makes_a_report(world):
    plan = make_plan(world, "M")
    content = build_content(Report(plan=plan, year=2025, period="year"), today=date(2025, 1, 5))
    assert content["period"]["as_of"] is None
    assert printed(content, "communes") == []


@pytest.mark.parametrize(
    ("code", "last", "title"),
    [
        ("year", "2025-12", "năm 2025"),
        ("h1", "2025-06", "6 tháng đầu năm 2025"),
        ("m9", "2025-09", "9 tháng đầu năm 2025"),
        ("2025-10", "2025-10", "10 tháng đầu năm 2025"),
        ("2025-01", "2025-01", "tháng 01/2025"),
    ],
)
def test_periods(code, last, title):
    period = ReportPeriod.parse(2025, code)
    assert (str(period.last), period.title) == (last, title)


@pytest.mark.parametrize("code", ["", "q1", "2024-10", "2025-13", "2025", "2025-06\n", "2025-٠٦"])
def test_a_period_outside_the_year_is_refused(code):
    with pytest.raises(InvalidPeriod):
        ReportPeriod.parse(2025, code)


def test_exact_values_are_kept_beside_what_is_printed():
    from fractions import Fraction

    assert exact_text(Fraction(291, 20)) == "14.55"
    assert exact_text(Fraction(1, 3)) == "0.333333333333333"
    assert exact_text(3571278) == "3571278"
    assert number(Fraction(291, 20), 1) == {"text": "14,6", "value": "14.55", "decimals": 1, "suffix": ""}
    assert with_unit("95", "%") == "95%"
    assert with_unit("15,1", "Bác sỹ") == "15,1 bác sỹ"


def test_places_drop_their_common_noun_unless_named_after_an_event():
    assert place_name(AreaFactory(name="Tỉnh Bắc Ninh")) == "Bắc Ninh"
    assert place_name(AreaFactory(name="Phường Điện Biên Phủ")) == "Phường Điện Biên Phủ"
    assert place_name(AreaFactory(name="Phường 1 Bảo Lộc")) == "Phường 1 Bảo Lộc"


def test_a_figure_that_prints_like_its_target_says_what_parts_them(world):
    plan = make_plan(world)
    line = plan.lines.get(key="1.1")
    line.decimals = 0
    line.save()
    MonthlyResult.objects.filter(indicator=line.indicator).update(numerator=8997, denominator=10000)
    content = content_of(plan)
    [sentence] = [text for text in texts(content, "II") if text.startswith("Tỷ lệ khám thai")]
    assert "90% (107.964/120.000); chưa làm tròn: 89,97%; kế hoạch 90%" in sentence
    assert "đạt 99,97% kế hoạch năm" in sentence and "không đạt" in sentence
    assert "chưa làm tròn: 89,97%" in printed(content, "lines")[1][-1]


def test_targets_are_numbers_where_they_are_one_number(world):
    plan = make_plan(world)
    target = Target.objects.get(line__key="1.1")
    cells = {}
    for text, value, upper in (("90", 90, None), ("≥ 90,5", "90.5", None), ("15,1%", "15.1", None),
                               ("10-15", 10, 15), ("1.250", 1250, None)):  # fmt: skip
        Target.objects.filter(pk=target.pk).update(text=text, value=value, upper=upper)
        cells[text] = content_of(plan)["tables"]["lines"]["rows"][1]["cells"][4]
    assert cells["90"] == {"text": "90", "value": "90", "decimals": 0, "suffix": ""}
    assert (cells["≥ 90,5"]["value"], cells["≥ 90,5"]["is_text"]) == ("90.5", True)
    assert (cells["15,1%"]["decimals"], cells["15,1%"]["suffix"]) == (1, "%")
    assert cells["10-15"] == "10-15"
    assert cells["1.250"]["value"] == "1250" and "is_text" not in cells["1.250"]


def test_large_counts_are_whole_and_a_rate_of_part_of_a_year_says_so(world):
    plan = make_plan(world)
    line = plan.lines.get(key="1.1")
    Indicator.objects.filter(pk=line.indicator_id).update(timing="rate", factor=1000)
    MonthlyResult.objects.filter(indicator=line.indicator).update(numerator=10, denominator="3435817.7")
    assert "(60/3.435.818, quy cả năm)" in " ".join(texts(content_of(plan, "h1"), "II"))
    assert "(120/3.435.818)" in " ".join(texts(content_of(plan), "II"))
