import django.utils.timezone
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Heartbeat',
            fields=[
                ('name', models.CharField(max_length=60, primary_key=True, serialize=False, verbose_name='name')),
                ('at', models.DateTimeField(verbose_name='at')),
            ],
            options={
                'verbose_name': 'sign of life',
                'verbose_name_plural': 'signs of life',
            },
        ),
        migrations.CreateModel(
            name='PendingFact',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='created')),
                ('fact', models.CharField(max_length=100, verbose_name='fact')),
                ('receiver', models.CharField(max_length=100, verbose_name='receiver')),
                ('arguments', models.JSONField(default=dict, verbose_name='arguments')),
                ('attempts', models.PositiveIntegerField(default=1, verbose_name='attempts')),
                ('due_at', models.DateTimeField(db_index=True, verbose_name='due')),
                ('last_error', models.TextField(verbose_name='last error')),
            ],
            options={
                'verbose_name': 'pending announcement',
                'verbose_name_plural': 'pending announcements',
            },
        ),
        migrations.CreateModel(
            name='SealingKey',
            fields=[
                ('key_id', models.CharField(max_length=8, primary_key=True, serialize=False, verbose_name='key')),
                ('noted_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='noted')),
                ('saved_at', models.DateTimeField(null=True, verbose_name='copy outside confirmed')),
                ('retired_at', models.DateTimeField(null=True, verbose_name='retired')),
            ],
            options={
                'verbose_name': 'key of secrets',
                'verbose_name_plural': 'keys of secrets',
            },
        ),
        migrations.CreateModel(
            name='KeptAnswer',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='created')),
                ('name', models.CharField(max_length=64, unique=True)),
                ('question', models.TextField()),
                ('answer', models.TextField(blank=True)),
                ('token', models.UUIDField(null=True)),
                ('lease_until', models.DateTimeField(null=True)),
            ],
            options={
                'verbose_name': 'kept answer',
                'verbose_name_plural': 'kept answers',
                'indexes': [models.Index(fields=['created_at'], name='kept_answer_by_age')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('answer', ''), ('lease_until__isnull', False), ('token__isnull', False)), models.Q(models.Q(('answer', ''), _negated=True), ('lease_until__isnull', True), ('token__isnull', True)), _connector='OR'), name='kept_answer_is_worked_on_or_there')],
            },
        ),
        migrations.CreateModel(
            name='StoredFile',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='created')),
                ('sha256', models.CharField(db_index=True, max_length=64, verbose_name='SHA-256')),
                ('name', models.CharField(max_length=200, verbose_name='name')),
                ('content_type', models.CharField(max_length=100, verbose_name='kind of content')),
                ('size_bytes', models.BigIntegerField(verbose_name='size in bytes')),
            ],
            options={
                'verbose_name': 'stored file',
                'verbose_name_plural': 'stored files',
                'constraints': [models.CheckConstraint(condition=models.Q(('sha256__regex', '^[0-9a-f]{64}$')), name='stored_file_has_a_sha256'), models.CheckConstraint(condition=models.Q(('size_bytes__gte', 0)), name='stored_file_size_is_not_negative')],
            },
        ),
    ]
