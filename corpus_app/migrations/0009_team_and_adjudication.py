import uuid
from importlib import import_module

import corpus_app.models.people
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


append_only = import_module("corpus_app.migrations.0002_append_only")


class Migration(migrations.Migration):

    dependencies = [
        ('corpus_app', '0008_fingerprints_by_bucket_alone'),
    ]

    operations = [
        # SQLite makes a table anew for a new column, and the triggers would go with the old one.
        migrations.RunPython(append_only.allow, append_only.forbid),
        migrations.CreateModel(
            name='Invitation',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('project', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='corpus_app.project')),
                ('created', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('updated', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('role', models.CharField(choices=[('analyst', 'Analyst'), ('curator', 'Curator'), ('manager', 'Manager')], max_length=10)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('digest', models.CharField(help_text='SHA-256, hexadecimal.', max_length=64, unique=True)),
                ('note', models.CharField(blank=True, help_text='For whom it is.', max_length=200)),
                ('expires', models.DateTimeField()),
                ('most_uses', models.PositiveSmallIntegerField(default=1)),
                ('used', models.PositiveSmallIntegerField(default=0, editable=False)),
                ('revoked', models.DateTimeField(blank=True, editable=False, null=True)),
            ],
            options={
                'ordering': ['-created', 'id'],
                'constraints': [models.CheckConstraint(condition=models.Q(('role__in', ['analyst', 'curator', 'manager'])), name='invitation_role'), models.CheckConstraint(condition=models.Q(('used__lte', models.F('most_uses'))), name='invitation_not_used_up')],
                'indexes': [],
            },
        ),
        migrations.CreateModel(
            name='Operation',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('project', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='corpus_app.project')),
                ('created', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('what', models.CharField(max_length=20)),
                ('words', models.CharField(help_text='What was done, as it is shown.', max_length=300)),
                ('reason', models.TextField(blank=True)),
                ('number', models.PositiveIntegerField(default=0, help_text='How many rows were written.')),
                ('undoes', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='undone_by', to='corpus_app.operation')),
            ],
            options={
                'ordering': ['-created', '-id'],
                'indexes': [],
                'constraints': [],
            },
        ),
        migrations.CreateModel(
            name='SavedFilter',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='saved_filters', to=settings.AUTH_USER_MODEL)),
                ('model', models.CharField(help_text='Of which list, such as annotations.case.', max_length=80)),
                ('name', models.CharField(max_length=80, validators=[corpus_app.models.people.plain_name])),
                ('query', models.CharField(max_length=2000)),
                ('created', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            ],
            options={
                'ordering': ['name'],
                'constraints': [models.UniqueConstraint(fields=('user', 'model', 'name'), name='saved_filter_once')],
                'indexes': [],
            },
        ),
        migrations.AddField(
            model_name='event',
            name='reason',
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name='membership',
            name='ended',
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name='membership',
            name='most_open',
            field=models.PositiveSmallIntegerField(blank=True, help_text='Articles she has open at once at most; empty: any number.', null=True),
        ),
        migrations.AddField(
            model_name='project',
            name='archived',
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name='project',
            name='coders_per_article',
            field=models.PositiveSmallIntegerField(default=2, help_text='How many analysts code each article when work is spread.'),
        ),
        migrations.AddField(
            model_name='project',
            name='figures_for',
            field=models.CharField(choices=[('managers', 'Managers'), ('curators', 'curators and managers'), ('members', 'every member')], default='curators', help_text='Analysts see figures of articles only that they have handed in.', max_length=8),
        ),
        migrations.AddField(
            model_name='project',
            name='names_hidden',
            field=models.BooleanField(default=False, help_text='Whoever adjudicates does not see whose version is whose.'),
        ),
        migrations.AddConstraint(
            model_name='project',
            constraint=models.CheckConstraint(condition=models.Q(('coders_per_article__gte', 1), ('coders_per_article__lte', 20)), name='project_coders_per_article'),
        ),
        migrations.AddConstraint(
            model_name='project',
            constraint=models.CheckConstraint(condition=models.Q(('figures_for__in', ['managers', 'curators', 'members'])), name='project_figures_for'),
        ),
        migrations.AddField(
            model_name='event',
            name='operation',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='events', to='corpus_app.operation'),
        ),
        migrations.RunPython(append_only.forbid, append_only.allow),
    ]
