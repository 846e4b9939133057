"""Whom another house's list of people lets in here, and as what. Filled from the environment."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Admission:
    """The rules for people who come from one issuer or directory.

    roles: {group in small letters: role}; empty: roles are given in Holdfast, and nobody new gets in.
    email_domains: verified addresses of these only; empty: any, or none.
    """

    roles: Mapping[str, str] = field(default_factory=dict)
    link_by_email: bool = False
    email_domains: tuple[str, ...] = ()

    def roles_for(self, groups: Iterable[str]) -> set[str]:
        """The roles that these groups give. A group that is not in the rules gives none."""
        return {self.roles[group.lower()] for group in groups if group.lower() in self.roles}

    def admits_address(self, email: str) -> bool:
        """Whether somebody with this verified address may come in. email: empty when there is none."""
        return not self.email_domains or email.rpartition("@")[2].lower() in self.email_domains


@dataclass(frozen=True)
class Arrival:
    """Somebody whom an issuer or a directory vouches for.

    source: of the list of people; uid: never given to anybody else there.  email: empty unless it is verified.
    """

    source: str
    uid: str
    username: str
    name: str
    email: str
    groups: frozenset[str]


@dataclass(frozen=True)
class Issuer:
    """An OpenID Connect issuer by which people sign in."""

    url: str
    client_id: str
    client_secret: str = field(repr=False)
    name: str = ""
    scopes: tuple[str, ...] = ("openid", "profile", "email")
    groups_claim: str = "groups"
    admission: Admission = field(default_factory=Admission)


@dataclass(frozen=True)
class DirectoryServer:
    """One server of a directory. tls: from the first byte ("tls"), by StartTLS ("starttls"), or not at all ("")."""

    host: str
    port: int
    tls: str


@dataclass(frozen=True)
class Directory:
    """An LDAP directory or an Active Directory by which people sign in. Its servers are asked in turn."""

    servers: tuple[DirectoryServer, ...]
    base: str
    is_active_directory: bool = False
    bind_dn: str = ""
    bind_password: str = field(default="", repr=False)
    user_filter: str = ""
    group_base: str = ""
    ca_file: str = ""
    admission: Admission = field(default_factory=Admission)
