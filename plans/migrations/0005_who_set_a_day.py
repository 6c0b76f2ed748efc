"""Who set a duty's yearly day and when is kept with it."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def fill(apps, schema_editor):
    """Who set the yearly days that stand now, from the log; a day of the plan's file has nobody."""
    users = apps.get_model("facilities", "User").objects
    said = apps.get_model("facilities", "AuditEvent").objects.filter(verb="set_report_day").order_by("-at", "-id")
    for duty in apps.get_model("plans", "ReportDuty").objects.filter(month__isnull=False):
        events = said.filter(subject_id=str(duty.plan_id))
        last = next((event for event in events if event.details.get("duty") == duty.key), None)
        day = {"month": duty.month, "day": duty.day, "years_after": duty.years_after}
        if last and day.items() <= last.details.items() and users.filter(pk=last.actor_id).exists():
            duty.set_by_id, duty.set_at = last.actor_id, last.at
            duty.save(update_fields=["set_by", "set_at"])


class Migration(migrations.Migration):

    dependencies = [
        ('plans', '0004_report_duties'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='reportduty',
            name='set_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='đặt hạn lúc'),
        ),
        migrations.AddField(
            model_name='reportduty',
            name='set_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='người đặt hạn'),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name='reportduty',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('set_at', None), ('set_by', None)), models.Q(('month__isnull', False), ('set_at__isnull', False), ('set_by__isnull', False)), _connector='OR'), name='report_duty_set_by'),
        ),
    ]
