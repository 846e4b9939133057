"""Issuer and directory from the environment: what is taken, and what is refused at the start by its name."""

import pytest

from config import environment
from config.environment import WrongSettingError
from config.environment.sign_in import ROLES
from people.choices import Role

OIDC = {
    "OIDC_ISSUER": "https://login.example.org/realms/house",
    "OIDC_CLIENT_ID": "holdfast",
    "OIDC_CLIENT_SECRET": "known-to-both",
}
LDAP = {"LDAP_URL": "ldaps://dc1.example.org, ldap+tls://dc2.example.org:3389", "LDAP_BASE": "dc=example,dc=org"}


@pytest.fixture
def given(monkeypatch):
    def give(**variables: str) -> None:
        for name, value in variables.items():
            monkeypatch.setenv(name, value)

    return give


def test_the_roles_are_those_of_people():
    assert set(ROLES) == set(Role.values)


def test_nothing_given_is_no_sign_in_by_others():
    assert environment.issuer(loopback=True) is None
    assert environment.directory(loopback=True) is None


def test_an_issuer_is_read(given):
    given(
        **OIDC,
        OIDC_NAME="Example SSO",
        OIDC_SCOPES="groups",
        OIDC_ROLES="IT ops = responder; /holdfast/admins=Administrator;",
        OIDC_EMAIL_DOMAINS="Example.org, example.com",
        OIDC_LINK_BY_EMAIL="yes",
    )

    issuer = environment.issuer(loopback=False)

    assert issuer.scopes == ("openid", "profile", "email", "groups")
    assert issuer.admission.roles == {"it ops": "Responder", "/holdfast/admins": "Administrator"}
    assert issuer.admission.email_domains == ("example.org", "example.com")
    assert issuer.admission.link_by_email
    assert "known-to-both" not in repr(issuer)


def test_the_address_of_the_discovery_is_taken_too(given):
    given(**OIDC | {"OIDC_ISSUER": OIDC["OIDC_ISSUER"] + "/.well-known/openid-configuration"})

    assert environment.issuer(loopback=False).url == OIDC["OIDC_ISSUER"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("OIDC_ISSUER", "http://login.example.org"),
        ("OIDC_ISSUER", "login.example.org"),
        ("OIDC_ISSUER", "https://login.example.org?x=1"),
        ("OIDC_ISSUER", "https://name:password@login.example.org"),
        ("OIDC_ISSUER", "http://localhost:8080"),
        ("OIDC_ISSUER", "https://[::1"),
        ("OIDC_CLIENT_ID", ""),
        ("OIDC_CLIENT_SECRET", ""),
        ("OIDC_NAME", "x" * 61),
        ("OIDC_SCOPES", 'open"id'),
        ("OIDC_ROLES", "ops"),
        ("OIDC_ROLES", "ops=Boss"),
        ("OIDC_ROLES", "=Manager"),
        ("OIDC_EMAIL_DOMAINS", "@example.org"),
        ("OIDC_LINK_BY_EMAIL", "perhaps"),
    ],
)
def test_a_wrong_value_of_an_issuer_is_refused_by_its_name(given, name, value):
    given(**OIDC | {name: value})

    with pytest.raises(WrongSettingError, match=name):
        environment.issuer(loopback=False)


def test_an_issuer_on_this_machine_is_taken_where_that_is_allowed(given):
    given(**OIDC | {"OIDC_ISSUER": "http://localhost:8080/realms/x"})

    assert environment.issuer(loopback=True).url == "http://localhost:8080/realms/x"


def test_a_directory_is_read(given):
    given(
        **LDAP,
        LDAP_KIND="Active-Directory",
        LDAP_BIND_DN="cn=reader,dc=example,dc=org",
        LDAP_BIND_PASSWORD="reads-only",
        LDAP_ROLES="CN=Ops,OU=Groups,DC=example,DC=org=Responder; bosses=Manager",
    )

    directory = environment.directory(loopback=False)

    assert [(each.host, each.port, each.tls) for each in directory.servers] == [
        ("dc1.example.org", 636, "tls"),
        ("dc2.example.org", 3389, "starttls"),
    ]
    assert directory.is_active_directory
    assert "sAMAccountName={name}" in directory.user_filter
    assert directory.admission.roles == {"cn=ops,ou=groups,dc=example,dc=org": "Responder", "bosses": "Manager"}
    assert "reads-only" not in repr(directory)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("LDAP_URL", "ldap://dc1.example.org"),
        ("LDAP_URL", "https://dc1.example.org"),
        ("LDAP_URL", "ldaps://"),
        ("LDAP_URL", "ldaps://localhost"),
        ("LDAP_URL", "ldaps://dc1.example.org:many"),
        ("LDAP_URL", "ldaps://dc1.example.org/dc=example"),
        ("LDAP_KIND", "novell"),
        ("LDAP_BASE", ""),
        ("LDAP_BASE", "example.org"),
        ("LDAP_CA_FILE", "/nowhere/ca.pem"),
        ("LDAP_USER_FILTER", "(uid=%s)"),
        ("LDAP_USER_FILTER", "(uid={name}"),
        ("LDAP_ROLES", "ops=Boss"),
        ("LDAP_LINK_BY_EMAIL", "perhaps"),
    ],
)
def test_a_wrong_value_of_a_directory_is_refused_by_its_name(given, name, value):
    given(**LDAP | {name: value})

    with pytest.raises(WrongSettingError, match=name):
        environment.directory(loopback=False)


def test_who_searches_by_name_gives_a_password(given):
    given(**LDAP, LDAP_BIND_DN="cn=reader,dc=example,dc=org")

    with pytest.raises(WrongSettingError, match="LDAP_BIND_PASSWORD"):
        environment.directory(loopback=False)


def test_an_unencrypted_directory_only_on_this_machine(given):
    given(**LDAP | {"LDAP_URL": "ldap://localhost:3890"})

    assert environment.directory(loopback=True).servers[0].tls == ""
