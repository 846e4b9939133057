import common.text
import datetime
import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('catalog', '0001_initial'),
        ('people', '0001_initial'),
        ('people', '__first__'),
    ]

    operations = [
        migrations.CreateModel(
            name='Channel',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='created')),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('name', models.CharField(max_length=120, unique=True, validators=[common.text.safe_line], verbose_name='name')),
                ('kind', models.CharField(choices=[('hook', 'Web hook'), ('team', 'Team channel')], default='hook', max_length=10, verbose_name='kind')),
                ('address', models.TextField()),
                ('address_shown', models.CharField(editable=False, max_length=250, verbose_name='address')),
                ('language', models.CharField(choices=[('en', 'English'), ('zh-hans', 'Simplified Chinese')], default='en', max_length=10, verbose_name='language')),
                ('is_on', models.BooleanField(default=True, verbose_name='on')),
                ('off_reason', models.CharField(blank=True, editable=False, max_length=250, verbose_name='switched off because')),
                ('secret', models.TextField(blank=True)),
                ('previous_secret', models.TextField(blank=True, editable=False)),
                ('previous_until', models.DateTimeField(editable=False, null=True, verbose_name='the secret before counts until')),
                ('failures', models.PositiveIntegerField(default=0, editable=False, verbose_name='failures in a row')),
                ('rests_until', models.DateTimeField(editable=False, null=True, verbose_name='rests until')),
            ],
            options={
                'verbose_name': 'channel',
                'verbose_name_plural': 'channels',
                'ordering': ['name'],
                'indexes': [models.Index(fields=['created_at', 'id'], name='channel_by_age')],
                'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ['hook', 'team'])), name='channel_kind_is_known'), models.CheckConstraint(condition=models.Q(models.Q(('kind', 'hook'), _negated=True), models.Q(('secret', ''), _negated=True), _connector='OR'), name='channel_of_a_program_has_a_secret'), models.CheckConstraint(condition=models.Q(('previous_secret', ''), ('previous_until__isnull', False), _connector='OR'), name='channel_secret_before_ends')],
            },
        ),
        migrations.CreateModel(
            name='Message',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='created')),
                ('kind', models.CharField(max_length=100)),
                ('about_type', models.CharField(max_length=100)),
                ('about_id', models.CharField(max_length=64)),
                ('about_label', models.CharField(max_length=200)),
                ('url', models.CharField(blank=True, max_length=300)),
                ('language', models.CharField(max_length=10)),
                ('subject', models.CharField(max_length=250, verbose_name='subject')),
                ('body', models.TextField(verbose_name='text')),
                ('urgency', models.CharField(choices=[('normal', 'Normal'), ('urgent', 'Urgent')], default='normal', max_length=10, verbose_name='urgency')),
                ('data', models.JSONField(default=dict)),
                ('is_shown', models.BooleanField(default=True)),
                ('sealed_text', models.TextField(blank=True, editable=False)),
                ('until', models.DateTimeField(editable=False, null=True)),
                ('dedupe_key', models.CharField(max_length=200, unique=True)),
                ('read_at', models.DateTimeField(null=True, verbose_name='read')),
                ('to', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='messages', to=settings.AUTH_USER_MODEL, verbose_name='to')),
            ],
            options={
                'verbose_name': 'message',
                'verbose_name_plural': 'messages',
                'ordering': ['-created_at'],
                'indexes': [models.Index(fields=['to', '-created_at'], name='message_of_person'), models.Index(fields=['about_type', 'about_id'], name='message_about'), models.Index(django.contrib.postgres.indexes.OpClass(django.db.models.functions.text.Lower('about_label'), name='text_pattern_ops'), name='message_by_about_label'), models.Index(fields=['created_at'], name='message_by_age'), models.Index(condition=models.Q(('until__isnull', False)), fields=['until'], name='message_that_runs_out')],
                'constraints': [models.CheckConstraint(condition=models.Q(('is_shown', True), models.Q(('body', ''), ('subject', '')), _connector='OR'), name='message_that_is_not_shown_is_sealed')],
            },
        ),
        migrations.CreateModel(
            name='Delivery',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='created')),
                ('way', models.CharField(choices=[('in_app', 'In Holdfast'), ('email', 'E-mail'), ('contact', 'Other way of contact'), ('team', 'Team channel'), ('hook', 'Web hook')], max_length=10, verbose_name='way')),
                ('lane', models.CharField(choices=[('mail', 'E-mail'), ('web', 'Web hooks and apps')], default='mail', max_length=4)),
                ('address', models.CharField(blank=True, max_length=254, verbose_name='address')),
                ('state', models.CharField(choices=[('queued', 'Queued'), ('sending', 'Sending'), ('sent', 'Sent'), ('failed', 'Failed, will be tried again'), ('dead', 'Given up'), ('cancelled', 'Cancelled')], default='queued', max_length=10, verbose_name='state')),
                ('due_at', models.DateTimeField(verbose_name='due')),
                ('tries', models.PositiveSmallIntegerField(default=0, verbose_name='tries')),
                ('lease_until', models.DateTimeField(null=True)),
                ('lease_token', models.UUIDField(null=True)),
                ('sent_at', models.DateTimeField(null=True, verbose_name='sent')),
                ('last_error', models.TextField(blank=True, verbose_name='last error')),
                ('answer', models.CharField(blank=True, max_length=250, verbose_name='last answer')),
                ('channel', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='deliveries', to='notify.channel', verbose_name='channel')),
                ('contact', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='people.contactmethod', verbose_name='contact method')),
                ('message', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='deliveries', to='notify.message')),
            ],
            options={
                'verbose_name': 'delivery',
                'verbose_name_plural': 'deliveries',
                'ordering': ['-created_at'],
                'indexes': [models.Index(fields=['created_at', 'id'], name='delivery_by_age'), models.Index(fields=['due_at', 'id'], name='delivery_by_due'), models.Index(condition=models.Q(('state__in', ['queued', 'failed', 'sending'])), fields=['due_at'], name='delivery_due')],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['queued', 'sending', 'sent', 'failed', 'dead', 'cancelled'])), name='delivery_state_is_known'), models.UniqueConstraint(fields=('message', 'way', 'channel', 'contact'), name='delivery_is_one_a_message_and_way', nulls_distinct=False), models.CheckConstraint(condition=models.Q(models.Q(('channel__isnull', False), ('way__in', ['hook', 'team'])), models.Q(models.Q(('way__in', ['hook', 'team']), _negated=True), ('channel__isnull', True)), _connector='OR'), name='delivery_to_a_channel_names_it'), models.CheckConstraint(condition=models.Q(models.Q(('way', 'contact'), _negated=True), ('contact__isnull', False), _connector='OR'), name='delivery_to_a_contact_names_it'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'sent'), _negated=True), ('sent_at__isnull', False), _connector='OR'), name='delivery_sent_has_a_time'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'sending'), _negated=True), models.Q(('lease_token__isnull', False), ('lease_until__isnull', False)), _connector='OR'), name='delivery_sending_has_a_lease')],
            },
        ),
        migrations.CreateModel(
            name='Attempt',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='created')),
                ('way', models.CharField(choices=[('in_app', 'In Holdfast'), ('email', 'E-mail'), ('contact', 'Other way of contact'), ('team', 'Team channel'), ('hook', 'Web hook')], max_length=10, verbose_name='way')),
                ('took', models.DurationField(null=True, verbose_name='took')),
                ('outcome', models.CharField(choices=[('taken', 'It was taken.'), ('refused', 'It was refused.'), ('not_sent_there', 'Holdfast does not send to this address.'), ('stopped', 'The worker that was sending it stopped.'), ('late', 'It did not answer in time.'), ('unknown_name', 'Its name is not known.'), ('not_reached', 'It was not reached, or ended the connection.'), ('wrong_name', 'Its certificate is for another name.'), ('not_valid_now', 'Its certificate has run out, or does not count yet.'), ('self_signed', 'Its certificate is vouched for by nobody but itself.'), ('untrusted', 'Nobody whom Holdfast trusts vouches for its certificate.'), ('no_tls', 'It does not speak TLS as it should.')], max_length=20, verbose_name='outcome')),
                ('status', models.PositiveSmallIntegerField(null=True, verbose_name='status')),
                ('text', models.CharField(blank=True, max_length=500, verbose_name='answer')),
                ('error', models.CharField(blank=True, max_length=500, verbose_name='error')),
                ('channel', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='notify.channel', verbose_name='channel')),
                ('delivery', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='attempts', to='notify.delivery', verbose_name='delivery')),
            ],
            options={
                'verbose_name': 'try',
                'verbose_name_plural': 'tries',
                'ordering': ['-created_at'],
                'indexes': [models.Index(fields=['delivery', '-created_at'], name='attempt_of_delivery'), models.Index(fields=['created_at', 'id'], name='attempt_by_age'), models.Index(condition=models.Q(('outcome', 'taken')), fields=['way', '-created_at'], name='attempt_taken_by_way'), models.Index(condition=models.Q(('outcome', 'taken'), _negated=True), fields=['way', '-created_at'], name='attempt_failed_by_way'), models.Index(condition=models.Q(('outcome', 'taken')), fields=['channel', '-created_at'], name='attempt_taken_by_channel'), models.Index(condition=models.Q(('outcome', 'taken'), _negated=True), fields=['channel', '-created_at'], name='attempt_failed_by_channel')],
                'constraints': [models.CheckConstraint(condition=models.Q(('outcome__in', ['taken', 'refused', 'not_sent_there', 'stopped', 'late', 'unknown_name', 'not_reached', 'wrong_name', 'not_valid_now', 'self_signed', 'untrusted', 'no_tls'])), name='attempt_outcome_is_known'), models.CheckConstraint(condition=models.Q(('status', None), models.Q(('status__gte', 100), ('status__lt', 1000)), _connector='OR'), name='attempt_status_has_three_digits'), models.CheckConstraint(condition=models.Q(models.Q(('outcome', 'taken'), _negated=True), ('error', ''), _connector='OR'), name='attempt_taken_has_no_error'), models.CheckConstraint(condition=models.Q(('took', None), ('took__gte', datetime.timedelta(0)), _connector='OR'), name='attempt_took_no_negative_time')],
            },
        ),
        migrations.CreateModel(
            name='Reminder',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='created')),
                ('kind', models.CharField(max_length=100, verbose_name='kind')),
                ('subject_type', models.CharField(max_length=100)),
                ('subject_id', models.CharField(max_length=64)),
                ('subject_label', models.CharField(max_length=200, verbose_name='about')),
                ('subject_url', models.CharField(blank=True, max_length=300)),
                ('due_at', models.DateTimeField(verbose_name='due')),
                ('ladder', models.JSONField(verbose_name='ladder')),
                ('context', models.JSONField(default=dict)),
                ('rung', models.PositiveSmallIntegerField(default=0, verbose_name='next rung')),
                ('next_at', models.DateTimeField(null=True, verbose_name='next reminder')),
                ('last_told_at', models.DateTimeField(null=True, verbose_name='last reminded')),
                ('cancelled_at', models.DateTimeField(null=True, verbose_name='cancelled')),
                ('last_error', models.TextField(blank=True, verbose_name='last error')),
                ('to', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='reminders', to=settings.AUTH_USER_MODEL, verbose_name='to')),
            ],
            options={
                'verbose_name': 'reminder',
                'verbose_name_plural': 'reminders',
                'ordering': ['next_at', 'due_at'],
                'indexes': [models.Index(fields=['created_at', 'id'], name='reminder_by_age'), models.Index(fields=['due_at', 'id'], name='reminder_by_due'), models.Index(condition=models.Q(('next_at__isnull', False)), fields=['next_at'], name='reminder_next')],
                'constraints': [models.UniqueConstraint(fields=('subject_type', 'subject_id', 'kind', 'to'), name='reminder_is_one_a_subject_kind_and_person'), models.CheckConstraint(condition=models.Q(('cancelled_at__isnull', True), ('next_at__isnull', True), _connector='OR'), name='reminder_cancelled_says_nothing_more')],
            },
        ),
        migrations.CreateModel(
            name='Subscription',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='created')),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('kinds', models.JSONField(blank=True, default=list, verbose_name='events')),
                ('severities', models.JSONField(blank=True, default=list, verbose_name='severities')),
                ('channel', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='subscriptions', to='notify.channel', verbose_name='channel')),
                ('services', models.ManyToManyField(blank=True, related_name='+', to='catalog.service', verbose_name='services')),
            ],
            options={
                'verbose_name': 'subscription',
                'verbose_name_plural': 'subscriptions',
                'ordering': ['channel__name', 'created_at'],
                'indexes': [models.Index(fields=['created_at', 'id'], name='subscription_by_age')],
            },
        ),
        migrations.CreateModel(
            name='Template',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='created')),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('kind', models.CharField(max_length=100, verbose_name='event')),
                ('language', models.CharField(choices=[('en', 'English'), ('zh-hans', 'Simplified Chinese')], max_length=10, verbose_name='language')),
                ('subject', models.CharField(max_length=200, validators=[common.text.safe_line], verbose_name='subject')),
                ('body', models.TextField(max_length=4000, validators=[common.text.safe_text], verbose_name='text')),
            ],
            options={
                'verbose_name': 'text of a message',
                'verbose_name_plural': 'texts of messages',
                'ordering': ['kind', 'language'],
                'indexes': [models.Index(fields=['created_at', 'id'], name='template_by_age')],
                'constraints': [models.UniqueConstraint(fields=('kind', 'language'), name='template_is_one_a_kind_and_language', violation_error_message='There is a text for this event in this language already.')],
            },
        ),
    ]
