"""A real IMAP server on the loopback (Twisted's): plain, with STARTTLS and with TLS. Its mails lie in memory."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from io import BytesIO
from typing import Any

from twisted.cred.checkers import InMemoryUsernamePasswordDatabaseDontUse
from twisted.cred.portal import IRealm, Portal
from twisted.internet import defer, reactor
from twisted.internet.protocol import ServerFactory
from twisted.internet.ssl import PrivateCertificate
from twisted.mail import imap4
from zope.interface import implementer

from tests.support.reactor import listen

USER, PASSWORD = "desk", "reads only mail"


@implementer(imap4.IMessage, imap4.IMessageFile)
@dataclass
class Kept:
    """One mail of a folder."""

    raw: bytes
    uid: int
    arrived_at: datetime
    flags: set[str] = field(default_factory=set)

    def open(self) -> BytesIO:
        return BytesIO(self.raw)

    def getUID(self) -> int:  # noqa: N802  the library's
        return self.uid

    def getFlags(self) -> list[str]:  # noqa: N802
        return sorted(self.flags)

    def getInternalDate(self) -> str:  # noqa: N802
        return format_datetime(self.arrived_at)

    def getSize(self) -> int:  # noqa: N802
        return len(self.raw)

    def getBodyFile(self) -> BytesIO:  # noqa: N802
        return BytesIO(self.raw.partition(b"\r\n\r\n")[2])

    def getHeaders(self, _negate: bool, *_names: str) -> dict[str, str]:  # noqa: N802
        return {}

    def isMultipart(self) -> bool:  # noqa: N802
        return False


@implementer(imap4.IMailbox, imap4.ISearchableMailbox)
class Folder:
    """A folder, with numbers that are given once."""

    def __init__(self, uid_validity: int = 7) -> None:
        self.uid_validity = uid_validity
        self.next_uid = 1
        self.mails: list[Kept] = []
        self.is_writeable = True

    def put(self, raw: bytes, *, arrived_at: datetime | None = None) -> Kept:
        kept = Kept(raw, self.next_uid, arrived_at or datetime.now(UTC))
        self.next_uid += 1
        self.mails.append(kept)
        return kept

    def number_anew(self) -> None:
        """As a server does that was restored or moved."""
        self.uid_validity += 1
        for uid, kept in enumerate(self.mails, start=100):
            kept.uid = uid
        self.next_uid = 100 + len(self.mails)

    def getUIDValidity(self) -> int:  # noqa: N802
        return self.uid_validity

    def getUIDNext(self) -> int:  # noqa: N802
        return self.next_uid

    def getUID(self, number: int) -> int:  # noqa: N802
        return self.mails[number - 1].uid

    def getMessageCount(self) -> int:  # noqa: N802
        return len(self.mails)

    def getRecentCount(self) -> int:  # noqa: N802
        return 0

    def getUnseenCount(self) -> int:  # noqa: N802
        return sum("\\Seen" not in each.flags for each in self.mails)

    def isWriteable(self) -> bool:  # noqa: N802
        return self.is_writeable

    def getFlags(self) -> list[str]:  # noqa: N802
        return ["\\Seen", "\\Deleted"]

    def getHierarchicalDelimiter(self) -> str:  # noqa: N802
        return "/"

    def requestStatus(self, names: list[str]) -> dict[str, Any]:  # noqa: N802
        return imap4.statusRequestHelper(self, names)

    def addListener(self, _listener: Any) -> None:  # noqa: N802
        """Nobody listens."""

    removeListener = addListener  # noqa: N815

    def addMessage(self, message: Any, flags: Any = (), date: Any = None) -> Any:  # noqa: N802
        kept = self.put(message.raw if isinstance(message, Kept) else message.read())
        kept.flags |= set(flags)
        return defer.succeed(kept.uid)

    def expunge(self) -> list[int]:
        gone = [number for number, each in enumerate(self.mails) if "\\Deleted" in each.flags]
        self.mails = [each for each in self.mails if "\\Deleted" not in each.flags]
        return gone

    def search(self, query: Any, uid: bool) -> list[int]:
        """What is asked here: UID range SINCE day. The library's own searching trips over its own days."""
        _uid, span, _since, day = [each.decode() if isinstance(each, bytes) else each for each in query]
        since = datetime.strptime(day, "%d-%b-%Y").replace(tzinfo=UTC)
        numbers = self._numbers(imap4.parseIdList(span.encode()), uid=True)
        return [number for number in numbers if self.mails[number - 1].arrived_at >= since]

    def fetch(self, messages: Any, uid: bool) -> list[tuple[int, Kept]]:
        return [(number, self.mails[number - 1]) for number in self._numbers(messages, uid)]

    def store(self, messages: Any, flags: Any, mode: int, uid: bool) -> dict[int, list[str]]:
        changed = {}
        for number in self._numbers(messages, uid):
            kept = self.mails[number - 1]
            kept.flags = {1: kept.flags | set(flags), -1: kept.flags - set(flags), 0: set(flags)}[mode]
            changed[number] = sorted(kept.flags)
        return changed

    def _numbers(self, messages: Any, uid: bool) -> list[int]:
        messages.last = (self.next_uid - 1 if uid else len(self.mails)) or 1
        return [number for number, each in enumerate(self.mails, start=1) if (each.uid if uid else number) in messages]


class _Account(imap4.MemoryAccount):
    def _emptyMailbox(self, name: str, id: int) -> Folder:  # noqa: N802, A002
        return Folder()


class _Protocol(imap4.IMAP4Server):
    def lineReceived(self, line: bytes) -> None:  # noqa: N802
        self.factory.post.said.append(line)
        super().lineReceived(line)


@implementer(IRealm)
class _Factory(ServerFactory):
    def __init__(self, post: "Post", context: Any = None) -> None:
        self.post, self.context = post, context
        self.known = InMemoryUsernamePasswordDatabaseDontUse(**{USER: PASSWORD.encode()})

    def requestAvatar(self, _who: bytes, _mind: Any, *_interfaces: Any) -> Any:  # noqa: N802
        return imap4.IAccount, self.post.account, lambda: None

    def buildProtocol(self, _address: Any) -> _Protocol:  # noqa: N802
        protocol = _Protocol(chal={b"PLAIN": imap4.PLAINCredentials}, contextFactory=self.context)
        protocol.factory, protocol.portal = self, Portal(self, [self.known])
        return protocol


class Post:
    """The server: `plain`, `starttls` and `tls` are its ports; `inbox` and `done` its folders."""

    def __init__(self, context: Any) -> None:
        self.said: list[bytes] = []
        self.empty()
        self.plain = listen(lambda: reactor.listenTCP(0, _Factory(self), interface="127.0.0.1"))
        self.starttls = listen(lambda: reactor.listenTCP(0, _Factory(self, context), interface="127.0.0.1"))
        self.tls = listen(lambda: reactor.listenSSL(0, _Factory(self), context, interface="127.0.0.1"))

    def empty(self) -> None:
        """As on its first day."""
        self.account = _Account(USER)
        self.inbox, self.done = Folder(), Folder()
        self.account.addMailbox("INBOX", self.inbox)
        self.account.addMailbox("Done", self.done)
        self.said.clear()


def context_of(pem: bytes) -> Any:
    """What a server with this certificate and key speaks TLS with."""
    return PrivateCertificate.loadPEM(pem).options()
