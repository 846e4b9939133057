"""An LDAP directory or an Active Directory: search for the entry, bind as it, read its groups.

Nobody is bound with an empty password, what is typed never becomes part of a filter, certificates are checked, and
a server that does not answer in time is passed over for the next one. ldap3 is imported where it is used.
"""

import ssl
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from typing import Any

from structlog import get_logger

from common import outgoing
from common.errors import DomainError
from people.admission import Arrival, Directory, DirectoryServer
from people.errors import DirectoryAway

log = get_logger(__name__)

#: The one directory's name in the table of identities.
SOURCE = "directory"
CONNECT_SECONDS = 3
ANSWER_SECONDS = 6
LONGEST_NAME = 254
#: Which attribute holds what nobody else there ever gets.
IDENTITIES = ("objectGUID", "entryUUID", "nsUniqueId", "ipaUniqueID")
#: Follows membership through groups in groups (Active Directory).
IN_CHAIN = "1.2.840.113556.1.4.1941"
ACCOUNT_DISABLED = 0x2
LOCKED_FOR_GOOD = "000001010000Z"
ATTRIBUTES = (
    *IDENTITIES, "uid", "cn", "displayName", "mail", "sAMAccountName",
    "userAccountControl", "nsAccountLock", "pwdAccountLockedTime",
)  # fmt: skip


def arrive(directory: Directory, name: str, password: str) -> Arrival | None:
    """Who this is, when name and password belong together there; None otherwise.

    Raises DirectoryAway when no server answers as it should.
    """
    if not name or not password or len(name) > LONGEST_NAME:
        return None
    for server in directory.servers:
        try:
            return _arrive_at(server, directory, name, password)
        except DirectoryAway as problem:
            log.warning("directory server passed over", host=server.host, port=server.port, reason=str(problem))
    raise DirectoryAway


def _arrive_at(server: DirectoryServer, directory: Directory, name: str, password: str) -> Arrival | None:
    with _connected(server, directory, directory.bind_dn, directory.bind_password) as reader:
        if reader is None:
            raise DirectoryAway("LDAP_BIND_DN and LDAP_BIND_PASSWORD are refused")
        entry = _only_entry(reader, directory, name)
        if entry is None or _is_disabled(entry):
            return None
        with _connected(server, directory, entry["dn"], password) as bound:
            if bound is None:
                return None
        return _arrival(entry, _groups(reader, directory, entry))


@contextmanager
def _connected(server: DirectoryServer, directory: Directory, dn: str, password: str) -> Iterator[Any]:
    """A connection bound as dn, without a name when there is none; None when the password is refused."""
    from ldap3 import ANONYMOUS, NONE, SIMPLE, Connection, Server
    from ldap3.core.exceptions import LDAPException

    options = {"receive_timeout": ANSWER_SECONDS, "auto_referrals": False, "raise_exceptions": True}
    try:
        outgoing.checked(outgoing.Target("ldap", server.host, server.port, ""))
        far_side = Server(
            server.host,
            server.port,
            use_ssl=server.tls == "tls",
            tls=_tls(directory.ca_file),
            connect_timeout=CONNECT_SECONDS,
            get_info=NONE,
        )
        way = SIMPLE if dn else ANONYMOUS
        connection = Connection(far_side, user=dn or None, password=password or None, authentication=way, **options)
        connection.open(read_server_info=False)
        try:
            if server.tls == "starttls":
                connection.start_tls(read_server_info=False)
            yield connection if _bind(connection) else None
        finally:
            connection.unbind()
    except (LDAPException, DomainError, outgoing.NoAnswer, OSError) as problem:
        raise DirectoryAway(f"{type(problem).__name__}: {problem}") from problem


def _bind(connection: Any) -> bool:
    """Whether the name and the password belong together. A server's other refusals of the person are a no as well."""
    from ldap3.core import exceptions as refusals

    try:
        connection.bind(read_server_info=False)
    except (
        refusals.LDAPInvalidCredentialsResult,
        refusals.LDAPInappropriateAuthenticationResult,
        refusals.LDAPUnwillingToPerformResult,
        refusals.LDAPConstraintViolationResult,
        refusals.LDAPNoSuchObjectResult,
    ):
        return False
    return True


