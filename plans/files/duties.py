"""Report duties of a plan file: who owes a report to whom, through whom, by when."""

from __future__ import annotations

from plans.files.entry import Entry
from plans.files.shapes import DutyEntry

PERIODS = ("year", "h1", "m9")
LAST_DAY = 28  # every month has it
MOST_YEARS = 5


def read_duties(report: Entry) -> tuple[DutyEntry, ...]:
    """The entries under `duties`; what is wrong is reported, a key named twice too."""
    report.only("due", "text", "duties")
    entries = report.entries("duties")
    duties = tuple(_duty(entry) for entry in entries)
    seen: set[str] = set()
    for entry, duty in zip(entries, duties, strict=True):
        if duty.key in seen:
            entry.wrong("key", f"mã “{duty.key}” ghi hai lần")
        seen.add(duty.key)
    return duties


def _duty(entry: Entry) -> DutyEntry:
    entry.only(
        "key", "reporters", "recipient", "through", "period", "due", "month", "day", "years_after", "text"
    )
    month = entry.count("month", most=12) if entry.value.get("month") is not None else None
    day = entry.count("day", most=LAST_DAY) if entry.value.get("day") is not None else None
    if (month is None) != (day is None) or month == 0 or day == 0:
        entry.wrong("month", f"hạn hằng năm cần cả tháng (1–12) và ngày (1–{LAST_DAY})")
    due = entry.day("due")
    if due and month:
        entry.wrong("due", "chỉ ghi một hạn: một ngày, hoặc tháng và ngày hằng năm")
    return DutyEntry(
        key=entry.text("key", required=True, longest=40),
        reporters=entry.texts("reporters"),
        recipient=entry.text("recipient", required=True, longest=200),
        through=entry.text("through", longest=200),
        period=entry.choice("period", PERIODS),
        due=due,
        month=month,
        day=day,
        years_after=entry.count("years_after", default=0, most=MOST_YEARS),
        text=entry.text("text", required=True),
    )
