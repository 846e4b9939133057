import django.db.models.deletion
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('catalog', '0001_initial'),
        ('people', '__first__'),
    ]

    operations = [
        migrations.RunSQL(
            sql='CREATE SEQUENCE incidents_incident_number',
            reverse_sql='DROP SEQUENCE incidents_incident_number',
        ),
        migrations.CreateModel(
            name='Incident',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='created')),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('number', models.BigIntegerField(db_default=models.Func(models.Value('incidents_incident_number'), function='nextval', output_field=models.BigIntegerField()), editable=False, unique=True)),
                ('title', models.CharField(max_length=160, verbose_name='title')),
                ('public_title', models.CharField(blank=True, help_text='With this title, people who report the same thing are offered to join. Empty: not offered.', max_length=160, verbose_name='shown to staff as')),
                ('reported_as', models.CharField(blank=True, editable=False, max_length=160)),
                ('title_code', models.CharField(blank=True, editable=False, max_length=60)),
                ('title_values', models.JSONField(default=dict, editable=False)),
                ('description', models.TextField(blank=True, max_length=10000, verbose_name='what was seen')),
                ('state', models.CharField(choices=[('triage', 'Triage'), ('active', 'Active'), ('on_hold', 'On hold'), ('mitigated', 'Mitigated'), ('resolved', 'Resolved'), ('in_review', 'In review'), ('closed', 'Closed'), ('cancelled', 'Cancelled'), ('merged', 'Merged')], default='triage', max_length=10, verbose_name='state')),
                ('impact', models.PositiveSmallIntegerField(choices=[(1, 'High'), (2, 'Medium'), (3, 'Low')], default=2, verbose_name='impact')),
                ('urgency', models.PositiveSmallIntegerField(choices=[(1, 'High'), (2, 'Medium'), (3, 'Low')], default=2, verbose_name='urgency')),
                ('severity', models.PositiveSmallIntegerField(default=3, verbose_name='severity')),
                ('source', models.CharField(choices=[('page', 'Page'), ('phone', 'Phone'), ('email', 'E-mail'), ('chat', 'Chat'), ('alert', 'Holdfast itself'), ('api', 'Another program')], default='page', max_length=10, verbose_name='source')),
                ('place', models.CharField(blank=True, max_length=200, verbose_name='place')),
                ('error_code', models.CharField(blank=True, max_length=100, verbose_name='error code')),
                ('steps_tried', models.TextField(blank=True, max_length=4000, verbose_name='what was tried')),
                ('occurred_at', models.DateTimeField(blank=True, null=True, verbose_name='since')),
                ('reported_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='reported')),
                ('acknowledged_at', models.DateTimeField(editable=False, null=True, verbose_name='acknowledged')),
                ('mitigated_at', models.DateTimeField(editable=False, null=True, verbose_name='mitigated')),
                ('resolved_at', models.DateTimeField(editable=False, null=True, verbose_name='resolved')),
                ('is_resolved_by_system', models.BooleanField(default=False, editable=False)),
                ('resume_at', models.DateTimeField(editable=False, null=True, verbose_name='on hold until')),
                ('expected_at', models.DateTimeField(blank=True, null=True, verbose_name='expected to be over')),
                ('cause_key', models.CharField(blank=True, db_index=True, editable=False, max_length=200)),
                ('cause_url', models.CharField(blank=True, editable=False, max_length=300)),
                ('failed_rungs', models.JSONField(default=list, editable=False)),
                ('is_restricted', models.BooleanField(default=False, verbose_name='restricted')),
                ('tracking_token', models.CharField(editable=False, max_length=64, unique=True)),
                ('followers', models.ManyToManyField(blank=True, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('owner', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='owner')),
                ('previous', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='followed_by', to='incidents.incident', verbose_name='seen before as')),
                ('reporter', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='reporter')),
                ('services', models.ManyToManyField(blank=True, related_name='incidents', to='catalog.service', verbose_name='services')),
                ('systems', models.ManyToManyField(blank=True, related_name='incidents', to='catalog.system', verbose_name='systems')),
            ],
            options={
                'verbose_name': 'incident',
                'verbose_name_plural': 'incidents',
                'ordering': ['-reported_at'],
                'indexes': [models.Index(fields=['created_at', 'id'], name='incident_by_age'), models.Index(fields=['-reported_at'], name='incident_by_time'), models.Index(condition=models.Q(('state__in', ('triage', 'active', 'on_hold', 'mitigated'))), fields=['severity', '-reported_at'], name='incident_live')],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['triage', 'active', 'on_hold', 'mitigated', 'resolved', 'in_review', 'closed', 'cancelled', 'merged'])), name='incident_state_is_known'), models.CheckConstraint(condition=models.Q(('source__in', ['page', 'phone', 'email', 'chat', 'alert', 'api'])), name='incident_source_is_known'), models.CheckConstraint(condition=models.Q(('severity__gte', 1), ('severity__lte', 4)), name='incident_severity_is_1_to_4'), models.CheckConstraint(condition=models.Q(('impact__in', [1, 2, 3]), ('urgency__in', [1, 2, 3])), name='incident_scales_are_known'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['active', 'on_hold', 'mitigated']), _negated=True), ('acknowledged_at__isnull', False), _connector='OR'), name='incident_active_was_acknowledged'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['resolved', 'in_review', 'closed']), _negated=True), ('resolved_at__isnull', False), _connector='OR'), name='incident_resolved_has_a_time'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'on_hold'), _negated=True), ('resume_at__isnull', False), _connector='OR'), name='incident_on_hold_has_an_end'), models.UniqueConstraint(condition=models.Q(('state__in', ('triage', 'active', 'on_hold', 'mitigated')), models.Q(('cause_key', ''), _negated=True)), fields=('cause_key',), name='incident_one_live_per_cause', violation_error_message='This cause already has a live incident.')],
            },
        ),
        migrations.CreateModel(
            name='TimelineEvent',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='created')),
                ('at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='at')),
                ('kind', models.CharField(choices=[('reported', 'Reported'), ('opened', 'Opened by Holdfast'), ('acknowledged', 'Acknowledged'), ('moved', 'Moved'), ('note', 'Note'), ('update', 'Update to the reporter'), ('reply', 'Answer on the tracking page'), ('severity', 'Severity changed'), ('failed_again', 'Failed again'), ('proven_again', 'Proven again'), ('joined', 'Somebody else has it too'), ('assigned', 'Handed over'), ('changed', 'Details changed')], max_length=20, verbose_name='kind')),
                ('by_label', models.CharField(blank=True, max_length=200, verbose_name='by')),
                ('text', models.TextField(blank=True, max_length=10000, verbose_name='text')),
                ('values', models.JSONField(default=dict)),
                ('url', models.CharField(blank=True, max_length=300)),
                ('is_public', models.BooleanField(default=False, verbose_name='shown to the reporter')),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('incident', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='events', to='incidents.incident', verbose_name='incident')),
            ],
            options={
                'verbose_name': 'timeline event',
                'verbose_name_plural': 'timeline events',
                'ordering': ['-at', '-created_at'],
                'indexes': [models.Index(fields=['incident', '-at'], name='event_of_incident')],
                'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ['reported', 'opened', 'acknowledged', 'moved', 'note', 'update', 'reply', 'severity', 'failed_again', 'proven_again', 'joined', 'assigned', 'changed'])), name='timeline_event_kind_is_known')],
            },
        ),
    ]
