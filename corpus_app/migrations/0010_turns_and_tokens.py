"""Events get their turns: the order in which other programs are told of them.

On PostgreSQL a number is taken before the row that bears it can be seen, so each transaction that
writes events says by a lock, which nobody waits for, from which number on it may bear some. Whoever
reads stops before the lowest such number (`corpus_app.turns`).
"""

import django.db.models.deletion
from django.db import migrations, models

LOCK = 1129467730  # the class of the locks; their number is the floor
TAKE = """
CREATE FUNCTION corpus_app_event_turn() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('crossread.turns', true) IS DISTINCT FROM pg_current_xact_id()::text THEN
        PERFORM pg_advisory_xact_lock_shared(
            %d, ((SELECT last_value FROM corpus_app_turn_number_seq) & 2147483647)::int
        );
        PERFORM set_config('crossread.turns', pg_current_xact_id()::text, true);
    END IF;
    INSERT INTO corpus_app_turn (event_id, project_id) VALUES (NEW.id, NEW.project_id);
    RETURN NULL;
END $$
""" % LOCK  # noqa: S608
TRIGGER = (
    "CREATE TRIGGER corpus_app_event_turn AFTER INSERT ON corpus_app_event "
    "FOR EACH ROW EXECUTE FUNCTION corpus_app_event_turn()"
)
SQLITE = (
    "CREATE TRIGGER corpus_app_event_turn AFTER INSERT ON corpus_app_event BEGIN "
    "INSERT INTO corpus_app_turn (event_id, project_id) VALUES (NEW.id, NEW.project_id); END"
)
EARLIER = (
    "INSERT INTO corpus_app_turn (event_id, project_id) "
    "SELECT id, project_id FROM corpus_app_event ORDER BY at, id"
)


def give(apps, schema_editor):
    schema_editor.execute(EARLIER)
    if schema_editor.connection.vendor == "postgresql":
        # A constraint that waits for the end of the transaction would forbid the trigger here.
        schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        schema_editor.execute(TAKE)
        schema_editor.execute(TRIGGER)
    else:
        schema_editor.execute(SQLITE)


def withdraw(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP TRIGGER corpus_app_event_turn ON corpus_app_event")
        schema_editor.execute("DROP FUNCTION corpus_app_event_turn()")
    else:
        schema_editor.execute("DROP TRIGGER corpus_app_event_turn")


class Migration(migrations.Migration):

    dependencies = [
        ('corpus_app', '0009_team_and_adjudication'),
    ]

    operations = [
        migrations.AddField(
            model_name='token',
            name='last_used',
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.CreateModel(
            name='Turn',
            fields=[
                ('number', models.BigAutoField(primary_key=True, serialize=False)),
                ('event', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='turn', to='corpus_app.event')),
                ('project', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='corpus_app.project')),
            ],
            options={
                'ordering': ['number'],
                'indexes': [models.Index(fields=['project', 'number'], name='turn_of_project')],
            },
        ),
        migrations.RunPython(give, withdraw),
    ]
