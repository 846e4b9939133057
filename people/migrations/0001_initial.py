import common.text
import django.contrib.auth.validators
import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
    ]

    operations = [
        migrations.CreateModel(
            name='User',
            fields=[
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('is_superuser', models.BooleanField(default=False, help_text='Designates that this user has all permissions without explicitly assigning them.', verbose_name='superuser status')),
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='created')),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('username', models.CharField(max_length=60, unique=True, validators=[django.contrib.auth.validators.UnicodeUsernameValidator()], verbose_name='sign-in name')),
                ('name', models.CharField(max_length=120, validators=[common.text.safe_line], verbose_name='name')),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='e-mail')),
                ('language', models.CharField(blank=True, max_length=10, verbose_name='language')),
                ('last_language', models.CharField(blank=True, editable=False, max_length=10)),
                ('time_zone', models.CharField(blank=True, max_length=60, verbose_name='time zone')),
                ('theme', models.CharField(blank=True, choices=[('', 'As my device'), ('light', 'Light'), ('dark', 'Dark')], max_length=5, verbose_name='theme')),
                ('is_active', models.BooleanField(default=True, verbose_name='may sign in')),
                ('is_staff', models.BooleanField(default=False, verbose_name='may use the admin')),
                ('is_machine', models.BooleanField(default=False, verbose_name='is a program')),
                ('ends_on', models.DateField(blank=True, null=True, verbose_name='account ends on')),
                ('anonymised_at', models.DateTimeField(editable=False, null=True, verbose_name='anonymised')),
                ('joined_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='joined')),
                ('groups', models.ManyToManyField(blank=True, help_text='The groups this user belongs to. A user will get all permissions granted to each of their groups.', related_name='user_set', related_query_name='user', to='auth.group', verbose_name='groups')),
                ('manager', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='reports', to=settings.AUTH_USER_MODEL, verbose_name='manager')),
                ('user_permissions', models.ManyToManyField(blank=True, help_text='Specific permissions for this user.', related_name='user_set', related_query_name='user', to='auth.permission', verbose_name='user permissions')),
            ],
            options={
                'verbose_name': 'person',
                'verbose_name_plural': 'people',
                'ordering': ['name', 'username'],
                'indexes': [models.Index(fields=['created_at', 'id'], name='user_by_age'), models.Index(fields=['name', 'id'], name='user_by_name')],
                'constraints': [models.UniqueConstraint(django.db.models.functions.text.Lower('email'), condition=models.Q(('email', ''), _negated=True), name='user_email_is_one_persons', violation_error_message='Somebody else has this e-mail address.'), models.CheckConstraint(condition=models.Q(('email', django.db.models.functions.text.Lower('email'))), name='user_email_is_in_small_letters'), models.UniqueConstraint(django.db.models.functions.text.Lower('username'), name='user_name_is_one_persons_in_any_case'), models.CheckConstraint(condition=models.Q(('manager__isnull', True), models.Q(('manager', models.F('id')), _negated=True), _connector='OR'), name='user_is_not_the_own_manager', violation_error_message='Somebody else must be the manager.'), models.CheckConstraint(condition=models.Q(('anonymised_at__isnull', True), ('is_active', False), _connector='OR'), name='user_who_was_anonymised_is_not_active')],
            },
        ),
        migrations.CreateModel(
            name='Absence',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='created')),
                ('starts_at', models.DateTimeField(verbose_name='from')),
                ('ends_at', models.DateTimeField(verbose_name='until')),
                ('ended_early_at', models.DateTimeField(editable=False, null=True, verbose_name='ended early')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='absences', to=settings.AUTH_USER_MODEL, verbose_name='person')),
                ('substitute', models.ForeignKey(blank=True, help_text='Acts for the person wherever an approval, a review, an action or a duty asks.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='substitutions', to=settings.AUTH_USER_MODEL, verbose_name='substitute')),
            ],
            options={
                'verbose_name': 'absence',
                'verbose_name_plural': 'absences',
                'ordering': ['-starts_at'],
                'indexes': [models.Index(fields=['created_at', 'id'], name='absence_by_age'), models.Index(fields=['starts_at', 'id'], name='absence_by_start'), models.Index(condition=models.Q(('ended_early_at__isnull', True)), fields=['ends_at'], name='absence_not_over')],
                'constraints': [models.CheckConstraint(condition=models.Q(('ends_at__gt', models.F('starts_at'))), name='absence_ends_after_it_starts', violation_error_message='An absence ends after it starts.'), models.CheckConstraint(condition=models.Q(('substitute__isnull', True), models.Q(('substitute', models.F('person')), _negated=True), _connector='OR'), name='absence_has_another_as_substitute', violation_error_message='Somebody else must be the substitute.')],
            },
        ),
        migrations.CreateModel(
            name='ApiKey',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='created')),
                ('name', models.CharField(max_length=120, verbose_name='name')),
                ('role', models.CharField(choices=[('Reporter', 'Reporter'), ('Responder', 'Responder'), ('Manager', 'Manager'), ('Reviewer', 'Reviewer'), ('Auditor', 'Auditor'), ('Administrator', 'Administrator')], max_length=20, verbose_name='role')),
                ('scopes', models.JSONField(blank=True, default=list, verbose_name='scopes')),
                ('prefix', models.CharField(max_length=12, unique=True)),
                ('hash', models.CharField(max_length=64, unique=True)),
                ('expires_at', models.DateTimeField(blank=True, null=True, verbose_name='expires')),
                ('last_used_at', models.DateTimeField(editable=False, null=True, verbose_name='last used')),
                ('last_used_from', models.CharField(blank=True, editable=False, max_length=45, verbose_name='last used from')),
                ('revoked_at', models.DateTimeField(editable=False, null=True, verbose_name='revoked')),
                ('owner', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='own_keys', to=settings.AUTH_USER_MODEL, verbose_name='own key of')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='api_keys', to=settings.AUTH_USER_MODEL, verbose_name='program')),
            ],
            options={
                'verbose_name': 'API key',
                'verbose_name_plural': 'API keys',
                'ordering': ['-created_at'],
                'indexes': [models.Index(fields=['created_at', 'id'], name='api_key_by_age')],
                'constraints': [models.CheckConstraint(condition=models.Q(('role__in', ['Reporter', 'Responder', 'Manager', 'Reviewer', 'Auditor', 'Administrator'])), name='api_key_role_is_known'), models.CheckConstraint(condition=models.Q(('hash__regex', '^[0-9a-f]{64}$')), name='api_key_is_hashed')],
            },
        ),
        migrations.CreateModel(
            name='BrowserSession',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='created')),
                ('session_key', models.CharField(editable=False, max_length=40, unique=True)),
                ('device', models.CharField(max_length=120, verbose_name='device')),
                ('address', models.CharField(max_length=45, verbose_name='address')),
                ('started_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='since')),
                ('last_seen_at', models.DateTimeField(db_index=True, verbose_name='last seen')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='browser_sessions', to=settings.AUTH_USER_MODEL, verbose_name='person')),
            ],
            options={
                'verbose_name': 'signed-in browser',
                'verbose_name_plural': 'signed-in browsers',
                'ordering': ['-last_seen_at'],
            },
        ),
        migrations.CreateModel(
            name='ContactMethod',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='created')),
                ('kind', models.CharField(choices=[('email', 'E-mail'), ('phone', 'Phone'), ('app', 'App')], max_length=10, verbose_name='kind')),
                ('name', models.CharField(blank=True, max_length=60, validators=[common.text.safe_line], verbose_name='name')),
                ('address', models.CharField(max_length=254, verbose_name='address')),
                ('secret', models.TextField(blank=True, editable=False)),
                ('verified_at', models.DateTimeField(editable=False, null=True, verbose_name='verified')),
                ('last_reached_at', models.DateTimeField(editable=False, null=True, verbose_name='last reached')),
                ('code_hash', models.CharField(blank=True, editable=False, max_length=64)),
                ('code_expires_at', models.DateTimeField(editable=False, null=True)),
                ('code_tries', models.PositiveSmallIntegerField(default=0, editable=False)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='contact_methods', to=settings.AUTH_USER_MODEL, verbose_name='person')),
            ],
            options={
                'verbose_name': 'contact method',
                'verbose_name_plural': 'contact methods',
                'ordering': ['person__name', 'created_at'],
                'indexes': [models.Index(fields=['created_at', 'id'], name='contact_method_by_age')],
                'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ['email', 'phone', 'app'])), name='contact_kind_is_known'), models.CheckConstraint(condition=models.Q(models.Q(('kind', 'app'), models.Q(('secret', ''), _negated=True)), models.Q(models.Q(('kind', 'app'), _negated=True), ('secret', '')), _connector='OR'), name='contact_of_an_app_is_sealed'), models.CheckConstraint(condition=models.Q(('code_hash', ''), ('code_hash__regex', '^[0-9a-f]{64}$'), _connector='OR'), name='contact_code_is_hashed'), models.CheckConstraint(condition=models.Q(('code_hash', ''), ('code_expires_at__isnull', False), _connector='OR'), name='contact_code_expires'), models.UniqueConstraint(condition=models.Q(('kind', 'app'), _negated=True), fields=('person', 'kind', 'address'), name='contact_address_is_once_a_person', violation_error_message='This address is there already.')],
            },
        ),
        migrations.CreateModel(
            name='KeyUse',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField(verbose_name='day')),
                ('count', models.PositiveBigIntegerField(default=0, verbose_name='uses')),
                ('address', models.CharField(blank=True, max_length=45, verbose_name='last from')),
                ('key', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='uses', to='people.apikey', verbose_name='API key')),
            ],
            options={
                'verbose_name': 'use of a key',
                'verbose_name_plural': 'uses of keys',
                'ordering': ['-day'],
                'constraints': [models.UniqueConstraint(fields=('key', 'day'), name='key_use_is_one_a_day')],
            },
        ),
        migrations.CreateModel(
            name='Membership',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='created')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='memberships', to=settings.AUTH_USER_MODEL, verbose_name='person')),
            ],
            options={
                'verbose_name': 'membership',
                'verbose_name_plural': 'memberships',
                'ordering': ['team__name', 'person__name'],
            },
        ),
        migrations.CreateModel(
            name='Organisation',
            fields=[
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('id', models.PositiveSmallIntegerField(default=1, editable=False, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=60, validators=[common.text.safe_line], verbose_name='name')),
                ('time_zone', models.CharField(max_length=60, verbose_name='time zone')),
                ('set_up_at', models.DateTimeField(editable=False, null=True, verbose_name='set up')),
                ('held_since', models.DateTimeField(editable=False, null=True, verbose_name='held since')),
                ('copy_taken_at', models.DateTimeField(editable=False, null=True, verbose_name='came back as it was at')),
                ('set_up_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'organisation',
                'verbose_name_plural': 'organisation',
                'constraints': [models.CheckConstraint(condition=models.Q(('pk', 1)), name='organisation_is_one'), models.CheckConstraint(condition=models.Q(('held_since', None), ('copy_taken_at__isnull', False), _connector='OR'), name='organisation_held_came_from_a_copy')],
            },
        ),
        migrations.CreateModel(
            name='PasswordReset',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='created')),
                ('lease_until', models.DateTimeField(editable=False, null=True)),
                ('lease_token', models.UUIDField(editable=False, null=True)),
                ('attempts', models.PositiveSmallIntegerField(default=0, editable=False)),
                ('person', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='password_reset', to=settings.AUTH_USER_MODEL, verbose_name='person')),
            ],
            options={
                'verbose_name': 'link to a new password',
                'verbose_name_plural': 'links to a new password',
            },
        ),
        migrations.CreateModel(
            name='Team',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='created')),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('name', models.CharField(max_length=120, validators=[common.text.safe_line], verbose_name='name')),
                ('description', models.CharField(blank=True, max_length=300, validators=[common.text.safe_text], verbose_name='description')),
                ('is_active', models.BooleanField(default=True, verbose_name='in use')),
                ('manager', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='managed_teams', to=settings.AUTH_USER_MODEL, verbose_name='manager')),
                ('members', models.ManyToManyField(related_name='teams', through='people.Membership', to=settings.AUTH_USER_MODEL, verbose_name='members')),
            ],
            options={
                'verbose_name': 'team',
                'verbose_name_plural': 'teams',
                'ordering': ['name'],
                'indexes': [models.Index(fields=['created_at', 'id'], name='team_by_age'), models.Index(fields=['name', 'id'], name='team_by_name')],
                'constraints': [models.UniqueConstraint(django.db.models.functions.text.Lower('name'), name='team_name_is_one_teams', violation_error_message='There is a team of this name already.')],
            },
        ),
        migrations.AddField(
            model_name='membership',
            name='team',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='memberships', to='people.team', verbose_name='team'),
        ),
        migrations.AddConstraint(
            model_name='membership',
            constraint=models.UniqueConstraint(fields=('team', 'person'), name='membership_is_one_a_team_and_person', violation_error_message='This person is in the team already.'),
        ),
    ]
