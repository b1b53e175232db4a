from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("annotations", "0006_talk_links_and_the_desk"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="annotation",
            index=models.Index(fields=["article", "updated"], name="annotation_article_updated"),
        ),
    ]
