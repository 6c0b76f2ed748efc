"""Events of submissions that were written without a place get the commune their station stood in for the period.

So they are found where the others are: by whoever reads the log of that commune. What they say stays as it was.
"""

from collections import defaultdict

from django.db import migrations

AT_ONCE = 1000


def place(apps, schema_editor):
    AuditEvent = apps.get_model("facilities", "AuditEvent")
    events = AuditEvent.objects.filter(area_id=None, subject_type="indicators.submission").order_by("pk")
    last = 0
    while part := list(events.filter(pk__gt=last).only("subject_id", "area_id")[:AT_ONCE]):
        last = part[-1].pk
        communes = _communes(apps, {int(event.subject_id) for event in part})
        for event in part:
            event.area_id = communes.get(int(event.subject_id))
        AuditEvent.objects.bulk_update([event for event in part if event.area_id], ["area_id"])


def _communes(apps, submissions):
    """By submission: the area of the newest placement not after its period, else of the oldest."""
    rows = apps.get_model("indicators", "Submission").objects.filter(pk__in=submissions)
    found = list(rows.values_list("pk", "facility", "period", "form__periodicity"))
    placements = defaultdict(list)
    Placement = apps.get_model("facilities", "Placement")
    for facility, area, month in (
        Placement.objects.filter(facility__in={facility for _pk, facility, *_rest in found})
        .order_by("-from_month")
        .values_list("facility", "area", "from_month")
    ):
        placements[facility].append((month, area))
    communes = {}
    for pk, facility, period, periodicity in found:
        last_month = period.replace(month=12) if periodicity == "year" else period
        own = placements[facility]
        before = [area for month, area in own if month <= last_month]
        if own:
            communes[pk] = before[0] if before else own[-1][1]
    return communes


class Migration(migrations.Migration):

    dependencies = [
        ("facilities", "0007_the_log_in_order"),
        ("indicators", "0007_notes_of_two_people"),
    ]

    operations = [migrations.RunPython(place, migrations.RunPython.noop)]
