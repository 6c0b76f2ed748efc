"""Who has not handed in what a report counts on: the months of its period that are over, form by form."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from facilities.models import Area, Facility
from facilities.periods import Month
from indicators.deadlines import Owed, deadline_of
from indicators.models import Form
from indicators.presenters.matrix import Cell, Column, MatrixQuery
from indicators.presenters.matrix_cells import read_cells, stations_of
from reporting.content.boundaries import area_of
from reporting.content.periods import ReportPeriod
from reporting.models import Report

# What was begun or sent back is not handed in; what somebody explained or a closed month holds is not asked for.
OPEN = frozenset({"missing", "draft", "sent_back"})


@dataclass(frozen=True)
class OwingStation:
    facility: Facility
    commune: Area | None
    owed: list[Owed]


def owing_stations(report: Report, today: date) -> list[OwingStation]:
    """The stations that owe something on the boundaries the report counts on, those that owe most first.

    Five queries for any number of them.
    """
    months = _months(report, today)
    if not months:
        return []
    last = Month.of(months[-1].period)
    years = [Column(date(report.year, 1, 1), str(report.year), "")]
    area = area_of(report, today)
    read = read_cells(Facility.objects.within(Area.objects.filter(pk=area.pk)), months)
    found = []
    for station in stations_of(read, read.facilities, months, years, MatrixQuery(), today):
        owed = [
            Owed(station.facility, line.form, cell.column.period)
            for line in station.lines
            for cell in line.cells
            if _is_owed(line.form, cell, last)
        ]
        if owed:
            found.append(OwingStation(station.facility, station.commune, owed))
    return sorted(found, key=lambda one: (-len(one.owed), one.facility.code))


def _months(report: Report, today: date) -> list[Column]:
    """From January to the period's last month, as far as they are over."""
    last = min(ReportPeriod.parse(report.year, report.period).last, Month.of(today) - 1)
    if last.year < report.year:
        return []
    return [Column(month.first_day, str(month), "") for month in Month(report.year, 1).until(last)]


def is_asked_for(form: Form, period: date, last: Month) -> bool:
    """Whether a report up to `last` counts on the form: a yearly one once its deadline lies in a month covered."""
    deadline = deadline_of(form, period) if form.is_yearly else None
    return deadline is None or Month.of(deadline) <= last


def _is_owed(form: Form, cell: Cell, last: Month) -> bool:
    is_open = cell.state in OPEN and "closed" not in cell.marks
    return is_open and is_asked_for(form, cell.column.period, last)
