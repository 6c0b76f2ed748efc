"""Plan files: read whole, every mistake named with its line."""

from decimal import Decimal
from pathlib import Path

import pytest

from plans.files import InvalidFile, read_agencies, read_plan

DATA = Path(__file__).resolve().parents[2] / "plans" / "data"
LINES = {
    "bac-giang-2024-2025": 12,
    "dien-bien-phu-2021-2025": 16,
    "bac-ninh-1999-2026-2030": 10,
    "bac-ninh-683-2026": 21,
    "bac-ninh-1663-2025": 17,
}
PLAN = """
slug: thu
title: Kế hoạch thử
short_title: Thử
issuer: Sở Y tế
area: "24@2025-07-01"
start_year: 2025
end_year: 2026
baseline_year: 2024
objectives:
- {label: Mục tiêu 1, title: Tốt hơn}
indicators:
- key: "1.1"
  label: "1"
  objective: Mục tiêu 1
  name: Tỷ lệ sàng lọc
  group: đô thị
  unit: "%"
  direction: higher
  decimals: 1
  origin: table
  baseline: {year: 2024, text: "> 65,5"}
  targets:
  - {year: 2025, text: "70% (đô thị 80%)"}
  - {year: 2026, text: duy trì}
"""


def write(tmp_path, text):
    path = tmp_path / "thu.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def problems(tmp_path, text):
    with pytest.raises(InvalidFile) as caught:
        read_plan(write(tmp_path, text))
    return [str(problem) for problem in caught.value.problems]


@pytest.mark.parametrize("slug", LINES)
def test_the_packaged_plans_hold_their_quantitative_lines(slug):
    plan = read_plan(DATA / f"{slug}.yaml")

    assert plan.slug == slug
    assert sum(not line.is_further for line in plan.lines) == LINES[slug]


def test_every_name_in_the_packaged_tasks_is_an_agency_of_the_packaged_files():
    agencies = {
        (agency.name, agency.area)
        for path in (DATA / "agencies").glob("*.yaml")
        for agency in read_agencies(path)
    }
    named = set()
    for slug in LINES:
        plan = read_plan(DATA / f"{slug}.yaml")
        named |= {(plan.issuer, plan.area)}
        named |= {(name, plan.area) for task in plan.tasks for name in (*task.lead, *task.partners)}

    assert named - agencies == set()


def test_a_target_takes_the_meaning_of_its_own_group(tmp_path):
    (line,) = read_plan(write(tmp_path, PLAN)).lines

    (meaning,) = line.targets[0].meanings
    assert (meaning.operator, meaning.value, line.targets[0].text) == (">=", Decimal(80), "70% (đô thị 80%)")


def test_keeping_up_means_no_worse_than_the_baseline(tmp_path):
    (line,) = read_plan(write(tmp_path, PLAN)).lines

    (meaning,) = line.targets[1].meanings
    assert (meaning.operator, meaning.value) == (">=", Decimal("65.5"))


def test_a_meaning_in_the_file_wins_over_the_text(tmp_path):
    text = PLAN.replace(
        "text: duy trì}", 'text: "1.250", meaning: [{kind: level, operator: ">=", value: 1250}]}'
    )

    (line,) = read_plan(write(tmp_path, text)).lines

    (meaning,) = line.targets[1].meanings
    assert (meaning.value, meaning.ambiguous, meaning.signed) == (Decimal(1250), False, False)


def test_a_baseline_without_a_sign_has_no_operator(tmp_path):
    signed = read_plan(write(tmp_path, PLAN)).lines[0].baseline.meaning
    bare = read_plan(write(tmp_path, PLAN.replace("> 65,5", "65,5"))).lines[0].baseline.meaning

    assert (signed.operator, bare.operator, bare.value) == (">", None, Decimal("65.5"))


def test_every_mistake_is_named_with_its_line(tmp_path):
    text = (
        PLAN.replace("slug: thu", "slug: Thử")
        .replace('key: "1.1"', "key: 1.10")
        .replace("direction: higher", "direction: up")
        .replace("year: 2026, text: duy trì", "year: 2031, text: 80")
        .replace("unit:", "đơn vị:")
    )

    assert problems(tmp_path, text) == [
        "thu.yaml:2: slug: chỉ gồm chữ thường không dấu, số và gạch nối",
        "thu.yaml:13: indicators 1, key: phải là chữ; đặt trong ngoặc kép",
        "thu.yaml:18: indicators 1, đơn vị: khóa không dùng trong tệp này",
        "thu.yaml:19: indicators 1, direction: phải là một trong: higher, lower, none",
        "thu.yaml:25: indicators 1, targets 2, text: phải là chữ; đặt trong ngoặc kép",
        "thu.yaml:25: indicators 1, targets 2, year: năm 2031 ngoài kế hoạch 2025–2026",
    ]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("objective: Mục tiêu 1", "objective: Mục tiêu 9", "không có mục tiêu “Mục tiêu 9”"),
        ('label: "1"', 'parent: "7"', "không có dòng “7” đứng trước"),
        ("slug: thu", "slug: thu\nslug: hai", "khóa ghi hai lần"),
        ("year: 2026, text", "year: 2025, text", "năm 2025 ghi hai lần"),
        ("end_year: 2026", "end_year: 2024", "năm kết thúc không được trước năm bắt đầu"),
        (
            "text: duy trì",
            'text: "80", meaning: [{kind: level, operator: "~", value: 80}]',
            "phải là một trong",
        ),
        (
            "text: duy trì",
            'text: "80", meaning: [{kind: level, operator: "="}]',
            "chỉ tiêu số phải có giá trị",
        ),
        ("text: duy trì", 'text: "80", meaning: [{kind: level, operator: "<", value: .inf}]', "số quá lớn"),
        ("year: 2024, text", "year: 2023, text", "năm gốc của kế hoạch là 2024"),
        ("decimals: 1", "decimals: -1", "phải là số nguyên không âm"),
        ("name: Tỷ lệ sàng lọc", "name: ''", "không được để trống"),
        ('unit: "%"', f'unit: "{"x" * 61}"', "dài quá 60 ký tự"),
        ("title: Kế hoạch thử", "title: [", "YAML sai"),
        ("origin: table", "timing: change", "không chỉ tiêu nào nói tăng hay giảm"),
    ],
)
def test_a_broken_file_says_what_is_wrong(tmp_path, old, new, message):
    assert any(message in problem for problem in problems(tmp_path, PLAN.replace(old, new)))


@pytest.mark.parametrize("content", [b"", b"- 1", b"\xff\xfe", b"slug: 2025-02-30"])
def test_a_file_that_is_no_plan_is_refused(tmp_path, content):
    path = tmp_path / "thu.yaml"
    path.write_bytes(content)

    with pytest.raises(InvalidFile):
        read_plan(path)


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(InvalidFile, match="không đọc được tệp"):
        read_plan(tmp_path / "khong-co.yaml")
