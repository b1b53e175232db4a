
import corpus_app.models.people
import django.db.models.deletion
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('annotations', '0009_agreement_after_recoding'),
        ('corpus_app', '0010_turns_and_tokens'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Release',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('updated', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('number', models.PositiveIntegerField()),
                ('name', models.CharField(max_length=200, validators=[corpus_app.models.people.plain_name])),
                ('note', models.TextField(blank=True)),
                ('audience', models.CharField(choices=[('curators', 'curators and managers'), ('members', 'every member'), ('anybody', 'anybody who has its address')], default='curators', max_length=8)),
                ('with_texts', models.BooleanField(default=False, help_text="Whether the articles' texts are in it, not only quotes.")),
                ('manifest', models.JSONField(default=dict)),
                ('size', models.PositiveBigIntegerField(default=0, help_text='Of the archive, in bytes.')),
                ('sha256', models.CharField(max_length=64)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='releases', to=settings.AUTH_USER_MODEL)),
                ('project', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='corpus_app.project')),
            ],
            options={
                'ordering': ['-number'],
            },
        ),
        migrations.CreateModel(
            name='ReleasePiece',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('data', models.BinaryField()),
                ('release', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='pieces', to='annotations.release')),
            ],
            options={
                'ordering': ['release', 'number'],
            },
        ),
        migrations.CreateModel(
            name='Webhook',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('updated', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('name', models.CharField(max_length=80, validators=[corpus_app.models.people.plain_name])),
                ('url', models.CharField(max_length=500)),
                ('events', models.JSONField(blank=True, default=list)),
                ('salt', models.CharField(editable=False, max_length=64)),
                ('active', models.BooleanField(default=True)),
                ('told', models.PositiveBigIntegerField(default=0, editable=False)),
                ('failing', models.DateTimeField(blank=True, editable=False, help_text='Since when nothing gets through.', null=True)),
                ('rests', models.DateTimeField(blank=True, editable=False, help_text='Until when nothing is begun: it is being sent to, or did not answer.', null=True)),
                ('ended', models.DateTimeField(blank=True, editable=False, null=True)),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='webhooks', to=settings.AUTH_USER_MODEL)),
                ('project', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='corpus_app.project')),
            ],
            options={
                'ordering': ['name', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Delivery',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('state', models.CharField(choices=[('waiting', 'Waiting'), ('delivered', 'Delivered'), ('given_up', 'given up')], default='waiting', max_length=9)),
                ('tries', models.PositiveSmallIntegerField(default=0)),
                ('due', models.DateTimeField(default=django.utils.timezone.now)),
                ('tried', models.DateTimeField(blank=True, null=True)),
                ('status', models.PositiveSmallIntegerField(blank=True, help_text='Of the answer.', null=True)),
                ('note', models.CharField(blank=True, help_text='What was answered, or why not.', max_length=500)),
                ('seconds', models.FloatField(blank=True, null=True)),
                ('created', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('event', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='deliveries', to='corpus_app.event')),
                ('webhook', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='deliveries', to='annotations.webhook')),
            ],
            options={
                'verbose_name_plural': 'deliveries',
                'ordering': ['-created', '-id'],
            },
        ),
        migrations.CreateModel(
            name='Import',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('format', models.CharField(max_length=20)),
                ('name', models.CharField(blank=True, help_text='Of the file.', max_length=255)),
                ('dry', models.BooleanField(default=False)),
                ('whole', models.BooleanField(default=False)),
                ('state', models.CharField(choices=[('running', 'Running'), ('done', 'Done'), ('refused', 'nothing stored'), ('broken', 'broken off')], default='running', max_length=7)),
                ('read', models.PositiveIntegerField(default=0, help_text='Rows read so far.')),
                ('stored', models.PositiveIntegerField(default=0)),
                ('unchanged', models.PositiveIntegerField(default=0)),
                ('report', models.JSONField(default=dict)),
                ('finished', models.DateTimeField(blank=True, null=True)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='imports', to=settings.AUTH_USER_MODEL)),
                ('project', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='corpus_app.project')),
            ],
            options={
                'ordering': ['-created', '-id'],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['running', 'done', 'refused', 'broken'])), name='import_state')],
            },
        ),
        migrations.AddConstraint(
            model_name='release',
            constraint=models.UniqueConstraint(fields=('project', 'number'), name='release_number_once'),
        ),
        migrations.AddConstraint(
            model_name='release',
            constraint=models.CheckConstraint(condition=models.Q(('audience__in', ['curators', 'members', 'anybody'])), name='release_audience'),
        ),
        migrations.AddConstraint(
            model_name='releasepiece',
            constraint=models.UniqueConstraint(fields=('release', 'number'), name='release_piece_once'),
        ),
        migrations.AddIndex(
            model_name='delivery',
            index=models.Index(condition=models.Q(('state', 'waiting')), fields=['due'], name='delivery_due'),
        ),
        migrations.AddIndex(
            model_name='delivery',
            index=models.Index(fields=['webhook', 'created', 'id'], name='delivery_log'),
        ),
        migrations.AddConstraint(
            model_name='delivery',
            constraint=models.UniqueConstraint(fields=('webhook', 'event'), name='delivery_once'),
        ),
        migrations.AddConstraint(
            model_name='delivery',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['waiting', 'delivered', 'given_up'])), name='delivery_state'),
        ),
        migrations.AddIndex(
            model_name='annotation',
            index=models.Index(fields=['project', 'updated', 'id'], name='annotation_project_updated'),
        ),
        migrations.AddIndex(
            model_name='annotation',
            index=models.Index(condition=models.Q(('flagged', True)), fields=['project', 'created', 'id'], name='annotation_flagged'),
        ),
        migrations.AddIndex(
            model_name='annotation',
            index=models.Index(condition=models.Q(('deleted__isnull', False)), fields=['project', 'created', 'id'], name='annotation_deleted'),
        ),
        migrations.AddIndex(
            model_name='annotation',
            index=models.Index(condition=models.Q(('layer', 'gold')), fields=['project', 'created', 'id'], name='annotation_gold'),
        ),
    ]
