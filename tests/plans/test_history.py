"""Totals of past years: entered, corrected, deleted, imported, shown as given, and never added to anything."""

import json
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from facilities.models import AuditEvent, Role
from facilities.periods import Month
from indicators.models import DataElement, Group, MonthlyResult
from plans.actions.history import delete_total, problems_of, save_total
from plans.models import HistoricTotal
from plans.presenters.hiding import Hiding
from plans.presenters.history import present_history
from plans.standing import assess_lines
from tests.factories import person
from tests.factories_indicators import GroupFactory
from tests.factories_plans import (
    EnteredFigureFactory,
    HistoricTotalFactory,
    LineFactory,
    make_result,
)
from tests.plans.pages import make_scene, signed_in

pytestmark = pytest.mark.django_db
HEADER = "area,indicator,group,year,value,numerator,denominator,source\n"


@pytest.fixture
def scene():
    return make_scene()


def total_of(scene, area="A", **fields):
    given = {"year": 2019, "value": Decimal("45.3"), "source": "Báo cáo số 5/BC-SYT"} | fields
    return HistoricTotal(
        area=scene.world.areas[area], indicator=scene.indicator, group=Group.objects.get(code=""), **given
    )


def line_of(scene, year=2025):
    return next(s.line for s in assess_lines(scene.plan, year, Month(year, 12)) if s.line.key == "1.1")


def history_of(line, area, before=None):
    """The years of the place itself, oldest first."""
    history = present_history(
        line, area, before or timezone.localdate().year, line.entered_figures.all(), Hiding()
    )
    return history.years[::-1] if history else []


def years_of(scene, area="A", before=None):
    return [
        (one.year, str(one.origin), one.value, one.counts)
        for one in history_of(line_of(scene), scene.world.areas[area], before)
    ]


# --- entering ------------------------------------------------------------------------------------------


def test_a_total_is_entered_corrected_and_deleted_with_who_when_and_what(scene):
    planner = scene.cast.planner
    total = save_total(total=total_of(scene), by=planner)
    first = total.at
    total.value = Decimal("45.4")
    save_total(total=total, by=planner)
    save_total(total=HistoricTotal.objects.get(), by=planner)

    assert (total.by, total.at > first) == (planner, True)
    events = AuditEvent.objects.filter(subject_type="plans.historictotal").order_by("pk")
    assert [event.verb for event in events] == ["create", "update"], "saving the same again is no act"
    assert events[0].details["value"] == "45.3" and events[0].area_id == scene.world.areas["A"].pk
    assert events[1].details["changes"]["value"] == ["45.300000", "45.4"]

    delete_total(total=HistoricTotal.objects.get(), by=planner)

    assert not HistoricTotal.objects.exists()
    assert AuditEvent.objects.filter(verb="delete").latest("pk").details["value"] == "45.400000"


@pytest.mark.parametrize(
    ("fields", "column"),
    [
        ({"value": None}, "value"),
        ({"value": None, "numerator": Decimal(5)}, "value"),
        ({"value": Decimal("1e15")}, "value"),
        ({"numerator": Decimal(-1)}, "numerator"),
        ({"denominator": Decimal(5)}, "numerator"),
        ({"numerator": Decimal(1), "denominator": Decimal(0)}, "denominator"),
        ({"numerator": Decimal(454), "denominator": Decimal(1000)}, "value"),
        ({"year": date.today().year}, "year"),
        ({"year": 1949}, "year"),
        ({"source": " "}, "source"),
        ({"source": "x" * 301}, "source"),
        ({"area": "a1"}, "area"),
        ({"value": Decimal("-5")}, "value"),
    ],
)
def test_what_can_not_be_is_refused_in_words(scene, fields, column):
    with pytest.raises(ValidationError) as caught:
        save_total(total=total_of(scene, **fields), by=scene.cast.planner)
    assert column in caught.value.message_dict
    assert not HistoricTotal.objects.exists()


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"value": Decimal(150)}, {"value": "không quá 100%"}),
        ({"value": Decimal("100.01")}, {"value": "không quá 100%"}),
        (
            {"value": None, "numerator": Decimal(120), "denominator": Decimal(100)},
            {"numerator": "mẫu số 100"},
        ),
        ({"value": Decimal(100)}, {}),
    ],
)
def test_a_part_of_a_whole_is_never_more_than_the_whole(scene, fields, words):
    scene.indicator.interval = "wilson"
    problems = problems_of(total_of(scene, **fields))
    assert problems.keys() == words.keys() and all(text in problems[name] for name, text in words.items())


