"""The form of a reform: one for each kind, cleaned into an order."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from facilities.actions.reform_plan import facilities_in, serves_part
from facilities.actions.reform_rules import faulty_shares, is_readable
from facilities.boundaries import month_from
from facilities.models import Area, Placement, Reform
from facilities.reform_orders import NewArea, Order
from facilities.registry import COMMUNE_KINDS, PROVINCE_KINDS
from indicators.models import Indicator
from indicators.reform_fields import DayField, ShareField

Kind = Reform.Kind
FIRST_ROWS, MOST_ROWS = 2, 12
OF_PROVINCES = (Kind.MERGE, Kind.RENAME)
OWN, SHARED = "own", "shared"  # whose a facility's figures before the division are: its part's, or all parts'


def _named(area: Area) -> str:
    """The name, with the day where a reform entered ahead of it begins or ends the area: both may be called alike."""
    today = timezone.localdate()
    if area.valid_from > today:
        return _("%(name)s (từ %(day)s)") % {"name": area.name, "day": f"{area.valid_from:%d/%m/%Y}"}
    if area.valid_to and not area.is_abolished:
        last = area.valid_to - timedelta(days=1)
        return _("%(name)s (đến %(day)s)") % {"name": area.name, "day": f"{last:%d/%m/%Y}"}
    return area.name


class StartForm(forms.Form):
    """What kind of reform, of what lies in which area, and when."""

    kind = forms.ChoiceField(label=gettext_lazy("Loại sắp xếp"), widget=forms.RadioSelect)
    place = forms.ChoiceField(label=gettext_lazy("Các đơn vị trực thuộc"))
    date = DayField()

    def __init__(self, data: QueryDict | None, *, places: Iterable[Area]) -> None:
        super().__init__(data)
        self.places = {area.key: area for area in places}
        self.fields["kind"].choices = [
            (Kind.MERGE, _("Nhập hai hay nhiều đơn vị thành một")),
            (Kind.DIVIDE, _("Chia một đơn vị, hoặc chuyển một phần sang đơn vị khác")),
            (Kind.RENAME, _("Đổi tên, đổi loại (xã thành phường)")),
            (Kind.MOVE, _("Chuyển nguyên đơn vị về tỉnh khác")),
        ]
        self.fields["place"].choices = [(key, _named(area)) for key, area in self.places.items()]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        area = self.places.get(cleaned.get("place", ""))
        if area and area.level == Area.Level.COUNTRY and cleaned.get("kind") not in OF_PROVINCES:
            self.add_error("kind", _("Tỉnh chỉ nhập hoặc đổi tên. Chọn một tỉnh để chia, chuyển xã của nó."))
        return cleaned


class ReformForm(forms.Form):
    """Fields of one kind of reform among the areas under `place`; `order()` once it is valid."""

    date = DayField()
    legal_basis = forms.CharField(
        label=gettext_lazy("Căn cứ pháp lý"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Số, ngày của nghị quyết hoặc quyết định"),
    )

    def __init__(self, data: QueryDict | None, *, kind: str, place: Area, day: date) -> None:
        super().__init__(data, initial={"date": day})
        self.kind, self.place = kind, place
        self.likely: dict[int, str] = {}
        self.rows = self._row_count()
        self.areas = place.children.valid_on(self._day(day)).by_name()
        self._add_fields()
        self.fields["indicator"] = forms.ModelChoiceField(
            label=_("Xem trước chuỗi số liệu của"),
            queryset=Indicator.objects.exclude(timing=Indicator.Timing.SURVEY),
            required=False,
            empty_label=_("vài chỉ số đã có số liệu"),
        )

    @property
    def standing(self) -> list[Placement]:
        """The facilities of the area to divide, once it is chosen."""
        text = self.data.get("predecessor", "") if self.kind == Kind.DIVIDE else ""
        area = next((area for area in self.areas if str(area.pk) == text), None)
        return facilities_in([area], month_from(self._day(self.initial["date"]))) if area else []

    def order(self) -> Order:
        cleaned = self.cleaned_data
        chosen = cleaned.get("predecessors") or [cleaned.get("predecessor")]
        news = [self._new(suffix) for suffix in self._suffixes()] if self.kind != Kind.MOVE else []
        parts = range(len(news))
        return Order(
            kind=self.kind,
            date=cleaned["date"],
            legal_basis=cleaned["legal_basis"],
            predecessors=[int(pk) for pk in chosen if pk],
            successors=news,
            parent=int(cleaned["parent"]) if cleaned.get("parent") else None,
            share_source=cleaned.get("share_source", ""),
            facilities={
                int(name.removeprefix("facility-")): int(value) - 1
                for name, value in cleaned.items()
                if name.startswith("facility-") and value and int(value) - 1 in parts
            },
            carrying=[pk for pk, likely in self.likely.items() if (cleaned[f"past-{pk}"] or likely) == OWN],
        )

    def take_errors(self, error: ValidationError) -> None:
        """Set the refusals of the action beside the fields they are about."""
        beside = {"predecessors": "predecessor", "successors": "name"}
        faults = self._share_faults()
        for name, errors in error.error_dict.items():
            field = next((f for f in (name, beside.get(name)) if f in self.fields), None)
            self.add_error(field, errors)
        for name, message in faults:
            self.add_error(name, message)

    def _share_faults(self) -> list[tuple[str, str]]:
        """What is wrong with the shares, by the field of each part it is about."""
        if self.kind != Kind.DIVIDE:
            return []
        fields = [f"share{suffix}" for suffix in self._suffixes()]
        message, rows = faulty_shares([self.cleaned_data.get(name) for name in fields])
        return [(fields[row], message) for row in rows]

    def parts(self) -> list[list[forms.BoundField]]:
        """The fields of each part of a division."""
        return [[self[f"{name}{s}"] for name in self._row_names()] for s in self._suffixes()]

    def head(self) -> list[forms.BoundField]:
        """Every other field, in order."""
        rows = {f"{name}{s}" for s in self._suffixes() for name in self._row_names()}
        apart = rows if self.kind == Kind.DIVIDE else set()
        beside = ("facility-", "past-", "indicator")
        return [f for f in self if f.name not in apart and not f.name.startswith(beside)]

    def facility_fields(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """Of each facility of the divided area where it stands, and whose its earlier figures are."""
        return [(self[f"facility-{pk}"], self[f"past-{pk}"]) for pk in self.likely]

    def _day(self, default: date) -> date:
        try:
            day = date.fromisoformat(self.data.get("date", ""))
        except ValueError:
            return default
        return day if is_readable(day) else default

    def _row_count(self) -> int:
        text = self.data.get("rows", "")
        rows = int(text) if text.isascii() and text.isdecimal() and len(text) <= len("12") else FIRST_ROWS
        return min(max(rows, FIRST_ROWS) + (self.data.get("action") == "more"), MOST_ROWS)

    def _suffixes(self) -> list[str]:
        return [f"-{n}" for n in range(1, self.rows + 1)] if self.kind == Kind.DIVIDE else [""]

    def _row_names(self) -> list[str]:
        return ["goes_on", "unit", "name", "code", "traits", "share"]

    def _add_fields(self) -> None:
        choices = [(str(area.pk), f"{area.name} ({area.code})") for area in self.areas]
        if self.kind in (Kind.MERGE, Kind.MOVE):
            self.fields["predecessors"] = forms.MultipleChoiceField(
                label=_("Các đơn vị được nhập") if self.kind == Kind.MERGE else _("Các đơn vị chuyển đi"),
                choices=choices,
                required=False,
                widget=forms.CheckboxSelectMultiple,
            )
        else:
            self.fields["predecessor"] = forms.ChoiceField(
                label=_("Đơn vị bị chia") if self.kind == Kind.DIVIDE else _("Đơn vị đổi tên"),
                choices=[("", _("chọn một đơn vị")), *choices],
                required=False,
            )
        if self.kind == Kind.MOVE:
            provinces = Area.objects.valid_on(self._day(self.initial["date"])).filter(level=self.place.level)
            above = [(str(a.pk), a.name) for a in provinces.exclude(pk=self.place.pk).by_name()]
            self.fields["parent"] = forms.ChoiceField(
                label=_("Trực thuộc từ ngày đó"), choices=[("", _("chọn một tỉnh")), *above], required=False
            )
            return
        for suffix in self._suffixes():
            self._add_new(suffix, choices)
        if self.kind == Kind.DIVIDE:
            self._add_division(len(self._suffixes()))

    def _add_new(self, suffix: str, choices: list[tuple[str, str]]) -> None:
        kinds = PROVINCE_KINDS if self.place.level == Area.Level.COUNTRY else COMMUNE_KINDS
        if self.kind == Kind.DIVIDE:
            self.fields[f"goes_on{suffix}"] = forms.ChoiceField(
                label=_("Thuộc về"), choices=[("", _("một đơn vị mới")), *choices], required=False
            )
        self.fields[f"unit{suffix}"] = forms.ChoiceField(
            label=_("Loại"), choices=[("", "–"), *((kind, kind) for kind in kinds)], required=False
        )
        self.fields[f"name{suffix}"] = forms.CharField(
            label=_("Tên, không kèm loại"), max_length=100, required=False
        )
        self.fields[f"code{suffix}"] = forms.CharField(label=_("Mã"), max_length=10, required=False)
        self.fields[f"traits{suffix}"] = forms.MultipleChoiceField(
            label=_("Đặc điểm"),
            choices=Area.Trait.choices,
            required=False,
            widget=forms.CheckboxSelectMultiple,
        )
        if self.kind == Kind.DIVIDE:
            self.fields[f"share{suffix}"] = ShareField(label=_("Tỷ phần"), required=False)

    def _add_division(self, parts: int) -> None:
        self.fields["share_source"] = forms.CharField(
            label=_("Nguồn của tỷ phần"),
            max_length=200,
            required=False,
            help_text=_("Ví dụ: số sinh năm trước theo thôn. Chưa biết tỷ phần thì để trống tất cả."),
        )
        choices = [
            ("", _("chọn")),
            *((str(n), _("Phần %(number)d") % {"number": n}) for n in range(1, parts + 1)),
        ]
        standing = self.standing
        for placed in standing:
            self.fields[f"facility-{placed.facility_id}"] = forms.ChoiceField(
                label=placed.facility.name, choices=choices, required=False
            )
            self._add_past(placed, standing)

    def _add_past(self, placed: Placement, standing: list[Placement]) -> None:
        """Ask whose the facility's earlier figures are; what is likely stands first and holds where nothing is said."""
        words = [
            (OWN, _("chỉ của phần này")),
            (SHARED, _("của cả đơn vị bị chia")),
        ]
        self.likely[placed.facility_id] = OWN if serves_part(placed, standing) else SHARED
        words.sort(key=lambda choice: choice[0] != self.likely[placed.facility_id])
        self.fields[f"past-{placed.facility_id}"] = forms.ChoiceField(
            label=_("Số liệu của %(facility)s trước khi chia") % {"facility": placed.facility.name},
            choices=words,
            required=False,
        )

    def _new(self, suffix: str) -> NewArea:
        cleaned = self.cleaned_data
        kind, name = cleaned[f"unit{suffix}"], cleaned[f"name{suffix}"].strip()
        if kind and name and not name.casefold().startswith(f"{kind.casefold()} "):
            name = f"{kind} {name}"
        kept = cleaned.get(f"goes_on{suffix}")
        return NewArea(
            code=cleaned[f"code{suffix}"].strip(),
            kind=kind,
            name=name,
            traits=tuple(cleaned[f"traits{suffix}"]),
            goes_on=int(kept) if kept else None,
            share=cleaned.get(f"share{suffix}"),
        )
