"""A form or a month as a workbook: downloaded, filled in, uploaded, looked at, and stored only after a yes."""

from __future__ import annotations

import io
from datetime import date, timedelta

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from facilities.models import Role
from indicators.actions.closing import close_period
from indicators.actions.figures import save_cells
from indicators.actions.submissions import submit
from indicators.deadlines import Owed
from indicators.models import DataElement, DataValue, DataValueChange, FormItem, Submission, Upload
from indicators.tasks import drop_old_uploads
from indicators.values import CellValue
from indicators.workbooks.contents import area_book, form_book
from indicators.workbooks.filled import NAMED
from indicators.workbooks.writer import write
from tests.factories import AgencyFactory, person
from tests.factories_indicators import DataElementFactory, FormFactory, SubmissionFactory, settle_duties

pytestmark = pytest.mark.django_db
CELLS = [("X.all", ""), ("X.part", ""), ("X.all", "DTTS")]
KEY = ("T-a1", "X", "2025-08")
AUGUST = date(2025, 8, 1)
SHEET = "Biểu X"
ALL, PART, MINORITY = "X.all", "X.part", "X.all[DTTS]"


@pytest.fixture
def form(world):
    form = FormFactory(code="X", cells=CELLS)
    settle_duties()
    return form


@pytest.fixture
def clerk(client, cast, form):
    client.force_login(cast.clerk)
    return client


def download(client, url=None):
    answer = client.get(url or reverse("submissions:workbook", args=KEY))
    assert answer.status_code == 200
    return openpyxl.load_workbook(io.BytesIO(answer.content))


def fill(sheet, **values):
    """Write into a form's sheet by the hidden ids; `all="5"` means the cell X.all."""
    names = {"all": ALL, "part": PART, "minority": MINORITY}
    rows = {sheet.cell(row, 1).value: row for row in range(5, sheet.max_row + 1)}
    for name, value in values.items():
        sheet.cell(rows[names[name]], 4).value = value


def send(client, book):
    out = io.BytesIO()
    book.save(out)
    return send_bytes(client, out.getvalue())


def send_bytes(client, data):
    answer = client.post(reverse("submissions:upload"), {"file": SimpleUploadedFile("thang 8.xlsx", data)})
    assert answer.status_code == 302
    return Upload.objects.get(pk=answer.url.rstrip("/").rpartition("/")[2])


def confirm(client, upload, **data):
    return client.post(reverse("submissions:upload-preview", args=[upload.pk]), data)


def page(client, upload):
    return client.get(reverse("submissions:upload-preview", args=[upload.pk])).content.decode()


def stored():
    return {(v.element.code, v.group.code): str(v) for v in DataValue.objects.all()}


def save(cast, world, form, **cells):
    names = {"all": CELLS[0], "part": CELLS[1], "minority": CELLS[2]}
    return save_cells(
        facility=world.facilities["T-a1"], form=form, period=AUGUST, by=cast.clerk,
        cells={names[name]: CellValue(value) for name, value in cells.items()},
    )  # fmt: skip


def test_a_form_goes_out_and_comes_back_and_nothing_is_stored_before_the_yes(clerk):
    book = download(clerk)
    fill(book[SHEET], all=12, part=0, minority="NA")
    upload = send(clerk, book)
    assert upload.status == "ready" and stored() == {}
    shown = page(clerk, upload)
    assert "Xác nhận ghi 3 ô" in shown and "<script" not in shown.partition("<main")[2].partition("</main")[0]
    answer = confirm(clerk, upload)
    assert answer.status_code == 302
    assert stored() == {CELLS[0]: "12", CELLS[1]: "0", CELLS[2]: "NA"}
    assert set(DataValueChange.objects.values_list("source", flat=True)) == {"workbook"}
    assert "Đã ghi" in page(clerk, upload)


def test_a_second_yes_does_nothing(clerk, cast, world, form):
    book = download(clerk)
    fill(book[SHEET], all=12)
    upload = send(clerk, book)
    confirm(clerk, upload)
    save(cast, world, form, all=13)
    confirm(clerk, upload)
    assert stored() == {CELLS[0]: "13"}


