import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.functions.text
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Entry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(verbose_name='at')),
                ('actor_kind', models.CharField(max_length=20, verbose_name='kind of actor')),
                ('actor_id', models.CharField(blank=True, max_length=64, verbose_name='id of the actor')),
                ('actor_label', models.CharField(max_length=200, verbose_name='by')),
                ('verb', models.CharField(max_length=100, verbose_name='what')),
                ('subject_type', models.CharField(max_length=100, verbose_name='kind of subject')),
                ('subject_id', models.CharField(max_length=64, verbose_name='id of the subject')),
                ('subject_label', models.CharField(max_length=200, verbose_name='about')),
                ('data', models.JSONField(default=dict, verbose_name='what changed')),
                ('request_id', models.CharField(blank=True, max_length=32, verbose_name='request')),
                ('address', models.CharField(blank=True, max_length=45, verbose_name='address')),
                ('key_id', models.CharField(max_length=8, verbose_name='key')),
                ('mac', models.CharField(max_length=64, verbose_name='signature')),
            ],
            options={
                'verbose_name': 'ledger entry',
                'verbose_name_plural': 'ledger entries',
                'ordering': ['-id'],
                'indexes': [models.Index(fields=['-at', '-id'], name='ledger_by_time'), models.Index(fields=['subject_type', 'subject_id', '-at', '-id'], name='ledger_of_subject'), models.Index(fields=['actor_kind', 'actor_id', '-at', '-id'], name='ledger_of_actor'), models.Index(fields=['verb', '-at', '-id'], name='ledger_of_verb'), models.Index(django.contrib.postgres.indexes.OpClass(django.db.models.functions.text.Lower('subject_label'), name='text_pattern_ops'), name='ledger_by_subject_label'), models.Index(django.contrib.postgres.indexes.OpClass(django.db.models.functions.text.Lower('actor_label'), name='text_pattern_ops'), name='ledger_by_actor_label')],
            },
        ),
        migrations.CreateModel(
            name='Seal',
            fields=[
                ('number', models.BigIntegerField(primary_key=True, serialize=False, verbose_name='number')),
                ('at', models.DateTimeField(verbose_name='at')),
                ('entries_count', models.PositiveIntegerField(verbose_name='entries')),
                ('root', models.CharField(max_length=64, verbose_name='root')),
                ('previous_head', models.CharField(blank=True, max_length=64, verbose_name='head before it')),
                ('head', models.CharField(max_length=64, unique=True, verbose_name='head')),
                ('key_id', models.CharField(max_length=8, verbose_name='key')),
                ('mac', models.CharField(max_length=64, verbose_name='signature')),
                ('floor_id', models.BigIntegerField(editable=False)),
                ('reach_id', models.BigIntegerField(editable=False)),
                ('horizon', models.BigIntegerField(editable=False)),
            ],
            options={
                'verbose_name': 'seal',
                'verbose_name_plural': 'seals',
                'ordering': ['-number'],
            },
        ),
        migrations.CreateModel(
            name='SealedEntry',
            fields=[
                ('entry', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='sealed', serialize=False, to='ledger.entry')),
                ('position', models.PositiveIntegerField(verbose_name='position')),
                ('digest', models.CharField(max_length=64, verbose_name='digest')),
            ],
            options={
                'verbose_name': 'sealed entry',
                'verbose_name_plural': 'sealed entries',
            },
        ),
        migrations.AddField(
            model_name='sealedentry',
            name='seal',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='places', to='ledger.seal'),
        ),
        migrations.AddConstraint(
            model_name='sealedentry',
            constraint=models.UniqueConstraint(fields=('seal', 'position'), name='seal_has_one_entry_a_place'),
        ),
    ]
