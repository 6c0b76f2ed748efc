"""What leaves with a delivery is kept with it; for earlier ones it is filled in where it is certain."""

from django.db import migrations, models
from django.utils import timezone

from facilities.text import fold

PDF = ("pdf", "pdfa")


def fill(apps, schema_editor):
    """Deliveries that were sent. What still waits or failed gets its files when it is sent."""
    rows = apps.get_model("reporting", "Delivery").objects.filter(status="sent")
    for delivery in rows.select_related("snapshot__issued").defer("snapshot__data"):
        delivery.files = _files(apps, delivery)
        if delivery.files:
            delivery.save(update_fields=["files"])


def _files(apps, delivery):
    """The files as `Delivery.files` keeps them; none where a later signature may have taken the PDF's place."""
    until = timezone.now() if delivery.way == "link" else delivery.sent_at
    found = apps.get_model("reporting", "ReportFile").objects.filter(snapshot=delivery.snapshot, status="done")
    signed = apps.get_model("reporting", "Signature").objects.filter(file__in=found.filter(format__in=PDF))
    issued = getattr(delivery.snapshot, "issued", None)
    if issued and issued.at > delivery.at:
        issued = None
    if issued is None and signed.filter(at__gt=delivery.at, at__lte=until).exists():
        return []
    pdfs = [_entry("pdf", one.file.name, one, issued) for one in found.filter(format="pdf")]
    pdfs += [
        _entry(one.file.format, one.signed.name, one, issued)
        for one in signed.filter(at__lte=until).select_related("file").order_by("at", "pk")
    ]
    if issued:
        pdfs = [one for one in pdfs if one["sha256"] == issued.sha256]
    if not pdfs:
        return []
    sheets = found.filter(format="xlsx", finished_at__lte=until)
    return [pdfs[-1], *(_entry("xlsx", one.file.name, one, issued) for one in sheets)]


def _entry(kind, stored, row, issued):
    name = f"{_stem(issued)}.{'pdf' if kind in PDF else kind}" if issued else stored.rpartition("/")[2]
    return {"format": kind, "name": name, "stored": stored, "sha256": row.sha256, "size": row.size or 0}


def _stem(issued):
    plain = fold(f"{issued.number:02d}/{issued.symbol}").replace("/", "-").replace(" ", "-")
    kept = "".join(char for char in plain if char.isascii() and (char.isalnum() or char in "-_."))
    return f"{kept.upper()}-{issued.on:%Y}"


class Migration(migrations.Migration):

    dependencies = [
        ("reporting", "0002_kinds_signatures_deliveries"),
    ]

    operations = [
        migrations.AddField(
            model_name="delivery",
            name="files",
            field=models.JSONField(blank=True, default=list, verbose_name="tệp đi"),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