def test_labels_are_locked_inputs_are_not_and_ids_are_hidden(clerk):
    book = download(clerk)
    sheet = book[SHEET]
    assert sheet.protection.sheet and sheet.row_dimensions[1].hidden and sheet.column_dimensions["A"].hidden
    row = next(row for row in range(5, sheet.max_row + 1) if sheet.cell(row, 1).value == ALL)
    assert sheet.cell(row, 3).protection.locked and not sheet.cell(row, 4).protection.locked
    assert sheet.cell(row, 5).protection.locked  # last month
    assert book["_dau"].sheet_state == "veryHidden"
    assert len(sheet.data_validations.dataValidation) == 1
    assert sheet.page_setup.paperSize in (9, "9") and sheet.freeze_panes == "D5"


def test_what_was_submitted_is_locked_too(clerk, cast, world, form):
    submit(submission=save(cast, world, form, all=1), by=cast.clerk)
    sheet = download(clerk)[SHEET]
    assert all(sheet.cell(row, 4).protection.locked for row in range(5, sheet.max_row + 1))


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("=1+1", "công thức"),
        (1.5, "số lẻ"),
        (-1, "số âm"),
        (True, "TRUE/FALSE"),
        (date(2025, 8, 5), "ngày tháng"),
        ("#N/A", "báo lỗi"),
        ("1.234", "có thể là"),
        ("mười", "không phải là số"),
        (10**13, "quá lớn"),
    ],
)
def test_what_is_no_count_is_named_with_its_place_and_reason(clerk, value, reason):
    book = download(clerk)
    fill(book[SHEET], all=value, part=7)
    upload = send(clerk, book)
    (reject,) = upload.preview["rejects"]
    assert (reject["sheet"], reject["row"], reject["column"]) == (SHEET, 6, "D")
    assert reason in reject["reason"] and reason in page(clerk, upload)
    confirm(clerk, upload)
    assert stored() == {CELLS[1]: "7"}


def test_a_blank_erases_only_what_stood_there_at_download(clerk, cast, world, form):
    save(cast, world, form, all=5)
    book = download(clerk)
    save(cast, world, form, part=6)
    fill(book[SHEET], all=None)
    upload = send(clerk, book)
    assert "xóa số đã có" in page(clerk, upload)
    confirm(clerk, upload)
    assert stored() == {CELLS[0]: "", CELLS[1]: "6"}


@pytest.mark.parametrize(("chosen", "left"), [([], "8"), ([f"T-a1:X|{ALL}"], "9")])
def test_where_two_people_met_the_stored_value_stands_unless_chosen(clerk, cast, world, form, chosen, left):
    save(cast, world, form, all=5)
    book = download(clerk)
    save(cast, world, form, all=8)
    fill(book[SHEET], all=9, part=2)
    upload = send(clerk, book)
    assert "Hai bên cùng sửa" in page(clerk, upload)
    confirm(clerk, upload, mine=chosen)
    assert stored() == {CELLS[0]: left, CELLS[1]: "2"}


def test_what_is_ticked_stays_ticked_on_every_page_of_the_changes(clerk, cast, world, form, monkeypatch):
    monkeypatch.setattr("indicators.views.workbooks.PLACES", 1)
    save(cast, world, form, all=5)
    book = download(clerk)
    save(cast, world, form, all=8)
    fill(book[SHEET], all=9, part=2)
    upload = send(clerk, book)
    upload.preview["places"] += [{**upload.preview["places"][0], "key": "T-a2:X", "changes": []}]
    upload.save()
    choice = f"T-a1:X|{ALL}"
    assert 'name="page" value="2"' in page(clerk, upload) and f'value="{choice}" checked' not in page(
        clerk, upload
    )
    turned = confirm(clerk, upload, mine=[choice], page="2")
    shown = turned.content.decode()
    assert turned.status_code == 200 and f'value="{choice}" checked' in shown and "Trang 2/2" in shown
    assert stored() == {CELLS[0]: "8"}


def test_a_change_after_the_preview_is_never_overwritten(clerk, cast, world, form):
    book = download(clerk)
    fill(book[SHEET], all=9)
    upload = send(clerk, book)
    save(cast, world, form, all=8)
    confirm(clerk, upload)
    assert stored() == {CELLS[0]: "8"}
    upload.refresh_from_db()
    assert upload.preview["results"][0]["problem"] and upload.preview["results"][0]["stored"] == 0


def test_a_submitted_report_is_said_to_be_closed(clerk, cast, world, form):
    book = download(clerk)
    fill(book[SHEET], all=9)
    submit(submission=save(cast, world, form, all=8), by=cast.clerk)
    upload = send(clerk, book)
    assert "không sửa được" in page(clerk, upload)
    confirm(clerk, upload)
    assert stored() == {CELLS[0]: "8"}


