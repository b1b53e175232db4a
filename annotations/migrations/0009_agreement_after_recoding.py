from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('annotations', '0008_team_and_adjudication'),
    ]

    operations = [
        migrations.AddField(
            model_name='recoding',
            name='after',
            field=models.JSONField(default=dict, help_text='The same when it was closed.'),
        ),
    ]
