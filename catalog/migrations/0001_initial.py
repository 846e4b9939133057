import datetime
import django.core.validators
import django.db.models.deletion
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('common', '0001_initial'),
        ('people', '__first__'),
    ]

    operations = [
        migrations.CreateModel(
            name='Service',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='created')),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('recovery_time_objective', models.DurationField(blank=True, help_text='Longest time until it works again.', null=True, verbose_name='recovery time objective (RTO)')),
                ('recovery_point_objective', models.DurationField(blank=True, help_text='Longest stretch of data that may be lost.', null=True, verbose_name='recovery point objective (RPO)')),
                ('name', models.CharField(max_length=120, unique=True, verbose_name='name')),
                ('description', models.TextField(blank=True, max_length=4000, verbose_name='description')),
                ('criticality', models.CharField(choices=[('critical', 'Critical'), ('important', 'Important'), ('normal', 'Normal')], default='normal', max_length=10, verbose_name='criticality')),
                ('maximum_tolerable_downtime', models.DurationField(blank=True, null=True, verbose_name='maximum tolerable period of disruption (MTPD)')),
                ('minimum_objective', models.CharField(blank=True, help_text='The least that must still be possible meanwhile, e.g. urgent payments by hand.', max_length=300, verbose_name='minimum business continuity objective (MBCO)')),
                ('review_every_days', models.PositiveSmallIntegerField(default=365, help_text='How often the owner looks at this analysis again.', validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(3650)], verbose_name='days between two reviews')),
                ('reviewed_on', models.DateField(editable=False, null=True, verbose_name='reviewed on')),
                ('is_active', models.BooleanField(default=True, verbose_name='in use')),
                ('owner', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='owner')),
                ('reviewed_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'service',
                'verbose_name_plural': 'services',
                'ordering': ['name'],
                'indexes': [models.Index(fields=['created_at', 'id'], name='service_by_age')],
                'constraints': [models.CheckConstraint(condition=models.Q(('criticality__in', ['critical', 'important', 'normal'])), name='service_criticality_is_known'), models.CheckConstraint(condition=models.Q(models.Q(('recovery_time_objective', None), ('recovery_time_objective__gt', datetime.timedelta(0)), _connector='OR'), models.Q(('recovery_point_objective', None), ('recovery_point_objective__gt', datetime.timedelta(0)), _connector='OR')), name='service_targets_are_positive', violation_error_message='A target must be longer than nothing.'), models.CheckConstraint(condition=models.Q(('recovery_time_objective', None), ('maximum_tolerable_downtime', None), ('recovery_time_objective__lte', models.F('maximum_tolerable_downtime')), _connector='OR'), name='service_rto_is_within_mtpd', violation_error_message='The RTO cannot be longer than the MTPD.'), models.CheckConstraint(condition=models.Q(('review_every_days__gte', 1), ('review_every_days__lte', 3650)), name='service_review_interval_is_possible')],
            },
        ),
        migrations.CreateModel(
            name='Impact',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='created')),
                ('criterion', models.CharField(choices=[('money', 'Money'), ('users', 'Users'), ('legal', 'Legal duty'), ('reputation', 'Reputation')], max_length=10, verbose_name='what suffers')),
                ('after', models.DurationField(verbose_name='after')),
                ('level', models.PositiveSmallIntegerField(choices=[(0, 'Nothing to speak of'), (1, 'Low'), (2, 'Medium'), (3, 'High')], verbose_name='how bad')),
                ('note', models.CharField(blank=True, help_text='What it costs, how many people, which duty.', max_length=200, verbose_name='in figures')),
                ('service', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='impacts', to='catalog.service', verbose_name='service')),
            ],
            options={
                'verbose_name': 'impact over time',
                'verbose_name_plural': 'impacts over time',
                'ordering': ['criterion', 'after'],
                'constraints': [models.CheckConstraint(condition=models.Q(('criterion__in', ['money', 'users', 'legal', 'reputation'])), name='impact_criterion_is_known'), models.CheckConstraint(condition=models.Q(('level__in', [0, 1, 2, 3])), name='impact_level_is_known'), models.CheckConstraint(condition=models.Q(('after__gt', datetime.timedelta(0))), name='impact_is_after_some_time', violation_error_message='An impact is felt after some time.'), models.UniqueConstraint(fields=('service', 'criterion', 'after'), name='impact_is_said_once', violation_error_message='This moment is already rated for this service.')],
            },
        ),
        migrations.CreateModel(
            name='Site',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='created')),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('name', models.CharField(max_length=120, unique=True, verbose_name='name')),
                ('address', models.CharField(blank=True, max_length=300, verbose_name='address')),
            ],
            options={
                'verbose_name': 'site',
                'verbose_name_plural': 'sites',
                'ordering': ['name'],
                'indexes': [models.Index(fields=['created_at', 'id'], name='site_by_age')],
            },
        ),
        migrations.CreateModel(
            name='System',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='created')),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('recovery_time_objective', models.DurationField(blank=True, help_text='Longest time until it works again.', null=True, verbose_name='recovery time objective (RTO)')),
                ('recovery_point_objective', models.DurationField(blank=True, help_text='Longest stretch of data that may be lost.', null=True, verbose_name='recovery point objective (RPO)')),
                ('name', models.CharField(max_length=120, unique=True, verbose_name='name')),
                ('description', models.TextField(blank=True, max_length=4000, verbose_name='description')),
                ('release', models.CharField(blank=True, help_text='Product and version, e.g. PostgreSQL 18.6. A new one makes proof stale.', max_length=120, verbose_name='release')),
                ('is_active', models.BooleanField(default=True, verbose_name='in use')),
                ('owner', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='owner')),
                ('site', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='systems', to='catalog.site', verbose_name='site')),
            ],
            options={
                'verbose_name': 'system',
                'verbose_name_plural': 'systems',
                'ordering': ['name'],
                'indexes': [models.Index(fields=['created_at', 'id'], name='system_by_age')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('recovery_time_objective', None), ('recovery_time_objective__gt', datetime.timedelta(0)), _connector='OR'), models.Q(('recovery_point_objective', None), ('recovery_point_objective__gt', datetime.timedelta(0)), _connector='OR')), name='system_targets_are_positive', violation_error_message='A target must be longer than nothing.')],
            },
        ),
        migrations.CreateModel(
            name='RecoveryMeasurement',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='created')),
                ('origin', models.CharField(choices=[('restore_test', 'Restore test'), ('drill', 'Drill'), ('incident', 'Incident')], max_length=20, verbose_name='origin')),
                ('reference', models.CharField(max_length=60, verbose_name='reference')),
                ('stream', models.CharField(blank=True, default='', editable=False, max_length=120)),
                ('url', models.CharField(max_length=300)),
                ('outcome', models.CharField(choices=[('pass', 'Passed'), ('fail', 'Failed'), ('error', 'Could not be carried out')], max_length=10, verbose_name='outcome')),
                ('measured_at', models.DateTimeField(verbose_name='measured')),
                ('recovery_time', models.DurationField(null=True, verbose_name='recovery time')),
                ('data_loss', models.DurationField(null=True, verbose_name='data loss')),
                ('bytes', models.BigIntegerField(null=True, verbose_name='bytes')),
                ('basis', models.JSONField(default=dict)),
                ('service', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='%(class)s_set', to='catalog.service')),
                ('system', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='%(class)s_set', to='catalog.system')),
            ],
            options={
                'verbose_name': 'recovery measurement',
                'verbose_name_plural': 'recovery measurements',
                'ordering': ['-measured_at'],
                'indexes': [models.Index(fields=['created_at', 'id'], name='measurement_by_age'), models.Index(fields=['measured_at', 'id'], name='measurement_by_time'), models.Index(fields=['system', '-measured_at'], name='measurement_of_system'), models.Index(fields=['service', '-measured_at'], name='measurement_of_service'), models.Index(condition=models.Q(('outcome', 'error'), _negated=True), fields=['service', 'system', 'stream', '-measured_at', '-created_at', 'id', 'origin'], name='measurement_newest_of_stream')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('service__isnull', True), ('system__isnull', False)), models.Q(('service__isnull', False), ('system__isnull', True)), _connector='OR'), name='measurement_has_one_subject'), models.CheckConstraint(condition=models.Q(('outcome__in', ['pass', 'fail', 'error'])), name='measurement_outcome_is_known'), models.CheckConstraint(condition=models.Q(('origin__in', ['restore_test', 'drill', 'incident'])), name='measurement_origin_is_known'), models.CheckConstraint(condition=models.Q(models.Q(('outcome', 'pass'), _negated=True), ('recovery_time__isnull', False), _connector='OR'), name='measurement_passed_has_a_time'), models.UniqueConstraint(fields=('origin', 'reference', 'service', 'system'), name='measurement_is_written_once', nulls_distinct=False)],
            },
        ),
        migrations.CreateModel(
            name='Provider',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='created')),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('name', models.CharField(max_length=120, unique=True, verbose_name='name')),
                ('description', models.TextField(blank=True, max_length=4000, verbose_name='description')),
                ('contact', models.TextField(blank=True, help_text='Whom to call at night: names, numbers, the portal.', max_length=1000, verbose_name='contact')),
                ('contract', models.CharField(blank=True, help_text='Number of the contract, and what it promises.', max_length=200, verbose_name='contract')),
                ('notice_page', models.CharField(blank=True, help_text='Where the provider says what is wrong: an address with https.', max_length=300, validators=[django.core.validators.URLValidator(schemes=['http', 'https'])], verbose_name='notice page')),
                ('is_active', models.BooleanField(default=True, verbose_name='in use')),
                ('owner', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='owner')),
                ('services', models.ManyToManyField(blank=True, related_name='providers', to='catalog.service', verbose_name='services it carries')),
                ('systems', models.ManyToManyField(blank=True, related_name='providers', to='catalog.system', verbose_name='systems it carries')),
            ],
            options={
                'verbose_name': 'provider',
                'verbose_name_plural': 'providers',
                'ordering': ['name'],
                'indexes': [models.Index(fields=['created_at', 'id'], name='provider_by_age')],
            },
        ),
        migrations.CreateModel(
            name='Document',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='created')),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('title', models.CharField(max_length=160, verbose_name='title')),
                ('kind', models.CharField(choices=[('contract', 'Contract'), ('licence', 'Licence'), ('certificate', 'Certificate'), ('other', 'Other document')], default='contract', max_length=12, verbose_name='kind')),
                ('number', models.CharField(blank=True, max_length=120, verbose_name='number')),
                ('expires_on', models.DateField(blank=True, help_text='The last day on which it holds.', null=True, verbose_name='expires on')),
                ('is_active', models.BooleanField(default=True, verbose_name='in use')),
                ('file', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='common.storedfile', verbose_name='file')),
                ('owner', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='owner')),
                ('provider', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='documents', to='catalog.provider', verbose_name='provider')),
                ('service', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='documents', to='catalog.service', verbose_name='service')),
                ('system', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='documents', to='catalog.system', verbose_name='system')),
            ],
            options={
                'verbose_name': 'document',
                'verbose_name_plural': 'documents',
                'ordering': ['title'],
                'indexes': [models.Index(fields=['created_at', 'id'], name='document_by_age'), models.Index(condition=models.Q(('is_active', True)), fields=['expires_on'], name='document_by_end')],
                'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ['contract', 'licence', 'certificate', 'other'])), name='document_kind_is_known'), models.CheckConstraint(condition=models.Q(models.Q(('provider__isnull', False), ('service__isnull', True), ('system__isnull', True)), models.Q(('provider__isnull', True), ('service__isnull', False), ('system__isnull', True)), models.Q(('provider__isnull', True), ('service__isnull', True), ('system__isnull', False)), _connector='OR'), name='document_is_about_one_thing', violation_error_message='A document is about one provider, one service or one system.')],
            },
        ),
        migrations.CreateModel(
            name='Dependency',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='created')),
                ('kind', models.CharField(choices=[('required', 'Required'), ('degraded', 'Works worse without it'), ('optional', 'Can do without it')], default='required', max_length=10, verbose_name='kind')),
                ('on_service', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='needed_by', to='catalog.service')),
                ('service', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='needs', to='catalog.service')),
                ('on_system', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='needed_by', to='catalog.system')),
                ('system', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='needs', to='catalog.system')),
            ],
            options={
                'verbose_name': 'dependency',
                'verbose_name_plural': 'dependencies',
                'indexes': [models.Index(fields=['created_at', 'id'], name='dependency_by_age')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('service__isnull', True), ('system__isnull', False)), models.Q(('service__isnull', False), ('system__isnull', True)), _connector='OR'), name='dependency_has_one_dependent'), models.CheckConstraint(condition=models.Q(models.Q(('on_service__isnull', True), ('on_system__isnull', False)), models.Q(('on_service__isnull', False), ('on_system__isnull', True)), _connector='OR'), name='dependency_has_one_need'), models.CheckConstraint(condition=models.Q(('system', None), ('on_service', None), _connector='OR'), name='dependency_system_needs_no_service'), models.CheckConstraint(condition=models.Q(models.Q(('service', None), ('on_service', None), models.Q(('service', models.F('on_service')), _negated=True), _connector='OR'), models.Q(('system', None), ('on_system', None), models.Q(('system', models.F('on_system')), _negated=True), _connector='OR')), name='dependency_is_not_on_itself'), models.UniqueConstraint(fields=('service', 'system', 'on_service', 'on_system'), name='dependency_is_written_once', nulls_distinct=False), models.CheckConstraint(condition=models.Q(('kind__in', ['required', 'degraded', 'optional'])), name='dependency_kind_is_known')],
            },
        ),
        migrations.CreateModel(
            name='Basis',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='created')),
                ('part', models.CharField(max_length=120, verbose_name='part')),
                ('fingerprint', models.CharField(max_length=64, verbose_name='fingerprint')),
                ('label', models.CharField(max_length=200, verbose_name='label')),
                ('changed_at', models.DateTimeField(verbose_name='changed')),
                ('service', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='%(class)s_set', to='catalog.service')),
                ('system', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='%(class)s_set', to='catalog.system')),
            ],
            options={
                'verbose_name': 'part that proof stands on',
                'verbose_name_plural': 'parts that proof stands on',
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('service__isnull', True), ('system__isnull', False)), models.Q(('service__isnull', False), ('system__isnull', True)), _connector='OR'), name='basis_has_one_subject'), models.UniqueConstraint(fields=('service', 'system', 'part'), name='basis_has_one_row_a_part', nulls_distinct=False)],
            },
        ),
    ]