def test_a_coverage_of_a_register_may_pass_the_register(scene):
    scene.indicator.timing = "flow_population"
    assert not problems_of(total_of(scene, value=Decimal(103)))


def test_a_place_has_no_total_of_a_year_after_its_end(scene):
    total = total_of(scene)
    total.area.valid_to = date(2018, 7, 1)
    assert "chỉ có đến trước ngày 01/07/2018" in problems_of(total)["area"]
    total.year = 2018
    assert not problems_of(total)


@pytest.mark.parametrize(("numerator", "is_close"), [("452.6", True), ("453.4", True), ("452", False)])
def test_a_value_agrees_with_its_counts_as_far_as_it_was_printed(scene, numerator, is_close):
    total = total_of(scene, numerator=Decimal(numerator), denominator=Decimal(1000))
    if is_close:
        assert save_total(total=total, by=scene.cast.planner).pk
    else:
        with pytest.raises(ValidationError, match="45,2000"):
            save_total(total=total, by=scene.cast.planner)


def test_counts_alone_give_the_value(scene):
    total = total_of(scene, value=None, numerator=Decimal(1), denominator=Decimal(3))
    assert save_total(total=total, by=scene.cast.planner).figure == Fraction(100, 3)


def test_one_total_a_place_and_year(scene):
    save_total(total=total_of(scene), by=scene.cast.planner)
    with pytest.raises(ValidationError, match="hãy sửa số đã có"):
        save_total(total=total_of(scene, value=Decimal(50)), by=scene.cast.planner)


@pytest.mark.parametrize("who", ["leader", "reviewer", "stranger", "clerk"])
def test_only_who_enters_figures_of_the_place_may(scene, who):
    with pytest.raises(PermissionDenied):
        save_total(total=total_of(scene), by=getattr(scene.cast, who))
    stored = HistoricTotalFactory(area=scene.world.areas["A"], indicator=scene.indicator)
    with pytest.raises(PermissionDenied):
        delete_total(total=stored, by=getattr(scene.cast, who))


def test_a_total_is_not_moved_out_of_a_place_that_is_not_ones_own(scene):
    stored = HistoricTotalFactory(area=scene.world.areas["B"], indicator=scene.indicator)
    stored.area = scene.world.areas["A"]
    with pytest.raises(PermissionDenied):
        save_total(total=stored, by=person(Role.PLANNER, area=scene.world.areas["A"]))


# --- reading -------------------------------------------------------------------------------------------


def test_years_are_told_by_origin_and_never_added(scene):
    area, results = scene.world.areas["A"], MonthlyResult.objects.count()
    HistoricTotalFactory(area=area, indicator=scene.indicator, year=2019, value=45)
    HistoricTotalFactory(
        area=area, indicator=scene.indicator, year=2020, value=None, numerator=46, denominator=100
    )
    HistoricTotalFactory(area=area, indicator=scene.indicator, year=2024, value=99)
    HistoricTotalFactory(area=scene.world.areas["B"], indicator=scene.indicator, year=2018)
    make_result(area, scene.indicator, "2024-03", 50, 60)

    assert years_of(scene, before=2025) == [
        (2019, "total", "45,0%", ""),
        (2020, "total", "46,0%", "46 / 100"),
        (2024, "computed", "83,3%", "50 / 60"),
    ]
    (last,) = history_of(line_of(scene), area, 2025)[-1:]
    assert [(one.value, one.note) for one in last.others] == [("99,0%", "theo báo cáo cũ")]
    assert MonthlyResult.objects.count() == results + 1
    assert [year for year, *_ in years_of(scene, "M", before=2025)] == []


def test_a_total_is_drawn_as_given_where_nothing_else_tells_the_year(scene):
    HistoricTotalFactory(area=scene.plan.area, indicator=scene.indicator, year=2019, value=45)
    HistoricTotalFactory(area=scene.plan.area, indicator=scene.indicator, year=2024, value=99)
    make_result(scene.plan.area, scene.indicator, "2024-03", 50, 60)
    client = signed_in(scene.cast.leader)

    page = client.get(url_of(scene)).content.decode()

    assert "theo báo cáo cũ, như đã báo cáo" in page
    assert "<title>2019: 45,0% (Báo cáo tổng kết năm 2019)</title>" in page
    assert "<title>2024: 99,0%" not in page and "Cũng năm này" in page and "99,0%" in page
    told = client.get(url_of(scene, "?format=csv")).content.decode()
    assert "2019,,theo báo cáo cũ,45" in told and "2024,,theo báo cáo cũ,99" in told


