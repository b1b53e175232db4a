from django.db import migrations, models
from django.db.models.deletion import CASCADE


class Migration(migrations.Migration):
    dependencies = [("corpus_app", "0007_reuses_by_uuid")]

    operations = [
        migrations.RemoveIndex(model_name="fingerprint", name="fingerprint_bucket"),
        migrations.AlterField(
            model_name="fingerprint",
            name="passage",
            field=models.ForeignKey(
                db_index=False,
                on_delete=CASCADE,
                related_name="fingerprints",
                to="corpus_app.passage",
            ),
        ),
        migrations.AddIndex(
            model_name="fingerprint",
            index=models.Index(fields=["bucket"], name="fingerprint_bucket"),
        ),
    ]
