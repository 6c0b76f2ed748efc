"""Administration: every page opens, acts are logged, definitions mark results, figures are only looked at."""

from datetime import date

import pytest
from django.contrib import admin
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from facilities.actions.audit import record
from facilities.models import Area, AuditEvent, Contribution, Facility, StaleMark
from indicators.models import (
    ComputedMonth,
    DataValue,
    DataValueChange,
    Duty,
    Form,
    FormItem,
    Indicator,
    MonthlyResult,
    Rule,
)
from tests.factories import AgencyFactory, UserFactory
from tests.factories_indicators import (
    FormFactory,
    IndicatorFactory,
    RuleFactory,
    SubmissionFactory,
    TermFactory,
    settle_duties,
)
from tests.factories_plans import (
    BudgetLineFactory,
    EnteredFigureFactory,
    LineFactory,
    TargetFactory,
    TaskFactory,
    make_indicator,
    make_result,
)
from tests.world import make_cast, make_world

pytestmark = pytest.mark.django_db
OWN = ("facilities", "indicators", "plans", "reporting")
REGISTERED = [model for model in admin.site._registry if model._meta.app_label in OWN]
AUGUST = date(2025, 8, 1)


def address(model, page, *args):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


@pytest.fixture
def world():
    world = make_world()
    make_cast(world)
    form = FormFactory(code="X", cells=[("X.all", ""), ("X.part", "DTTS")])
    RuleFactory()
    settle_duties()
    indicator = make_indicator()
    values = {("X.all", ""): 5}
    submission = SubmissionFactory(
        facility=world.facilities["T-a1"], form=form, status="approved", values=values
    )
    value = DataValue.objects.get()
    DataValueChange.objects.create(
        submission=submission, element=value.element, group=value.group, version=1, new_value=5,
        at=timezone.now(), source="form",
    )  # fmt: skip
    make_result(world.areas["M"], indicator, "2025-08", 1, 2)
    ComputedMonth.objects.create(month=AUGUST, computed_at=timezone.now())
    line = LineFactory(indicator=indicator)
    TargetFactory(line=line)
    EnteredFigureFactory(line=line)
    BudgetLineFactory(plan=line.plan)
    TaskFactory(plan=line.plan)
    AgencyFactory()
    return world


@pytest.fixture
def browser(world, client):
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    return client


def form_data(response):
    """What the page would send back unchanged."""
    context = response.context
    sent = {}
    forms = [context["adminform"].form]
    for inline in context["inline_admin_formsets"]:
        forms += [inline.formset.management_form, *inline.formset.forms]
    for form in forms:
        for field in form:
            value = field.value()
            if value not in (None, False):
                sent[field.html_name] = value
    return sent


@pytest.mark.parametrize("model", REGISTERED, ids=lambda model: model._meta.label)
def test_every_list_and_page_opens_and_searches(browser, model):
    if admin.site._registry[model].search_fields:
        assert browser.get(address(model, "changelist"), {"q": "tram"}).status_code == 200
    assert browser.get(address(model, "changelist")).status_code == 200
    if stored := model.objects.first():
        assert browser.get(address(model, "change", stored.pk)).status_code == 200


@pytest.mark.parametrize("model", REGISTERED, ids=lambda model: model._meta.label)
def test_every_field_an_administrator_sees_has_a_name(model):
    page = admin.site._registry[model]
    shown = [model, *(inline.model for inline in page.inlines)]
    bare = {
        f"{one._meta.label}.{field.name}"
        for one in shown
        for field in one._meta.fields
        if field.editable and not field.primary_key and field.verbose_name == field.name.replace("_", " ")
    }
    assert bare == set()


def test_what_packages_brought_along_is_named_in_vietnamese(browser):
    page = browser.get(reverse("admin:index")).content.decode()
    for words in ("Các lần đăng nhập", "Khóa API", "lần đăng nhập sai", "Đến nội dung chính", "Đổi nền"):
        assert words.lower() in page.lower()
    assert not [words for words in ("Axes", "Token", "Access", "Skip to", "Model name") if words in page]


@pytest.mark.parametrize("model", REGISTERED, ids=lambda model: model._meta.label)
def test_administration_is_for_administrators(world, client, model):
    client.force_login(UserFactory())

    assert client.get(address(model, "changelist")).status_code == 302


