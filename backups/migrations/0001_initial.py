import datetime
import django.core.validators
import django.db.models.constraints
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
            sql='CREATE SEQUENCE backups_run_number',
            reverse_sql='DROP SEQUENCE backups_run_number',
        ),
        migrations.CreateModel(
            name='BackupPolicy',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='created')),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('name', models.CharField(max_length=120, unique=True, validators=[django.core.validators.RegexValidator('^[^\\W_][\\w .,()+&/-]{0,118}$', 'Use letters, digits, spaces and . , ( ) + & / - and begin with a letter or digit.')], verbose_name='name')),
                ('slug', models.CharField(max_length=60, unique=True, validators=[django.core.validators.RegexValidator('^[a-z0-9][a-z0-9-]{0,58}[a-z0-9]?$', 'Use small letters, digits and hyphens.')], verbose_name='short name')),
                ('assertions', models.JSONField(blank=True, default=list, verbose_name='assertions')),
                ('fresh_for', models.DurationField(default=datetime.timedelta(days=1, seconds=7200), help_text='An older newest copy fails its check.', verbose_name='a copy is fresh for')),
                ('smallest_bytes', models.BigIntegerField(default=1, validators=[django.core.validators.MinValueValidator(1)], verbose_name='smallest plausible size in bytes')),
                ('wall_clock', models.DurationField(default=datetime.timedelta(seconds=7200), verbose_name='longest run')),
                ('keep_copies', models.PositiveIntegerField(default=14, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(10000)], verbose_name='copies to keep')),
                ('accept_no_isolation', models.BooleanField(default=False, help_text='Where this host can build no sandbox, restore all the same. The evidence says so.', verbose_name='restore without isolation')),
                ('is_paused', models.BooleanField(default=False, verbose_name='paused')),
                ('is_own', models.BooleanField(default=False, editable=False)),
                ('owner', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='owner')),
                ('system', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='policies', to='catalog.system', verbose_name='system')),
            ],
            options={
                'verbose_name': 'backup policy',
                'verbose_name_plural': 'backup policies',
                'ordering': ['name'],
                'indexes': [models.Index(fields=['created_at', 'id'], name='backup_policy_by_age')],
                'constraints': [models.CheckConstraint(condition=models.Q(('keep_copies__gte', 1)), name='backup_policy_keeps_a_copy'), models.CheckConstraint(condition=models.Q(('fresh_for__gt', datetime.timedelta(0)), ('wall_clock__gt', datetime.timedelta(0))), name='backup_policy_durations_are_positive'), models.UniqueConstraint(condition=models.Q(('is_own', True)), fields=('is_own',), name='backup_policy_own_is_one')],
            },
        ),
        migrations.CreateModel(
            name='Repository',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='created')),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('name', models.CharField(max_length=120, unique=True, validators=[django.core.validators.RegexValidator('^[^\\W_][\\w .,()+&/-]{0,118}$', 'Use letters, digits, spaces and . , ( ) + & / - and begin with a letter or digit.')], verbose_name='name')),
                ('kind', models.CharField(choices=[('local', 'Folder on this host')], default='local', max_length=10, verbose_name='kind')),
                ('location', models.CharField(help_text='Absolute path of a folder.', max_length=1000, verbose_name='location')),
                ('site', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='repositories', to='catalog.site', verbose_name='site')),
            ],
            options={
                'verbose_name': 'repository',
                'verbose_name_plural': 'repositories',
                'ordering': ['name'],
                'indexes': [models.Index(fields=['created_at', 'id'], name='repository_by_age')],
                'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ['local'])), name='repository_kind_is_known'), models.UniqueConstraint(fields=('kind', 'location'), name='repository_is_one_a_place')],
            },
        ),
        migrations.CreateModel(
            name='Copy',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='created')),
                ('name', models.CharField(max_length=200, verbose_name='name')),
                ('taken_at', models.DateTimeField(verbose_name='taken')),
                ('bytes', models.BigIntegerField(verbose_name='bytes')),
                ('manifest', models.JSONField(default=dict)),
                ('state', models.CharField(choices=[('kept', 'Kept'), ('removed', 'Removed when its time was over')], default='kept', max_length=10, verbose_name='state')),
                ('policy', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='copies', to='backups.backuppolicy', verbose_name='policy')),
                ('repository', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='copies', to='backups.repository', verbose_name='repository')),
            ],
            options={
                'verbose_name': 'copy',
                'verbose_name_plural': 'copies',
                'ordering': ['-taken_at'],
                'indexes': [models.Index(fields=['created_at', 'id'], name='copy_by_age'), models.Index(fields=['taken_at', 'id'], name='copy_by_time'), models.Index(fields=['policy', '-taken_at'], name='copy_of_policy')],
                'constraints': [models.UniqueConstraint(fields=('repository', 'name'), name='copy_name_is_one_a_repository'), models.CheckConstraint(condition=models.Q(('state__in', ['kept', 'removed'])), name='copy_state_is_known')],
            },
        ),
        migrations.AddField(
            model_name='backuppolicy',
            name='repository',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='policies', to='backups.repository', verbose_name='repository'),
        ),
        migrations.CreateModel(
            name='Run',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='created')),
                ('lease_until', models.DateTimeField(editable=False, null=True)),
                ('lease_token', models.UUIDField(editable=False, null=True)),
                ('attempts', models.PositiveSmallIntegerField(default=0, editable=False)),
                ('number', models.BigIntegerField(db_default=models.Func(models.Value('backups_run_number'), function='nextval', output_field=models.BigIntegerField()), editable=False, unique=True)),
                ('kind', models.CharField(choices=[('backup', 'Backup'), ('check', 'Check'), ('restore_test', 'Restore test')], max_length=20, verbose_name='what')),
                ('slot_at', models.DateTimeField(null=True, verbose_name='slot')),
                ('missed_slots', models.PositiveIntegerField(default=0, verbose_name='slots missed before it')),
                ('wanted_level', models.PositiveSmallIntegerField(null=True)),
                ('state', models.CharField(choices=[('queued', 'Queued'), ('running', 'Running'), ('ended', 'Ended')], default='queued', max_length=10, verbose_name='state')),
                ('outcome', models.CharField(blank=True, choices=[('pass', 'Passed'), ('warn', 'Passed with a warning'), ('fail', 'Failed'), ('error', 'Could not be carried out')], max_length=10, verbose_name='outcome')),
                ('queued_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='queued')),
                ('started_at', models.DateTimeField(null=True, verbose_name='started')),
                ('ended_at', models.DateTimeField(null=True, verbose_name='ended')),
                ('level', models.PositiveSmallIntegerField(choices=[(0, 'Present and fresh'), (1, 'Plausible size'), (2, 'Bytes intact'), (3, 'Well-formed'), (4, 'Restored'), (5, 'Content asserted'), (6, 'Application answered')], null=True, verbose_name='level reached')),
                ('failed_level', models.PositiveSmallIntegerField(choices=[(0, 'Present and fresh'), (1, 'Plausible size'), (2, 'Bytes intact'), (3, 'Well-formed'), (4, 'Restored'), (5, 'Content asserted'), (6, 'Application answered')], null=True, verbose_name='level that failed')),
                ('failed_step', models.CharField(blank=True, choices=[('repository', 'Repository reached'), ('connect', 'Source reached'), ('canary', 'Canary written'), ('dump', 'Database saved'), ('files', 'Files saved'), ('store', 'Copy stored'), ('prune', 'Old copies removed'), ('present', 'Copy present and fresh'), ('size', 'Size plausible'), ('digest', 'Bytes intact'), ('structure', 'Dump well-formed'), ('archive', 'Archive well-formed'), ('sandbox', 'Sandbox created'), ('cluster', 'Empty cluster initialised'), ('fetch', 'Copy fetched'), ('verify', 'Checksums verified'), ('restore', 'Database restored'), ('restore_files', 'Files restored'), ('assert', 'Content asserted'), ('destroy', 'Sandbox destroyed')], max_length=20, verbose_name='failed step')),
                ('failed_source', models.CharField(blank=True, max_length=40, verbose_name='failed source')),
                ('reason_code', models.CharField(blank=True, max_length=60)),
                ('reason_values', models.JSONField(default=dict)),
                ('isolation', models.CharField(blank=True, choices=[('bwrap', 'Own user, no network, own file system (bwrap)'), ('uid', 'Own user without rights, no network'), ('none', 'None')], max_length=10, verbose_name='isolation')),
                ('recovery_time', models.DurationField(null=True, verbose_name='recovery time')),
                ('data_loss', models.DurationField(null=True, verbose_name='data loss')),
                ('bytes', models.BigIntegerField(null=True, verbose_name='bytes')),
                ('copy', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='runs', to='backups.copy', verbose_name='copy')),
                ('policy', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='runs', to='backups.backuppolicy', verbose_name='policy')),
                ('requested_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'run',
                'verbose_name_plural': 'runs',
                'ordering': ['-created_at'],
                'indexes': [models.Index(fields=['created_at', 'id'], name='run_by_age'), models.Index(fields=['policy', 'kind', '-created_at'], name='run_of_policy'), models.Index(condition=models.Q(('state', 'ended'), _negated=True), fields=['state', 'lease_until'], name='run_open')],
                'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ['backup', 'check', 'restore_test'])), name='run_kind_is_known'), models.CheckConstraint(condition=models.Q(('state__in', ['queued', 'running', 'ended'])), name='run_state_is_known'), models.CheckConstraint(condition=models.Q(models.Q(models.Q(('state', 'ended'), _negated=True), ('ended_at', None), ('outcome', '')), models.Q(('ended_at__isnull', False), ('outcome__in', ['pass', 'warn', 'fail', 'error']), ('state', 'ended')), _connector='OR'), name='run_ended_has_outcome_and_time'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'running'), _negated=True), models.Q(('lease_token__isnull', False), ('lease_until__isnull', False)), _connector='OR'), name='run_running_is_held'), models.CheckConstraint(condition=models.Q(('level', None), ('level__in', [0, 1, 2, 3, 4, 5, 6]), _connector='OR'), name='run_level_is_known'), models.CheckConstraint(condition=models.Q(('failed_level', None), ('failed_level__in', [0, 1, 2, 3, 4, 5, 6]), _connector='OR'), name='run_failed_level_is_known'), models.CheckConstraint(condition=models.Q(('isolation__in', ['', 'bwrap', 'uid', 'none'])), name='run_isolation_is_known'), models.UniqueConstraint(fields=('policy', 'kind', 'slot_at'), name='run_is_one_a_slot'), models.UniqueConstraint(condition=models.Q(('state', 'ended'), _negated=True), fields=('policy', 'kind'), name='run_is_one_at_a_time_a_kind')],
            },
        ),
        migrations.CreateModel(
            name='Assertion',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='created')),
                ('position', models.PositiveSmallIntegerField()),
                ('source', models.CharField(blank=True, max_length=40)),
                ('label_code', models.CharField(max_length=60)),
                ('label_values', models.JSONField(default=dict)),
                ('expected', models.CharField(max_length=200)),
                ('found', models.CharField(max_length=200)),
                ('outcome', models.CharField(choices=[('running', 'Running'), ('pass', 'Passed'), ('warn', 'Warning'), ('fail', 'Failed'), ('error', 'Could not be carried out'), ('skipped', 'Skipped')], max_length=10)),
                ('run', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='assertions', to='backups.run')),
            ],
            options={
                'verbose_name': 'assertion',
                'verbose_name_plural': 'assertions',
                'ordering': ['run', 'position'],
                'constraints': [models.UniqueConstraint(fields=('run', 'position'), name='assertion_is_one_a_place'), models.CheckConstraint(condition=models.Q(('outcome__in', ['pass', 'warn', 'fail', 'error'])), name='assertion_outcome_is_known')],
            },
        ),
        migrations.CreateModel(
            name='Schedule',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='created')),
                ('kind', models.CharField(choices=[('backup', 'Backup'), ('check', 'Check'), ('restore_test', 'Restore test')], max_length=20, verbose_name='what')),
                ('rule', models.CharField(max_length=200, verbose_name='cron line or RRULE')),
                ('time_zone', models.CharField(default='UTC', max_length=60, verbose_name='time zone')),
                ('next_due_at', models.DateTimeField(db_index=True, editable=False, null=True, verbose_name='next due')),
                ('policy', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='schedules', to='backups.backuppolicy')),
            ],
            options={
                'verbose_name': 'schedule',
                'verbose_name_plural': 'schedules',
                'constraints': [models.UniqueConstraint(fields=('policy', 'kind'), name='schedule_is_one_a_policy_and_kind'), models.CheckConstraint(condition=models.Q(('kind__in', ['backup', 'check', 'restore_test'])), name='schedule_kind_is_known')],
            },
        ),
        migrations.CreateModel(
            name='Step',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='created')),
                ('position', models.PositiveSmallIntegerField()),
                ('attempt', models.PositiveSmallIntegerField(default=1)),
                ('name', models.CharField(choices=[('repository', 'Repository reached'), ('connect', 'Source reached'), ('canary', 'Canary written'), ('dump', 'Database saved'), ('files', 'Files saved'), ('store', 'Copy stored'), ('prune', 'Old copies removed'), ('present', 'Copy present and fresh'), ('size', 'Size plausible'), ('digest', 'Bytes intact'), ('structure', 'Dump well-formed'), ('archive', 'Archive well-formed'), ('sandbox', 'Sandbox created'), ('cluster', 'Empty cluster initialised'), ('fetch', 'Copy fetched'), ('verify', 'Checksums verified'), ('restore', 'Database restored'), ('restore_files', 'Files restored'), ('assert', 'Content asserted'), ('destroy', 'Sandbox destroyed')], max_length=20)),
                ('source', models.CharField(blank=True, max_length=40)),
                ('phase', models.CharField(blank=True, choices=[('sandbox', 'Sandbox'), ('fetch', 'Fetch'), ('verify', 'Verify'), ('restore', 'Restore'), ('assert', 'Assert')], max_length=10)),
                ('level', models.PositiveSmallIntegerField(choices=[(0, 'Present and fresh'), (1, 'Plausible size'), (2, 'Bytes intact'), (3, 'Well-formed'), (4, 'Restored'), (5, 'Content asserted'), (6, 'Application answered')], null=True)),
                ('outcome', models.CharField(choices=[('running', 'Running'), ('pass', 'Passed'), ('warn', 'Warning'), ('fail', 'Failed'), ('error', 'Could not be carried out'), ('skipped', 'Skipped')], default='running', max_length=10)),
                ('started_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('tool', models.CharField(blank=True, max_length=60)),
                ('tool_version', models.CharField(blank=True, max_length=60)),
                ('command', models.JSONField(default=list)),
                ('exit_code', models.IntegerField(null=True)),
                ('tail', models.TextField(blank=True)),
                ('note_code', models.CharField(blank=True, max_length=60)),
                ('note_values', models.JSONField(default=dict)),
                ('run', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='steps', to='backups.run')),
            ],
            options={
                'verbose_name': 'step',
                'verbose_name_plural': 'steps',
                'ordering': ['run', 'position'],
                'constraints': [models.UniqueConstraint(fields=('run', 'position'), name='step_is_one_a_place'), models.CheckConstraint(condition=models.Q(('outcome__in', ['running', 'pass', 'warn', 'fail', 'error', 'skipped'])), name='step_outcome_is_known'), models.CheckConstraint(condition=models.Q(('phase__in', ['', 'sandbox', 'fetch', 'verify', 'restore', 'assert'])), name='step_phase_is_known'), models.CheckConstraint(condition=models.Q(('level', None), ('level__in', [0, 1, 2, 3, 4, 5, 6]), _connector='OR'), name='step_level_is_known')],
            },
        ),
        migrations.CreateModel(
            name='PolicySource',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='created')),
                ('position', models.PositiveSmallIntegerField(editable=False)),
                ('name', models.CharField(help_text='Its files in a copy are called by it.', max_length=40, validators=[django.core.validators.RegexValidator('^[a-z0-9][a-z0-9-]{0,58}[a-z0-9]?$', 'Use small letters, digits and hyphens.')], verbose_name='name')),
                ('engine', models.CharField(choices=[('postgresql', 'PostgreSQL'), ('folder', 'Folder of files')], default='postgresql', max_length=20, verbose_name='engine')),
                ('settings', models.JSONField(default=dict, verbose_name='settings')),
                ('secret', models.TextField(blank=True, editable=False)),
                ('policy', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='sources', to='backups.backuppolicy', verbose_name='policy')),
            ],
            options={
                'verbose_name': 'source',
                'verbose_name_plural': 'sources',
                'ordering': ['position'],
                'constraints': [models.UniqueConstraint(fields=('policy', 'name'), name='policy_source_name_is_one'), models.UniqueConstraint(deferrable=django.db.models.constraints.Deferrable['DEFERRED'], fields=('policy', 'position'), name='policy_source_place_is_one'), models.CheckConstraint(condition=models.Q(('engine__in', ['postgresql', 'folder'])), name='policy_source_engine_is_known'), models.CheckConstraint(condition=models.Q(('name__regex', '^[a-z0-9][a-z0-9-]*$')), name='policy_source_has_a_name')],
            },
        ),
    ]
