"""The catalogue files load, say what the five plans need, and every mistake in them is named."""

import shutil
from datetime import date
from decimal import Decimal

import pytest
import yaml

from indicators import definitions
from indicators.definitions import DefinitionError, Term
from indicators.slips import PARAMETERS

CODES = """
MMR ANC4 FACILITY_BIRTH SKILLED_BIRTH HOME_CARE_WEEK1 IRON NMR IMR U5MR LBW EENC STUNTING UNDERWEIGHT NBS
NBS5 PNS PNS4 PREMARITAL SRB THIRD_CHILD FIC DOCTORS PHARMACISTS BEDS BEDS_PUBLIC BEDS_PRIVATE INSURANCE
STATION_DOCTOR STATION_MIDWIFE COMMUNE_CRITERIA ELDERLY_EXAM ELDERLY_MANAGED MODERN_CONTRACEPTION
NEW_USERS NEW_IUD NEW_IMPLANT NEW_INJECTABLE NEW_PILL NEW_CONDOM NATURAL_INCREASE CBR MEAN_POPULATION
HEALTH_CHECK HEALTH_RECORDS POPULATION_REGISTERED HOSPITAL_DELIVERIES HOSPITAL_CAESAREAN
"""
COLUMNS = {
    "B4": "3a 3b 4a 4b 5 6 7 8a 8b 8c 8d 9a 9b 10a 10b 10c 11a 11b 11c 12a 12b 13a 13b 14 15a 15b 16 17 "
    "18a 18b 18c 19 20 21a 21b 22a 22b",
    "B7": "3 4 5a 5b 5c 6 7 8 9 10 11 12 13 14",
    "B8": "3 3a 3b 3c 3d 3e 3f 3g 4 4a 4b 5 6 6a 7 8 8a 9 10 11 12 12a 13 13a",
}
RULES = {
    "B4.8a <= B4.7", "B4.7[DTTS] <= B4.7", "B4.8c <= B4.7", "B4.8d <= B4.7", "B4.9a <= B4.7",
    "B4.9a[DTTS] <= B4.9a", "B4.9a[DTTS] <= B4.7[DTTS]", "B4.18c <= B4.18b", "B4.18b <= B4.7",
    "B4.18a <= B4.7", "B4.18b >= B4.7 - B4.18a", "B4.21a <= B4.20", "B4.22b <= B4.22a", "B8.3a <= B8.3",
    "B8.3[DTTS] <= B8.3", "B8.4 <= B8.3", "B8.4a + B8.4b <= B8.4", "B8.6a <= B8.6", "B8.10 <= B8.11",
    "B8.11 <= B8.12", "B8.12 <= B8.13", "B8.12[DTTS] <= B8.12", "B8.13[DTTS] <= B8.13",
    "B8.12[DTTS] <= B8.13[DTTS]", "B8.3c + B8.3d <= B8.3",
    "B7.4 + B7.5a + B7.5b + B7.5c + B7.6 + B7.8 + B7.9 = B7.3",
}  # fmt: skip


@pytest.fixture(scope="module")
def catalogue():
    return definitions.load()


@pytest.fixture
def folder(tmp_path):
    """A copy of the catalogue that a test may spoil."""
    shutil.copytree(definitions.FOLDER, tmp_path / "data")
    return tmp_path / "data"


def spoil(folder, file, change):
    """Apply `change` to the entries of a file and return what loading then complains of."""
    path = folder / file
    entries = yaml.safe_load(path.read_text(encoding="utf-8"))
    change(entries)
    path.write_text(yaml.safe_dump(entries, allow_unicode=True, sort_keys=False), encoding="utf-8")
    with pytest.raises(DefinitionError) as caught:
        definitions.load(folder)
    return [(problem.file, problem.entry, problem.problem) for problem in caught.value.problems]


def entry(entries, code):
    return next(entry for entry in entries if entry["code"] == code)


def indicator(catalogue, code):
    return next(indicator for indicator in catalogue.indicators if indicator.code == code)


def test_every_indicator_of_the_plans_is_defined(catalogue):
    assert sorted(indicator.code for indicator in catalogue.indicators) == sorted(CODES.split())


