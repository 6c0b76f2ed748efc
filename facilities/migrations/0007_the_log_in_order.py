from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('facilities', '0006_past_of_placements'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='auditevent',
            index=models.Index(fields=['at', 'id'], name='audit_event_in_order'),
        ),
        migrations.AlterField(
            model_name='auditevent',
            name='at',
            field=models.DateTimeField(verbose_name='lúc'),
        ),
    ]