def test_a_total_moves_no_verdict_no_last_year_and_no_pace(scene):
    def standing():
        (found,) = assess_lines(scene.plan, 2025, Month(2025, 6))
        return found.value, found.previous, found.projected, found.assessment

    before = standing()
    for year in (2021, 2022, 2023, 2024, 2025):
        HistoricTotalFactory(area=scene.plan.area, indicator=scene.indicator, year=year, value=1)
    assert standing() == before


def test_entered_years_stand_on_the_plans_own_boundaries(scene):
    for value in (80, 81):
        EnteredFigureFactory(line=scene.line, year=2024, value=value)
    EnteredFigureFactory(line=scene.line, year=2024, kind="estimate", value=70)

    assert years_of(scene, "M", before=2025) == [(2024, "entered", "81,0%", "")]
    assert years_of(scene, "A", before=2025) == []


def test_a_year_without_an_exact_figure_says_so(scene):
    make_result(scene.world.areas["A"], scene.indicator, "2024-03", 50, 60, unknown=1)
    (year,) = history_of(line_of(scene), scene.world.areas["A"], 2025)
    assert (year.figure, year.value) == (None, "–")
    assert "không có số liệu chính xác" in year.note


def test_a_group_has_its_own_totals(scene):
    group = Group.objects.create(code="DTTS", kind="people", name="Dân tộc thiểu số")
    HistoricTotalFactory(area=scene.world.areas["A"], indicator=scene.indicator, group=group)
    assert years_of(scene, before=2025) == []


def test_a_line_without_an_indicator_has_no_history(scene):
    line = LineFactory(plan=scene.plan, objective=scene.line.objective, key="1.9", indicator=None)
    found = next(s.line for s in assess_lines(scene.plan, 2025) if s.line.pk == line.pk)
    assert history_of(found, scene.plan.area) == []
    url = f"/plans/{scene.plan.slug}/lines/1.9/"
    assert "Các năm trước" not in signed_in(scene.cast.planner).get(url).content.decode()
    assert signed_in(scene.cast.planner).get(f"{url}history/new/").status_code == 404


# --- pages ---------------------------------------------------------------------------------------------


def url_of(scene, tail=""):
    return f"/plans/{scene.plan.slug}/lines/1.1/{tail}"


def sent(scene, area="A", **fields):
    given = {"area": scene.world.areas[area].pk, "year": 2019, "value": "45,3", "source": "Báo cáo số 5"}
    return given | fields


def test_a_planner_adds_corrects_and_deletes_on_the_page(scene):
    client = signed_in(scene.cast.planner)
    page = client.get(url_of(scene)).content.decode()
    assert url_of(scene, "history/new/") in page and "Chưa có số liệu năm trước" in page

    response = client.post(url_of(scene, "history/new/"), sent(scene, "M"))
    total = HistoricTotal.objects.get()
    assert response.url == f"{url_of(scene)}#history"
    page = client.get(url_of(scene)).content.decode()
    assert "45,3%" in page and "theo báo cáo cũ" in page and "Báo cáo số 5" in page
    assert scene.cast.planner.display_name in page

    edit = url_of(scene, f"history/{total.pk}/")
    assert 'value="45,3"' in client.get(edit).content.decode()
    assert client.post(edit, sent(scene, "M", value="45,4")).status_code == 302
    assert HistoricTotal.objects.get().value == Decimal("45.4")

    assert "Xóa hẳn?" in client.post(f"{edit}delete/").content.decode()
    assert client.post(f"{edit}delete/", {"sure": "1"}).status_code == 302
    assert not HistoricTotal.objects.exists()


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"value": ""}, "Cần nhập giá trị"),
        ({"value": "1.250"}, "có thể là"),
        ({"year": "2199"}, "Năm phải từ"),
        ({"numerator": "1", "denominator": "3"}, "Tử số và mẫu số cho 33,3333"),
        ({"area": "0"}, "Hãy chọn"),
    ],
)
def test_bad_input_comes_back_with_everything_typed(scene, fields, words):
    response = signed_in(scene.cast.planner).post(url_of(scene, "history/new/"), sent(scene) | fields)
    page = response.content.decode()
    assert response.status_code == 422 and "Báo cáo số 5" in page
    assert words in page or "area" in fields
    assert not HistoricTotal.objects.exists()