@pytest.mark.parametrize(
    "name",
    [
        "AuditEvent",
        "Submission",
        "DataValueChange",
        "MonthlyResult",
        "EnteredFigure",
        "TaskUpdate",
        "Snapshot",
        "Report",
    ],
)
def test_what_came_in_or_was_derived_is_only_looked_at(browser, name):
    (model,) = [model for model in REGISTERED if model.__name__ == name]

    assert browser.get(address(model, "add")).status_code == 403
    if stored := model.objects.first():
        assert browser.post(address(model, "change", stored.pk), {}).status_code == 403
        assert browser.post(address(model, "delete", stored.pk), {"post": "yes"}).status_code == 403


def test_a_changed_definition_marks_the_computed_months(browser):
    indicator = Indicator.objects.get()
    page = address(Indicator, "change", indicator.pk)
    StaleMark.objects.all().delete()

    unchanged = browser.post(page, form_data(browser.get(page)))
    assert (unchanged.status_code, StaleMark.objects.count()) == (302, 0)
    changed = browser.post(page, form_data(browser.get(page)) | {"terms-0-coefficient": "0.5"})

    assert changed.status_code == 302
    assert StaleMark.objects.filter(from_month=AUGUST, to_month=AUGUST, facility=None).exists()
    assert MonthlyResult.objects.exists()


def test_an_act_of_administration_stands_in_the_log(browser):
    indicator = IndicatorFactory(code="NEW")
    TermFactory(indicator=indicator)
    page = address(Indicator, "change", indicator.pk)

    browser.post(page, form_data(browser.get(page)) | {"name": "Tên mới"})
    browser.post(address(Indicator, "delete", indicator.pk), {"post": "yes"})

    events = AuditEvent.objects.filter(subject_id=str(indicator.pk), subject_type="indicators.indicator")
    assert sorted(events.values_list("verb", "subject")) == [
        ("admin_change", "Tên mới"),
        ("admin_delete", "Tên mới"),
    ]
    assert events.get(verb="admin_change").details["changes"]


def test_a_cell_with_figures_stays_on_its_form(browser):
    item = FormItem.objects.get(element__code="X.all")
    page = address(type(item.form), "change", item.form_id)
    sent = form_data(browser.get(page))
    other = FormItem.objects.get(element__code="X.part")

    for change in ({"items-0-DELETE": "on"}, {"items-0-element": other.element_id}):
        refused = browser.post(page, sent | change)
        assert refused.status_code == 200
        assert "Hãy lập phiên bản biểu mới" in refused.content.decode()
    assert browser.post(page, sent | {"items-1-DELETE": "on"}).status_code == 302
    assert list(FormItem.objects.values_list("element__code", flat=True)) == ["X.all"]


def test_a_section_with_cells_is_not_removed(browser):
    item = FormItem.objects.first()
    page = address(type(item.form), "change", item.form_id)

    refused = browser.post(page, form_data(browser.get(page)) | {"sections-0-DELETE": "on"})

    assert refused.status_code == 200
    assert FormItem.objects.count() == 2


def test_a_closed_facility_owes_and_counts_no_more(browser, world):
    facility = world.facilities["T-b2"]
    page = address(Facility, "change", facility.pk)

    assert browser.post(page, form_data(browser.get(page)) | {"closed": "2026-01-01"}).status_code == 302

    assert {duty.to_month for duty in Duty.objects.filter(facility=facility)} == {date(2026, 1, 1)}
    ends = Contribution.objects.filter(facility=facility, area=world.areas["z"])
    assert [row.to_month for row in ends.order_by("from_month")][-1] == date(2026, 1, 1)


def test_traits_of_an_area_are_chosen_from_the_known_ones(browser, world):
    area = world.areas["y"]
    page = address(Area, "change", area.pk)
    sent = form_data(browser.get(page))

    assert browser.post(page, sent | {"traits": ["đảo"]}).status_code == 200
    assert browser.post(page, sent | {"traits": ["urban", "difficult"]}).status_code == 302
    area.refresh_from_db()
    assert (area.traits, area.is_urban) == (["urban", "difficult"], True)


@pytest.mark.parametrize(
    ("given", "wrong"),
    [
        ({"deadline_month_day": "31-01"}, "deadline_month_day"),
        ({"deadline_month_day": "02-29"}, "deadline_month_day"),
        ({"deadline_month_day": "1-31"}, "deadline_month_day"),
        ({"deadline_working_days": "0"}, "deadline_working_days"),
        ({"deadline_working_days": "61"}, "deadline_working_days"),
        ({"facility_types": "[]"}, "facility_types"),
        ({"facility_types": "5"}, "facility_types"),
        ({"facility_types": '["station", "shop"]'}, "facility_types"),
        ({"facility_types": '[["station"]]'}, "facility_types"),
        ({"facility_types": '["station"]'}, None),
        ({"deadline_month_day": "01-31"}, None),
        ({"deadline_working_days": "60"}, None),
    ],
)
def test_a_deadline_that_is_no_day_or_a_type_that_is_none_is_refused(browser, given, wrong):
    page = address(Form, "change", Form.objects.get().pk)

    answer = browser.post(page, form_data(browser.get(page)) | given)

    assert answer.status_code == (200 if wrong else 302)
    if wrong:
        assert list(answer.context["adminform"].form.errors) == [wrong]


