
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('facilities', '0008_vietnamese_names_of_fields'),
        ('indicators', '0008_places_of_old_events'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name='computedmonth',
            name='computed_at',
            field=models.DateTimeField(verbose_name='tính lúc'),
        ),
        migrations.AlterField(
            model_name='computedmonth',
            name='month',
            field=models.DateField(unique=True, verbose_name='tháng'),
        ),
        migrations.AlterField(
            model_name='dataelement',
            name='definition_en',
            field=models.TextField(blank=True, verbose_name='định nghĩa tiếng Anh'),
        ),
        migrations.AlterField(
            model_name='dataelement',
            name='example_en',
            field=models.TextField(blank=True, verbose_name='ví dụ tiếng Anh'),
        ),
        migrations.AlterField(
            model_name='datavalue',
            name='element',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='indicators.dataelement', verbose_name='số liệu'),
        ),
        migrations.AlterField(
            model_name='datavalue',
            name='group',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='indicators.group', verbose_name='nhóm'),
        ),
        migrations.AlterField(
            model_name='datavalue',
            name='submission',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='values', to='indicators.submission', verbose_name='báo cáo tháng'),
        ),
        migrations.AlterField(
            model_name='datavalue',
            name='version',
            field=models.PositiveIntegerField(default=1, verbose_name='lần ghi'),
        ),
        migrations.AlterField(
            model_name='datavaluechange',
            name='at',
            field=models.DateTimeField(verbose_name='lúc'),
        ),
        migrations.AlterField(
            model_name='datavaluechange',
            name='by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='người sửa'),
        ),
        migrations.AlterField(
            model_name='datavaluechange',
            name='element',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='indicators.dataelement', verbose_name='số liệu'),
        ),
        migrations.AlterField(
            model_name='datavaluechange',
            name='group',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='indicators.group', verbose_name='nhóm'),
        ),
        migrations.AlterField(
            model_name='datavaluechange',
            name='new_no_data',
            field=models.BooleanField(default=False, verbose_name='nay không có số liệu'),
        ),
        migrations.AlterField(
            model_name='datavaluechange',
            name='new_value',
            field=models.BigIntegerField(null=True, verbose_name='giá trị mới'),
        ),
        migrations.AlterField(
            model_name='datavaluechange',
            name='old_no_data',
            field=models.BooleanField(default=False, verbose_name='trước đó không có số liệu'),
        ),
        migrations.AlterField(
            model_name='datavaluechange',
            name='old_value',
            field=models.BigIntegerField(null=True, verbose_name='giá trị cũ'),
        ),
        migrations.AlterField(
            model_name='datavaluechange',
            name='reason',
            field=models.CharField(blank=True, max_length=300, verbose_name='lý do'),
        ),
        migrations.AlterField(
            model_name='datavaluechange',
            name='source',
            field=models.CharField(max_length=10, verbose_name='nguồn'),
        ),
        migrations.AlterField(
            model_name='datavaluechange',
            name='submission',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='changes', to='indicators.submission', verbose_name='báo cáo tháng'),
        ),
        migrations.AlterField(
            model_name='datavaluechange',
            name='version',
            field=models.PositiveIntegerField(verbose_name='lần ghi'),
        ),
        migrations.AlterField(
            model_name='facilityresult',
            name='denominator',
            field=models.DecimalField(decimal_places=8, max_digits=24, verbose_name='mẫu số'),
        ),
        migrations.AlterField(
            model_name='facilityresult',
            name='expected',
            field=models.IntegerField(verbose_name='số tháng cơ sở phải có'),
        ),
        migrations.AlterField(
            model_name='facilityresult',
            name='no_data',
            field=models.IntegerField(verbose_name='số tháng cơ sở không có số liệu'),
        ),
        migrations.AlterField(
            model_name='facilityresult',
            name='numerator',
            field=models.DecimalField(decimal_places=8, max_digits=24, verbose_name='tử số'),
        ),
        migrations.AlterField(
            model_name='facilityresult',
            name='provisional_denominator',
            field=models.DecimalField(decimal_places=8, max_digits=24, verbose_name='mẫu số kể cả chưa duyệt'),
        ),
        migrations.AlterField(
            model_name='facilityresult',
            name='provisional_numerator',
            field=models.DecimalField(decimal_places=8, max_digits=24, verbose_name='tử số kể cả chưa duyệt'),
        ),
        migrations.AlterField(
            model_name='facilityresult',
            name='provisional_reported',
            field=models.IntegerField(verbose_name='số tháng cơ sở kể cả chưa duyệt'),
        ),
        migrations.AlterField(
            model_name='facilityresult',
            name='reported',
            field=models.IntegerField(verbose_name='số tháng cơ sở đã có'),
        ),
        migrations.AlterField(
            model_name='facilityresult',
            name='stand_in',
            field=models.IntegerField(verbose_name='số tháng cơ sở dùng số năm trước'),
        ),
        migrations.AlterField(
            model_name='facilityresult',
            name='year_denominator',
            field=models.DecimalField(decimal_places=8, max_digits=24, verbose_name='mẫu số năm'),
        ),
        migrations.AlterField(
            model_name='formitem',
            name='form',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='items', to='indicators.form', verbose_name='biểu mẫu'),
        ),
        migrations.AlterField(
            model_name='formitem',
            name='name_en',
            field=models.CharField(blank=True, max_length=400, verbose_name='tên riêng tiếng Anh'),
        ),
        migrations.AlterField(
            model_name='formitem',
            name='section',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='items', to='indicators.formsection', verbose_name='phần của biểu'),
        ),
        migrations.AlterField(
            model_name='formsection',
            name='title_en',
            field=models.CharField(blank=True, max_length=200, verbose_name='tiêu đề tiếng Anh'),
        ),
        migrations.AlterField(
            model_name='indicator',
            name='unit_en',
            field=models.CharField(blank=True, max_length=60, verbose_name='đơn vị tính tiếng Anh'),
        ),
        migrations.AlterField(
            model_name='monthlyresult',
            name='area',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='results', to='facilities.area', verbose_name='địa bàn'),
        ),
        migrations.AlterField(
            model_name='monthlyresult',
            name='denominator',
            field=models.DecimalField(decimal_places=8, max_digits=24, verbose_name='mẫu số'),
        ),
        migrations.AlterField(
            model_name='monthlyresult',
            name='estimated',
            field=models.IntegerField(verbose_name='số tháng cơ sở tính theo tỷ phần'),
        ),
        migrations.AlterField(
            model_name='monthlyresult',
            name='expected',
            field=models.IntegerField(verbose_name='số tháng cơ sở phải có'),
        ),
        migrations.AlterField(
            model_name='monthlyresult',
            name='group',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='indicators.group', verbose_name='nhóm'),
        ),
        migrations.AlterField(
            model_name='monthlyresult',
            name='indicator',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='indicators.indicator', verbose_name='chỉ số'),
        ),
        migrations.AlterField(
            model_name='monthlyresult',
            name='month',
            field=models.DateField(verbose_name='tháng'),
        ),
        migrations.AlterField(
            model_name='monthlyresult',
            name='no_data',
            field=models.IntegerField(verbose_name='số tháng cơ sở không có số liệu'),
        ),
        migrations.AlterField(
            model_name='monthlyresult',
            name='numerator',
            field=models.DecimalField(decimal_places=8, max_digits=24, verbose_name='tử số'),
        ),
        migrations.AlterField(
            model_name='monthlyresult',
            name='provisional_denominator',
            field=models.DecimalField(decimal_places=8, max_digits=24, verbose_name='mẫu số kể cả chưa duyệt'),
        ),
        migrations.AlterField(
            model_name='monthlyresult',
            name='provisional_numerator',
            field=models.DecimalField(decimal_places=8, max_digits=24, verbose_name='tử số kể cả chưa duyệt'),
        ),
        migrations.AlterField(
            model_name='monthlyresult',
            name='provisional_reported',
            field=models.IntegerField(verbose_name='số tháng cơ sở kể cả chưa duyệt'),
        ),
        migrations.AlterField(
            model_name='monthlyresult',
            name='reported',
            field=models.IntegerField(verbose_name='số tháng cơ sở đã có'),
        ),
        migrations.AlterField(
            model_name='monthlyresult',
            name='stand_in',
            field=models.IntegerField(verbose_name='số tháng cơ sở dùng số năm trước'),
        ),
        migrations.AlterField(
            model_name='monthlyresult',
            name='unknown',
            field=models.IntegerField(verbose_name='số tháng cơ sở không rõ tỷ phần'),
        ),
        migrations.AlterField(
            model_name='monthlyresult',
            name='year_denominator',
            field=models.DecimalField(decimal_places=8, max_digits=24, verbose_name='mẫu số năm'),
        ),
        migrations.AlterField(
            model_name='rule',
            name='message_en',
            field=models.TextField(blank=True, verbose_name='lời báo tiếng Anh'),
        ),
        migrations.AlterField(
            model_name='stagedarearesult',
            name='denominator',
            field=models.DecimalField(decimal_places=8, max_digits=24, verbose_name='mẫu số'),
        ),
        migrations.AlterField(
            model_name='stagedarearesult',
            name='expected',
            field=models.IntegerField(verbose_name='số tháng cơ sở phải có'),
        ),
        migrations.AlterField(
            model_name='stagedarearesult',
            name='no_data',
            field=models.IntegerField(verbose_name='số tháng cơ sở không có số liệu'),
        ),
        migrations.AlterField(
            model_name='stagedarearesult',
            name='numerator',
            field=models.DecimalField(decimal_places=8, max_digits=24, verbose_name='tử số'),
        ),
        migrations.AlterField(
            model_name='stagedarearesult',
            name='provisional_denominator',
            field=models.DecimalField(decimal_places=8, max_digits=24, verbose_name='mẫu số kể cả chưa duyệt'),
        ),
        migrations.AlterField(
            model_name='stagedarearesult',
            name='provisional_numerator',
            field=models.DecimalField(decimal_places=8, max_digits=24, verbose_name='tử số kể cả chưa duyệt'),
        ),
        migrations.AlterField(
            model_name='stagedarearesult',
            name='provisional_reported',
            field=models.IntegerField(verbose_name='số tháng cơ sở kể cả chưa duyệt'),
        ),
        migrations.AlterField(
            model_name='stagedarearesult',
            name='reported',
            field=models.IntegerField(verbose_name='số tháng cơ sở đã có'),
        ),
        migrations.AlterField(
            model_name='stagedarearesult',
            name='stand_in',
            field=models.IntegerField(verbose_name='số tháng cơ sở dùng số năm trước'),
        ),
        migrations.AlterField(
            model_name='stagedarearesult',
            name='year_denominator',
            field=models.DecimalField(decimal_places=8, max_digits=24, verbose_name='mẫu số năm'),
        ),
        migrations.AlterField(
            model_name='stagedresult',
            name='denominator',
            field=models.DecimalField(decimal_places=8, max_digits=24, verbose_name='mẫu số'),
        ),
        migrations.AlterField(
            model_name='stagedresult',
            name='expected',
            field=models.IntegerField(verbose_name='số tháng cơ sở phải có'),
        ),
        migrations.AlterField(
            model_name='stagedresult',
            name='no_data',
            field=models.IntegerField(verbose_name='số tháng cơ sở không có số liệu'),
        ),
        migrations.AlterField(
            model_name='stagedresult',
            name='numerator',
            field=models.DecimalField(decimal_places=8, max_digits=24, verbose_name='tử số'),
        ),
        migrations.AlterField(
            model_name='stagedresult',
            name='provisional_denominator',
            field=models.DecimalField(decimal_places=8, max_digits=24, verbose_name='mẫu số kể cả chưa duyệt'),
        ),
        migrations.AlterField(
            model_name='stagedresult',
            name='provisional_numerator',
            field=models.DecimalField(decimal_places=8, max_digits=24, verbose_name='tử số kể cả chưa duyệt'),
        ),
        migrations.AlterField(
            model_name='stagedresult',
            name='provisional_reported',
            field=models.IntegerField(verbose_name='số tháng cơ sở kể cả chưa duyệt'),
        ),
        migrations.AlterField(
            model_name='stagedresult',
            name='reported',
            field=models.IntegerField(verbose_name='số tháng cơ sở đã có'),
        ),
        migrations.AlterField(
            model_name='stagedresult',
            name='stand_in',
            field=models.IntegerField(verbose_name='số tháng cơ sở dùng số năm trước'),
        ),
        migrations.AlterField(
            model_name='stagedresult',
            name='year_denominator',
            field=models.DecimalField(decimal_places=8, max_digits=24, verbose_name='mẫu số năm'),
        ),
        migrations.AlterField(
            model_name='submission',
            name='created_at',
            field=models.DateTimeField(auto_now_add=True, verbose_name='bắt đầu lúc'),
        ),
        migrations.AlterField(
            model_name='submission',
            name='decided_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='người duyệt hoặc trả'),
        ),
        migrations.AlterField(
            model_name='submission',
            name='submitted_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='người nộp'),
        ),
        migrations.AlterField(
            model_name='submission',
            name='version',
            field=models.PositiveIntegerField(default=0, help_text='Tăng mỗi lần lưu; hai người cùng ghi thì người sau được hỏi', verbose_name='lần ghi'),
        ),
    ]