def test_labels_that_moved_away_from_their_ids_are_said(clerk):
    book = download(clerk)
    sheet = book[SHEET]
    rows = [row for row in range(5, sheet.max_row + 1) if sheet.cell(row, 1).value]
    for column in (2, 3):
        first, second = sheet.cell(rows[0], column), sheet.cell(rows[1], column)
        first.value, second.value = second.value, first.value
    fill(sheet, all=1, part=2, minority=3)
    upload = send(clerk, book)
    assert [reject["row"] for reject in upload.preview["rejects"]] == rows[:2]
    assert "không còn khớp" in page(clerk, upload)
    confirm(clerk, upload)
    assert stored() == {CELLS[2]: "3"}


def test_rows_inserted_and_columns_moved_keep_their_ids(clerk):
    book = download(clerk)
    sheet = book[SHEET]
    fill(sheet, all=1, part=2, minority=3)
    sheet.insert_rows(7)
    sheet.cell(7, 4).value = 99
    upload = send(clerk, book)
    assert [reject["text"] for reject in upload.preview["rejects"]] == ["99"]
    confirm(clerk, upload)
    assert stored() == {CELLS[0]: "1", CELLS[1]: "2", CELLS[2]: "3"}


def test_numbers_in_a_column_put_between_two_of_the_form_are_said(client, cast, form):
    client.force_login(cast.administrator)
    book = download(client, AREA)
    sheet = book[SHEET]
    sheet.insert_cols(5)
    sheet.cell(5, 4).value, sheet.cell(5, 5).value = 1, 99
    upload = send(client, book)
    assert [(reject["column"], reject["text"]) for reject in upload.preview["rejects"]] == [("E", "99")]


def test_a_row_taken_out_and_a_row_copied_change_nothing_and_are_said(clerk, cast, world, form):
    save(cast, world, form, all=5, part=6)
    book = download(clerk)
    sheet = book[SHEET]
    rows = {sheet.cell(row, 1).value: row for row in range(5, sheet.max_row + 1)}
    for column in range(1, 5):
        sheet.cell(20, column).value = sheet.cell(rows[PART], column).value
    sheet.delete_rows(rows[ALL])
    upload = send(clerk, book)
    assert upload.preview["places"] == []
    assert "để nguyên" in upload.preview["notes"][0]
    assert {reject["reason"] for reject in upload.preview["rejects"]} == {"Dòng bị chép thành hai."}


def test_a_missing_sheet_is_said(clerk):
    book = download(clerk)
    book[SHEET].title = "khác"
    assert "Không còn trang tính" in send(clerk, book).preview["notes"][0]


def test_a_file_without_a_stamp_or_of_another_portal_is_refused(clerk, world, form):
    book = openpyxl.Workbook()
    assert "không có dấu" in send(clerk, book).problem
    with override_settings(SECRET_KEY="another portal"):
        data = write(form_book(world.facilities["T-a1"], form, AUGUST, None))
    upload = send_bytes(clerk, data)
    assert upload.status == "refused" and "cổng khác" in page(clerk, upload)
    confirm(clerk, upload)
    assert stored() == {}


def test_a_file_that_is_no_workbook_is_refused_in_words(clerk):
    upload = send_bytes(clerk, b"%PDF-1.7")
    assert upload.status == "refused" and "không phải tệp Excel" in page(clerk, upload)


def test_sending_no_file_says_what_to_do(clerk):
    answer = clerk.post(reverse("submissions:upload"), follow=True)
    assert "Chưa chọn tệp" in answer.content.decode()


def test_a_form_that_changed_since_is_refused(clerk, form):
    book = download(clerk)
    item = FormItem.objects.get(form=form, element__code="X.part")
    item.element = DataElementFactory(code="X.new")
    item.save()
    assert "bản cũ của biểu" in send(clerk, book).problem


def test_nobody_sees_or_confirms_the_upload_of_another(client, clerk, world, cast):
    book = download(clerk)
    fill(book[SHEET], all=9)
    upload = send(clerk, book)
    client.force_login(cast.administrator)
    url = reverse("submissions:upload-preview", args=[upload.pk])
    assert client.get(url).status_code == 404 and client.post(url).status_code == 404
    assert stored() == {}


def test_the_file_of_a_station_is_not_for_the_clerk_of_another(client, clerk, cast):
    book = download(clerk)
    fill(book[SHEET], all=9)
    client.force_login(cast.neighbour)
    upload = send(client, book)
    assert upload.status == "refused" and "không có cơ sở nào" in upload.problem