@pytest.mark.parametrize("code", COLUMNS)
def test_both_versions_of_a_ministry_form_carry_its_columns(catalogue, code):
    versions = [form for form in catalogue.forms if form.code == code]

    assert [(form.valid_from, form.valid_to, form.legal_basis) for form in versions] == [
        (date(2021, 1, 1), date(2025, 7, 1), "Thông tư 37/2019/TT-BYT"),
        (date(2025, 7, 1), date(2027, 3, 1), "Thông tư 23/2025/TT-BYT"),
    ]
    for form in versions:
        assert [item.column for item in form.items] == COLUMNS[code].split()


def test_the_columns_of_a_group_are_cells_of_an_element(catalogue):
    cells = {
        (form.code, item.column): item.cell for form in catalogue.forms for item in form.items if item.group
    }

    assert cells == {
        ("B4", "8b"): ("B4.7", "DTTS"),
        ("B4", "9b"): ("B4.9a", "DTTS"),
        ("B8", "3b"): ("B8.3", "DTTS"),
        ("B8", "12a"): ("B8.12", "DTTS"),
        ("B8", "13a"): ("B8.13", "DTTS"),
        ("BS", "5"): ("B4.18c", "DTTS"),
        ("BS", "6"): ("B4.22a", "DTTS"),
    }


def test_every_rule_of_the_circular_is_there(catalogue):
    assert {rule.expression for rule in catalogue.rules} >= RULES
    assert [rule.code for rule in catalogue.rules if rule.scope == "year" and rule.form == "B4"] == [
        "B4-22b-22a"
    ]


def test_every_element_has_an_example_in_both_languages(catalogue):
    assert [each.code for each in catalogue.elements if not (each.example and each.example_en)] == []
    assert len({each.example for each in catalogue.elements}) == len(catalogue.elements)


def test_what_stands_at_a_moment_is_never_added_up(catalogue):
    monthly = {each.code for each in catalogue.elements if each.stock and each.period == "month"}
    assert monthly == {"B4.4a", "B4.4b"}
    counted = {term.element for each in catalogue.indicators if each.timing == "stock" for term in each.terms}
    assert counted <= {each.code for each in catalogue.elements if each.stock}


def test_only_forms_of_events_can_say_that_nothing_occurred(catalogue):
    assert {form.code for form in catalogue.forms if form.allows_nothing} == {"B7", "B8", "BS"}


def test_every_kind_of_slip_has_a_rule_for_every_form(catalogue):
    slips = [(rule.kind, rule.form) for rule in catalogue.rules if rule.kind != "relation"]
    assert set(slips) == {(kind, "*") for kind in PARAMETERS}


def test_boys_are_live_births_less_girls(catalogue):
    assert indicator(catalogue, "SRB").terms == (
        Term("numerator", "B8.3"),
        Term("numerator", "B8.3a", coefficient=Decimal(-1)),
        Term("denominator", "B8.3a"),
    )


def test_the_mean_population_is_half_of_each_end_of_the_year(catalogue):
    assert indicator(catalogue, "MEAN_POPULATION").terms == (
        Term("numerator", "DS.dan_so_dau_nam", coefficient=Decimal("0.5")),
        Term("numerator", "DS.dan_so_cuoi_nam", coefficient=Decimal("0.5")),
    )


def test_indicators_of_ethnic_minorities_have_terms_of_their_own(catalogue):
    with_groups = [
        each.code for each in catalogue.indicators if any(term.group == "DTTS" for term in each.terms)
    ]

    assert with_groups == ["MMR", "ANC4", "SKILLED_BIRTH", "IMR", "U5MR"]


def test_every_indicator_and_element_says_where_it_is_from(catalogue):
    for each in (*catalogue.elements, *catalogue.indicators):
        assert "cần cán bộ chuyên môn kiểm tra" in each.source, each.code


def test_lower_is_better_only_where_it_is(catalogue):
    lower = {each.code for each in catalogue.indicators if each.direction == "lower"}

    assert lower == {"MMR", "NMR", "IMR", "U5MR", "LBW", "STUNTING", "UNDERWEIGHT", "SRB", "THIRD_CHILD"}


def test_a_hospital_delivery_is_never_added_to_a_residents(catalogue):
    for form in catalogue.forms:
        if ("B4.7", "") in form.cells:
            hospital = "hospital" in form.facility_types
            assert form.basis == ("service" if hospital else "residence")
    assert indicator(catalogue, "HOSPITAL_DELIVERIES").basis == "service"


def test_names_fit_their_columns(catalogue):
    assert [each.code for each in catalogue.elements if len(each.short) > 40] == []


def as_new_version(entries):
    entries.append(entry(entries, "BS") | {"valid_from": date(2026, 1, 1)})


