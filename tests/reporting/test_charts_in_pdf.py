"""Charts of a snapshot on the page: vectors in the document's font, told in words, side by side where half."""

import io
from fractions import Fraction

import pdfplumber

from plans.charts import Category, Chart, Look, Point, Series, Target
from plans.charts.plain import as_plain
from plans.charts.spec import Drawn
from reporting.renderers import render
from tests.reporting.cases import small_snapshot
from tests.reporting.test_renderers import needs_pango

pytestmark = needs_pango


def months(title):
    def points(values):
        return tuple(Point(Fraction(value), str(value)) for value in values)

    return Chart(
        title=title,
        description="từ 88,0% đến 93,0%",
        categories=tuple(Category(str(n), f"tháng {n}/2026") for n in range(1, 6)),
        series=(
            Series("năm 2026", points((88, 90, "91.5", 92, 93))),
            Series("năm 2025", points((80, 82, 85, 85, 86)), Look.SECOND, Drawn.COLUMN),
        ),
        target=Target("kế hoạch", (Fraction(95),) * 5),
        unit="%",
        axis="tháng",
    )


def with_charts(**blocks):
    snapshot = small_snapshot()
    content = snapshot["content"]
    content["charts"] = {key: as_plain(months(f"Hình {key}: <khám thai>")) for key in blocks}
    content["sections"][1]["blocks"] += [
        {"kind": "chart", "key": key, **extra} for key, extra in blocks.items()
    ]
    return snapshot


def test_a_chart_is_drawn_as_vectors_in_the_documents_font():
    with pdfplumber.open(io.BytesIO(render(with_charts(a={}), "pdf"))) as pdf:
        page = next(page for page in pdf.pages if "Hình a: <khám thai>" in page.extract_text())
        assert page.images == [] and len(page.curves) + len(page.lines) + len(page.rects) > 20
        text = page.extract_text().replace(" ", "")
        assert "93,0%" in text and "năm2026" in text and "kếhoạch" in text
        assert {char["fontname"].split("+")[-1].split("-")[0] for char in page.chars} == {"Tinos"}
        assert max(char["x1"] for char in page.chars) < page.width - 20 * 72 / 25.4 + 1


def test_charts_fill_the_page_they_begin_on():
    snapshot = with_charts(**{f"n{number}": {"size": "half"} for number in range(8)})
    with pdfplumber.open(io.BytesIO(render(snapshot, "pdf"))) as pdf:
        pages = [page.extract_text() for page in pdf.pages]
    first = next(number for number, text in enumerate(pages) if "Hình n0" in text)
    assert "II. " in pages[first] and pages[first].count("Hình n") < 8


def test_half_charts_stand_beside_each_other():
    halves = with_charts(a={"size": "half"}, b={"size": "half"})
    with pdfplumber.open(io.BytesIO(render(halves, "pdf"))) as pdf:
        found = [word for page in pdf.pages for word in page.extract_words() if word["text"] in ("a:", "b:")]
    assert len(found) == 2 and abs(found[0]["top"] - found[1]["top"]) < 1
    assert found[1]["x0"] - found[0]["x0"] > 180