@pytest.mark.parametrize(
    ("who", "down", "up"),
    [("clerk", 200, 302), ("neighbour", 404, 302), ("reviewer", 200, 404), ("leader", 200, 404),
     ("auditor", 200, 404), ("administrator", 200, 302), ("stranger", 404, 404)],
)  # fmt: skip
def test_who_downloads_and_who_uploads(client, cast, form, who, down, up):
    client.force_login(getattr(cast, who))
    assert client.get(reverse("submissions:workbook", args=KEY)).status_code == down
    assert client.post(reverse("submissions:upload")).status_code == up
    assert client.get(reverse("submissions:upload")).status_code == 200


def test_rights_lost_between_preview_and_yes_store_nothing(clerk, cast):
    book = download(clerk)
    fill(book[SHEET], all=9)
    upload = send(clerk, book)
    cast.clerk.assignments.all().delete()
    confirm(clerk, upload)
    assert stored() == {}


def test_old_uploads_are_neither_confirmed_nor_kept(clerk):
    book = download(clerk)
    fill(book[SHEET], all=9)
    upload = send(clerk, book)
    Upload.objects.update(at=timezone.now() - timedelta(days=14, minutes=1))
    confirm(clerk, upload)
    assert stored() == {}
    assert drop_old_uploads() == 1 and Upload.objects.count() == 0


AREA = "/submissions/workbook.xlsx?period=2025-08"


def test_a_month_of_the_area_has_a_line_a_station_and_comes_back(client, cast, form):
    client.force_login(cast.administrator)
    book = download(client, AREA)
    sheet = book[SHEET]
    rows = {sheet.cell(row, 1).value: row for row in range(5, sheet.max_row + 1)}
    columns = {sheet.cell(1, at).value: at for at in range(4, sheet.max_column + 1)}
    assert len(rows) > 2 and set(columns) == {ALL, PART, MINORITY}
    for number, row in enumerate(rows.values()):
        sheet.cell(row, columns[ALL]).value = number
    sheet.cell(rows["T-a1"], columns[MINORITY]).value = "NA"
    upload = send(client, book)
    confirm(client, upload)
    values = DataValue.objects.filter(element__code="X.all", group__code="")
    assert {v.submission.facility.code: v.value for v in values} == {c: n for n, c in enumerate(rows)}
    assert DataValue.objects.get(no_data=True).submission.facility.code == "T-a1"


def test_places_are_stored_in_one_order_however_the_lines_of_the_file_were_sorted(client, cast, form):
    client.force_login(cast.administrator)
    book = download(client, AREA)
    sheet = book[SHEET]
    lines = [[cell.value for cell in sheet[row]][:3] for row in range(5, sheet.max_row + 1)]
    for row, (key, code, name) in enumerate(reversed(lines), start=5):
        for at, value in enumerate((key, code, name, 1), start=1):
            sheet.cell(row, at).value = value
    found = [place["facility"] for place in send(client, book).preview["places"]]
    assert len(found) > 1 and found == sorted(found)


def test_a_clerk_downloads_own_stations_and_a_part_can_be_asked_for(client, cast, world, form):
    FormFactory(code="Z", cells=[("Z.all", "")])
    settle_duties()
    client.force_login(cast.clerk)
    sheets = download(client, AREA)
    assert {"Biểu X", "Biểu Z"} <= set(sheets.sheetnames)
    own = {sheets[SHEET].cell(row, 1).value for row in range(5, sheets[SHEET].max_row + 1)}
    assert "T-a1" in own and "S-y" not in own
    assert "Biểu Z" not in download(client, f"{AREA}&form=X").sheetnames
    client.force_login(cast.reviewer)
    here = world.areas["x"].key
    part = download(client, f"{AREA}&area={here}")[SHEET]
    whole = download(client, AREA)[SHEET]
    assert part.max_row < whole.max_row


@pytest.mark.parametrize(
    "query",
    [
        "",
        "?period=x",
        "?period=2199-01",
        "?period=2025-08&form=none",
        "?period=2025-08&area=\x00",
        "?period=2025-08&area=nowhere@2025-07-01",
    ],
)
def test_a_month_nobody_owes_is_not_found(clerk, query):
    assert clerk.get(f"/submissions/workbook.xlsx{query}").status_code == 404


