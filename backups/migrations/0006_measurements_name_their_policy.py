"""Restore tests that were measured before now belong to the stream of their policy too."""

from django.db import migrations


def name_policies(apps, schema_editor):
    Run = apps.get_model("backups", "Run")
    measurements = apps.get_model("catalog", "RecoveryMeasurement").objects.filter(origin="restore_test", stream="")
    for number, policy in Run.objects.filter(kind="restore_test").values_list("number", "policy").iterator():
        measurements.filter(reference=f"RT-{number:04d}").update(stream=f"backups.policy:{policy}")


class Migration(migrations.Migration):
    dependencies = [
        ("backups", "0005_known_values"),
        ("catalog", "0004_measurements_have_a_stream"),
    ]

    operations = [migrations.RunPython(name_policies, migrations.RunPython.noop)]
