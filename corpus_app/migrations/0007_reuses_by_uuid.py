"""A reuse is addressed as everything else is. The table is made anew: it was empty so far."""

import uuid

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("corpus_app", "0006_part_of_is_many_rows")]

    operations = [
        migrations.DeleteModel(name="Reuse"),
        migrations.CreateModel(
            name="Reuse",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("created", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("kind", models.CharField(choices=[("passage", "taken over"), ("quotation", "the same quotation")], default="passage", max_length=9)),
                ("start", models.PositiveIntegerField()),
                ("end", models.PositiveIntegerField()),
                ("source_start", models.PositiveIntegerField()),
                ("source_end", models.PositiveIntegerField()),
                ("score", models.FloatField()),
                ("passage", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="reuses", to="corpus_app.passage")),
                ("project", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="corpus_app.project")),
                ("source", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="reused_in", to="corpus_app.passage")),
            ],
            options={"ordering": ["passage", "start", "source"]},
        ),
        migrations.AddIndex(
            model_name="reuse",
            index=models.Index(fields=["project", "created", "id"], name="reuse_project_created"),
        ),
        migrations.AddConstraint(
            model_name="reuse",
            constraint=models.UniqueConstraint(fields=("passage", "source", "kind", "start"), name="reuse_once"),
        ),
        migrations.AddConstraint(
            model_name="reuse",
            constraint=models.CheckConstraint(condition=models.Q(("passage", models.F("source")), _negated=True), name="reuse_of_another"),
        ),
        migrations.AddConstraint(
            model_name="reuse",
            constraint=models.CheckConstraint(condition=models.Q(("end__gt", models.F("start")), ("source_end__gt", models.F("source_start"))), name="reuse_not_empty"),
        ),
        migrations.AddConstraint(
            model_name="reuse",
            constraint=models.CheckConstraint(condition=models.Q(("score__gte", 0), ("score__lte", 1)), name="reuse_score"),
        ),
        migrations.AddConstraint(
            model_name="reuse",
            constraint=models.CheckConstraint(condition=models.Q(("kind__in", ["passage", "quotation"])), name="reuse_kind"),
        ),
    ]
