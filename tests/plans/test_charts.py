"""Charts described once: the same figures in SVG and in Excel, and what is not known is not drawn."""

from __future__ import annotations

import io
import json
import zipfile
from fractions import Fraction
from xml.etree import ElementTree as ET

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from plans.charts import Category, Chart, Look, Mark, Pin, Point, PointMap, Series, Target, draw, draw_map
from plans.charts.map import size_of
from plans.charts.plain import as_plain, of_plain
from plans.charts.printing import HALF, draw_for_print
from plans.charts.projection import projection_of
from plans.charts.scale import scale_of
from plans.charts.spec import Drawn
from plans.charts.svg import label_every, runs
from plans.charts.workbook import add_chart

SVG = "{http://www.w3.org/2000/svg}"


def point(value, **fields):
    return Point(Fraction(value), f"là {value}", **fields)


def chart(**fields):
    usual = {
        "title": "Khám thai <4 lần>",
        "description": "năm 2024: 90%; năm 2025: 93%",
        "categories": tuple(Category(str(year), str(year)) for year in (2023, 2024, 2025)),
        "series": (Series("toàn tỉnh", (point(90), None, point(93))),),
        "unit": "%",
    }
    return Chart(**usual | fields)


def parsed(drawing):
    return ET.fromstring(drawing)


def texts(drawing):
    return [element.text for element in parsed(drawing).iter(f"{SVG}text")]


# A busy machine draws slowly; that says nothing of the scale.
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.integers(-(10**7), 10**7), min_size=1, max_size=8), st.booleans())
def test_a_scale_holds_every_value_with_few_round_ticks(thousandths, from_zero):
    values = [Fraction(number, 1000) for number in thousandths]
    scale = scale_of(values, from_zero=from_zero, bottom=300, top=10)
    assert scale.low <= min(values) and max(values) <= scale.high
    assert 2 <= len(scale.ticks) <= 9 and scale.ticks[-1] == scale.high
    assert all(10 <= scale.place(value) <= 300 for value in values)
    assert not from_zero or scale.low <= 0 <= scale.high


def test_a_narrow_range_is_shown_on_its_own_but_columns_start_at_zero():
    values = [Fraction(95), Fraction(97)]
    assert scale_of(values, from_zero=False, bottom=1, top=0).low >= 90
    assert scale_of(values, from_zero=True, bottom=1, top=0).low == 0


def test_an_axis_that_does_not_begin_at_zero_is_cut_and_says_so():
    narrow = chart(start="trục đứng bắt đầu từ %(start)s")
    drawing = parsed(draw(narrow))
    assert any((text or "").startswith("trục đứng bắt đầu từ 9") for text in texts(draw(narrow)))
    cuts = [path for path in drawing.iter(f"{SVG}path") if path.get("class") == "cut"]
    assert len(cuts) == 2  # on the axis, and in the legend that explains it
    whole = chart(start=narrow.start, series=(Series("x", (point(10), point(93), None)),))
    assert "cut" not in draw(whole) and "trục đứng" not in draw(whole)


def test_a_snapshot_from_before_axes_said_where_they_begin_is_drawn():
    plain = as_plain(chart())
    del plain["start"]
    assert of_plain(plain).start == ""


def test_where_every_value_is_zero_the_scale_begins_there():
    scale = scale_of([Fraction(0)] * 3, from_zero=False, bottom=1, top=0)
    assert (scale.low, scale.high) == (0, 1)


def test_a_drawing_says_what_it_shows_and_prints_vietnamese_numbers():
    drawing = draw(chart(series=(Series("toàn tỉnh", (point("92.5"), None, point(93))),)), number=3)
    root = parsed(drawing)
    assert (root.find(f"{SVG}title").text, root.find(f"{SVG}desc").text) == (
        "Khám thai <4 lần>",
        "năm 2024: 90%; năm 2025: 93%",
    )
    assert root.get("aria-labelledby") == "chart-3-t chart-3-d" and "Arimo" in root.get("font-family")
    assert "92,5%" in texts(drawing) and "93,0%" in texts(drawing)


def test_a_line_breaks_where_nothing_is_known():
    broken = Series("x", (point(1), point(2), None, point(3), point(4), None, point(5)))
    assert [[index for index, _ in run] for run in runs(broken)] == [[0, 1], [3, 4]]
    lines = [group.findall(f"{SVG}polyline") for group in parsed(draw(chart())).iter(f"{SVG}g")]
    assert not any(lines)


