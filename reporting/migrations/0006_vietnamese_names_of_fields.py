
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('facilities', '0008_vietnamese_names_of_fields'),
        ('reporting', '0005_reasons_and_errors_as_codes'),
    ]

    operations = [
        migrations.AlterField(
            model_name='delivery',
            name='error',
            field=models.CharField(blank=True, help_text='Như đã ghi khi lỗi chưa được lưu thành mã', max_length=300, verbose_name='lỗi'),
        ),
        migrations.AlterField(
            model_name='delivery',
            name='error_code',
            field=models.CharField(blank=True, help_text='reporting.said', max_length=30, verbose_name='mã lỗi'),
        ),
        migrations.AlterField(
            model_name='delivery',
            name='error_values',
            field=models.JSONField(blank=True, default=dict, verbose_name='giá trị trong lỗi'),
        ),
        migrations.AlterField(
            model_name='delivery',
            name='message_id',
            field=models.CharField(max_length=200, verbose_name='mã thư'),
        ),
        migrations.AlterField(
            model_name='delivery',
            name='snapshot',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='deliveries', to='reporting.snapshot', verbose_name='bản chốt số liệu'),
        ),
        migrations.AlterField(
            model_name='delivery',
            name='token_hash',
            field=models.CharField(blank=True, help_text='SHA-256 của phần bí mật trong liên kết', max_length=64, verbose_name='băm của liên kết'),
        ),
        migrations.AlterField(
            model_name='issueddocument',
            name='snapshot',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='issued', to='reporting.snapshot', verbose_name='bản chốt số liệu'),
        ),
        migrations.AlterField(
            model_name='report',
            name='agency',
            field=models.ForeignKey(blank=True, help_text='Cơ quan của báo cáo chung', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='reports', to='facilities.agency', verbose_name='cơ quan'),
        ),
        migrations.AlterField(
            model_name='report',
            name='narrative',
            field=models.JSONField(blank=True, default=dict, help_text='Lời đã viết theo từng phần: direction, strengths, limits, causes, next, proposals', verbose_name='phần nhận định'),
        ),
        migrations.AlterField(
            model_name='report',
            name='period',
            field=models.CharField(help_text='year (cả năm), h1 (6 tháng), m9 (9 tháng) hoặc YYYY-MM', max_length=7, verbose_name='kỳ'),
        ),
        migrations.AlterField(
            model_name='reportfile',
            name='finished_at',
            field=models.DateTimeField(null=True, verbose_name='xong lúc'),
        ),
        migrations.AlterField(
            model_name='reportfile',
            name='snapshot',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='files', to='reporting.snapshot', verbose_name='bản chốt số liệu'),
        ),
        migrations.AlterField(
            model_name='signature',
            name='file',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='signatures', to='reporting.reportfile', verbose_name='tệp báo cáo'),
        ),
        migrations.AlterField(
            model_name='snapshot',
            name='data',
            field=models.JSONField(verbose_name='nội dung'),
        ),
        migrations.AlterField(
            model_name='snapshot',
            name='reason',
            field=models.CharField(blank=True, help_text='Như người nhập đã gõ', max_length=300, verbose_name='lý do lập lại'),
        ),
        migrations.AlterField(
            model_name='snapshot',
            name='reason_code',
            field=models.CharField(blank=True, help_text='Lý do của cổng, theo reporting.said', max_length=30, verbose_name='mã lý do'),
        ),
        migrations.AlterField(
            model_name='snapshot',
            name='reason_values',
            field=models.JSONField(blank=True, default=dict, verbose_name='giá trị trong lý do'),
        ),
        migrations.AlterField(
            model_name='snapshot',
            name='report',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='snapshots', to='reporting.report', verbose_name='báo cáo'),
        ),
    ]
