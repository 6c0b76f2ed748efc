"""A small random world of places, forms and figures, and a slow, obvious oracle that rolls it up.

The oracle shares no code with the roll-up: it walks facilities, months and terms one by one.
"""

from __future__ import annotations

import random
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from django.utils import timezone

from facilities.models import Area, Contribution, Facility
from indicators.models import (
    DataElement,
    DataValue,
    Duty,
    Form,
    FormItem,
    FormSection,
    Group,
    Indicator,
    Submission,
    Term,
)

MONTHS = [date(2024, 11, 1), date(2024, 12, 1), date(2025, 1, 1), date(2025, 2, 1)]
REFORM = date(2025, 1, 1)
SHARES = [Contribution.WHOLE, Contribution.WHOLE, 600_000, 333_333, None]


@dataclass
class World:
    rng: random.Random
    areas: list[Area] = field(default_factory=list)
    facilities: list[Facility] = field(default_factory=list)
    forms: dict[str, Form] = field(default_factory=dict)


def build(seed: int, facilities: int = 7) -> World:
    """Facilities owing a monthly, a yearly and a hospital form, placed whole, by share or unknown."""
    world = World(random.Random(seed))
    groups = [
        Group.objects.create(code="", kind="all", name="Tất cả"),
        Group.objects.create(code="DTTS", kind="people", name="DTTS"),
    ]
    elements = {
        code: DataElement.objects.create(code=code, name=code, is_yearly=code.startswith("Y"))
        for code in ("M1", "M2", "M3", "Y1", "Y2", "H1")
    }
    _forms(world, elements, groups)
    _indicators(elements, groups)
    _places(world, facilities)
    for facility in world.facilities:
        for code in world.forms:
            for period in _periods(code):
                if world.rng.random() < 0.8:
                    submit(world, facility, code, period)
    return world


def _forms(world: World, elements: dict[str, DataElement], groups: list[Group]) -> None:
    layout = {
        "MF": ("month", "residence", [("M1", 0), ("M2", 0), ("M1", 1), ("M2", 1), ("M3", 0)]),
        "YF": ("year", "residence", [("Y1", 0), ("Y2", 0)]),
        "HF": ("month", "service", [("H1", 0), ("M2", 0)]),
        "RF": ("year", "none", [("H1", 1)]),
    }
    for code, (periodicity, basis, cells) in layout.items():
        form = Form.objects.create(
            code=code, name=code, valid_from=date(2021, 1, 1), basis=basis, periodicity=periodicity
        )
        section = FormSection.objects.create(form=form, order=1, title=code)
        for order, (element, group) in enumerate(cells):
            FormItem.objects.create(
                form=form, section=section, order=order, element=elements[element], group=groups[group]
            )
        world.forms[code] = form


def _indicators(elements: dict[str, DataElement], groups: list[Group]) -> None:
    definitions = {
        "RATIO": ("flow", "residence", [("numerator", "M1", 0, 1), ("denominator", "M2", 0, 1), ("numerator", "M1", 1, 1), ("denominator", "M2", 1, 1)]),
        "SIGNED": ("flow", "residence", [("numerator", "M2", 0, 1), ("numerator", "M1", 0, -1), ("denominator", "M2", 0, 1)]),
        "COVERAGE": ("flow_population", "residence", [("numerator", "M3", 0, 1), ("denominator", "Y1", 0, "0.5"), ("denominator", "Y2", 0, "0.5")]),
        "UNITS": ("units", "residence", [("numerator", "Y1", 0, 1), ("denominator", "Y2", 0, 1)]),
        "SERVICE": ("count", "service", [("numerator", "H1", 0, 1), ("numerator", "M2", 0, 1)]),
        "RESOURCE": ("stock", "residence", [("numerator", "H1", 1, 1), ("denominator", "Y2", 1, 1), ("denominator", "M3", 1, 1)]),
    }  # fmt: skip
    for code, (timing, basis, terms) in definitions.items():
        indicator = Indicator.objects.create(
            code=code, name=code, timing=timing, basis=basis, direction="higher", unit="%", factor=100
        )
        for part, element, group, coefficient in terms:
            Term.objects.create(
                indicator=indicator,
                part=part,
                element=elements[element],
                group=groups[group],
                coefficient=coefficient,
            )


