import django.db.models.deletion
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models


def tell_when_handed_in(apps, schema_editor):
    rows = apps.get_model("annotations", "Assignment").objects.filter(state="handed_in")
    rows.update(handed_in=models.F("updated"))


class Migration(migrations.Migration):

    dependencies = [
        ('annotations', '0007_changes_of_an_article'),
        ('corpus_app', '0009_team_and_adjudication'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Case',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('project', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='corpus_app.project')),
                ('created', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('updated', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('article', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='cases', to='corpus_app.article')),
                ('kind', models.CharField(choices=[('mention', 'Mention'), ('claim', 'Claim')], max_length=7)),
                ('state', models.CharField(choices=[('open', 'Open'), ('asked', 'coders are asked'), ('decided', 'Decided')], default='open', max_length=7)),
                ('by_hand', models.BooleanField(default=False)),
                ('start', models.PositiveIntegerField()),
                ('end', models.PositiveIntegerField()),
                ('disagreement', models.FloatField(default=0)),
                ('held_by', models.ForeignKey(blank=True, help_text='Who is deciding it just now.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('held_until', models.DateTimeField(blank=True, null=True)),
                ('dissolved', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ['article', 'start', 'id'],
                'indexes': [models.Index(condition=models.Q(('dissolved', None)), fields=['project', 'state', '-disagreement'], name='case_queue')],
                'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ['mention', 'claim'])), name='case_kind'), models.CheckConstraint(condition=models.Q(('state__in', ['open', 'asked', 'decided'])), name='case_state'), models.CheckConstraint(condition=models.Q(('end__gt', models.F('start'))), name='case_not_empty'), models.CheckConstraint(condition=models.Q(('disagreement__gte', 0), ('disagreement__lte', 1)), name='case_disagreement'), models.CheckConstraint(condition=models.Q(models.Q(('held_by', None), ('held_until', None)), models.Q(('held_by__isnull', False), ('held_until__isnull', False)), _connector='OR'), name='case_held_by_and_until')],
            },
        ),
        migrations.CreateModel(
            name='Member',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('project', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='corpus_app.project')),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='members', to='annotations.case')),
                ('annotation', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='member', to='annotations.annotation')),
                ('version', models.PositiveIntegerField()),
            ],
            options={
                'ordering': ['case', 'id'],
                'indexes': [],
                'constraints': [],
            },
        ),
        migrations.CreateModel(
            name='Decision',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('project', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='corpus_app.project')),
                ('created', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='decisions', to='annotations.case')),
                ('number', models.PositiveIntegerField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='decisions', to=settings.AUTH_USER_MODEL)),
                ('outcome', models.CharField(choices=[('unanimous', 'all said the same'), ('accepted', 'one version taken'), ('combined', 'fields of several versions'), ('edited', 'changed by the curator'), ('rejected', 'none of it stands'), ('reopened', 'to be decided again')], max_length=10)),
                ('error_class', models.CharField(blank=True, choices=[('', 'not said'), ('codebook', 'codebook unclear'), ('slip', 'Slip'), ('ambiguous', 'ambiguous text'), ('span', 'wrong stretch'), ('actor', 'wrong actor'), ('tag', 'wrong tag'), ('stance', 'wrong stance'), ('overlooked', 'Overlooked'), ('other', 'Other')], default='', max_length=10)),
                ('reason', models.TextField(blank=True)),
                ('gold', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='decisions', to='annotations.annotation')),
                ('content', models.JSONField(null=True)),
                ('sources', models.JSONField(default=dict)),
                ('versions', models.JSONField(default=dict)),
            ],
            options={
                'ordering': ['case', 'number'],
                'constraints': [models.UniqueConstraint(fields=('case', 'number'), name='decision_number_once'), models.CheckConstraint(condition=models.Q(models.Q(('gold__isnull', False), ('outcome__in', ['unanimous', 'accepted', 'combined', 'edited'])), models.Q(('gold', None), ('outcome__in', ['rejected', 'reopened'])), _connector='OR'), name='decision_gold_or_none'), models.CheckConstraint(condition=models.Q(('error_class__in', ['', 'codebook', 'slip', 'ambiguous', 'span', 'actor', 'tag', 'stance', 'overlooked', 'other'])), name='decision_error_class')],
                'indexes': [],
            },
        ),
        migrations.CreateModel(
            name='Overruling',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('project', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='corpus_app.project')),
                ('created', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('updated', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('decision', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='overrulings', to='annotations.decision')),
                ('annotation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='overrulings', to='annotations.annotation')),
                ('analyst', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='overrulings', to=settings.AUTH_USER_MODEL)),
                ('fields', models.JSONField(default=list, help_text='Names of fields, as difference names them.')),
                ('objection', models.TextField(blank=True)),
                ('contested', models.DateTimeField(blank=True, null=True)),
                ('answer', models.TextField(blank=True)),
                ('answered', models.DateTimeField(blank=True, null=True)),
                ('answered_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('upheld', models.BooleanField(blank=True, help_text='Whether the decision stayed as it was.', null=True)),
            ],
            options={
                'ordering': ['-created', 'id'],
                'indexes': [models.Index(fields=['analyst', 'created'], name='overruling_of_analyst')],
                'constraints': [models.UniqueConstraint(fields=('decision', 'annotation'), name='overruling_once'), models.CheckConstraint(condition=models.Q(models.Q(('contested', None), ('objection', '')), models.Q(('contested__isnull', False), models.Q(('objection', ''), _negated=True)), _connector='OR'), name='overruling_contested_with_words'), models.CheckConstraint(condition=models.Q(models.Q(('answered', None), ('answered_by', None), ('upheld', None)), models.Q(('answered__isnull', False), ('answered_by__isnull', False), ('contested__isnull', False), ('upheld__isnull', False)), _connector='OR'), name='overruling_answered_by_somebody')],
            },
        ),
        migrations.CreateModel(
            name='Figures',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('project', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='corpus_app.project')),
                ('created', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('key', models.CharField(help_text='SHA-256 of what was asked.', max_length=64)),
                ('stamp', models.CharField(help_text='SHA-256 of what it was computed from.', max_length=64)),
                ('value', models.JSONField()),
                ('seconds', models.FloatField()),
            ],
            options={
                'verbose_name_plural': 'figures',
                'constraints': [models.UniqueConstraint(fields=('project', 'key'), name='figures_once')],
                'indexes': [],
            },
        ),
        migrations.CreateModel(
            name='Recoding',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('project', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='corpus_app.project')),
                ('created', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('updated', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('tag', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='recodings', to='annotations.claimtag')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('definition_number', models.PositiveIntegerField(help_text='The definition to code under.')),
                ('reason', models.TextField(blank=True)),
                ('before', models.JSONField(default=dict, help_text='Agreement on the tag when it was opened.')),
                ('closed', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ['-created', 'id'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('closed', None)), fields=('tag',), name='recoding_one_open_for_a_tag')],
                'indexes': [],
            },
        ),
        migrations.CreateModel(
            name='Recode',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('project', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='corpus_app.project')),
                ('created', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('updated', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('recoding', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='recodes', to='annotations.recoding')),
                ('annotation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='recodes', to='annotations.annotation')),
                ('analyst', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='recodes', to=settings.AUTH_USER_MODEL)),
                ('stance_before', models.CharField(blank=True, choices=[('', 'no stance'), ('support', 'Support'), ('oppose', 'Oppose'), ('neutral', 'Neutral'), ('unclear', 'Unclear')], default='', max_length=7)),
                ('number_before', models.PositiveIntegerField(help_text='Of the definition it was coded under.')),
                ('answer', models.CharField(blank=True, choices=[('', 'not yet'), ('applies', 'Applies'), ('does not', 'does not apply')], default='', max_length=8)),
                ('stance', models.CharField(blank=True, choices=[('', 'no stance'), ('support', 'Support'), ('oppose', 'Oppose'), ('neutral', 'Neutral'), ('unclear', 'Unclear')], default='', max_length=7)),
                ('note', models.TextField(blank=True)),
                ('done', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ['recoding', 'annotation'],
                'indexes': [models.Index(fields=['analyst', 'done'], name='recode_of_analyst')],
                'constraints': [models.UniqueConstraint(fields=('recoding', 'annotation'), name='recode_once'), models.CheckConstraint(condition=models.Q(models.Q(('answer', ''), ('done', None)), models.Q(('answer__in', ['applies', 'does not']), ('done__isnull', False)), _connector='OR'), name='recode_done_with_an_answer')],
            },
        ),
        migrations.CreateModel(
            name='TagMerger',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('project', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='corpus_app.project')),
                ('created', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('source', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='mergers', to='annotations.claimtag')),
                ('target', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='merged_from', to='annotations.claimtag')),
                ('operation', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='tag_merger', to='corpus_app.operation')),
                ('whole', models.BooleanField(default=True, help_text='False where only a part was split off.')),
                ('undone', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ['-created', 'id'],
                'constraints': [models.CheckConstraint(condition=models.Q(('source', models.F('target')), _negated=True), name='tag_merger_of_two'), models.UniqueConstraint(condition=models.Q(('undone', None), ('whole', True)), fields=('source',), name='tag_merger_one_standing')],
                'indexes': [],
            },
        ),
        migrations.CreateModel(
            name='Message',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('project', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='corpus_app.project')),
                ('created', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='inbox', to=settings.AUTH_USER_MODEL)),
                ('kind', models.CharField(choices=[('assigned', 'new work'), ('returned', 'work returned'), ('overruled', 'decided otherwise'), ('contested', 'decision contested'), ('answered', 'objection answered'), ('recoding', 'to code again')], max_length=9)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('assignment', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='annotations.assignment')),
                ('overruling', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='annotations.overruling')),
                ('recoding', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='annotations.recoding')),
                ('number', models.PositiveIntegerField(default=1, help_text='How many of the kind it stands for.')),
                ('read', models.DateTimeField(blank=True, null=True)),
                ('mailed', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ['-created', '-id'],
                'indexes': [models.Index(fields=['person', '-created'], name='message_of_person')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('assignment__isnull', False), ('kind__in', ['assigned', 'returned']), ('overruling', None), ('recoding', None)), models.Q(('assignment', None), ('kind__in', ['overruled', 'contested', 'answered']), ('overruling__isnull', False), ('recoding', None)), models.Q(('assignment', None), ('kind', 'recoding'), ('overruling', None), ('recoding__isnull', False)), _connector='OR'), name='message_about_what_its_kind_says')],
            },
        ),
        migrations.RemoveConstraint(
            model_name='assignment',
            name='assignment_state',
        ),
        migrations.AddField(
            model_name='assignment',
            name='handed_in',
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name='assignment',
            name='training',
            field=models.BooleanField(default=False, help_text='Coded to learn: scored against the gold layer, never counted.'),
        ),
        migrations.AddField(
            model_name='notice',
            name='mailed',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='preference',
            name='digest',
            field=models.CharField(choices=[('never', 'Never'), ('daily', 'Daily'), ('weekly', 'Weekly')], default='daily', help_text='How often the inbox comes by e-mail, if anything is unread.', max_length=6),
        ),
        migrations.AddField(
            model_name='preference',
            name='digested',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AlterField(
            model_name='assignment',
            name='state',
            field=models.CharField(choices=[('assigned', 'Assigned'), ('started', 'Started'), ('handed_in', 'handed in'), ('returned', 'Returned'), ('withdrawn', 'Withdrawn')], default='assigned', max_length=10),
        ),
        migrations.AddIndex(
            model_name='assignment',
            index=models.Index(fields=['project', 'analyst', 'state'], name='assignment_board'),
        ),
        migrations.AddConstraint(
            model_name='assignment',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['assigned', 'started', 'handed_in', 'returned', 'withdrawn'])), name='assignment_state'),
        ),
        migrations.RunPython(tell_when_handed_in, migrations.RunPython.noop),
    ]
