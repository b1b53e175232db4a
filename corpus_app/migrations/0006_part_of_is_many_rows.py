from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):
    # By itself: PostgreSQL changes no table in the transaction that has filled it.
    dependencies = [("corpus_app", "0005_affiliations_and_standing")]

    operations = [
        migrations.RemoveConstraint(model_name="actor", name="actor_not_part_of_itself"),
        migrations.RemoveField(model_name="actor", name="part_of"),
        migrations.AddConstraint(
            model_name="actor",
            constraint=models.CheckConstraint(
                condition=Q(merged_into=None, standing=None)
                | Q(merged_into__isnull=False, standing__isnull=False) & ~Q(standing=F("id")),
                name="actor_standing_if_merged",
            ),
        ),
    ]