def test_two_people_at_one_total_see_each_other(scene):
    total = HistoricTotalFactory(area=scene.world.areas["A"], indicator=scene.indicator)
    client = signed_in(scene.cast.planner)
    edit = url_of(scene, f"history/{total.pk}/")
    opened = client.get(edit).context["opened"]
    HistoricTotal.objects.update(value=46)
    response = client.post(edit, sent(scene, opened=opened, value="47"))
    assert response.status_code == 409 and "46" in response.content.decode()
    assert HistoricTotal.objects.get().value == 46


def test_totals_of_places_inside_stand_apart(scene):
    HistoricTotalFactory(area=scene.world.areas["b"], indicator=scene.indicator, value=Decimal("61.7"))
    page = signed_in(scene.cast.leader).get(url_of(scene)).content.decode()
    inside = page.split("của các đơn vị bên trong", 1)[1]
    assert "Huyện b" in inside and "61,7%" in inside
    assert "history/" not in page, "who reads only is offered no change"


def test_a_paper_leaves_out_totals_inside_that_could_point_at_a_person(scene, monkeypatch):
    DataElement.objects.update(is_sensitive=True)
    for letter, numerator in {"b": 1, "M": 40}.items():
        HistoricTotalFactory(
            area=scene.world.areas[letter], indicator=scene.indicator, value=None, numerator=numerator,
            denominator=800,
        )  # fmt: skip
    papers = []
    monkeypatch.setattr("plans.views.line_files.as_pdf", lambda html: papers.append(html) or b"")
    client = signed_in(scene.cast.leader)
    assert "1 / 800" in client.get(url_of(scene)).content.decode()
    client.get(url_of(scene) + "?format=pdf")
    assert "40 / 800" in papers[0] and "1 / 800" not in papers[0].replace("40 / 800", "")
    assert "Không ghi ở đây số tổng của các đơn vị bên trong" in papers[0]


def test_the_choice_of_places_ends_at_the_plans_boundaries_and_the_persons_own(scene):
    old = person(Role.PLANNER, area=scene.world.areas["A"])
    form = signed_in(scene.cast.planner).get(url_of(scene, "history/new/")).context["form"]
    names = {area.name for area in form.fields["area"].queryset}
    assert names == {"Tỉnh M", "Tỉnh A", "Tỉnh B", "Huyện a", "Huyện b", "Huyện c"}
    assert signed_in(old).get(url_of(scene, "history/new/")).status_code == 404
    outside = HistoricTotalFactory(indicator=scene.indicator)
    assert signed_in(scene.cast.planner).get(url_of(scene, f"history/{outside.pk}/")).status_code == 404


def test_the_table_costs_two_queries_whatever_it_holds(scene):
    line = line_of(scene)
    with CaptureQueriesContext(connection) as few:
        history_of(line, scene.world.areas["A"])
    for year in range(2001, 2021):
        HistoricTotalFactory(area=scene.world.areas["A"], indicator=scene.indicator, year=year)
    with CaptureQueriesContext(connection) as many:
        assert len(history_of(line, scene.world.areas["A"])) >= 20
    assert len(few) == len(many) == 2


def test_the_years_of_an_urban_line_are_asked_for_where_there_are_results(scene):
    scene.line.group = GroupFactory(code="URBAN", kind="places")
    scene.line.save()
    line = line_of(scene)
    with CaptureQueriesContext(connection) as queries:
        (year,) = history_of(line, scene.world.areas["M"], 2026)
    (sql,) = [query["sql"] for query in queries if "indicators_monthlyresult" in query["sql"]]
    assert year.year == 2025 and sql.count("is_urban") == 1


# --- files ---------------------------------------------------------------------------------------------


def run(tmp_path, capsys, rows, *options):
    path = tmp_path / "cu.csv"
    path.write_text(HEADER + rows, encoding="utf-8")
    call_command("import_history", str(path), *options)
    return json.loads(capsys.readouterr().out)