def with_second_owner(entries):
    sections = [{"title": "x", "title_en": "x", "items": ["B4.7"]}]
    entries.append(entry(entries, "BS") | {"code": "X", "sections": sections})


@pytest.mark.parametrize(
    ("file", "change", "problem"),
    [
        (
            "elements.yaml",
            lambda entries: entry(entries, "B4.7").pop("name"),
            ("elements.yaml", "B4.7", "thiếu “name”"),
        ),
        (
            "elements.yaml",
            lambda entries: entry(entries, "B4.7").update(nmae="x"),
            ("elements.yaml", "B4.7", "khóa lạ “nmae”"),
        ),
        (
            "elements.yaml",
            lambda entries: entries.append(entry(entries, "B4.7")),
            ("elements.yaml", "B4.7", "mã viết hai lần"),
        ),
        (
            "elements.yaml",
            lambda entries: entries.append(entry(entries, "B4.7") | {"code": "B4.99"}),
            ("elements.yaml", "B4.99", "không nằm trên biểu nào"),
        ),
        (
            "forms.yaml",
            lambda entries: entry(entries, "B7")["sections"][0]["items"].append("B7.99"),
            ("forms.yaml", "B7 2021-01-01", "không có số liệu B7.99"),
        ),
        (
            "forms.yaml",
            lambda entries: entry(entries, "B7")["sections"][0]["items"].append("B7.3"),
            ("forms.yaml", "B7 2021-01-01", "ô B7.3 có hai lần"),
        ),
        (
            "forms.yaml",
            lambda entries: entry(entries, "BS")["sections"][0]["items"][0].update(group="URBAN"),
            ("forms.yaml", "BS 2021-01-01", "không có nhóm người URBAN"),
        ),
        (
            "forms.yaml",
            as_new_version,
            ("forms.yaml", "BS 2021-01-01, BS 2026-01-01", "hai phiên bản của một biểu có hiệu lực cùng lúc"),
        ),
        (
            "forms.yaml",
            with_second_owner,
            ("forms.yaml", "B4 2021-01-01, X 2021-01-01", "station, point phải nộp hai lần ô B4.7"),
        ),
        (
            "forms.yaml",
            lambda entries: entry(entries, "DS").update(deadline_month_day="02-31"),
            (
                "forms.yaml",
                "DS 2021-01-01",
                "biểu năm cần deadline_month_day dạng “MM-DD”, không dùng deadline_working_days",
            ),
        ),
        (
            "forms.yaml",
            lambda entries: entry(entries, "BS").update(facility_types=["clinic"]),
            ("forms.yaml", "BS 2021-01-01", "facility_types: không có loại clinic"),
        ),
        (
            "rules.yaml",
            lambda entries: entry(entries, "B4-8a-7").update(expression="B8.3 <= B4.7"),
            ("rules.yaml", "B4-8a-7", "biểu B4 từ 2021-01-01 không có ô B8.3"),
        ),
        (
            "rules.yaml",
            lambda entries: entry(entries, "B4-8a-7").update(expression="B4.8a < B4.7"),
            ("rules.yaml", "B4-8a-7", "expression “B4.8a < B4.7”: không đọc được từ “< B4.7”"),
        ),
        (
            "rules.yaml",
            lambda entries: entry(entries, "DS-3-2").update(scope="month"),
            ("rules.yaml", "DS-3-2", "biểu DS là biểu năm nên scope phải là year"),
        ),
        (
            "rules.yaml",
            lambda entries: entry(entries, "B4-8a-7").pop("expression"),
            ("rules.yaml", "B4-8a-7", "expression “”: cần đúng một phép so sánh <=, >= hoặc ="),
        ),
        (
            "rules.yaml",
            lambda entries: entry(entries, "B4-8a-7").update(form="*"),
            ("rules.yaml", "B4-8a-7", "không có biểu *"),
        ),
        (
            "rules.yaml",
            lambda entries: entry(entries, "slip-range").update(expression="B4.7 = 1"),
            ("rules.yaml", "slip-range", "quy tắc tìm lỗi gõ không có expression, scope"),
        ),
        (
            "rules.yaml",
            lambda entries: entry(entries, "slip-range")["parameters"].pop("deviation"),
            ("rules.yaml", "slip-range", "parameters: Thiếu deviation."),
        ),
        (
            "rules.yaml",
            lambda entries: entry(entries, "slip-range")["parameters"].update(deviation="3", gian=1),
            ("rules.yaml", "slip-range", "parameters: Không có ngưỡng gian ở loại quy tắc này."),
        ),
        (
            "rules.yaml",
            lambda entries: entry(entries, "slip-range")["parameters"].update(deviation="3"),
            ("rules.yaml", "slip-range", "parameters: deviation phải là số từ 0 trở lên."),
        ),
        (
            "rules.yaml",
            lambda entries: entry(entries, "slip-range")["parameters"].update(deviation=-3),
            ("rules.yaml", "slip-range", "parameters: deviation phải là số từ 0 trở lên."),
        ),
        (
            "rules.yaml",
            lambda entries: entry(entries, "slip-shifted-up")["parameters"].update(step=0),
            ("rules.yaml", "slip-shifted-up", "parameters: step phải là 1 hoặc -1."),
        ),
        (
            "rules.yaml",
            lambda entries: entry(entries, "slip-shifted-up")["parameters"].update(gap=7),
            (
                "rules.yaml",
                "slip-shifted-up",
                "parameters: gap phải nhỏ hơn gain, nếu không một dòng trống đã đủ gọi là lệch dòng.",
            ),
        ),
        (
            "rules.yaml",
            lambda entries: entry(entries, "slip-range").update(message="{column}: {meant}"),
            ("rules.yaml", "slip-range", "lời giải thích: không có meant"),
        ),
        (
            "forms.yaml",
            lambda entries: entry(entries, "B4").update(allows_nothing=True),
            (
                "forms.yaml",
                "B4 2021-01-01",
                "allows_nothing: cột 4a, 4b là số hiện có, không phát sinh không có nghĩa là 0",
            ),
        ),
        (
            "elements.yaml",
            lambda entries: entry(entries, "B4.7").update(stock="yes"),
            ("elements.yaml", "B4.7", "stock: “yes” không phải true hoặc false"),
        ),
        (
            "indicators.yaml",
            lambda entries: entry(entries, "BEDS").update(basis="service"),
            ("indicators.yaml", "BEDS", "không biểu nào tính theo service có ô DS.dan_so_cuoi_nam"),
        ),
        (
            "indicators.yaml",
            lambda entries: entry(entries, "MMR")["terms"].pop(),
            ("indicators.yaml", "MMR", "thiếu mẫu số của nhóm DTTS"),
        ),
        (
            "indicators.yaml",
            lambda entries: entry(entries, "MMR").update(direction="down"),
            (
                "indicators.yaml",
                "MMR",
                "direction: “down” không thuộc higher, lower, none",
            ),
        ),
        (
            "indicators.yaml",
            lambda entries: entry(entries, "SRB")["terms"][1].update(coefficient=0),
            ("indicators.yaml", "SRB", "coefficient: “0” không phải số khác 0"),
        ),
        (
            "indicators.yaml",
            lambda entries: entry(entries, "FIC").update(timing="flow"),
            ("indicators.yaml", "FIC", "mẫu số DS.tre_duoi_1 phải là số liệu tháng để cộng dồn"),
        ),
    ],
)
def test_a_mistake_is_named_with_its_file_and_entry(folder, file, change, problem):
    assert problem in spoil(folder, file, change)