def test_a_part_of_a_year_stands_apart_from_the_line():
    series = Series("x", (point(90), point(91), point(40, is_partial=True)))
    assert [[index for index, _ in run] for run in runs(series)] == [[0, 1]]
    hollow = [
        one
        for one in parsed(draw(chart(series=(series,)))).iter(f"{SVG}circle")
        if one.get("fill") == "#ffffff"
    ]
    assert len(hollow) == 1


def test_a_target_is_drawn_where_there_is_one_and_a_range_as_a_band():
    one = draw(chart(target=Target("kế hoạch", (None, None, Fraction(95)))))
    band = draw(chart(target=Target("kế hoạch", (Fraction(90),) * 3, (Fraction(95),) * 3)))
    goal = next(group for group in parsed(one).iter(f"{SVG}g") if group.get("class") == "goal")
    assert len(goal.findall(f"{SVG}line")) == 1 and "kế hoạch" in texts(one)
    goal = next(group for group in parsed(band).iter(f"{SVG}g") if group.get("class") == "goal")
    assert (len(goal.findall(f"{SVG}line")), len(goal.findall(f"{SVG}rect"))) == (6, 3)


def test_an_endless_interval_does_not_press_the_values_flat():
    wide = chart(series=(Series("x", (point(2, low=0.0, high=7000.0), point(3), point(4))),))
    assert max(wide.values) <= 12


def test_labels_that_would_touch_are_left_out():
    categories = tuple(Category(f"{n}/2025", "") for n in range(100))
    assert label_every(categories, 6.0) == 10 and label_every(categories[:3], 200.0) == 1


def test_a_workbook_holds_a_native_chart_with_axes_and_the_unrounded_figures():
    book = Workbook()
    both = chart(
        series=(
            Series("tháng", (point(Fraction(1, 3), low=0.1, high=0.6), None, point(1)), drawn=Drawn.COLUMN),
            Series("lũy kế", (point(2), point(3), None), Look.SECOND),
        ),
        target=Target("kế hoạch", (Fraction(5),) * 3),
    )
    add_chart(book, both, "Biểu đồ")
    content = io.BytesIO()
    book.save(content)
    sheet = load_workbook(content)["Biểu đồ"]
    rows = list(sheet.iter_rows(min_row=4, max_row=6, max_col=6, values_only=True))
    assert rows[0] == ("2023", 1 / 3, pytest.approx(0.2333, abs=1e-4), pytest.approx(0.2667, abs=1e-4), 2, 5)
    assert rows[1] == ("2024", None, None, None, 3, 5)
    xml = zipfile.ZipFile(content).read("xl/charts/chart1.xml").decode()
    assert "barChart" in xml and "lineChart" in xml and xml.count('<delete val="0"') == 2
    assert "errBars" in xml


def test_a_name_that_looks_like_a_formula_stays_a_text():
    book = Workbook()
    sheet = add_chart(book, chart(title="=1+1"), "Biểu đồ")
    assert sheet["A1"].value == " =1+1"


@pytest.mark.parametrize("nasty", ["\x0b", "\x01", "\ufffe"])
def test_what_xml_can_not_hold_is_in_no_drawing_and_no_workbook(nasty):
    spoiled = chart(
        title=f"Khám{nasty}thai", description=f"năm 2025: 93 người{nasty}", axis=f"năm{nasty}", unit=f"người{nasty}",
        categories=tuple(Category(f"{year}{nasty}", f"năm{nasty}") for year in (2023, 2024, 2025)),
    )  # fmt: skip
    assert nasty not in "".join(parsed(draw_for_print(spoiled)).itertext())
    book = Workbook()
    add_chart(book, spoiled, "Biểu đồ")
    book.save(io.BytesIO())


def pins():
    return (
        Pin("Xã A", 21.0, 106.0, Mark.BAD, "Xã A: 1; chưa đạt", weight=1.0, rank=0, label="Xã A"),
        Pin("Xã B", 21.3, 106.2, Mark.GOOD, "Xã B: 9; đạt", weight=0.25, rank=1, label="Xã B"),
        Pin("Xã C", 21.1, 106.4, Mark.UNKNOWN, "Xã C", rank=2),
    )


