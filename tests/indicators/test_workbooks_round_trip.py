"""500 random cells of all three states come back as they were filled in, also through LibreOffice."""

from __future__ import annotations

import io
import random
import shutil
import subprocess
from datetime import date

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from facilities.models import Facility
from indicators.actions.uploads import confirm, receive
from indicators.cell_json import write_state
from indicators.deadlines import owed_for
from indicators.models import DataValue
from indicators.values import CellValue
from indicators.workbooks.contents import area_book
from indicators.workbooks.writer import write
from tests.factories_indicators import FormFactory, SubmissionFactory, settle_duties
from tests.world import make_cast, make_world

pytestmark = pytest.mark.django_db
AUGUST, WANTED, COLUMNS = date(2025, 8, 1), 500, 130
SOFFICE = shutil.which("soffice")


def filled(seed):
    """A world, its filled workbook and what was written into it by (facility, element); None stands for a blank."""
    world, rng = make_world(), random.Random(seed)
    named = [(f"X.{n}", "") for n in range(COLUMNS)]
    form = FormFactory(code="X", cells=named)
    settle_duties()
    # Some cells hold values at download, so that a blank erases one and a number replaces another.
    begun = {cell: rng.choice([0, 7, "NA"]) for cell in named[: COLUMNS // 2]}
    SubmissionFactory(facility=world.facilities["T-a1"], form=form, values=begun)
    owed = owed_for(Facility.objects.all(), AUGUST, yearly=False)
    book = openpyxl.load_workbook(io.BytesIO(write(area_book(owed, AUGUST, yearly=False))))
    sheet = book["Biểu X"]
    places = [(row, at) for row in range(5, sheet.max_row + 1) for at in range(4, 4 + COLUMNS)]
    wanted = {}
    for row, at in rng.sample(places, WANTED):
        state = rng.choice([0, rng.randrange(1, 10**6), rng.randrange(10**11), "NA", None])
        sheet.cell(row, at).value = state
        wanted[sheet.cell(row, 1).value, sheet.cell(1, at).value] = state
    out = io.BytesIO()
    book.save(out)
    return make_cast(world), out.getvalue(), wanted


def stored_after(cast, data):
    upload = receive(file=SimpleUploadedFile("a.xlsx", data), by=cast.administrator)
    assert upload.status == "ready", upload.problem
    assert upload.preview["rejects"] == [] and upload.preview["notes"] == []
    done = confirm(upload=upload, by=cast.administrator)
    assert [one["problem"] for one in done.preview["results"]] == [""] * len(done.preview["results"])
    return {
        (v.submission.facility.code, v.element.code): write_state(CellValue(v.value, v.no_data))
        for v in DataValue.objects.select_related("submission__facility", "element")
    }


def test_500_cells_come_back():
    cast, data, wanted = filled(1)
    stored = stored_after(cast, data)
    assert len(wanted) == WANTED and {type(state) for state in wanted.values()} == {int, str, type(None)}
    assert {key: stored.get(key) for key in wanted} == wanted


@pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not installed")
def test_500_cells_come_back_through_libreoffice(tmp_path):
    cast, data, wanted = filled(2)
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.xlsx").write_bytes(data)
    command = [SOFFICE, f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--headless"]
    command += ["--convert-to", "xlsx", "--outdir", str(tmp_path), str(tmp_path / "in" / "a.xlsx")]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    again = (tmp_path / "a.xlsx").read_bytes()
    assert again != data
    stored = stored_after(cast, again)
    assert {key: stored.get(key) for key in wanted} == wanted
