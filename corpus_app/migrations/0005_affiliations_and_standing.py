import django.db.models.deletion
from django.db import migrations, models

from corpus_app.names import starts

AT_ONCE = 2000


def copy_wholes(apps, schema_editor):
    """What an actor was part of becomes an affiliation whose days are open."""
    Actor = apps.get_model("corpus_app", "Actor")
    Affiliation = apps.get_model("corpus_app", "Affiliation")
    rows = Actor.objects.exclude(part_of=None).values_list("project_id", "pk", "part_of_id")
    Affiliation.objects.bulk_create(
        (Affiliation(project_id=project, actor_id=pk, whole_id=whole) for project, pk, whole in rows),
        batch_size=AT_ONCE,
    )


def put_wholes_back(apps, schema_editor):
    """The affiliation of each actor that began last."""
    Affiliation = apps.get_model("corpus_app", "Affiliation")
    Actor = apps.get_model("corpus_app", "Actor")
    for actor, whole in Affiliation.objects.order_by("since", "pk").values_list("actor", "whole"):
        Actor.objects.filter(pk=actor).update(part_of=whole)
    Affiliation.objects.all().delete()


def fill_name_starts(apps, schema_editor):
    Actor, Alias = apps.get_model("corpus_app", "Actor"), apps.get_model("corpus_app", "Alias")
    NameStart = apps.get_model("corpus_app", "NameStart")

    def rows():
        for place, model, column in ((0, Actor, "pk"), (1, Alias, "actor_id")):
            names = model.objects.order_by("pk").values_list("project_id", column, "name")
            for project, actor, name in names.iterator(chunk_size=AT_ONCE):
                for nth, key in enumerate(starts(name)):
                    yield NameStart(
                        project_id=project, actor_id=actor, name=name,
                        place=place + 2 * (nth > 0), key=key.encode(),
                    )

    NameStart.objects.bulk_create(rows(), batch_size=AT_ONCE)


class Migration(migrations.Migration):
    dependencies = [("corpus_app", "0004_batches_of_files")]

    operations = [
        migrations.AddField(
            model_name="actor",
            name="standing",
            field=models.ForeignKey(
                blank=True, editable=False, null=True,
                on_delete=django.db.models.deletion.PROTECT, related_name="absorbed",
                to="corpus_app.actor",
            ),
        ),
        migrations.CreateModel(
            name="NameStart",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=200)),
                ("place", models.SmallIntegerField(choices=[(0, "Name"), (1, "Alias"), (2, "Within Name"), (3, "Within Alias")])),
                ("key", models.BinaryField()),
                ("actor", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="name_starts", to="corpus_app.actor")),
                ("project", models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="corpus_app.project")),
            ],
            options={
                "indexes": [models.Index(fields=["project", "place", "key"], name="name_start_key")],
            },
        ),
        migrations.RunPython(copy_wholes, put_wholes_back),
        migrations.RunPython(fill_name_starts, migrations.RunPython.noop),
    ]