def test_a_file_is_dry_unless_committed_and_may_come_again(scene, tmp_path, capsys):
    rows = 'A,ANC4,,2019,"45,3",453,1000,Báo cáo số 5\nb,ANC4,,2019,,61,100,Báo cáo số 6\n'

    assert run(tmp_path, capsys, rows) == {"rows": 2, "stored": 2, "rejected": []}
    assert not HistoricTotal.objects.exists()
    for _time in range(2):
        assert run(tmp_path, capsys, rows, "--commit")["stored"] == 2

    totals = HistoricTotal.objects.order_by("area__code")
    assert [(one.area.code, one.figure) for one in totals] == [("A", Fraction(453, 10)), ("b", 61)]
    assert AuditEvent.objects.filter(subject_type="plans.historictotal").count() == 2


def test_a_later_file_corrects_and_the_log_keeps_what_stood_there(scene, tmp_path, capsys):
    run(tmp_path, capsys, "A,ANC4,,2019,45.3,,,Báo cáo số 5\n", "--commit")
    run(tmp_path, capsys, "A,ANC4,,2019,45.5,,,Đính chính\n", "--commit")
    assert HistoricTotal.objects.get().value == Decimal("45.5")
    event = AuditEvent.objects.get(verb="update", subject_type="plans.historictotal")
    assert event.details["changes"]["source"] == ["Báo cáo số 5", "Đính chính"]


@pytest.mark.parametrize("bad", ["77,,,BC 2", "77,1,-5,BC 2", "77,1,4,BC 2"])
def test_a_refused_row_leaves_the_accepted_one_of_a_known_total_as_it_is(scene, tmp_path, capsys, bad):
    run(tmp_path, capsys, "A,ANC4,,2019,45.3,,,Báo cáo số 5\n", "--commit")
    rows = f"A,ANC4,,2019,50,,,BC 1\nA,ANC4,,2019,{bad}\n"
    (refused,) = run(tmp_path, capsys, rows, "--commit")["rejected"]
    assert (refused["row"], refused["column"]) == (3, "year")
    total = HistoricTotal.objects.get()
    assert (total.value, total.numerator, total.source) == (50, None, "BC 1")


def test_every_bad_row_is_named_and_the_good_ones_are_stored(scene, tmp_path, capsys):
    rows = (
        "A,ANC4,,2019,45.3,,,Báo cáo\n"
        "A,ANC4,,2019,45.4,,,Lặp\n"
        "X,ANC4,,2019,45.3,,,x\n"
        "A,KHÔNG,,2019,45.3,,,x\n"
        "A,ANC4,người,2019,45.3,,,x\n"
        "A,ANC4,,19,45.3,,,x\n"
        "A,ANC4,,2018,1.250,,,x\n"
        "A,ANC4,,2018,,5,,x\n"
        "a1,ANC4,,2018,45,,,x\n"
        "A,ANC4,,2018,45,,,\n"
        "A,ANC4,,2018\n"
    )
    report = run(tmp_path, capsys, rows, "--commit")
    assert (report["rows"], report["stored"]) == (11, 1)
    assert [(one["row"], one["column"]) for one in report["rejected"]] == [
        (3, "year"), (4, "area"), (5, "indicator"), (6, "group"), (7, "year"), (8, "value"), (9, "value"),
        (10, "area"), (11, "source"), (12, ""),
    ]  # fmt: skip
    assert HistoricTotal.objects.get().source == "Báo cáo"


def test_a_code_that_another_place_bore_that_year_is_asked_about(scene, tmp_path, capsys):
    old, new = scene.world.areas["A"], scene.world.areas["M"]
    new.code = "A"
    new.save()
    (refused,) = run(tmp_path, capsys, "A,ANC4,,2019,45,,,Báo cáo\n", "--commit")["rejected"]
    assert refused["column"] == "area" and old.key in refused["reason"] and new.key in refused["reason"]
    run(tmp_path, capsys, f"{old.key},ANC4,,2019,45,,,Báo cáo\n", "--commit")
    assert HistoricTotal.objects.get().area == old


@pytest.mark.parametrize("content", [b"", b"area,year\n", b"\xff\xfe\x00"])
def test_a_file_of_another_kind_is_refused_whole(tmp_path, content):
    path = tmp_path / "x.csv"
    path.write_bytes(content)
    with pytest.raises(CommandError):
        call_command("import_history", str(path))
