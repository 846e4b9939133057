"""Whether strangers report by mail is asked of the organisation, as for the page; every text has an end."""

from django.db import migrations, models

from common.models import longest

#: (model, constraint, column, characters)
ENDS = [
    ("authority", "authority_legal_basis_has_an_end", "legal_basis", 2000),
    ("authority", "authority_recipients_have_an_end", "recipients", 2000),
    ("authority", "authority_template_has_an_end", "template", 20_000),
    ("authorityreport", "authority_report_text_has_an_end", "text", 20_000),
    ("authorityreport", "authority_report_late_reason_has_an_end", "late_reason", 4000),
    ("authorityreport", "authority_report_waived_reason_has_an_end", "not_needed_reason", 4000),
    ("incidenttask", "incident_task_notes_have_an_end", "notes", 4000),
    ("incidenttask", "incident_task_dropped_reason_has_an_end", "dropped_because", 4000),
    ("plannedworktext", "planned_work_text_has_an_end", "text", 10_000),
    ("publication", "publication_withdraw_reason_has_an_end", "withdraw_reason", 4000),
    ("review", "review_sent_back_reason_has_an_end", "sent_back_reason", 4000),
    ("update", "update_decline_reason_has_an_end", "decline_reason", 4000),
    ("updatetemplate", "update_template_has_an_end", "text", 4000),
    ("updatetext", "update_text_has_an_end", "text", 10_000),
]


class Migration(migrations.Migration):
    dependencies = [("incidents", "0016_tellmail")]

    operations = [
        migrations.RemoveConstraint(model_name="mailbox", name="mailbox_opened_by_is_known"),
        migrations.RemoveField(model_name="mailbox", name="opened_by"),
        migrations.AlterField(
            model_name="review",
            name="sent_back_reason",
            field=models.TextField(blank=True, editable=False, max_length=4000, verbose_name="why it was sent back"),
        ),
        *(
            migrations.AddConstraint(model_name=model, constraint=longest(name, column, length))
            for model, name, column, length in ENDS
        ),
    ]
