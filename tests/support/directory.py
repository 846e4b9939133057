"""A real LDAP server on the loopback (ldaptor), plain, with StartTLS and with TLS, and a small house in it.

It knows the rule by which Active Directory follows groups in groups, refuses whom it does not know, and can be told
to be slow. Certificates are made for the run: of the right name, and of another.
"""

import datetime
import ipaddress
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from ldaptor.inmemory import ReadOnlyInMemoryLDAPEntry
from ldaptor.interfaces import IConnectedLDAPEntry
from ldaptor.protocols import pureldap
from ldaptor.protocols.ldap import ldaperrors
from ldaptor.protocols.ldap.ldapserver import LDAPServer
from twisted.internet import reactor, ssl
from twisted.internet.protocol import ServerFactory
from twisted.python.components import registerAdapter

from people.admission import Admission, Directory, DirectoryServer
from tests.support.reactor import listen

BASE = "dc=example,dc=org"
READER, READER_PASSWORD = f"cn=reader,{BASE}", "reads-only"
GUID = bytes(range(16))

#: dn: attributes. Passwords are as short as tests may be.
PEOPLE = {
    f"uid=ana,ou=people,{BASE}": {
        "objectClass": ["person", "user"], "objectCategory": ["person"], "uid": ["ana"], "sAMAccountName": ["ana"],
        "cn": ["Ana Ivanova"], "mail": ["Ana@example.org"], "entryUUID": ["6f3c6d0e-1111-4000-8000-000000000001"],
        "userPassword": ["ana-knows"], "userAccountControl": ["512"],
    },
    f"uid=ben*,ou=people,{BASE}": {
        "objectClass": ["person"], "uid": ["ben*"], "cn": ["Ben (two) \\ sons"], "mail": ["twin@example.org"],
        "entryUUID": ["6f3c6d0e-1111-4000-8000-000000000002"], "userPassword": ["ben-knows"],
    },
    f"uid=cai,ou=people,{BASE}": {
        "objectClass": ["person"], "uid": ["cai"], "cn": ["蔡 明"], "mail": ["twin@example.org"],
        "entryUUID": ["6f3c6d0e-1111-4000-8000-000000000003"], "userPassword": ["cai-knows"],
    },
    f"cn=Dora,ou=people,{BASE}": {
        "objectClass": ["person", "user"], "objectCategory": ["person"], "sAMAccountName": ["dora"], "cn": ["Dora"],
        "userAccountControl": ["514"], "userPassword": ["dora-knows"], "objectGUID": [GUID],
    },
}  # fmt: skip
GROUPS = {
    f"cn=ops,ou=groups,{BASE}": [f"uid=ana,ou=people,{BASE}", f"uid=ben*,ou=people,{BASE}"],
    f"cn=house,ou=groups,{BASE}": [f"cn=ops,ou=groups,{BASE}"],
    f"cn=all,ou=groups,{BASE}": [f"cn=house,ou=groups,{BASE}", f"uid=cai,ou=people,{BASE}"],
}


class Entry(ReadOnlyInMemoryLDAPEntry):
    """An entry that also knows membership through groups in groups."""

    def match(self, filter: Any) -> bool:  # noqa: A002  the library's word
        if isinstance(filter, pureldap.LDAPFilter_extensibleMatch) and filter.matchingRule is not None:
            assert filter.matchingRule.value == b"1.2.840.113556.1.4.1941"
            return _holds(self.dn.getText(), filter.matchValue.value.decode().lower())
        found: bool = super().match(filter)
        return found


def _holds(group: str, member: str) -> bool:
    direct = [each.lower() for name, members in GROUPS.items() if name.lower() == group.lower() for each in members]
    return member in direct or any(_holds(each, member) for each in direct)


class _Protocol(LDAPServer):
    """Sees what is asked, speaks StartTLS, and refuses strangers and empty passwords as real ones do not all."""

    def handle_LDAPBindRequest(self, request: Any, controls: Any, reply: Any) -> Any:  # noqa: N802  the library's
        self.factory.house.binds.append((request.dn, request.auth))
        if request.dn and not request.auth:
            # What many directories do, and why nobody may get here with an empty password: "unauthenticated bind".
            return pureldap.LDAPBindResponse(resultCode=0)
        return super().handle_LDAPBindRequest(request, controls, reply)

    def handle_LDAPSearchRequest(self, request: Any, controls: Any, reply: Any) -> Any:  # noqa: N802  the library's
        if self.boundUser is None:
            raise ldaperrors.LDAPInsufficientAccessRights
        return super().handle_LDAPSearchRequest(request, controls, reply)

    def handle_LDAPExtendedRequest(self, request: Any, controls: Any, reply: Any) -> Any:  # noqa: N802  the library's
        if request.requestName != pureldap.LDAPStartTLSRequest.oid:
            return super().handle_LDAPExtendedRequest(request, controls, reply)
        reply(pureldap.LDAPStartTLSResponse(resultCode=0))
        self.transport.startTLS(self.factory.house.certificate)
        return None