def test_a_month_is_chosen_on_the_page_by_period_form_and_place(client, world, cast, form):
    FormFactory(code="Z", cells=[("Z.all", "")], facility_types=["hospital"])
    client.force_login(cast.planner)
    upload = reverse("submissions:upload")
    chosen = client.get(f"{upload}?period=2025-08&form=X&area={world.areas['x'].key}")
    assert chosen.context["forms"] == [("X", "Biểu X")]
    assert [name for _key, name in chosen.context["areas"]] == ["Tỉnh M", "Phường x", "Xã y", "Xã z"]
    assert f'value="{world.areas["x"].key}" selected' in chosen.content.decode()
    book = download(client, f"{AREA}&form=X&area={world.areas['x'].key}")
    text = " ".join(str(cell.value) for column in book[SHEET].columns for cell in column)
    assert "Điểm trạm a1" in text and "Điểm trạm b1" not in text
    nothing = client.get(f"{AREA}&form=Z", follow=True)
    assert nothing.redirect_chain == [(f"{upload}?period=2025-08&form=Z&area=", 302)]
    assert "Không có biểu nào phải nộp theo lựa chọn này" in nothing.content.decode()


def test_the_history_says_that_a_change_came_in_a_workbook(clerk):
    book = download(clerk)
    fill(book[SHEET], all=12)
    confirm(clerk, send(clerk, book))
    assert "tải lên từ tệp Excel" in clerk.get(reverse("submissions:history", args=KEY)).content.decode()


@pytest.mark.parametrize("cells", [3, 40])
def test_queries_do_not_grow_with_the_cells(client, world, cast, cells):
    named = [(f"X.{n}", "") for n in range(cells)]
    form = FormFactory(code="X", cells=named)
    settle_duties()
    for code in ("T-a1", "S-x"):
        SubmissionFactory(facility=world.facilities[code], form=form, values=dict.fromkeys(named, 4))
    client.force_login(cast.administrator)
    with CaptureQueriesContext(connection) as captured:
        book = download(client, AREA)
    # session, person, roles; owed; submissions, values, items.
    assert len(captured) <= 8, "\n".join(q["sql"] for q in captured)
    sheet = book[SHEET]
    for row in range(5, sheet.max_row + 1):
        for at in range(4, 4 + cells):
            sheet.cell(row, at).value = row
    with CaptureQueriesContext(connection) as captured:
        upload = send(client, book)
    # session, person, roles; forms, items, facilities, submissions, duties, values; the upload written (and read here).
    assert len(captured) <= 13, "\n".join(q["sql"] for q in captured)
    assert sum(len(place["changes"]) for place in upload.preview["places"]) == cells * (sheet.max_row - 4)
    with CaptureQueriesContext(connection) as captured:
        page(client, upload)
    assert len(captured) <= 5


def test_a_part_of_a_month_reads_the_figures_of_that_part_alone(world, form):
    for code in ("T-a1", "S-x"):
        SubmissionFactory(facility=world.facilities[code], form=form, values={CELLS[0]: 4})
    owed = [Owed(world.facilities["T-a1"], form, AUGUST)]
    with CaptureQueriesContext(connection) as captured:
        area_book(owed, AUGUST, yearly=False)
    read = [
        q["sql"]
        for q in captured
        if "indicators_datavalue" in q["sql"] or '"indicators_submission"."id"' in q["sql"]
    ]
    assert len(read) == 2
    assert all('"facility_id" IN' in sql for sql in read)


def test_a_person_without_any_role_finds_nothing(client, form):
    client.force_login(person(Role.OFFICER, agency=AgencyFactory()))
    assert client.get(reverse("submissions:upload")).status_code == 404
    assert client.get(AREA).status_code == 404


def test_a_yearly_form_goes_the_same_way(client, cast, world):
    FormFactory(code="Y", periodicity="year", cells=[("Y.all", "")])
    settle_duties()
    client.force_login(cast.clerk)
    book = download(client, reverse("submissions:workbook", args=["T-a1", "Y", "2026"]))
    book["Biểu Y"].cell(6, 4).value = 4
    upload = send(client, book)
    confirm(client, upload)
    assert Submission.objects.get().period == date(2026, 1, 1) and stored() == {("Y.all", ""): "4"}


# --- what does not belong, and how much of it -----------------------------------------------------------
def test_of_many_rejected_cells_the_first_are_named_and_the_rest_is_counted(clerk):
    book = download(clerk)
    for row in range(20, 320):
        book[SHEET].cell(row, 10).value = 7
    fill(book[SHEET], all=12)

    upload = send(clerk, book)

    assert (len(upload.preview["rejects"]), upload.preview["rejected"]) == (NAMED, 300)
    assert [upload.preview["rejects"][0][name] for name in ("row", "column")] == [20, "J"]
    shown = page(clerk, upload)
    assert "Còn 100 ô khác không nhận" in shown and "Xác nhận ghi 1 ô" in shown


