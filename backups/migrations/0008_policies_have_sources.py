"""What a policy saves gets rows of its own, so that it can be several things. What was saved so far is the first."""

import uuid

import django.core.validators
import django.db.models.constraints
import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


def name_the_sources(apps, _editor):
    """Every policy had one PostgreSQL source; Holdfast's own stood for its database and its files."""
    policies, sources = apps.get_model("backups", "BackupPolicy"), apps.get_model("backups", "PolicySource")
    for policy in policies.objects.all():
        sources.objects.create(
            policy=policy,
            position=1,
            name="database",
            engine=policy.engine,
            settings=policy.source,
            secret=policy.source_secret,
        )
        if policy.is_own:
            sources.objects.create(policy=policy, position=2, name="files", engine="folder", settings={"own": True})


class Migration(migrations.Migration):
    dependencies = [
        ("backups", "0007_search"),
    ]

    operations = [
        migrations.CreateModel(
            name="PolicySource",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="created"),
                ),
                ("position", models.PositiveSmallIntegerField(editable=False)),
                (
                    "name",
                    models.CharField(
                        help_text="Its files in a copy are called by it.",
                        max_length=40,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[a-z0-9][a-z0-9-]{0,58}[a-z0-9]?$", "Use small letters, digits and hyphens."
                            )
                        ],
                        verbose_name="name",
                    ),
                ),
                (
                    "engine",
                    models.CharField(
                        choices=[("postgresql", "PostgreSQL"), ("folder", "Folder of files")],
                        default="postgresql",
                        max_length=20,
                        verbose_name="engine",
                    ),
                ),
                ("settings", models.JSONField(default=dict, verbose_name="settings")),
                ("secret", models.TextField(blank=True, editable=False)),
            ],
            options={
                "verbose_name": "source",
                "verbose_name_plural": "sources",
                "ordering": ["position"],
            },
        ),
        migrations.AddField(
            model_name="assertion",
            name="source",
            field=models.CharField(blank=True, max_length=40),
        ),
        migrations.AddField(
            model_name="run",
            name="failed_source",
            field=models.CharField(blank=True, max_length=40, verbose_name="failed source"),
        ),
        migrations.AddField(
            model_name="step",
            name="source",
            field=models.CharField(blank=True, max_length=40),
        ),
        migrations.AlterField(
            model_name="run",
            name="failed_step",
            field=models.CharField(
                blank=True,
                choices=[
                    ("repository", "Repository reached"),
                    ("connect", "Source reached"),
                    ("canary", "Canary written"),
                    ("dump", "Database saved"),
                    ("files", "Files saved"),
                    ("store", "Copy stored"),
                    ("prune", "Old copies removed"),
                    ("present", "Copy present and fresh"),
                    ("size", "Size plausible"),
                    ("digest", "Bytes intact"),
                    ("structure", "Dump well-formed"),
                    ("archive", "Archive well-formed"),
                    ("sandbox", "Sandbox created"),
                    ("cluster", "Empty cluster initialised"),
                    ("fetch", "Copy fetched"),
                    ("verify", "Checksums verified"),
                    ("restore", "Database restored"),
                    ("restore_files", "Files restored"),
                    ("assert", "Content asserted"),
                    ("destroy", "Sandbox destroyed"),
                ],
                max_length=20,
                verbose_name="failed step",
            ),
        ),
        migrations.AlterField(
            model_name="step",
            name="name",
            field=models.CharField(
                choices=[
                    ("repository", "Repository reached"),
                    ("connect", "Source reached"),
                    ("canary", "Canary written"),
                    ("dump", "Database saved"),
                    ("files", "Files saved"),
                    ("store", "Copy stored"),
                    ("prune", "Old copies removed"),
                    ("present", "Copy present and fresh"),
                    ("size", "Size plausible"),
                    ("digest", "Bytes intact"),
                    ("structure", "Dump well-formed"),
                    ("archive", "Archive well-formed"),
                    ("sandbox", "Sandbox created"),
                    ("cluster", "Empty cluster initialised"),
                    ("fetch", "Copy fetched"),
                    ("verify", "Checksums verified"),
                    ("restore", "Database restored"),
                    ("restore_files", "Files restored"),
                    ("assert", "Content asserted"),
                    ("destroy", "Sandbox destroyed"),
                ],
                max_length=20,
            ),
        ),
        migrations.AddField(
            model_name="policysource",
            name="policy",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="sources",
                to="backups.backuppolicy",
                verbose_name="policy",
            ),
        ),
        migrations.AddConstraint(
            model_name="policysource",
            constraint=models.UniqueConstraint(fields=("policy", "name"), name="policy_source_name_is_one"),
        ),
        migrations.AddConstraint(
            model_name="policysource",
            constraint=models.UniqueConstraint(
                deferrable=django.db.models.constraints.Deferrable["DEFERRED"],
                fields=("policy", "position"),
                name="policy_source_place_is_one",
            ),
        ),
        migrations.AddConstraint(
            model_name="policysource",
            constraint=models.CheckConstraint(
                condition=models.Q(("engine__in", ["postgresql", "folder"])), name="policy_source_engine_is_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="policysource",
            constraint=models.CheckConstraint(
                condition=models.Q(("name__regex", "^[a-z0-9][a-z0-9-]*$")), name="policy_source_has_a_name"
            ),
        ),
        migrations.RunPython(name_the_sources, migrations.RunPython.noop),
        # Else the tables could not be altered any more in this transaction.
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE", migrations.RunSQL.noop),
        migrations.RemoveConstraint(
            model_name="backuppolicy",
            name="backup_policy_engine_is_known",
        ),
        migrations.RemoveField(
            model_name="backuppolicy",
            name="engine",
        ),
        migrations.RemoveField(
            model_name="backuppolicy",
            name="source",
        ),
        migrations.RemoveField(
            model_name="backuppolicy",
            name="source_secret",
        ),
    ]
