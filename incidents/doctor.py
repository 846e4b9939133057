"""Whether mailboxes are read."""

from collections.abc import Iterator

from django.utils import timezone

from common.doctor import Finding, broken, examines, ok, warn
from incidents.mail import watch
from incidents.mail.choices import Security


@examines("mailboxes")
def mailboxes() -> Iterator[Finding]:
    """Each as its last visit left it."""
    now = timezone.now()
    found = watch.mailboxes(now)
    if not found:
        yield ok("none is set up: nobody reports or answers by mail")
    for each in found:
        mailbox = each.mailbox
        if mailbox.trouble:
            said = f" ({mailbox.trouble_said})" if mailbox.trouble_said else ""
            yield broken(
                f"{mailbox}: {mailbox.get_trouble_display()}{said}",
                "Correct it in the administration under Mailboxes, then use “Try the connection” there.",
            )
        elif each.is_late:
            yield warn(f"{mailbox}: not read since {mailbox.read_at or 'it was set up'}", "Look at the workers.")
        else:
            yield ok(f"{mailbox}: read at {mailbox.read_at:%Y-%m-%d %H:%M} UTC" if mailbox.read_at else f"{mailbox}")
        if mailbox.security == Security.NONE:
            yield warn(f"{mailbox}: its password travels readable", "Choose TLS or STARTTLS.")
        if each.failed:
            yield warn(
                f"{mailbox}: {each.failed} mails could not be read",
                "Look at them in the administration under Incoming mails.",
            )
    if waiting := watch.waiting_count(now):
        yield warn(f"{waiting} mails wait to be read", "Look at the workers.")
