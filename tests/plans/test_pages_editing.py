"""A planner writes a plan in the browser; a refusal names the field and nothing typed is lost."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from facilities.models import Area, AuditEvent
from plans.models import BudgetLine, EnteredFigure, Objective, Plan, PlanIndicator, Target, Task
from tests.factories_plans import BudgetLineFactory, EnteredFigureFactory, LineFactory, TargetFactory
from tests.plans.pages import make_scene, signed_in

pytestmark = pytest.mark.django_db
SURE = {"sure": "1"}


@pytest.fixture
def scene():
    return make_scene()


@pytest.fixture
def client(scene):
    return signed_in(scene.cast.planner)


def text_of(response):
    return response.content.decode()


def edit(scene, rest=""):
    return f"/plans/{scene.plan.slug}/edit/{rest}"


def head(scene, **changes):
    plan = {
        "number": "12/KH-UBND", "short_title": "Kế hoạch mới", "title": "Kế hoạch mới của tỉnh",
        "issuer": scene.plan.issuer_id, "area": scene.plan.area_id, "start_year": 2026, "end_year": 2030,
        "legal_bases": "Luật A\nNghị quyết B", "warnings": "", "report_text": "",
        "sections": "# I. Mục tiêu\nĐoạn một\n\nĐoạn hai",
    }  # fmt: skip
    return plan | changes


@pytest.mark.parametrize("role", ["leader", "reviewer", "auditor", "clerk", "stranger"])
def test_only_planners_and_administrators_reach_the_forms(scene, role):
    client = signed_in(getattr(scene.cast, role))
    urls = ["/plans/new/", edit(scene), edit(scene, "head/"), edit(scene, "objectives/new/")]
    urls += [edit(scene, "lines/1.1/"), edit(scene, "lines/1.1/targets/2025/"), edit(scene, "tasks/new/")]
    assert [client.get(url).status_code for url in urls] == [404] * 7
    assert client.post(edit(scene, "delete/")).status_code == 404
    assert client.post(f"/plans/{scene.plan.slug}/lines/1.1/", {"value": "1"}).status_code == 404


def test_a_new_plan_is_for_the_planners_province_until_the_day_it_ends(scene, client):
    today = timezone.localdate()
    for ends, wanted in ((today + timedelta(days=1), scene.plan.area), (today, None)):
        Area.objects.filter(pk=scene.plan.area_id).update(valid_to=ends)
        assert client.get("/plans/new/").context["form"].initial["area"] == wanted


def test_a_plan_is_created_with_its_text_and_logged(scene, client):
    response = client.post("/plans/new/", head(scene, slug="ke-hoach-moi"))
    plan = Plan.objects.get(slug="ke-hoach-moi")
    assert response.status_code == 302
    assert plan.legal_bases == ["Luật A", "Nghị quyết B"]
    assert plan.sections == [{"heading": "I. Mục tiêu", "text": "Đoạn một\n\nĐoạn hai"}]
    assert AuditEvent.objects.filter(verb="create", subject_id=str(plan.pk)).exists()


def test_a_refused_plan_comes_back_with_everything_typed(scene, client):
    response = client.post("/plans/new/", head(scene, slug="x y", start_year=2030, end_year=2026))
    page = text_of(response)
    assert response.status_code == 422
    assert "Kế hoạch mới của tỉnh" in page and "Nghị quyết B" in page
    assert not Plan.objects.filter(short_title="Kế hoạch mới").exists()


def test_a_plan_names_itself_and_leads_to_its_outline(scene, client):
    response = client.post("/plans/new/", head(scene))
    assert response.status_code == 302 and response["Location"] == "/plans/12-kh-ubnd-2026-2030/edit/"
    client.post("/plans/new/", head(scene, number="/KH-UBND", short_title="Kế hoạch đầu năm"))
    assert Plan.objects.filter(slug="ke-hoach-dau-nam-2026-2030").exists()
    client.post("/plans/new/", head(scene))
    assert Plan.objects.filter(slug="12-kh-ubnd-2026-2030-2").exists()


@pytest.mark.parametrize("slug", ["a b", "kế-hoạch", "new"])
def test_a_name_that_fits_no_address_is_refused_with_an_example(scene, client, slug):
    page = text_of(client.post("/plans/new/", head(scene, slug=slug)))
    assert "ví dụ ke-hoach-2026" in page and "Enter a valid" not in page


def test_places_of_today_come_first_and_ones_own_is_chosen(scene, client):
    form = client.get("/plans/new/").context["form"]
    labels = [label for _, label in form.fields["area"].choices][1:]
    assert form["area"].value() == scene.plan.area_id
    assert "(từ " in labels[0] and "(đến " in labels[-1]


def test_years_outside_the_life_of_the_place_are_asked_about_once(scene, client):
    answer = head(scene, slug="cu", area=scene.world.areas["A"].pk)
    response = client.post("/plans/new/", answer)
    assert response.status_code == 422 and "nằm ngoài thời gian của địa bàn" in text_of(response)
    assert 'name="sure_of_years"' in text_of(response)
    assert client.post("/plans/new/", answer | {"sure_of_years": "on"}).status_code == 302


def test_deleting_a_plan_says_what_goes(scene, client):
    page = text_of(client.post(edit(scene, "delete/")))
    assert (
        "1 mục tiêu" in page and "1 dòng chỉ tiêu" in page and Plan.objects.filter(pk=scene.plan.pk).exists()
    )
    client.post(edit(scene, "delete/"), SURE)
    assert not Plan.objects.filter(pk=scene.plan.pk).exists()


def test_years_in_the_wrong_order_are_told_in_words(scene, client):
    page = text_of(client.post("/plans/new/", head(scene, slug="x", start_year=2030, end_year=2026)))
    assert "Năm kết thúc không được trước năm bắt đầu." in page


def test_a_plan_cannot_be_written_for_a_place_out_of_reach(scene, client):
    outside = scene.cast.stranger.assignments.get().area
    response = client.post("/plans/new/", head(scene, slug="x", area=outside.pk))
    assert response.status_code == 422 and not Plan.objects.filter(slug="x").exists()


def test_objectives_lines_and_money_are_added(scene, client):
    client.post(edit(scene, "objectives/new/"), {"label": "Mục tiêu 2", "title": "Giảm tử vong", "order": 2})
    objective = Objective.objects.get(label="Mục tiêu 2")
    line = {
        "objective": objective.pk, "order": 9, "key": "2.1", "label": "1", "name": "Tỷ lệ mới", "unit": "%",
        "direction": "higher", "decimals": 1, "has_baseline": "on", "baseline_text": "> 95", "origin": "table",
    }  # fmt: skip
    client.post(edit(scene, "new-line/"), line)
    client.post(
        edit(scene, "budget/new/"),
        {"year": 2025, "source": "Ngân sách", "amount": "378.940.000", "currency": "VND"},
    )
    stored = PlanIndicator.objects.get(key="2.1")
    assert (stored.baseline_operator, stored.baseline_value) == (">", 95)
    assert BudgetLine.objects.get().amount == 378_940_000


def test_a_label_used_twice_is_refused_in_words(scene, client):
    response = client.post(
        edit(scene, "objectives/new/"), {"label": "Mục tiêu 1", "title": "Khác", "order": 2}
    )
    assert response.status_code == 422
    assert "Ký hiệu mục tiêu này đã có." in text_of(response) and "Khác" in text_of(response)


def test_an_ambiguous_amount_asks(scene, client):
    response = client.post(
        edit(scene, "budget/new/"),
        {"year": 2025, "source": "Ngân sách", "amount": "1.250", "currency": "VND"},
    )
    assert response.status_code == 422
    assert "“1.250” có thể là 1250 hoặc 1,25. Ghi lại, không dùng dấu chấm, dấu phẩy." in text_of(
        response
    ).replace("&quot;", '"')
    assert not BudgetLine.objects.exists()


def test_a_stored_amount_is_offered_in_the_vietnamese_way(scene, client):
    line = BudgetLineFactory(plan=scene.plan)
    url = edit(scene, f"budget/{line.pk}/")
    assert 'value="378.940.000"' in text_of(client.get(url))
    client.post(
        url, {"year": 2025, "source": line.source, "amount": "378.940.000", "spent": "0", "currency": "VND"}
    )
    line.refresh_from_db()
    assert (line.amount, line.spent) == (378_940_000, 0)


def test_a_targets_text_is_read_shown_in_words_and_confirmed(scene, client):
    url = edit(scene, "lines/1.1/targets/2025/")
    proposed = text_of(client.post(url, {"text": "không quá 12,5"}))
    assert "không quá 12,5%" in proposed and Target.objects.get().text == "90"
    response = client.post(url, {"text": "không quá 12,5", "choice": "read"})
    target = Target.objects.get()
    assert response.status_code == 302
    assert (target.text, target.operator, target.value) == ("không quá 12,5", "<=", Decimal("12.5"))


def test_an_ambiguous_target_may_be_left_open_or_settled(scene, client):
    url = edit(scene, "lines/1.1/targets/2025/")
    proposed = text_of(client.post(url, {"text": "giảm 2%"}))
    assert "giảm ít nhất 2 điểm % so với năm trước" in proposed and "chưa quyết định" in proposed
    client.post(url, {"text": "giảm 2%", "choice": "open"})
    assert Target.objects.get().is_ambiguous
    client.post(
        url, {"text": "giảm 2%", "choice": "custom", "kind": "level", "operator": "<=", "value": "17,6"}
    )
    target = Target.objects.get()
    assert (target.text, target.kind, target.value, target.is_ambiguous) == (
        "giảm 2%",
        "level",
        Decimal("17.6"),
        False,
    )


def test_a_meaning_of_ones_own_needs_its_numbers(scene, client):
    url = edit(scene, "lines/1.1/targets/2025/")
    answer = {
        "text": "90",
        "choice": "custom",
        "kind": "level",
        "operator": "between",
        "value": "90",
        "upper": "5",
    }
    response = client.post(url, answer)
    assert response.status_code == 422 and "Cận trên phải lớn hơn" in text_of(response)
    response = client.post(url, answer | {"value": ""})
    assert response.status_code == 422 and "Cần ghi giá trị." in text_of(response)


def test_a_blank_text_removes_the_target_once_asked(scene, client):
    asked = client.post(edit(scene, "lines/1.1/targets/2025/"), {"text": ""})
    assert "Bỏ chỉ tiêu năm 2025?" in text_of(asked) and Target.objects.exists()
    client.post(edit(scene, "lines/1.1/targets/2025/"), {"text": ""} | SURE)
    assert not Target.objects.exists()
    assert client.get(edit(scene, "lines/1.1/targets/1999/")).status_code == 404


def test_a_task_names_its_agencies_and_month(scene, client):
    agency = scene.plan.issuer
    client.post(
        edit(scene, "tasks/new/"),
        {
            "label": "1",
            "section": "appendix",
            "content": "Tập huấn",
            "due_month": "02/2026",
            "lead": [agency.pk],
        },
    )
    task = Task.objects.get()
    assert str(task.due_month) == "2026-02-01"
    assert [part.agency for part in task.parts.all()] == [agency]
    assert 'value="02/2026"' in text_of(client.get(edit(scene, f"tasks/{task.pk}/")))


def test_what_people_worked_with_is_not_deleted(scene, client):
    EnteredFigureFactory(line=scene.line)
    answers = [
        client.post(edit(scene, "delete/"), SURE, follow=True),
        client.post(edit(scene, "lines/1.1/delete/"), SURE, follow=True),
        client.post(edit(scene, f"objectives/{scene.line.objective_id}/delete/"), SURE, follow=True),
    ]
    assert all("không thể xóa" in text_of(answer) for answer in answers)
    assert PlanIndicator.objects.filter(pk=scene.line.pk).exists()


def test_an_unused_line_is_deleted_by_post_only(scene, client):
    LineFactory(plan=scene.plan, objective=scene.line.objective, key="1.8")
    assert client.get(edit(scene, "lines/1.8/delete/")).status_code == 405
    asked = text_of(client.post(edit(scene, "lines/1.8/delete/")))
    assert "Xóa hẳn?" in asked and PlanIndicator.objects.filter(key="1.8").exists()
    client.post(edit(scene, "lines/1.8/delete/"), SURE)
    assert not PlanIndicator.objects.filter(key="1.8").exists()


def test_a_figure_is_entered_with_its_source_and_shown(scene, client):
    url = f"/plans/{scene.plan.slug}/lines/1.1/"
    answer = {"year": 2025, "kind": "estimate", "value": "92,5", "source": "Báo cáo nhanh"}
    assert client.post(url, answer).status_code == 302
    figure = EnteredFigure.objects.get()
    assert (figure.value, figure.by) == (Decimal("92.5"), scene.cast.planner)
    assert "Báo cáo nhanh" in text_of(client.get(url))


def test_a_figure_without_source_is_refused_and_kept(scene, client):
    url = f"/plans/{scene.plan.slug}/lines/1.1/"
    response = client.post(url, {"year": 2025, "kind": "estimate", "value": "92,5", "source": ""})
    assert response.status_code == 422 and 'value="92,5"' in text_of(response)
    assert not EnteredFigure.objects.exists()


def test_a_qualitative_line_takes_a_verdict(scene, client):
    line = LineFactory(plan=scene.plan, objective=scene.line.objective, key="q1", name="Bộ máy tinh gọn")
    TargetFactory(line=line, kind="text", operator="", value=None, text="Tinh gọn")
    url = f"/plans/{scene.plan.slug}/lines/q1/"
    client.post(url, {"year": 2025, "kind": "verdict", "value": "1", "source": "Quyết định số 5"})
    page = text_of(client.get(url))
    assert EnteredFigure.objects.get().value == 1
    assert 'class="verdict met"' in page and "Quyết định số 5" in page