def test_all_mistakes_are_listed_at_once(folder):
    def change(entries):
        entries[0].pop("name")
        entries[1]["period"] = "week"

    problems = spoil(folder, "elements.yaml", change)

    assert problems == [
        ("elements.yaml", "B4.3a", "thiếu “name”"),
        ("elements.yaml", "B4.3b", "period: “week” không thuộc month, year"),
    ]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("- code: [", "elements.yaml: dòng 2: không đúng cú pháp YAML"),
        ("- code: A\n  code: B\n", "elements.yaml: dòng 1: không đúng cú pháp YAML: khóa code viết hai lần"),
        ("code: A\n", "elements.yaml: -: tệp phải là một danh sách"),
        ("- A\n", "elements.yaml: mục 1: phải gồm các dòng “khóa: giá trị”"),
    ],
)
def test_a_file_that_can_not_be_read_says_where(folder, text, problem):
    (folder / "elements.yaml").write_text(text, encoding="utf-8")

    with pytest.raises(DefinitionError) as caught:
        definitions.load(folder)

    assert problem in str(caught.value)


def test_a_missing_file_is_named(folder):
    (folder / "rules.yaml").unlink()

    with pytest.raises(DefinitionError, match="rules.yaml: -: không mở được tệp"):
        definitions.load(folder)
