"""A whole plan file, checked before anything is stored."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from plans.files.duties import read_duties
from plans.files.entry import Entry
from plans.files.lines import read_line
from plans.files.shapes import BudgetEntry, LineEntry, ObjectiveEntry, PlanFile, TaskEntry
from plans.files.source import Source

SLUG = re.compile(r"^[a-z0-9]+(-[a-z0-9]+)*$")
SECTIONS = ("appendix", "organisation")
PLAN_KEYS = (
    "slug", "number", "title", "short_title", "issuer", "area", "issued_on", "start_year", "end_year",
    "baseline_year", "legal_bases", "report", "objectives", "indicators", "further_indicators", "tasks",
    "budget", "sections", "warnings",
)  # fmt: skip

# A line's key stands in its address.
LINE_KEY = re.compile(r"[\w.-]+")


def read_plan(path: Path) -> PlanFile:
    """Read and check one plan file. Raises InvalidFile with every problem, each with its line."""
    source = Source(path)
    top = Entry(source, source.data)
    top.only(*PLAN_KEYS)
    report = top.entry("report")
    lines = [read_line(entry, is_further=False) for entry in top.entries("indicators")]
    lines += [read_line(entry, is_further=True) for entry in top.entries("further_indicators")]
    plan = PlanFile(
        slug=_slug(top, "slug", required=True),
        number=top.text("number", longest=60),
        title=top.text("title", required=True),
        short_title=top.text("short_title", required=True, longest=120),
        issuer=top.text("issuer", required=True, longest=200),
        area=top.area("area"),
        issued_on=top.day("issued_on"),
        start_year=top.year("start_year") or 0,
        end_year=top.year("end_year") or 0,
        baseline_year=top.year("baseline_year", required=False),
        legal_bases=top.texts("legal_bases"),
        report_due=report.day("due") if report else None,
        report_text=report.text("text") if report else "",
        duties=read_duties(report) if report else (),
        objectives=tuple(_objective(entry) for entry in top.entries("objectives")),
        lines=tuple(lines),
        tasks=tuple(_task(entry) for entry in top.entries("tasks")),
        budget=tuple(_budget(entry) for entry in top.entries("budget")),
        sections=tuple(_section(entry) for entry in top.entries("sections")),
        warnings=top.texts("warnings"),
    )
    _check_whole(top, plan)
    source.finish()
    return plan


def _slug(entry: Entry, key: str, *, required: bool = False) -> str:
    value = entry.text(key, required=required, longest=80)
    if value and not SLUG.match(value):
        entry.wrong(key, "chỉ gồm chữ thường không dấu, số và gạch nối")
    return value


def _objective(entry: Entry) -> ObjectiveEntry:
    entry.only("label", "title")
    return ObjectiveEntry(entry.text("label", required=True, longest=60), entry.text("title", required=True))


def _task(entry: Entry) -> TaskEntry:
    entry.only(
        "label", "section", "content", "original", "lead", "partners", "due", "output", "note", "refers_to"
    )
    parts = {key: entry.texts(key) for key in ("lead", "partners")}
    for key, names in parts.items():
        for name in _repeated(names):
            entry.wrong(key, f"“{name}” ghi hai lần")
    return TaskEntry(
        label=entry.text("label", required=True, longest=20),
        section=entry.choice("section", SECTIONS),
        content=entry.text("content", required=True),
        original=entry.text("original"),
        lead=parts["lead"],
        partners=parts["partners"],
        due=entry.month("due"),
        output=entry.text("output"),
        note=entry.text("note"),
        refers_to=_slug(entry, "refers_to"),
    )


def _budget(entry: Entry) -> BudgetEntry:
    entry.only("year", "amount", "currency", "source", "words")
    return BudgetEntry(
        year=entry.year("year") or 0,
        amount=entry.count("amount"),
        currency=entry.text("currency", required=True, longest=3),
        source=entry.text("source", required=True, longest=200),
        words=entry.text("words", longest=300),
    )


def _section(entry: Entry) -> tuple[str, str]:
    entry.only("heading", "text")
    return entry.text("heading"), entry.text("text")


def _check_whole(top: Entry, plan: PlanFile) -> None:
    """Check what one entry says of another: labels, keys, parents, years."""
    if plan.end_year < plan.start_year:
        top.wrong("end_year", "năm kết thúc không được trước năm bắt đầu")
    if not plan.objectives:
        top.wrong("objectives", "kế hoạch phải có ít nhất một mục tiêu")
    labels = [objective.label for objective in plan.objectives]
    for label in _repeated(labels):
        top.wrong("objectives", f"ký hiệu “{label}” ghi hai lần")
    for name in _repeated(f"{task.section}/{task.label}" for task in plan.tasks):
        top.wrong("tasks", f"nhiệm vụ “{name}” ghi hai lần")
    for name in _repeated(f"{line.year} {line.source}" for line in plan.budget):
        top.wrong("budget", f"“{name}” ghi hai lần")
    entries = [*top.entries("indicators"), *top.entries("further_indicators")]
    earlier: set[str] = set()
    for entry, line in zip(entries, plan.lines, strict=True):
        _check_line(entry, line, plan, set(labels), earlier)
        earlier.add(line.key)


def _check_line(entry: Entry, line: LineEntry, plan: PlanFile, labels: set[str], earlier: set[str]) -> None:
    if line.key and not LINE_KEY.fullmatch(line.key):
        entry.wrong("key", f"khóa “{line.key}” chỉ được gồm chữ, số, dấu chấm, gạch ngang và gạch dưới")
    if line.key in earlier:
        entry.wrong("key", f"khóa “{line.key}” đã có ở dòng trước")
    if line.objective and line.objective not in labels:
        entry.wrong("objective", f"không có mục tiêu “{line.objective}”")
    if line.parent and line.parent not in earlier:
        entry.wrong("parent", f"không có dòng “{line.parent}” đứng trước")
    if line.baseline and line.baseline.year and line.baseline.year != plan.baseline_year:
        entry.wrong("baseline", f"năm gốc của kế hoạch là {plan.baseline_year}")
    for position, target in enumerate(line.targets):
        if target.year and not plan.start_year <= target.year <= plan.end_year:
            entry.source.report(
                (*entry.path, "targets", position, "year"),
                f"năm {target.year} ngoài kế hoạch {plan.start_year}–{plan.end_year}",
            )


def _repeated(values: Iterable[str]) -> list[str]:
    seen, repeated = set(), []
    for value in values:
        if value in seen and value not in repeated:
            repeated.append(value)
        seen.add(value)
    return repeated