def test_a_map_places_north_above_south_and_names_points_on_hover():
    drawing = draw_map(PointMap("Bản đồ", "1 đạt", pins(), ((Mark.GOOD, "đạt: 1"),), "cỡ điểm"))
    root = parsed(drawing)
    said = [element.text for element in root.iter(f"{SVG}title")]
    assert {"Xã A: 1; chưa đạt", "Xã B: 9; đạt", "Xã C"} <= set(said)
    assert {"Xã A", "Xã B", "đạt: 1", "cỡ điểm"} <= set(texts(drawing))
    assert any(text.endswith(" km") for text in texts(drawing))
    names = {element.text: float(element.get("y")) for element in root.iter(f"{SVG}text")}
    assert names["Xã B"] < names["Xã A"]


def test_a_map_stands_on_ground_with_parallels_and_meridians():
    drawing = draw_map(PointMap("t", "d", pins(), (), north="B", east="Đ", notes=("nền xám",)))
    root = parsed(drawing)
    assert {"21°10′B", "106°10′Đ", "nền xám"} <= set(texts(drawing))
    ground = [path for path in root.iter(f"{SVG}path") if path.get("class") == "ground"]
    assert [path.get("d").count("M") for path in ground] == [3, 3]
    assert "Xã C" not in texts(drawing), "what misses nothing is named on hover alone"


def test_a_projection_goes_both_ways():
    projection, height = projection_of(pins())
    east, north = projection.degrees(*projection.place(106.2, 21.3))
    assert (east, north) == (pytest.approx(106.2, abs=1e-3), pytest.approx(21.3, abs=1e-3)) and height > 200


def test_a_map_of_one_place_and_of_places_in_one_spot_is_drawn():
    one = pins()[:1]
    assert parsed(draw_map(PointMap("t", "d", one, ()))) is not None
    assert parsed(draw_map(PointMap("t", "d", one * 3, ()))) is not None


def test_the_area_of_a_point_grows_with_its_weight():
    sizes = [size_of(pin) for pin in pins()]
    assert sizes[0] > sizes[1] > sizes[2] > 0


def test_columns_of_several_series_stand_side_by_side():
    columns = tuple(
        Series(look.value, (point(3), point(2), point(1)), look, Drawn.COLUMN)
        for look in (Look.MAIN, Look.SECOND)
    )
    bars = [
        (float(rect.get("x")), float(rect.get("width")))
        for group in parsed(draw(chart(series=columns))).findall(f"{SVG}g")
        for rect in group.iter(f"{SVG}rect")
    ]
    first = sorted(bars)[:2]
    assert len(bars) == 6 and abs(first[0][0] + first[0][1] - first[1][0]) < 0.2


def test_on_paper_a_chart_is_grey_in_the_documents_font_and_says_itself_in_full():
    root = parsed(draw_for_print(chart(target=Target("kế hoạch", (Fraction(90),) * 3)), size=HALF))
    painted = {element.get(name) for element in root.iter() for name in ("fill", "stroke")}
    colours = {colour for colour in painted if colour and colour != "none"}
    assert all(colour[1:3] == colour[3:5] == colour[5:7] for colour in colours) and len(colours) >= 3
    assert root.get("font-family").startswith("Tinos") and root.get("width") == "340"
    assert root.find(f"{SVG}title").text == "Khám thai <4 lần>. năm 2024: 90%; năm 2025: 93%"


FRACTIONS = st.fractions()
POINTS = st.none() | st.builds(
    Point,
    value=FRACTIONS,
    words=st.text(),
    low=st.none() | st.floats(allow_nan=False, allow_infinity=False),
    high=st.none() | st.floats(allow_nan=False, allow_infinity=False),
    is_partial=st.booleans(),
)
CHARTS = st.builds(
    Chart,
    title=st.text(),
    description=st.text(),
    categories=st.lists(st.builds(Category, st.text(), st.text()), max_size=3).map(tuple),
    series=st.lists(
        st.builds(
            Series,
            st.text(),
            st.lists(POINTS, max_size=3).map(tuple),
            st.sampled_from(Look),
            st.sampled_from(Drawn),
        ),
        max_size=3,
    ).map(tuple),
    target=st.none()
    | st.builds(
        Target,
        st.text(),
        st.lists(st.none() | FRACTIONS, max_size=3).map(tuple),
        st.lists(st.none() | FRACTIONS, max_size=3).map(tuple),
    ),
    unit=st.sampled_from(["", "%", "‰", "ca"]),
    decimals=st.integers(0, 4),
    axis=st.text(),
    interval_name=st.text(),
)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(CHARTS)
def test_a_chart_comes_back_exact_from_the_plain_data_a_snapshot_holds(original):
    stored = json.loads(json.dumps(as_plain(original)), parse_float=lambda text: pytest.fail(text))
    assert of_plain(stored) == original
