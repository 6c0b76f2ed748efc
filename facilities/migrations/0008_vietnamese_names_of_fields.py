
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('facilities', '0007_the_log_in_order'),
    ]

    operations = [
        migrations.AlterField(
            model_name='auditevent',
            name='actor_id',
            field=models.BigIntegerField(null=True, verbose_name='số tài khoản'),
        ),
        migrations.AlterField(
            model_name='auditevent',
            name='area_id',
            field=models.BigIntegerField(db_index=True, null=True, verbose_name='số của địa bàn'),
        ),
        migrations.AlterField(
            model_name='auditevent',
            name='subject_id',
            field=models.CharField(max_length=40, verbose_name='số của đối tượng'),
        ),
        migrations.AlterField(
            model_name='facility',
            name='latitude',
            field=models.DecimalField(blank=True, decimal_places=6, max_digits=9, null=True, verbose_name='vĩ độ'),
        ),
        migrations.AlterField(
            model_name='facility',
            name='longitude',
            field=models.DecimalField(blank=True, decimal_places=6, max_digits=9, null=True, verbose_name='kinh độ'),
        ),
        migrations.AlterField(
            model_name='notice',
            name='key',
            field=models.CharField(max_length=200, verbose_name='khóa'),
        ),
        migrations.AlterField(
            model_name='notice',
            name='mail_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='gửi thư lúc'),
        ),
        migrations.AlterField(
            model_name='notice',
            name='mail_attempts',
            field=models.PositiveSmallIntegerField(default=0, verbose_name='số lần gửi thư'),
        ),
        migrations.AlterField(
            model_name='notice',
            name='user',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notices', to=settings.AUTH_USER_MODEL, verbose_name='người nhận'),
        ),
    ]