@pytest.mark.parametrize("given", [{"deadline_month_day": "31-01"}, {"deadline_working_days": 0}])
def test_the_database_holds_no_deadline_that_is_no_day(world, given):
    with pytest.raises(IntegrityError), transaction.atomic():
        Form.objects.update(**given)


def test_a_facility_has_a_code_that_addresses_can_hold(browser, world):
    facility = world.facilities["T-b2"]
    page = address(Facility, "change", facility.pk)
    sent = form_data(browser.get(page))

    for code in ("T/b2", "T b2", "Tb2?", "Đb2", "../b"):
        answer = browser.post(page, sent | {"code": code})
        assert list(answer.context["adminform"].form.errors) == ["code"], code
    assert browser.post(page, sent | {"code": "BV24-01_a.b"}).status_code == 302
    with pytest.raises(IntegrityError), transaction.atomic():
        Facility.objects.filter(pk=facility.pk).update(code="T/b2")


RULE = {"code": "new", "form_code": "X", "scope": "month", "message": "Xem lại."}
RANGE = '{"months": 4, "overdispersion": 0.12, "deviation": 3}'
RELATION = {"kind": "relation", "expression": "X.all >= 1", "parameters": "{}"}


@pytest.mark.parametrize(
    ("given", "wrong"),
    [
        (RELATION, None),
        (RELATION | {"expression": "X.all <"}, "expression"),
        (RELATION | {"expression": ""}, "expression"),
        (RELATION | {"expression": "1 <= 2"}, "expression"),
        (RELATION | {"expression": "X.all X.part = 1"}, "expression"),
        (RELATION | {"expression": "X.none <= 1"}, "expression"),
        (RELATION | {"parameters": RANGE}, "parameters"),
        (RELATION | {"message": "Tổng {sum}."}, "message"),
        (RELATION | {"form_code": "*"}, "form_code"),
        ({"kind": "range", "parameters": RANGE, "message": "Thường là {usual}."}, None),
        ({"kind": "range", "parameters": "{}"}, "parameters"),
        ({"kind": "range", "parameters": "[]"}, "parameters"),
        ({"kind": "range", "parameters": RANGE.replace("}", ', "more": 1}')}, "parameters"),
        ({"kind": "range", "parameters": RANGE.replace("4", '"4"')}, "parameters"),
        ({"kind": "range", "parameters": RANGE.replace("4", "NaN")}, "parameters"),
        ({"kind": "range", "parameters": RANGE.replace("4", "-1")}, "parameters"),
        ({"kind": "range", "parameters": RANGE, "expression": "X.all = 1"}, "expression"),
        ({"kind": "range", "parameters": RANGE, "scope": "year"}, "scope"),
    ],
)
def test_a_rule_the_engines_can_not_read_is_refused_in_words(browser, given, wrong):
    answer = browser.post(address(Rule, "add"), RULE | given)

    assert answer.status_code == (200 if wrong else 302)
    assert Rule.objects.filter(code="new").exists() == (wrong is None)
    if wrong:
        assert wrong in answer.context["adminform"].form.errors


def test_what_is_wrong_with_a_rule_is_said_in_english_too(browser):
    browser.post(reverse("accounts:language"), {"language": "en", "next": "/"})

    answer = browser.post(address(Rule, "add"), RULE | RELATION | {"expression": "X.all"})

    assert answer.context["adminform"].form.errors["expression"] == [
        "“X.all”: exactly one comparison <=, >= or = is needed"
    ]


def test_the_log_says_that_nobody_acted_in_the_readers_language(browser):
    record(by=None, verb="load_places", subject=Area.objects.first())
    event = AuditEvent.objects.latest("pk")
    url = address(AuditEvent, "changelist")

    assert (event.actor, event.actor_name) == ("hệ thống", "hệ thống")
    assert "hệ thống</td>" in browser.get(url).content.decode()
    browser.post(reverse("accounts:language"), {"language": "en", "next": "/"})
    shown = browser.get(url).content.decode()
    assert "system</td>" in shown and "hệ thống</td>" not in shown
