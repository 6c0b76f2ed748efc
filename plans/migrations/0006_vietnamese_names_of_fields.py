
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('facilities', '0008_vietnamese_names_of_fields'),
        ('plans', '0005_who_set_a_day'),
    ]

    operations = [
        migrations.AlterField(
            model_name='budgetline',
            name='plan',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='budget_lines', to='plans.plan', verbose_name='kế hoạch'),
        ),
        migrations.AlterField(
            model_name='enteredfigure',
            name='line',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='entered_figures', to='plans.planindicator', verbose_name='dòng chỉ tiêu'),
        ),
        migrations.AlterField(
            model_name='objective',
            name='plan',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='objectives', to='plans.plan', verbose_name='kế hoạch'),
        ),
        migrations.AlterField(
            model_name='plan',
            name='sections',
            field=models.JSONField(blank=True, default=list, help_text='Nguyên văn văn bản: [{"heading": "…", "text": "…"}]', verbose_name='các phần của văn bản'),
        ),
        migrations.AlterField(
            model_name='planindicator',
            name='baseline_kind',
            field=models.CharField(blank=True, max_length=10, verbose_name='loại số nền'),
        ),
        migrations.AlterField(
            model_name='planindicator',
            name='baseline_operator',
            field=models.CharField(blank=True, max_length=10, verbose_name='dấu so sánh của số nền'),
        ),
        migrations.AlterField(
            model_name='planindicator',
            name='baseline_value',
            field=models.DecimalField(blank=True, decimal_places=6, max_digits=20, null=True, verbose_name='giá trị số nền'),
        ),
        migrations.AlterField(
            model_name='planindicator',
            name='has_baseline',
            field=models.BooleanField(default=False, help_text='Kế hoạch in cột số nền cho dòng này, dù ô để trống', verbose_name='có cột số nền'),
        ),
        migrations.AlterField(
            model_name='planindicator',
            name='plan',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='plans.plan', verbose_name='kế hoạch'),
        ),
        migrations.AlterField(
            model_name='target',
            name='line',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='targets', to='plans.planindicator', verbose_name='dòng chỉ tiêu'),
        ),
        migrations.AlterField(
            model_name='task',
            name='original_text',
            field=models.TextField(blank=True, verbose_name='nguyên văn'),
        ),
        migrations.AlterField(
            model_name='task',
            name='plan',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='tasks', to='plans.plan', verbose_name='kế hoạch'),
        ),
        migrations.AlterField(
            model_name='taskagency',
            name='agency',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='parts', to='facilities.agency', verbose_name='cơ quan'),
        ),
        migrations.AlterField(
            model_name='taskagency',
            name='order',
            field=models.PositiveSmallIntegerField(default=0, verbose_name='thứ tự'),
        ),
        migrations.AlterField(
            model_name='taskagency',
            name='task',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='parts', to='plans.task', verbose_name='nhiệm vụ'),
        ),
        migrations.AlterField(
            model_name='taskupdate',
            name='task',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='updates', to='plans.task', verbose_name='nhiệm vụ'),
        ),
    ]
