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
                ('created', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('updated', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('kind', models.CharField(choices=[('mention', 'Mention'), ('claim', 'Claim')], max_length=7)),
                ('state', models.CharField(choices=[('open', 'Open'), ('asked', 'coders are asked'), ('decided', 'Decided')], default='open', max_length=7)),
                ('by_hand', models.BooleanField(default=False)),
                ('start', models.PositiveIntegerField()),
                ('end', models.PositiveIntegerField()),
                ('disagreement', models.FloatField(default=0)),
                ('held_until', models.DateTimeField(blank=True, null=True)),
                ('dissolved', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ['article', 'start', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Decision',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('number', models.PositiveIntegerField()),
                ('outcome', models.CharField(choices=[('unanimous', 'all said the same'), ('accepted', 'one version taken'), ('combined', 'fields of several versions'), ('edited', 'changed by the curator'), ('rejected', 'none of it stands'), ('reopened', 'to be decided again')], max_length=10)),
                ('error_class', models.CharField(blank=True, choices=[('', 'not said'), ('codebook', 'codebook unclear'), ('slip', 'Slip'), ('ambiguous', 'ambiguous text'), ('span', 'wrong stretch'), ('actor', 'wrong actor'), ('tag', 'wrong tag'), ('stance', 'wrong stance'), ('overlooked', 'Overlooked'), ('other', 'Other')], default='', max_length=10)),
                ('reason', models.TextField(blank=True)),
                ('content', models.JSONField(null=True)),
                ('sources', models.JSONField(default=dict)),
                ('versions', models.JSONField(default=dict)),
            ],
            options={
                'ordering': ['case', 'number'],
            },
        ),
        migrations.CreateModel(
            name='Figures',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('key', models.CharField(help_text='SHA-256 of what was asked.', max_length=64)),
                ('stamp', models.CharField(help_text='SHA-256 of what it was computed from.', max_length=64)),
                ('value', models.JSONField()),
                ('seconds', models.FloatField()),
            ],
            options={
                'verbose_name_plural': 'figures',
            },
        ),
        migrations.CreateModel(
            name='Member',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField()),
            ],
            options={
                'ordering': ['case', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Message',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('kind', models.CharField(choices=[('assigned', 'new work'), ('returned', 'work returned'), ('overruled', 'decided otherwise'), ('contested', 'decision contested'), ('answered', 'objection answered'), ('recoding', 'to code again')], max_length=9)),
                ('number', models.PositiveIntegerField(default=1, help_text='How many of the kind it stands for.')),
                ('read', models.DateTimeField(blank=True, null=True)),
                ('mailed', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ['-created', '-id'],
            },
        ),
        migrations.CreateModel(
            name='Overruling',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('updated', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('fields', models.JSONField(default=list, help_text='Names of fields, as difference names them.')),
                ('objection', models.TextField(blank=True)),
                ('contested', models.DateTimeField(blank=True, null=True)),
                ('answer', models.TextField(blank=True)),
                ('answered', models.DateTimeField(blank=True, null=True)),
                ('upheld', models.BooleanField(blank=True, help_text='Whether the decision stayed as it was.', null=True)),
            ],
            options={
                'ordering': ['-created', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Recode',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('updated', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('stance_before', models.CharField(blank=True, choices=[('', 'no stance'), ('support', 'Support'), ('oppose', 'Oppose'), ('neutral', 'Neutral'), ('unclear', 'Unclear')], default='', max_length=7)),
                ('number_before', models.PositiveIntegerField(help_text='Of the definition it was coded under.')),
                ('answer', models.CharField(blank=True, choices=[('', 'not yet'), ('applies', 'Applies'), ('does not', 'does not apply')], default='', max_length=8)),
                ('stance', models.CharField(blank=True, choices=[('', 'no stance'), ('support', 'Support'), ('oppose', 'Oppose'), ('neutral', 'Neutral'), ('unclear', 'Unclear')], default='', max_length=7)),
                ('note', models.TextField(blank=True)),
                ('done', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ['recoding', 'annotation'],
            },
        ),
        migrations.CreateModel(
            name='Recoding',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('updated', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('definition_number', models.PositiveIntegerField(help_text='The definition to code under.')),
                ('reason', models.TextField(blank=True)),
                ('before', models.JSONField(default=dict, help_text='Agreement on the tag when it was opened.')),
                ('closed', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ['-created', 'id'],
            },
        ),
        migrations.CreateModel(
            name='TagMerger',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('whole', models.BooleanField(default=True, help_text='False where only a part was split off.')),
                ('undone', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ['-created', 'id'],
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
        migrations.AddField(
            model_name='case',
            name='article',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='cases', to='corpus_app.article'),
        ),
        migrations.AddField(
            model_name='case',
            name='held_by',
            field=models.ForeignKey(blank=True, help_text='Who is deciding it just now.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='case',
            name='project',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='corpus_app.project'),
        ),
        migrations.AddField(
            model_name='decision',
            name='by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='decisions', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='decision',
            name='case',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='decisions', to='annotations.case'),
        ),
        migrations.AddField(
            model_name='decision',
            name='gold',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='decisions', to='annotations.annotation'),
        ),
        migrations.AddField(
            model_name='decision',
            name='project',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='corpus_app.project'),
        ),
        migrations.AddField(
            model_name='figures',
            name='project',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='corpus_app.project'),
        ),
        migrations.AddField(
            model_name='member',
            name='annotation',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='member', to='annotations.annotation'),
        ),
        migrations.AddField(
            model_name='member',
            name='case',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='members', to='annotations.case'),
        ),
        migrations.AddField(
            model_name='member',
            name='project',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='corpus_app.project'),
        ),
        migrations.AddField(
            model_name='message',
            name='assignment',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='annotations.assignment'),
        ),
        migrations.AddField(
            model_name='message',
            name='by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='message',
            name='person',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='inbox', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='message',
            name='project',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='corpus_app.project'),
        ),
        migrations.AddField(
            model_name='overruling',
            name='analyst',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='overrulings', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='overruling',
            name='annotation',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='overrulings', to='annotations.annotation'),
        ),
        migrations.AddField(
            model_name='overruling',
            name='answered_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='overruling',
            name='decision',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='overrulings', to='annotations.decision'),
        ),
        migrations.AddField(
            model_name='overruling',
            name='project',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='corpus_app.project'),
        ),
        migrations.AddField(
            model_name='message',
            name='overruling',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='annotations.overruling'),
        ),
        migrations.AddField(
            model_name='recode',
            name='analyst',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='recodes', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='recode',
            name='annotation',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='recodes', to='annotations.annotation'),
        ),
        migrations.AddField(
            model_name='recode',
            name='project',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='corpus_app.project'),
        ),
        migrations.AddField(
            model_name='recoding',
            name='by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='recoding',
            name='project',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='corpus_app.project'),
        ),
        migrations.AddField(
            model_name='recoding',
            name='tag',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='recodings', to='annotations.claimtag'),
        ),
        migrations.AddField(
            model_name='recode',
            name='recoding',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='recodes', to='annotations.recoding'),
        ),
        migrations.AddField(
            model_name='message',
            name='recoding',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='annotations.recoding'),
        ),
        migrations.AddField(
            model_name='tagmerger',
            name='operation',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='tag_merger', to='corpus_app.operation'),
        ),
        migrations.AddField(
            model_name='tagmerger',
            name='project',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='corpus_app.project'),
        ),
        migrations.AddField(
            model_name='tagmerger',
            name='source',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='mergers', to='annotations.claimtag'),
        ),
        migrations.AddField(
            model_name='tagmerger',
            name='target',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='merged_from', to='annotations.claimtag'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(condition=models.Q(('dissolved', None)), fields=['project', 'state', '-disagreement'], name='case_queue'),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['mention', 'claim'])), name='case_kind'),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['open', 'asked', 'decided'])), name='case_state'),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.CheckConstraint(condition=models.Q(('end__gt', models.F('start'))), name='case_not_empty'),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.CheckConstraint(condition=models.Q(('disagreement__gte', 0), ('disagreement__lte', 1)), name='case_disagreement'),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('held_by', None), ('held_until', None)), models.Q(('held_by__isnull', False), ('held_until__isnull', False)), _connector='OR'), name='case_held_by_and_until'),
        ),
        migrations.AddConstraint(
            model_name='decision',
            constraint=models.UniqueConstraint(fields=('case', 'number'), name='decision_number_once'),
        ),
        migrations.AddConstraint(
            model_name='decision',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('gold__isnull', False), ('outcome__in', ['unanimous', 'accepted', 'combined', 'edited'])), models.Q(('gold', None), ('outcome__in', ['rejected', 'reopened'])), _connector='OR'), name='decision_gold_or_none'),
        ),
        migrations.AddConstraint(
            model_name='decision',
            constraint=models.CheckConstraint(condition=models.Q(('error_class__in', ['', 'codebook', 'slip', 'ambiguous', 'span', 'actor', 'tag', 'stance', 'overlooked', 'other'])), name='decision_error_class'),
        ),
        migrations.AddConstraint(
            model_name='figures',
            constraint=models.UniqueConstraint(fields=('project', 'key'), name='figures_once'),
        ),
        migrations.AddIndex(
            model_name='overruling',
            index=models.Index(fields=['analyst', 'created'], name='overruling_of_analyst'),
        ),
        migrations.AddConstraint(
            model_name='overruling',
            constraint=models.UniqueConstraint(fields=('decision', 'annotation'), name='overruling_once'),
        ),
        migrations.AddConstraint(
            model_name='overruling',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('contested', None), ('objection', '')), models.Q(('contested__isnull', False), models.Q(('objection', ''), _negated=True)), _connector='OR'), name='overruling_contested_with_words'),
        ),
        migrations.AddConstraint(
            model_name='overruling',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('answered', None), ('answered_by', None), ('upheld', None)), models.Q(('answered__isnull', False), ('answered_by__isnull', False), ('contested__isnull', False), ('upheld__isnull', False)), _connector='OR'), name='overruling_answered_by_somebody'),
        ),
        migrations.AddConstraint(
            model_name='recoding',
            constraint=models.UniqueConstraint(condition=models.Q(('closed', None)), fields=('tag',), name='recoding_one_open_for_a_tag'),
        ),
        migrations.AddIndex(
            model_name='recode',
            index=models.Index(fields=['analyst', 'done'], name='recode_of_analyst'),
        ),
        migrations.AddConstraint(
            model_name='recode',
            constraint=models.UniqueConstraint(fields=('recoding', 'annotation'), name='recode_once'),
        ),
        migrations.AddConstraint(
            model_name='recode',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('answer', ''), ('done', None)), models.Q(('answer__in', ['applies', 'does not']), ('done__isnull', False)), _connector='OR'), name='recode_done_with_an_answer'),
        ),
        migrations.AddIndex(
            model_name='message',
            index=models.Index(fields=['person', '-created'], name='message_of_person'),
        ),
        migrations.AddConstraint(
            model_name='message',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('assignment__isnull', False), ('kind__in', ['assigned', 'returned']), ('overruling', None), ('recoding', None)), models.Q(('assignment', None), ('kind__in', ['overruled', 'contested', 'answered']), ('overruling__isnull', False), ('recoding', None)), models.Q(('assignment', None), ('kind', 'recoding'), ('overruling', None), ('recoding__isnull', False)), _connector='OR'), name='message_about_what_its_kind_says'),
        ),
        migrations.AddConstraint(
            model_name='tagmerger',
            constraint=models.CheckConstraint(condition=models.Q(('source', models.F('target')), _negated=True), name='tag_merger_of_two'),
        ),
        migrations.AddConstraint(
            model_name='tagmerger',
            constraint=models.UniqueConstraint(condition=models.Q(('undone', None), ('whole', True)), fields=('source',), name='tag_merger_one_standing'),
        ),
        migrations.RunPython(tell_when_handed_in, migrations.RunPython.noop),
    ]
