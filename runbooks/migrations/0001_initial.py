import django.db.models.deletion
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('actions', '0001_initial'),
        ('catalog', '0001_initial'),
        ('people', '__first__'),
    ]

    operations = [
        migrations.CreateModel(
            name='Plan',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='created')),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('reference', models.CharField(max_length=20, unique=True, verbose_name='reference')),
                ('scenario', models.CharField(choices=[('data_lost', 'Data lost in a critical system'), ('database', 'Database failure'), ('ransomware', 'Ransomware'), ('site', 'Site unusable'), ('power_or_network', 'Power or network loss'), ('third_party', 'Third-party interface down'), ('upgrade', 'Failed upgrade'), ('key_person', 'Key person missing'), ('other', 'Other')], default='other', max_length=20, verbose_name='scenario')),
                ('owner', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='owner')),
                ('services', models.ManyToManyField(blank=True, related_name='plans', to='catalog.service', verbose_name='services')),
                ('systems', models.ManyToManyField(blank=True, related_name='plans', to='catalog.system', verbose_name='systems')),
            ],
            options={
                'verbose_name': 'plan',
                'verbose_name_plural': 'plans',
                'ordering': ['reference'],
                'indexes': [models.Index(fields=['created_at', 'id'], name='plan_by_age')],
                'constraints': [models.CheckConstraint(condition=models.Q(('scenario__in', ['data_lost', 'database', 'ransomware', 'site', 'power_or_network', 'third_party', 'upgrade', 'key_person', 'other'])), name='plan_scenario_is_known')],
            },
        ),
        migrations.CreateModel(
            name='PlanVersion',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='created')),
                ('number', models.PositiveIntegerField(verbose_name='number')),
                ('state', models.CharField(choices=[('draft', 'Draft'), ('published', 'Published'), ('superseded', 'Superseded'), ('withdrawn', 'Withdrawn')], default='draft', max_length=12, verbose_name='state')),
                ('sha256', models.CharField(blank=True, editable=False, max_length=64)),
                ('published_at', models.DateTimeField(editable=False, null=True, verbose_name='published')),
                ('because_of', models.ManyToManyField(blank=True, help_text='Actions that ask for this change: publishing this version verifies them.', related_name='+', to='actions.action', verbose_name='because of')),
                ('plan', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='runbooks.plan', verbose_name='plan')),
                ('published_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'plan version',
                'verbose_name_plural': 'plan versions',
                'ordering': ['plan', '-number'],
                'constraints': [models.UniqueConstraint(fields=('plan', 'number'), name='plan_version_number_is_one'), models.UniqueConstraint(condition=models.Q(('state', 'published')), fields=('plan',), name='plan_has_one_published_version'), models.CheckConstraint(condition=models.Q(('state__in', ['draft', 'published', 'superseded', 'withdrawn'])), name='plan_version_state_is_known'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'published'), _negated=True), models.Q(('published_at__isnull', False), models.Q(('sha256', ''), _negated=True)), _connector='OR'), name='plan_version_published_is_hashed')],
            },
        ),
        migrations.CreateModel(
            name='PlanText',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='created')),
                ('language', models.CharField(choices=[('en', 'English'), ('zh-hans', 'Simplified Chinese')], max_length=10, verbose_name='language')),
                ('title', models.CharField(max_length=160, verbose_name='title')),
                ('text', models.TextField(max_length=100000, verbose_name='text')),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='texts', to='runbooks.planversion', verbose_name='version')),
            ],
            options={
                'verbose_name': 'plan text',
                'verbose_name_plural': 'plan texts',
                'constraints': [models.UniqueConstraint(fields=('version', 'language'), name='plan_text_is_one_a_language')],
            },
        ),
    ]
