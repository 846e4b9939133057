import django.db.models.constraints
import django.db.models.deletion
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('people', '__first__'),
    ]

    operations = [
        migrations.RunSQL(
            sql='CREATE SEQUENCE actions_action_number',
            reverse_sql='DROP SEQUENCE actions_action_number',
        ),
        migrations.RunSQL(
            sql='CREATE SEQUENCE actions_plan_number',
            reverse_sql='DROP SEQUENCE actions_plan_number',
        ),
        migrations.CreateModel(
            name='ImprovementPlan',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='created')),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('number', models.BigIntegerField(db_default=models.Func(models.Value('actions_plan_number'), function='nextval', output_field=models.BigIntegerField()), editable=False, unique=True)),
                ('title', models.CharField(max_length=160, verbose_name='title')),
                ('goal', models.TextField(blank=True, max_length=4000, verbose_name='goal')),
                ('owner', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='owner')),
            ],
            options={
                'verbose_name': 'improvement plan',
                'verbose_name_plural': 'improvement plans',
                'ordering': ['-number'],
                'indexes': [models.Index(fields=['created_at', 'id'], name='improvement_plan_by_age')],
            },
        ),
        migrations.CreateModel(
            name='Phase',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='created')),
                ('position', models.PositiveSmallIntegerField(verbose_name='position')),
                ('title', models.CharField(max_length=120, verbose_name='title')),
                ('starts_on', models.DateField(verbose_name='from')),
                ('ends_on', models.DateField(verbose_name='to')),
                ('plan', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='phases', to='actions.improvementplan', verbose_name='improvement plan')),
            ],
            options={
                'verbose_name': 'phase',
                'verbose_name_plural': 'phases',
                'ordering': ['plan', 'position'],
                'constraints': [models.CheckConstraint(condition=models.Q(('ends_on__gte', models.F('starts_on'))), name='phase_ends_after_it_starts', violation_error_message='A phase cannot end before it begins.'), models.UniqueConstraint(deferrable=django.db.models.constraints.Deferrable['DEFERRED'], fields=('plan', 'position'), name='phase_has_one_place')],
            },
        ),
        migrations.CreateModel(
            name='Action',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='created')),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('number', models.BigIntegerField(db_default=models.Func(models.Value('actions_action_number'), function='nextval', output_field=models.BigIntegerField()), editable=False, unique=True)),
                ('title', models.CharField(max_length=160, verbose_name='title')),
                ('description', models.TextField(blank=True, max_length=4000, verbose_name='what has to be done')),
                ('kind', models.CharField(choices=[('change_plan', 'Change the plan'), ('fix_backup', 'Fix the backup'), ('revoke_access', 'Revoke the access'), ('retest', 'Test it again'), ('other', 'Something else')], max_length=15, verbose_name='kind')),
                ('state', models.CharField(choices=[('open', 'Open'), ('in_progress', 'In progress'), ('done', 'Done, not proven'), ('verified', 'Verified'), ('risk_accepted', 'Risk accepted'), ('cancelled', 'Cancelled')], default='open', editable=False, max_length=15, verbose_name='state')),
                ('due_on', models.DateField(verbose_name='due on')),
                ('open_since', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='open since')),
                ('is_restricted', models.BooleanField(default=False, editable=False, verbose_name='restricted')),
                ('postponed_count', models.PositiveSmallIntegerField(default=0, editable=False, verbose_name='times postponed')),
                ('source_kind', models.CharField(blank=True, choices=[('', 'Own idea'), ('incident', 'Incident'), ('restore_test', 'Restore test'), ('drill', 'Drill'), ('review', 'Review'), ('campaign', 'Access review'), ('audit', 'Audit')], editable=False, max_length=20, verbose_name='came from')),
                ('source_reference', models.CharField(blank=True, editable=False, max_length=60)),
                ('source_label', models.CharField(blank=True, editable=False, max_length=200)),
                ('source_url', models.CharField(blank=True, editable=False, max_length=300)),
                ('source_key', models.CharField(blank=True, editable=False, max_length=120)),
                ('about', models.CharField(blank=True, editable=False, max_length=120, verbose_name='about')),
                ('about_label', models.CharField(blank=True, editable=False, max_length=200)),
                ('about_url', models.CharField(blank=True, editable=False, max_length=300)),
                ('done_at', models.DateTimeField(editable=False, null=True, verbose_name='done')),
                ('verified_at', models.DateTimeField(editable=False, null=True, verbose_name='verified')),
                ('proof_kind', models.CharField(blank=True, choices=[('plan_version', 'Published version of a plan'), ('restore_test', 'Passed restore test'), ('snapshot', 'Snapshot without the access'), ('drill', 'Drill'), ('person', 'Second person')], editable=False, max_length=15, verbose_name='proof')),
                ('proof_reference', models.CharField(blank=True, editable=False, max_length=60)),
                ('proof_url', models.CharField(blank=True, editable=False, max_length=300)),
                ('proof_at', models.DateTimeField(editable=False, null=True)),
                ('proof_note', models.TextField(blank=True, editable=False, max_length=4000, verbose_name='evidence')),
                ('accepted_until', models.DateField(editable=False, null=True, verbose_name='accepted until')),
                ('reason', models.TextField(blank=True, editable=False, max_length=4000, verbose_name='reason')),
                ('accepted_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='signed by')),
                ('done_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='done by')),
                ('opened_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='opened by')),
                ('owner', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='owner')),
                ('verified_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='verified by')),
                ('phase', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='actions', to='actions.phase', verbose_name='phase')),
            ],
            options={
                'verbose_name': 'action',
                'verbose_name_plural': 'actions',
                'ordering': ['due_on', 'number'],
                'indexes': [models.Index(fields=['created_at', 'id'], name='action_by_age'), models.Index(fields=['due_on', 'id'], name='action_by_due_day'), models.Index(condition=models.Q(('state__in', ('open', 'in_progress', 'done'))), fields=['owner', 'due_on'], name='action_waiting'), models.Index(condition=models.Q(('about', ''), _negated=True), fields=['about'], name='action_about'), models.Index(condition=models.Q(('source_key', ''), _negated=True), fields=['source_key'], name='action_of_source'), models.Index(condition=models.Q(('state', 'risk_accepted')), fields=['accepted_until'], name='action_accepted_until')],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['open', 'in_progress', 'done', 'verified', 'risk_accepted', 'cancelled'])), name='action_state_is_known'), models.CheckConstraint(condition=models.Q(('kind__in', ['change_plan', 'fix_backup', 'revoke_access', 'retest', 'other'])), name='action_kind_is_known'), models.CheckConstraint(condition=models.Q(('source_kind__in', ['', 'incident', 'restore_test', 'drill', 'review', 'campaign', 'audit'])), name='action_source_is_known'), models.CheckConstraint(condition=models.Q(('proof_kind', ''), ('proof_kind__in', ['plan_version', 'restore_test', 'snapshot', 'drill', 'person']), _connector='OR'), name='action_proof_is_known'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'done'), _negated=True), ('done_at__isnull', False), _connector='OR'), name='action_done_has_a_time'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'verified'), _negated=True), models.Q(('proof_at__isnull', False), ('verified_at__isnull', False), models.Q(('proof_kind', ''), _negated=True)), _connector='OR'), name='action_verified_has_proof'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'risk_accepted'), _negated=True), models.Q(('accepted_until__isnull', False), models.Q(('reason', ''), _negated=True)), _connector='OR'), name='action_accepted_risk_has_reason_and_end'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'cancelled'), _negated=True), models.Q(('reason', ''), _negated=True), _connector='OR'), name='action_cancelled_has_a_reason')],
            },
        ),
        migrations.CreateModel(
            name='ActionEvent',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='created')),
                ('at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='at')),
                ('kind', models.CharField(choices=[('opened', 'Opened'), ('started', 'Begun'), ('done', 'Said to be done'), ('verified', 'Verified'), ('accepted', 'Risk accepted'), ('cancelled', 'Cancelled'), ('reopened', 'Opened again'), ('reassigned', 'Handed over'), ('postponed', 'Postponed'), ('changed', 'Details changed'), ('planned', 'Put into a plan')], max_length=12, verbose_name='kind')),
                ('by_label', models.CharField(blank=True, max_length=200, verbose_name='by')),
                ('text', models.TextField(blank=True, max_length=4000, verbose_name='text')),
                ('values', models.JSONField(default=dict)),
                ('action', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='events', to='actions.action', verbose_name='action')),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
            ],
            options={
                'verbose_name': 'event of an action',
                'verbose_name_plural': 'events of actions',
                'ordering': ['-at', '-created_at'],
                'indexes': [models.Index(fields=['action', '-at'], name='event_of_action')],
                'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ['opened', 'started', 'done', 'verified', 'accepted', 'cancelled', 'reopened', 'reassigned', 'postponed', 'changed', 'planned'])), name='action_event_kind_is_known')],
            },
        ),
    ]
