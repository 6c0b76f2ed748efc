"""Reports, their snapshots and files, shaped for the pages."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from plans.charts.plain import of_plain
from plans.charts.printing import LOW
from plans.charts.svg import draw
from plans.models import Plan
from reporting.content.periods import YEAR, ReportPeriod
from reporting.models import IssuedDocument, Report, ReportFile, Snapshot
from reporting.period_words import title_of as period_words_of
from reporting.presenters.numbers import line_keys
from reporting.presenters.origin import Origin
from reporting.renderers import offered

KIND_TITLES: dict[str, Promise] = {
    Report.Kind.PLAN: gettext_lazy("Báo cáo %(period)s"),
    Report.Kind.COMBINED: gettext_lazy("Báo cáo chung các kế hoạch %(period)s"),
    Report.Kind.SHEETS: gettext_lazy("Phiếu từng xã %(period)s"),
    Report.Kind.BRIEF: gettext_lazy("Một trang cho lãnh đạo %(period)s"),
}
# A file takes seconds; after this long something keeps the worker.
SOON = timedelta(minutes=2)
# Read in the files alone.
FILES_ONLY = ("table",)
RESULTS = "II"  # the section with one sentence a line


def number_words(plan: Plan) -> str:
    """The plan's number; a symbol without one ("/KH-UBND") says so. Empty where the plan has neither."""
    return _("(chưa có số văn bản)") if plan.number.startswith("/") else plan.number


@dataclass(frozen=True)
class SnapshotEntry:
    """A snapshot with a row for every format offered, rendered or not."""

    snapshot: Snapshot
    files: list[ReportFile]
    missing: list[str]

    @property
    def queued(self) -> list[ReportFile]:
        return [file for file in self.files if file.status == ReportFile.Status.QUEUED]

    @property
    def is_signed(self) -> bool:
        return any(file.last_signature for file in self.files)

    @property
    def is_waiting(self) -> bool:
        """Whether a file was asked for just now, so that it is worth looking again in a moment."""
        return any(file.created_at > timezone.now() - SOON for file in self.queued)

    @property
    def can_request(self) -> bool:
        """Whether a file is missing or failed and may be asked for again."""
        return bool(self.missing) or any(file.status == ReportFile.Status.FAILED for file in self.files)


@dataclass(frozen=True)
class ReportEntry:
    """`issued`: the last snapshot of it that was entered in the register, where that was asked for."""

    report: Report
    period: str
    title: str
    snapshots: list[SnapshotEntry]
    issued: IssuedDocument | None = None

    @property
    def number(self) -> str:
        return number_words(self.report.plan) if self.report.plan else ""

    @property
    def latest(self) -> SnapshotEntry | None:
        return self.snapshots[0] if self.snapshots else None

    @property
    def is_issued_before(self) -> bool:
        """Whether what was entered in the register is an earlier snapshot than the latest."""
        return bool(self.issued and self.latest and self.issued.snapshot_id != self.latest.snapshot.pk)


def period_words(report: Report) -> str:
    """The period in the reader's language: "6 tháng đầu năm 2026", "đến hết tháng 10/2026"."""
    if report.start_year:
        return _years(report)
    return period_words_of(ReportPeriod(report.year, report.period))


def _years(report: Report) -> str:
    """ "2021–2025"; "2021–9/2025" where the last year is not told whole."""
    if report.period == YEAR:
        return _("%(start)s–%(year)s") % {"start": report.start_year, "year": report.year}
    last = ReportPeriod(report.year, report.period).last
    said = {"start": report.start_year, "month": last.number, "year": last.year}
    return _("%(start)s–%(month)s/%(year)s") % said


def title_of(report: Report) -> str:
    """What the report is called on its page: "Báo cáo năm 2025", "Tổng kết 2021–2025", "Báo cáo chung năm 2025"."""
    period = period_words(report)
    if report.kind == Report.Kind.REVIEW:
        words = _("Tổng kết %(period)s") if is_final(report) else _("Sơ kết %(period)s")
    else:
        words = KIND_TITLES[report.kind]
    return str(words) % {"period": period}


def is_final(report: Report) -> bool:
    """Whether a review reaches the plan's end."""
    return report.year == report.plan.end_year and report.period == YEAR


def entry(report: Report) -> ReportEntry:
    return ReportEntry(
        report,
        period_words(report),
        title_of(report),
        [_snapshot(s, report.kind) for s in report.snapshots.all()],
    )


def entries(reports: Iterable[Report]) -> list[ReportEntry]:
    """Of each report what the list shows, with its number in the register. One query."""
    shown = [entry(report) for report in reports]
    issued = IssuedDocument.objects.filter(snapshot__report__in=[one.report.pk for one in shown])
    newest_last = issued.select_related("snapshot").defer("snapshot__data").order_by("snapshot__number")
    last = {one.snapshot.report_id: one for one in newest_last}
    return [replace(one, issued=last.get(one.report.pk)) for one in shown]


def _snapshot(snapshot: Snapshot, kind: str) -> SnapshotEntry:
    files = list(snapshot.files.all())
    made = {file.format for file in files}
    return SnapshotEntry(snapshot, files, [name for name in offered(kind) if name not in made])


def preview(snapshot: Snapshot, plan: Plan | None) -> list[dict[str, Any]]:
    """The frozen sections for reading on the page: texts, typed parts and charts drawn; tables are in the files.

    In a plan's own report a sentence on a line carries the `url` of where its number comes from: one query,
    the plan's lines.
    """
    content = snapshot.data["content"]
    urls = iter(_origins(content, plan) if plan and content.get("kind", "plan") == "plan" else [])

    def shown(section: dict[str, Any], block: dict[str, Any]) -> dict[str, Any]:
        if block["kind"] == "chart":
            return _drawn(content, block["key"])
        is_result = section["label"] == RESULTS and block["kind"] == "item"
        return {**block, "url": next(urls, "")} if is_result else block

    return [
        {
            **section,
            "blocks": [
                shown(section, block) for block in section["blocks"] if block["kind"] not in FILES_ONLY
            ],
        }
        for section in content["sections"]
    ]


def _drawn(content: dict[str, Any], key: str) -> dict[str, Any]:
    """A chart as the page draws it; its number keeps its parts apart from those of the page's other charts."""
    chart, number = of_plain(content["charts"][key]), list(content["charts"]).index(key) + 1
    return {"kind": "chart", "title": chart.title, "svg": draw(chart, number=number, size=LOW)}


def _origins(content: dict[str, Any], plan: Plan) -> list[str]:
    """For each line in its order where its number comes from; "" where nothing computes it."""
    origin = Origin.of(content, plan)
    if not origin.as_of:
        return []
    computed = {row["cells"][0] for row in content["tables"]["completeness"]["rows"]}
    keys = line_keys(content, plan.lines.all())
    return [origin.url(key) if key in computed else "" for key in keys]