class _Factory(ServerFactory):
    protocol = _Protocol

    def __init__(self, house: "House") -> None:
        self.house = house


registerAdapter(lambda factory: factory.house.root, _Factory, IConnectedLDAPEntry)


class House:
    """The servers: `plain` (also StartTLS), `tls`, `stranger` (certificate of another name), `silent`."""

    def __init__(self, folder: Path) -> None:
        self.ca_file = folder / "ca.pem"
        self.binds: list[tuple[bytes, bytes]] = []
        self.root = _tree()
        own, other = _certificates(self.ca_file)
        self.certificate = own
        self.plain = listen(lambda: reactor.listenTCP(0, _Factory(self), interface="127.0.0.1"))
        self.tls = listen(lambda: reactor.listenSSL(0, _Factory(self), own, interface="127.0.0.1"))
        self.stranger = listen(lambda: reactor.listenSSL(0, _Factory(self), other, interface="127.0.0.1"))
        self.silent = listen(lambda: reactor.listenTCP(0, ServerFactory.forProtocol(_Silent), interface="127.0.0.1"))

    def settings(self, *servers: tuple[int, str], is_ad: bool = False, **admission: Any) -> Directory:
        """What Holdfast is told of it: by TLS unless servers are named."""
        from config.environment.sign_in import USER_FILTERS

        return Directory(
            servers=tuple(DirectoryServer("localhost", port, tls) for port, tls in servers or [(self.tls, "tls")]),
            base=BASE,
            is_active_directory=is_ad,
            bind_dn=READER,
            bind_password=READER_PASSWORD,
            user_filter=USER_FILTERS["active-directory" if is_ad else "ldap"],
            group_base=f"ou=groups,{BASE}",
            ca_file=str(self.ca_file),
            admission=Admission(**admission),
        )


class _Silent(LDAPServer):
    def dataReceived(self, recd: bytes) -> None:  # noqa: N802  the library's
        """Nothing."""


def _tree() -> Any:
    root = Entry(BASE, {"objectClass": ["domain"]})
    places = {BASE: root}
    rows = {
        READER: {"objectClass": ["applicationProcess"], "userPassword": [READER_PASSWORD]},
        f"ou=people,{BASE}": {"objectClass": ["organizationalUnit"]},
        f"ou=groups,{BASE}": {"objectClass": ["organizationalUnit"]},
        **PEOPLE,
        **{
            dn: {
                "objectClass": ["group", "groupOfNames"],
                "cn": [dn.partition("=")[2].partition(",")[0]],
                "member": who,
            }
            for dn, who in GROUPS.items()
        },
    }
    for dn, attributes in rows.items():
        rdn, _comma, parent = dn.partition(",")
        places[dn] = places[parent].addChild(rdn, attributes)
    return root


def _certificates(ca_file: Path) -> tuple[Any, Any]:
    """Contexts of a server called localhost, and of one that is called otherwise; their authority in ca_file."""
    authority_key = ec.generate_private_key(ec.SECP256R1())
    authority = _certificate("Tests", authority_key, "Tests", authority_key, None)
    ca_file.write_bytes(authority.public_bytes(serialization.Encoding.PEM))
    contexts = []
    for name in ("localhost", "elsewhere.example"):
        key = ec.generate_private_key(ec.SECP256R1())
        made = _certificate(name, key, "Tests", authority_key, name)
        pem = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        ) + made.public_bytes(serialization.Encoding.PEM)
        contexts.append(ssl.PrivateCertificate.loadPEM(pem).options())
    return contexts[0], contexts[1]


def _certificate(name: str, key: Any, by: str, by_key: Any, host: str | None) -> x509.Certificate:
    now = datetime.datetime.now(datetime.UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, by)]))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=2))
        .add_extension(x509.BasicConstraints(ca=host is None, path_length=None), critical=True)
    )
    if host:
        names = [x509.DNSName(host)] + (
            [x509.IPAddress(ipaddress.ip_address("127.0.0.1"))] if host == "localhost" else []
        )
        builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
    return builder.sign(by_key, hashes.SHA256())
