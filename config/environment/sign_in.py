"""Sign-in by other houses' lists of people: an OpenID Connect issuer, a directory."""

import re
from pathlib import Path
from urllib.parse import urlsplit

from config.environment.pages import is_loopback
from config.environment.reading import choice, read, split
from config.environment.table import wrong
from people.admission import Admission, Directory, DirectoryServer, Issuer

ROLES = ("Reporter", "Responder", "Manager", "Reviewer", "Auditor", "Administrator")
LDAP_SCHEMES = {"ldaps": (636, "tls"), "ldap+tls": (389, "starttls"), "ldap": (389, "")}
LDAP_KINDS = ("ldap", "active-directory")
#: Which entry somebody means who types a name; {name} is what was typed, escaped.
USER_FILTERS = {
    "ldap": "(&(objectClass=person)(|(uid={name})(mail={name})))",
    "active-directory": (
        "(&(objectCategory=person)(objectClass=user)(|(sAMAccountName={name})(userPrincipalName={name})(mail={name})))"
    ),
}


def issuer(*, loopback: bool) -> Issuer | None:
    """The OpenID Connect issuer, if one is given. loopback: whether it may be on this machine."""
    url = read("OIDC_ISSUER").removesuffix("/.well-known/openid-configuration")
    if not url:
        return None
    parts = split("OIDC_ISSUER", url)
    secure = parts.scheme == "https" or (parts.scheme == "http" and is_loopback(url))
    if not secure or not parts.hostname or parts.username or parts.query or parts.fragment:
        raise wrong("OIDC_ISSUER")
    if is_loopback(url) and not loopback:
        raise wrong("OIDC_ISSUER")
    if not read("OIDC_CLIENT_ID"):
        raise wrong("OIDC_CLIENT_ID")
    if not read("OIDC_CLIENT_SECRET"):
        raise wrong("OIDC_CLIENT_SECRET")
    name = read("OIDC_NAME")
    if len(name) > 60 or not name.isprintable():
        raise wrong("OIDC_NAME")
    more_scopes = read("OIDC_SCOPES").split()
    if any(not re.fullmatch(r"[!#-\[\]-~]{1,200}", scope) for scope in more_scopes):
        raise wrong("OIDC_SCOPES")
    return Issuer(
        url=url,
        client_id=read("OIDC_CLIENT_ID"),
        client_secret=read("OIDC_CLIENT_SECRET"),
        name=name,
        scopes=tuple(dict.fromkeys(["openid", "profile", "email", *more_scopes])),
        groups_claim=read("OIDC_GROUPS_CLAIM", "groups"),
        admission=Admission(
            roles=_roles("OIDC_ROLES", read("OIDC_ROLES")),
            link_by_email=choice("OIDC_LINK_BY_EMAIL", "no", "yes", "no") == "yes",
            email_domains=_domains("OIDC_EMAIL_DOMAINS", read("OIDC_EMAIL_DOMAINS")),
        ),
    )


def directory(*, loopback: bool) -> Directory | None:
    """The directory, if one is given. loopback: whether it may be on this machine."""
    addresses = read("LDAP_URL").replace(",", " ").split()
    if not addresses:
        return None
    servers = tuple(_server(address, loopback=loopback) for address in addresses)
    kind = choice("LDAP_KIND", "ldap", *LDAP_KINDS)
    user_filter = read("LDAP_USER_FILTER", USER_FILTERS[kind])
    if "{name}" not in user_filter or user_filter.count("(") != user_filter.count(")") or user_filter[0] != "(":
        raise wrong("LDAP_USER_FILTER")
    base = read("LDAP_BASE")
    if "=" not in base:
        raise wrong("LDAP_BASE")
    if read("LDAP_BIND_DN") and not read("LDAP_BIND_PASSWORD"):
        raise wrong("LDAP_BIND_PASSWORD")
    ca_file = read("LDAP_CA_FILE")
    if ca_file and not Path(ca_file).is_file():
        raise wrong("LDAP_CA_FILE")
    return Directory(
        servers=servers,
        base=base,
        is_active_directory=kind == "active-directory",
        bind_dn=read("LDAP_BIND_DN"),
        bind_password=read("LDAP_BIND_PASSWORD"),
        user_filter=user_filter,
        group_base=read("LDAP_GROUP_BASE", base),
        ca_file=ca_file,
        admission=Admission(
            roles=_roles("LDAP_ROLES", read("LDAP_ROLES")),
            link_by_email=choice("LDAP_LINK_BY_EMAIL", "no", "yes", "no") == "yes",
        ),
    )


def _server(address: str, *, loopback: bool) -> DirectoryServer:
    parts = urlsplit(address)
    split("LDAP_URL", address)
    is_here = is_loopback(address)
    if parts.scheme not in LDAP_SCHEMES or not parts.hostname or parts.username or parts.path.strip("/"):
        raise wrong("LDAP_URL")
    usual_port, tls = LDAP_SCHEMES[parts.scheme]
    if (is_here and not loopback) or (not tls and not is_here):
        raise wrong("LDAP_URL")
    return DirectoryServer(parts.hostname, parts.port or usual_port, tls)


def _roles(name: str, given: str) -> dict[str, str]:
    """{group in small letters: role}. A group's name may hold "=", as names of directories do."""
    roles = {}
    for entry in filter(None, (one.strip() for one in given.split(";"))):
        group, _equals, word = entry.rpartition("=")
        role = next((role for role in ROLES if role.lower() == word.strip().lower()), "")
        if not group.strip() or not role:
            raise wrong(name)
        roles[group.strip().lower()] = role
    return roles


def _domains(name: str, given: str) -> tuple[str, ...]:
    domains = tuple(domain.lower() for domain in given.replace(",", " ").split())
    if any(not re.fullmatch(r"[a-z0-9-]+(\.[a-z0-9-]+)+", domain) for domain in domains):
        raise wrong(name)
    return domains
