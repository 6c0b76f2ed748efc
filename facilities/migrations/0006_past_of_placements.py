from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("facilities", "0005_reforms"),
    ]

    operations = [
        migrations.AddField(
            model_name="placement",
            name="carries_past",
            field=models.BooleanField(
                default=False,
                help_text="Xã trước đó bị chia mà cơ sở chỉ phục vụ phần này: số liệu trước khi chia thuộc trọn nơi này, không chia theo tỷ phần",
                verbose_name="số liệu trước đó cũng của nơi này",
            ),
        ),
    ]