def test_a_sheet_full_of_other_numbers_is_refused_in_words(clerk):
    book = download(clerk)
    for row in range(20, 19_990):
        for column in range(10, 19):
            book[SHEET].cell(row, column).value = 7
    out = io.BytesIO()
    book.save(out)

    upload = send_bytes(clerk, out.getvalue())

    assert (upload.status, upload.preview) == ("refused", {})
    assert "nhiều ô hơn hẳn" in upload.problem or "5 giây" in upload.problem


def test_rows_and_columns_of_foreign_ids_are_not_multiplied_with_each_other(clerk):
    book = download(clerk)
    for row in range(20, 320):
        book[SHEET].cell(row, 1).value = f"z{row}"
    for column in range(10, 290):
        book[SHEET].cell(1, column).value = f"y{column}"
    book[SHEET].cell(25, 4).value = 3

    upload = send(clerk, book)

    assert [(one["row"], one["column"]) for one in upload.preview["rejects"]] == [(25, "D")]


# --- what could not be stored ---------------------------------------------------------------------------
def test_where_nothing_could_be_stored_the_upload_waits_on_beside_what_stands_now(clerk, cast, world, form):
    book = download(clerk)
    fill(book[SHEET], all=9, part=2)
    upload = send(clerk, book)
    save(cast, world, form, all=8, part=2)

    confirm(clerk, upload)

    upload.refresh_from_db()
    assert (upload.status, upload.applied_at) == ("ready", None)
    assert stored() == {CELLS[0]: "8", CELLS[1]: "2"}
    shown = page(clerk, upload)
    assert "Chưa ghi được" in shown and "đã đổi từ khi xem trước" in shown and "lưu lại" not in shown
    (change,) = upload.preview["places"][0]["changes"]
    assert (change["cell"], change["server"], change["file"], change["conflict"]) == (ALL, 8, 9, True)

    confirm(clerk, upload, mine=[f"T-a1:X|{ALL}"])

    upload.refresh_from_db()
    assert upload.status == "applied" and stored()[CELLS[0]] == "9"


def test_a_closed_period_is_said_before_the_yes_and_its_workbook_is_locked(client, clerk, cast, world, form):
    book = download(clerk)
    fill(book[SHEET], all=9)
    close_period(area=world.areas["M"], period=AUGUST, yearly=False, by=cast.reviewer)

    upload = send(clerk, book)

    (place,) = upload.preview["places"]
    assert place["blocked"].startswith("Kỳ 08/2025 đã khóa số liệu")
    assert "Kỳ 08/2025 đã khóa số liệu" in page(clerk, upload)
    confirm(clerk, upload)
    assert stored() == {}
    locked = download(clerk)[SHEET]
    assert all(cell.protection.locked for row in locked.iter_rows() for cell in row)
    client.force_login(cast.reviewer)
    month = download(client, AREA)[SHEET]
    assert all(cell.protection.locked for row in month.iter_rows() for cell in row)


@pytest.mark.parametrize("places", [2, 5])
def test_a_place_costs_a_few_queries_to_store(client, world, cast, form, places):
    client.force_login(cast.administrator)
    book = download(client, AREA)
    for row in range(5, 5 + places):
        book[SHEET].cell(row, 4).value = 3
    upload = send(client, book)
    with CaptureQueriesContext(connection) as captured:
        confirm(client, upload)
    upload.refresh_from_db()
    assert sum(one["stored"] for one in upload.preview["results"]) == places
    # a place: savepoint, right, submission (read, the period held on PostgreSQL, written, read), duty, cells, version,
    # history, values, log, released.
    assert len(captured) <= (12 + (connection.vendor == "postgresql")) * places + 12, "\n".join(
        q["sql"] for q in captured
    )


def test_the_guide_is_in_the_readers_language(clerk):
    DataElement.objects.filter(code="X.all").update(definition="Định nghĩa", definition_en="Definition")
    assert "Định nghĩa" in guide(clerk)
    clerk.post(reverse("accounts:language"), {"language": "en", "next": "/"})
    assert "Definition" in guide(clerk) and "Định nghĩa" not in guide(clerk)


def guide(client):
    sheet = download(client).worksheets[1]
    return [cell.value for row in sheet.iter_rows() for cell in row]