def _places(world: World, facilities: int) -> None:
    rng = world.rng
    world.areas = [
        Area.objects.create(
            code=f"A{i}",
            level="commune",
            kind="Xã",
            name=f"Xã {i}",
            valid_from=date(2021, 1, 1) if i % 2 else REFORM,
            valid_to=REFORM if i % 2 else None,
        )
        for i in range(5)
    ]
    for i in range(facilities):
        facility = Facility.objects.create(
            code=f"F{i}", name=f"Trạm {i}", type="station", opened=date(2021, 1, 1)
        )
        world.facilities.append(facility)
        for area in world.areas:
            if rng.random() < 0.7:
                own_old = bool(area.valid_to)
                for start, end, own in (
                    (date(2021, 1, 1), REFORM, own_old),
                    (REFORM, None, not own_old),
                ):
                    if rng.random() < 0.9:
                        Contribution.objects.create(
                            facility=facility,
                            area=area,
                            from_month=start,
                            to_month=end,
                            share=rng.choice(SHARES),
                            in_own_time=own,
                        )
        for form in world.forms.values():
            if rng.random() < 0.8:
                start = rng.choice([date(2021, 1, 1), date(2024, 12, 1)])
                end = rng.choice([None, None, date(2025, 2, 1)])
                Duty.objects.create(facility=facility, form=form, from_month=start, to_month=end)


def _periods(code: str) -> list[date]:
    if code in {"YF", "RF"}:
        return [date(2023, 1, 1), date(2024, 1, 1), date(2025, 1, 1)]
    return MONTHS


def submit(world: World, facility: Facility, code: str, period: date) -> Submission:
    """Give the facility a submission of random status with values, blanks, zeros and "no data"."""
    rng, now = world.rng, timezone.now()
    status = rng.choices(["approved", "submitted", "draft", "sent_back"], [8, 2, 1, 1])[0]
    submission = Submission.objects.create(
        facility=facility,
        form=world.forms[code],
        period=period,
        status=status,
        submitted_at=now,
        first_submitted_at=now,
        decided_at=now,
        reason="vì thử" if status == "sent_back" else "",
    )
    for item in FormItem.objects.filter(form=world.forms[code]):
        state = rng.choices(["value", "zero", "blank", "no_data", "absent"], [14, 3, 1, 1, 1])[0]
        if state != "absent":
            DataValue.objects.create(
                submission=submission,
                element=item.element,
                group=item.group,
                value={"value": rng.randrange(1, 90), "zero": 0}.get(state),
                no_data=state == "no_data",
            )
    return submission


def change(submission: Submission, value: int) -> None:
    """Give every cell of it another value, one that a result shows: else it would test nothing."""
    before = oracle(MONTHS)
    DataValue.objects.filter(submission=submission).update(value=value, no_data=False)
    assert oracle(MONTHS) != before, "no result shows this change: take another seed"


# --- the oracle ---------------------------------------------------------------------------------------
SUM_NAMES = (
    "n",
    "d",
    "reported",
    "expected",
    "no_data",
    "stand_in",
    "pn",
    "pd",
    "yd",
    "preported",
    "estimated",
    "unknown",
)


class Rows:
    """The raw rows, read once and kept as plain lists and dictionaries."""

    def __init__(self) -> None:
        self.facilities = list(Facility.objects.all())
        self.indicators = list(Indicator.objects.all())
        self.groups = list(Group.objects.all())
        self.terms = list(Term.objects.all())
        self.duties = list(Duty.objects.select_related("form"))
        self.contributions = list(Contribution.objects.select_related("area"))
        self.on_form = set(FormItem.objects.values_list("form_id", "element_id", "group_id"))
        self.cells = {
            (
                v.submission.facility_id,
                v.submission.form.code,
                v.submission.period,
                v.element_id,
                v.group_id,
            ): v
            for v in DataValue.objects.select_related("submission__form")
        }

    def cell(
        self, facility: Facility, form: Form, period: date, term: Term, states: list[str]
    ) -> int | str | None:
        """The value of a cell in one of these states, "NA" for no data, None for blank or absent."""
        value = self.cells.get((facility.pk, form.code, period, term.element_id, term.group_id))
        if value is None or value.submission.status not in states:
            return None
        return "NA" if value.no_data else value.value