def _tls(ca_file: str) -> Any:
    """The certificate must be of the host's name, by somebody whom the system or ca_file trusts."""
    from ldap3 import Tls

    class Checked(Tls):
        def wrap_socket(self, connection: Any, do_handshake: bool = False) -> None:
            context = ssl.create_default_context(cafile=ca_file or None)
            connection.socket = context.wrap_socket(connection.socket, server_hostname=connection.server.host)

    return Checked(validate=ssl.CERT_REQUIRED)


def _only_entry(reader: Any, directory: Directory, name: str) -> dict[str, Any] | None:
    """The entry that the typed name means, if it is exactly one."""
    from ldap3.utils.conv import escape_filter_chars

    wanted = directory.user_filter.replace("{name}", escape_filter_chars(name))
    found = _search(reader, directory.base, wanted, ATTRIBUTES, most=2)
    return found[0] if len(found) == 1 else None


def _groups(reader: Any, directory: Directory, entry: dict[str, Any]) -> frozenset[str]:
    """The groups that hold the person, each by its common name and by its distinguished name."""
    from ldap3.utils.conv import escape_filter_chars

    dn, uid = escape_filter_chars(entry["dn"]), escape_filter_chars(_first(entry, "uid"))
    if directory.is_active_directory:
        wanted = f"(&(objectClass=group)(member:{IN_CHAIN}:={dn}))"
    else:
        wanted = f"(|(member={dn})(uniqueMember={dn})" + (f"(memberUid={uid}))" if uid else ")")
    found = _search(reader, directory.group_base, wanted, ("cn",), most=1000)
    return frozenset(name for group in found for name in (group["dn"], _first(group, "cn")) if name)


def _search(reader: Any, base: str, wanted: str, attributes: tuple[str, ...], *, most: int) -> list[dict[str, Any]]:
    """The entries: {"dn": …, attribute in small letters: [text or bytes, …]}, at most so many."""
    from ldap3 import SUBTREE
    from ldap3.core.exceptions import LDAPNoSuchObjectResult, LDAPSizeLimitExceededResult

    try:
        reader.search(base, wanted, SUBTREE, attributes=attributes, size_limit=most, time_limit=int(ANSWER_SECONDS))
    except LDAPSizeLimitExceededResult:
        log.warning("the directory holds more than is asked for", filter=wanted, most=most)
    except LDAPNoSuchObjectResult as problem:
        raise DirectoryAway(f"there is no {base}") from problem
    entries = [found for found in reader.response or [] if found.get("type") == "searchResEntry"]
    return [
        {"dn": found["dn"]} | {key.lower(): values for key, values in found["raw_attributes"].items()}
        for found in entries
    ]


def _first(entry: dict[str, Any], attribute: str) -> str:
    values = entry.get(attribute.lower()) or [b""]
    return bytes(values[0]).decode(errors="replace").strip()


def _is_disabled(entry: dict[str, Any]) -> bool:
    """Whether the directory says that the account is closed, whatever its password."""
    control = _first(entry, "userAccountControl")
    return (
        bool(control.isascii() and control.isdigit() and int(control) & ACCOUNT_DISABLED)
        or _first(entry, "nsAccountLock").lower() == "true"
        or _first(entry, "pwdAccountLockedTime") == LOCKED_FOR_GOOD
    )


def _arrival(entry: dict[str, Any], groups: frozenset[str]) -> Arrival:
    return Arrival(
        source=SOURCE,
        uid=_identity(entry),
        username=_first(entry, "sAMAccountName") or _first(entry, "uid") or _first(entry, "cn"),
        name=_first(entry, "displayName") or _first(entry, "cn"),
        email=_first(entry, "mail"),
        groups=groups,
    )


def _identity(entry: dict[str, Any]) -> str:
    """What stays when somebody is renamed; the distinguished name only where the directory has nothing better."""
    for attribute in IDENTITIES:
        for value in entry.get(attribute.lower()) or []:
            if attribute == "objectGUID" and len(value) == 16:
                return str(uuid.UUID(bytes_le=bytes(value)))
            return bytes(value).decode(errors="replace")[:191].lower()
    return sha256(str(entry["dn"]).lower().encode()).hexdigest()
