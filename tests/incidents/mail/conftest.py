"""A mail server, a mailbox on it, and people who write."""

from collections.abc import Callable, Iterator
from email.message import EmailMessage
from typing import Any

import pytest

from incidents.mail import keeping, reading, taking
from incidents.models import InboxMessage, Mailbox
from people.choices import Role
from people.models import User
from tests.incidents.factories import person
from tests.notify.sinks import Sink, running
from tests.support.certificates import Authority
from tests.support.mailserver import PASSWORD, USER, Post, context_of


@pytest.fixture(scope="session")
def authority(tmp_path_factory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="session")
def lasting_post(authority) -> Post:
    authority.server("localhost")
    (pem,) = authority.folder.glob("localhost-*.pem")
    return Post(context_of(pem.read_bytes()))


@pytest.fixture
def post(lasting_post, authority, settings) -> Post:
    """The server, empty; connections to this machine are allowed, and its authority is trusted."""
    settings.OUTGOING_LOOPBACK, settings.OUTGOING_CA_FILE = True, str(authority.file)
    lasting_post.empty()
    return lasting_post


@pytest.fixture
def ana(db) -> User:
    return person(Role.REPORTER, name="Ana Ivanova", email="ana@example.org")


@pytest.fixture
def rob(db) -> User:
    return person(Role.RESPONDER, name="Rob Responder", email="rob@example.org")


@pytest.fixture
def mailbox(post, db) -> Mailbox:
    return add(post)


def add(post: Post, **more: Any) -> Mailbox:
    values = {"name": "Desk", "address": "desk@example.org", "host": "localhost", "port": post.tls, "user": USER}
    return keeping.add_mailbox(by="system:test", **{**values, "password": PASSWORD, **more})


@pytest.fixture
def sink(settings) -> Iterator[Sink]:
    """A mail server that takes what we send."""
    with running(Sink()) as found:
        settings.EMAIL_CONFIGURED = True
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", found.port, 5
        settings.DEFAULT_FROM_EMAIL = "Holdfast <holdfast@example.org>"
        settings.BASE_URL = "https://holdfast.example.org"
        yield found


def written(text: str = "The printer is on fire.", **headers: str) -> EmailMessage:
    """A mail as a person writes it. Headers by their names, with _ for -."""
    mail = EmailMessage()
    named = {"from_": "Ana Ivanova <ana@example.org>", "to": "desk@example.org", "subject": "Printer", **headers}
    named.setdefault("message_id", f"<{abs(hash((text, *named.values())))}@mail.example.org>")
    for name, value in named.items():
        mail[name.strip("_").replace("_", "-")] = value
    mail.set_content(text)
    return mail


@pytest.fixture
def kept(mailbox) -> Callable[..., InboxMessage]:
    """Keeps a mail as a visit does, and reads it."""

    def keep(mail: EmailMessage | bytes, into: Mailbox = mailbox) -> InboxMessage:
        raw = mail if isinstance(mail, bytes) else bytes(mail)
        uid = InboxMessage.objects.count() + 1
        mail_id, _is_new = taking.keep_mail(into, raw, uid_validity=7, uid=uid)
        reading.read_mail(mail_id=mail_id)
        return InboxMessage.objects.get(pk=mail_id)

    return keep
