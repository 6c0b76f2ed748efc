"""Keys, images and a rendered PDF for the tests of signing, made once a run; a report with that PDF."""

import hashlib
import io
from datetime import timedelta
from functools import cache

from django.core.files.base import ContentFile
from django.utils import timezone
from PIL import Image, ImageDraw

from reporting.actions.reports import freeze, open_report
from reporting.checks import serif_font
from reporting.content.periods import ReportPeriod
from reporting.models import ReportFile
from reporting.renderers import render
from reporting.signatures import places
from reporting.signatures.appearance import Look
from reporting.signatures.keys import open_file
from reporting.signatures.sign import place_in, sign
from reporting.signatures.trial import TrialRoot, make_key_file, make_root
from reporting.signatures.trial_folder import write_trial_folder
from tests.reporting.cases import make_plan, small_snapshot

PASSWORD = "mật khẩu dài"
PERSON, AGENCY = "Nguyễn Thị Hữu Ưởng", "Sở Y tế tỉnh Bắc Ninh"
NOW = timezone.localtime()
LATER = NOW + timedelta(days=2)


@cache
def pdf() -> bytes:
    return render(small_snapshot(), "pdf")


@cache
def root() -> TrialRoot:
    return make_root(NOW)


@cache
def real_root() -> TrialRoot:
    """A root that is not marked as a trial: what it signs passes for real."""
    return make_root(NOW, mark="Trung tâm chứng thực")


@cache
def key_file(name: str = PERSON, *, real: bool = False, days: tuple[int, int] = (-1, 300), **fields) -> bytes:
    """A PKCS#12 file valid from and to so many days from now."""
    start, end = (NOW + timedelta(days=day) for day in days)
    mark = {"mark": "Phòng Kế hoạch"} if real else {}
    issuer = real_root() if real else root()
    return make_key_file(issuer, name, PASSWORD, start=start, end=end, **mark, **fields)


@cache
def drawing(*, opaque: bool = False, size: tuple[int, int] = (400, 200)) -> bytes:
    """A black stroke on paper or on nothing."""
    image = Image.new("RGBA", size, (255, 255, 255, 255 if opaque else 0))
    ImageDraw.Draw(image).line((20, 20, size[0] - 20, size[1] - 20), fill=(0, 0, 0, 255), width=9)
    written = io.BytesIO()
    image.save(written, "PNG")
    return written.getvalue()


def make_report(world, letter: str = "M"):
    """A frozen report that PERSON is to sign."""
    report = open_report(plan=make_plan(world, letter), period=ReportPeriod(2025, "year"), by=None)
    report.document = {"signer": PERSON}
    report.save()
    freeze(report=report, by=None)
    return report


def store_pdf(snapshot, content: bytes | None = None) -> ReportFile:
    """The snapshot's PDF, as if rendered."""
    content = pdf() if content is None else content
    file = ReportFile(snapshot=snapshot, format="pdf", status="done", size=len(content))
    file.sha256 = hashlib.sha256(content).hexdigest()
    file.file.save(f"{file.sha256[:8]}.pdf", ContentFile(content), save=True)
    return file


def give_agency_key(settings, folder, agency: str) -> None:
    """A trial key for the agency, where the settings look for it."""
    now = timezone.now()
    write_trial_folder(folder, people={}, agencies=[agency], password=PASSWORD, now=now)
    settings.SIGNING_AGENCIES = str(folder / "agencies.yaml")
    settings.SIGNING_ROOTS = str(folder / "roots.pem")


def person_signs(content: bytes, *, real: bool = False, image=None, name: str = PERSON) -> bytes:
    key, place = open_file(key_file(name, real=real), PASSWORD, NOW), place_in(content)
    box = places.signature_box(place) if image else places.words_box(place, below=False)
    look = Look(box, key.certificate, NOW, serif_font(), image)
    return sign(content, key, field="person", page=place.page, look=look)


def agency_signs(content: bytes) -> bytes:
    key, place = open_file(key_file(AGENCY), PASSWORD, NOW), place_in(content)
    look = Look(places.words_box(place, below=True), key.certificate, NOW, serif_font(), is_agency=True)
    return sign(content, key, field="agency", page=place.page, look=look)
