"""One minimal factory for each model of figures, and a small form with everything the tests type into."""

from datetime import date

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from indicators.actions.duties import refresh_duties
from indicators.models import (
    DataElement,
    DataValue,
    Form,
    FormItem,
    FormSection,
    Group,
    Indicator,
    Rule,
    Submission,
    Term,
)
from tests.factories import FacilityFactory


class GroupFactory(DjangoModelFactory):
    """Everybody; `code="DTTS", kind="people"` for some of the people."""

    class Meta:
        model = Group
        django_get_or_create = ("code",)

    code = ""
    kind = factory.LazyAttribute(lambda group: Group.Kind.PEOPLE if group.code else Group.Kind.ALL)
    name = factory.LazyAttribute(lambda group: group.code or "Tất cả")


class DataElementFactory(DjangoModelFactory):
    class Meta:
        model = DataElement
        django_get_or_create = ("code",)

    code = factory.Sequence(lambda n: f"X.{n}")
    name = factory.LazyAttribute(lambda element: f"Số liệu {element.code}")


class FormFactory(DjangoModelFactory):
    """A monthly form of stations and points from 2021 on; `cells=[("X.1", ""), …]` gives it items."""

    class Meta:
        model = Form
        skip_postgeneration_save = True

    code = factory.Sequence(lambda n: f"X{n}")
    name = factory.LazyAttribute(lambda form: f"Biểu {form.code}")
    valid_from = date(2021, 1, 1)
    basis = "residence"
    periodicity = "month"
    facility_types = ["station", "point"]
    deadline_working_days = 5

    @factory.post_generation
    def cells(self, create, extracted, **kwargs):
        if not extracted:
            return
        section = FormSectionFactory(form=self)
        for order, (element, group) in enumerate(extracted, start=1):
            FormItemFactory(
                form=self,
                section=section,
                order=order,
                element=DataElementFactory(code=element),
                group=GroupFactory(code=group),
            )


class FormSectionFactory(DjangoModelFactory):
    class Meta:
        model = FormSection

    form = factory.SubFactory(FormFactory)
    order = 1
    title = "Phần thử"


class FormItemFactory(DjangoModelFactory):
    class Meta:
        model = FormItem

    section = factory.SubFactory(FormSectionFactory)
    form = factory.SelfAttribute("section.form")
    order = 1
    element = factory.SubFactory(DataElementFactory)
    group = factory.SubFactory(GroupFactory)
    column = factory.LazyAttribute(lambda item: item.element.code.partition(".")[2][:10])


class RuleFactory(DjangoModelFactory):
    class Meta:
        model = Rule

    code = factory.Sequence(lambda n: f"rule-{n}")
    form_code = "X"
    expression = "X.part <= X.all"
    message = "Ô này lớn hơn ô kia. Kiểm tra lại hai ô."


class IndicatorFactory(DjangoModelFactory):
    """A flow in percent, better when higher."""

    class Meta:
        model = Indicator
        django_get_or_create = ("code",)

    code = factory.Sequence(lambda n: f"INDICATOR_{n}")
    name = factory.LazyAttribute(lambda indicator: f"Chỉ số {indicator.code}")
    factor = 100
    unit = "%"
    direction = "higher"
    timing = "flow"
    basis = "residence"


class TermFactory(DjangoModelFactory):
    class Meta:
        model = Term

    indicator = factory.SubFactory(IndicatorFactory)
    part = "numerator"
    element = factory.SubFactory(DataElementFactory)
    group = factory.SubFactory(GroupFactory)


class SubmissionFactory(DjangoModelFactory):
    """A draft of August 2025; with another status the days it needs are set. `values={cell: count}`."""

    class Meta:
        model = Submission
        skip_postgeneration_save = True

    facility = factory.SubFactory(FacilityFactory)
    form = factory.SubFactory(FormFactory)
    period = date(2025, 8, 1)
    submitted_at = factory.LazyAttribute(
        lambda submission: timezone.now() if submission.status != "draft" else None
    )
    first_submitted_at = factory.SelfAttribute("submitted_at")
    decided_at = factory.LazyAttribute(
        lambda submission: timezone.now() if submission.status in {"approved", "sent_back"} else None
    )
    reason = factory.LazyAttribute(lambda s: "Kiểm tra lại." if s.status == "sent_back" else "")
    status = "draft"
    version = 1

    @factory.post_generation
    def values(self, create, extracted, **kwargs):
        for (element, group), count in (extracted or {}).items():
            DataValue.objects.create(
                submission=self,
                element=DataElementFactory(code=element),
                group=GroupFactory(code=group),
                value=None if count == "NA" else count,
                no_data=count == "NA",
            )


def settle_duties() -> None:
    """Derive who owes what, once forms and facilities stand."""
    refresh_duties()