def oracle(
    months: list[date], contributions: list | None = None
) -> dict[tuple[str, str, str, date], dict[str, Fraction]]:
    """Sums by (area code, indicator, group, month), computed cell by cell from the raw rows.

    `contributions`, shaped as the stored ones, take the place of these: what counts where is then checked too.
    """
    totals: dict[tuple, dict[str, Fraction]] = defaultdict(lambda: dict.fromkeys(SUM_NAMES, Fraction(0)))
    rows = Rows()
    if contributions is not None:
        rows.contributions = contributions
    for facility in rows.facilities:
        for month in months:
            for indicator in rows.indicators:
                for group in rows.groups:
                    entry = _facility_month(rows, facility, indicator, group, month)
                    if entry is not None:
                        _add(rows, totals, facility, indicator, group, month, entry)
    return dict(totals)


def _facility_month(
    rows: Rows, facility: Facility, indicator: Indicator, group: Group, month: date
) -> dict[str, Fraction] | None:
    official: list[tuple[str, Fraction, int | None]] = []
    provisional: list[tuple[str, Fraction, int | None]] = []
    no_data = stand_in = False
    for term in rows.terms:
        if (term.indicator_id, term.group_id) != (indicator.pk, group.pk):
            continue
        for duty in rows.duties:
            form = duty.form
            owes = duty.facility_id == facility.pk and duty.from_month <= month
            owes = owes and (duty.to_month is None or month < duty.to_month)
            fits = form.basis in (indicator.basis, "none")
            if not (owes and fits and (form.pk, term.element_id, group.pk) in rows.on_form):
                continue
            yearly = form.periodicity == "year"
            period = date(month.year, 1, 1) if yearly else month
            last_year = date(month.year - 1, 1, 1)
            one = rows.cell(facility, form, period, term, ["approved"])
            no_data = no_data or one == "NA"
            any_one = rows.cell(facility, form, period, term, ["approved", "submitted"])
            if yearly:
                past = rows.cell(facility, form, last_year, term, ["approved"])
                past = None if past == "NA" else past
                if one is None:
                    stand_in = stand_in or past is not None
                    one = past
                any_one = past if any_one is None else any_one
            coefficient = Fraction(term.coefficient)
            official.append((term.part, coefficient, None if one == "NA" else one))
            provisional.append((term.part, coefficient, None if any_one == "NA" else any_one))
    if not official:
        return None
    complete = all(value is not None for *_, value in official)
    complete_too = all(value is not None for *_, value in provisional)
    known = all(value is not None for part, _, value in official if part == "denominator")
    zero = Fraction(0)

    def total(cells: list, part: str) -> Fraction:
        return sum((c * v for p, c, v in cells if p == part), zero)

    return {
        "n": total(official, "numerator") if complete else zero,
        "d": total(official, "denominator") if complete else zero,
        "reported": Fraction(complete),
        "expected": Fraction(1),
        "no_data": Fraction(no_data and not complete),
        "stand_in": Fraction(stand_in and complete),
        "pn": total(provisional, "numerator") if complete_too else zero,
        "pd": total(provisional, "denominator") if complete_too else zero,
        "yd": total(official, "denominator") if known else zero,
        "preported": Fraction(complete_too),
    }


def _add(
    rows: Rows, totals: dict, facility: Facility, indicator: Indicator, group: Group, month: date, entry: dict
) -> None:
    for row in rows.contributions:
        inside = row.from_month <= month and (row.to_month is None or month < row.to_month)
        if row.facility_id != facility.pk or not inside:
            continue
        unknown = row.share is None or (indicator.timing == "units" and not row.in_own_time)
        share = Fraction(0) if unknown else Fraction(row.share, Contribution.WHOLE)
        target = totals[row.area.code, indicator.code, group.code, month]
        for name in ("n", "d", "pn", "pd", "yd"):
            target[name] += entry[name] * share
        for name in ("reported", "expected", "no_data", "stand_in", "preported"):
            target[name] += entry[name]
        target["unknown"] += int(unknown)
        target["estimated"] += int(row.share is not None and row.share < Contribution.WHOLE)
