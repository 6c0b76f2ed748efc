from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('reporting', '0006_vietnamese_names_of_fields'),
    ]

    operations = [
        migrations.AddField(
            model_name='reportfile',
            name='error_code',
            field=models.CharField(blank=True, help_text='reporting.said', max_length=30, verbose_name='mã lỗi'),
        ),
        migrations.AddField(
            model_name='reportfile',
            name='error_values',
            field=models.JSONField(blank=True, default=dict, verbose_name='giá trị trong lỗi'),
        ),
        migrations.AlterField(
            model_name='reportfile',
            name='error',
            field=models.CharField(blank=True, help_text='As written before errors were kept as a code', max_length=300, verbose_name='lỗi'),
        ),
    ]
