"""The one table of variables: what each expects, what holds without it, what it is for."""

from dataclasses import dataclass


class WrongSettingError(Exception):
    """A variable of the environment that Holdfast cannot use."""

    def __init__(self, name: str, expected: str) -> None:
        super().__init__(f"{name} is not usable: expected {expected}.")
        self.name = name
        self.expected = expected


@dataclass(frozen=True)
class Setting:
    """One variable: its name, what is expected, what holds when it is not given, what it is for."""

    name: str
    expected: str
    default: str
    meaning: str


SETTINGS = (
    Setting(
        "DATABASE_URL",
        "postgres://USER:PASSWORD@HOST:PORT/NAME",
        "a PostgreSQL of our own below DATA_DIR",
        "The database. With a socket: `postgres://USER:PASSWORD@/NAME?host=/FOLDER`; `?sslmode=require` asks for TLS.",
    ),
    Setting(
        "REDIS_URL",
        "redis://[:PASSWORD@]HOST:PORT/NUMBER, rediss://… or unix:///PATH?db=NUMBER",
        "a Valkey of our own below DATA_DIR",
        "Broker and cache; the cache uses the database number that follows.",
    ),
    Setting(
        "SECRET_KEY",
        "at least 32 characters",
        "made at the first start and kept in DATA_DIR/secrets",
        "Signs sessions and links. The same on every web process.",
    ),
    Setting(
        "ALLOWED_HOSTS",
        "host names divided by commas",
        "localhost, 127.0.0.1 and the host of BASE_URL",
        "The names under which pages are served.",
    ),
    Setting(
        "BASE_URL",
        "http://HOST[:PORT] or https://HOST[:PORT], without a path",
        "http://localhost:PORT",
        "The address that people use; it stands in messages. https switches on HSTS and Secure cookies.",
    ),
    Setting(
        "EMAIL_URL",
        "smtp://USER:PASSWORD@HOST:PORT, smtp+tls://… (STARTTLS) or smtps://…, with ?from=ADDRESS if wanted",
        "no e-mail is sent",
        "The server that takes outgoing e-mail.",
    ),
    Setting(
        "DATA_DIR",
        "a folder with an absolute path that we may write to",
        "`var` in the clone; for root a folder below /var/lib/holdfast",
        "Everything that is kept: databases, files, keys.",
    ),
    Setting("PORT", "a number from 1 to 65535", "8000", "The port of the web pages."),
    Setting(
        "LISTEN",
        "an address of this machine, such as 0.0.0.0 for all of them",
        "127.0.0.1",
        "Where web pages are served. Leave it alone unless the proxy runs on another host or in another container.",
    ),
    Setting(
        "TRUSTED_PROXIES",
        "networks such as 10.0.0.0/24 divided by commas, or none",
        "the loopback when BASE_URL begins with https, else none",
        "The proxies whose `X-Forwarded-For` and `X-Forwarded-Proto` are believed. From all others both are ignored.",
    ),
    Setting(
        "METRICS_NETWORKS",
        "networks such as 10.0.0.0/24 divided by commas, or none",
        "none: a key is needed",
        "From where `/metrics` is answered without a key.",
    ),
    Setting(
        "ORGANISATION", "a name of at most 60 characters", "Holdfast", "Whose house this is; it stands beside the mark."
    ),
    Setting("LANGUAGE_CODE", "en or zh-hans", "en", "The language of people who have chosen none."),
    Setting(
        "TIME_ZONE",
        "the name of a time zone, such as Europe/Berlin",
        "UTC",
        "The organisation's time zone. Times are stored in UTC whatever it is.",
    ),
    Setting(
        "SECRETS_KEYS",
        "keys made by `Fernet.generate_key()`, the newest first, divided by commas",
        "made at the first start and kept in DATA_DIR/keys",
        "Encrypts the secrets that are stored, such as the passwords of backup sources.",
    ),
    Setting(
        "WORKING_HOURS",
        "days and hours such as “mon-fri 09:00-17:00”",
        "mon-fri 09:00-17:00",
        "The working hours with which the organisation's calendar begins. Reminders are sent in the hours of that "
        "calendar, in the time zone of the person. Urgent messages do not wait.",
    ),
    Setting(
        "MESSAGES_KEPT_DAYS",
        "a number from 1 to 3650",
        "400",
        "How long messages and their deliveries are kept, and incoming mails as they came, with their addresses.",
    ),
    Setting(
        "ANSWERS_KEPT_DAYS",
        "a number from 1 to 3650",
        "90",
        "How long each try to deliver a message is kept, with what the other side answered.",
    ),
    Setting(
        "OUTGOING_CA_FILE",
        "a file of certificates in PEM",
        "whom the system trusts",
        "Who may vouch, beside those whom the system trusts, for the servers of web hooks and apps.",
    ),
    Setting(
        "RUN_OUTPUT_KEPT_DAYS",
        "a number from 1 to 3650",
        "400",
        "How long the output of tools in runs is kept. Outcomes, times and measurements stay.",
    ),
    Setting(
        "ATTEMPTS_KEPT_DAYS",
        "a number from 1 to 3650",
        "90",
        "How long failed and successful sign-ins are kept for the lock-out. The ledger keeps its own entries.",
    ),
    Setting(
        "OIDC_ISSUER",
        "https://HOST[/PATH], as the issuer names itself; on this machine only with the demo, there also http",
        "no sign-in by OpenID Connect",
        "Sign-in by OpenID Connect. Register `BASE_URL/accounts/sign-on/callback/` there as redirect address.",
    ),
    Setting(
        "OIDC_CLIENT_ID", "the name under which the issuer knows Holdfast", "needed with OIDC_ISSUER", "As registered."
    ),
    Setting("OIDC_CLIENT_SECRET", "the secret that the issuer gave", "needed with OIDC_ISSUER", "As registered."),
    Setting(
        "OIDC_NAME",
        "at most 60 characters",
        "a button that says “Single sign-on”",
        "What the button of the sign-in page names.",
    ),
    Setting(
        "OIDC_SCOPES", "words between spaces", "openid profile email", "Scopes asked for on top, such as `groups`."
    ),
    Setting(
        "OIDC_GROUPS_CLAIM",
        "the name of a claim; a dot leads into an object",
        "groups",
        "Where the issuer names the groups of a person.",
    ),
    Setting(
        "OIDC_ROLES",
        "GROUP=ROLE divided by semicolons; roles are Reporter, Responder, Manager, Reviewer, Auditor, Administrator",
        "roles are given in Holdfast, and nobody new gets in",
        "Which groups give which roles. Followed at every sign-in; whoever has no role left is not let in.",
    ),
    Setting(
        "OIDC_EMAIL_DOMAINS", "domains divided by commas", "any", "Only verified addresses of these domains are let in."
    ),
    Setting(
        "OIDC_LINK_BY_EMAIL",
        "yes or no",
        "no",
        "Whether somebody who is here already is known by an address that the issuer has verified.",
    ),
    Setting(
        "LDAP_URL",
        "ldaps://HOST[:PORT] or ldap+tls://HOST[:PORT] (StartTLS), several divided by commas; "
        "on this machine only with the demo, there also ldap://",
        "no sign-in by a directory",
        "The servers of a directory (LDAP, Active Directory), asked in turn. Their certificates are checked.",
    ),
    Setting("LDAP_KIND", "ldap or active-directory", "ldap", "How people and groups stand in the directory."),
    Setting(
        "LDAP_CA_FILE", "a file of certificates in PEM", "whom the system trusts", "Who may vouch for the servers."
    ),
    Setting(
        "LDAP_BIND_DN", "a distinguished name", "searching without a name", "Who looks people up. Needs to read only."
    ),
    Setting(
        "LDAP_BIND_PASSWORD",
        "the password of LDAP_BIND_DN",
        "needed with LDAP_BIND_DN",
        "Used to look people up, never to sign anybody in.",
    ),
    Setting(
        "LDAP_BASE",
        "a distinguished name, such as dc=example,dc=org",
        "needed with LDAP_URL",
        "Below which people stand.",
    ),
    Setting(
        "LDAP_USER_FILTER",
        "a filter with {name}",
        "by uid or mail; in Active Directory by sAMAccountName, userPrincipalName or mail",
        "Which entry a typed name means.",
    ),
    Setting("LDAP_GROUP_BASE", "a distinguished name", "LDAP_BASE", "Below which groups stand."),
    Setting(
        "LDAP_ROLES",
        "GROUP=ROLE divided by semicolons; a group by its cn or its distinguished name",
        "roles are given in Holdfast, and nobody new gets in",
        "As OIDC_ROLES.",
    ),
    Setting(
        "LDAP_LINK_BY_EMAIL",
        "yes or no",
        "no",
        "Whether somebody who is here already is known by the address in the directory.",
    ),
    Setting("PROOF_MAX_AGE_DAYS", "a number from 1 to 3650", "90", "How long a measured recovery proves anything."),
    Setting(
        "INCIDENTS_REOPENED_WITHIN_DAYS",
        "a number from 1 to 365",
        "7",
        "How long after its end an incident is opened again as itself; later, a new one is opened and linked to it. "
        "After it was closed or cancelled, answers of its reporter are heard for as long.",
    ),
    Setting(
        "INCIDENTS_CLOSED_AFTER_DAYS",
        "a number from 1 to 365",
        "14",
        "How long an incident stays resolved before Holdfast closes it by itself; never with open tasks or in review.",
    ),
    Setting(
        "REVIEW_REQUIRED_SEVERITY",
        "no, 1, 2, 3 or 4",
        "2",
        "Incidents of this severity or worse, and major ones, are closed by an approved review only.",
    ),
    Setting("DEMO", "yes or no", "yes", "Whether the first start loads the demo organisation."),
    Setting("LOG_FORMAT", "text or json", "text", "How the processes write their logs."),
    Setting(
        "LOG_LEVEL", "DEBUG, INFO, WARNING or ERROR", "INFO", "From which weight on lines are written to the logs."
    ),
    Setting("ENV_FILE", "a file of lines NAME=value", "`.env` in the clone", "Read first; the environment wins."),
)

EXPECTED = {setting.name: setting.expected for setting in SETTINGS}


def wrong(name: str) -> WrongSettingError:
    """The refusal of a variable, in the words of the table."""
    return WrongSettingError(name, EXPECTED[name])


def table() -> str:
    """The settings as a table in Markdown, as `docs/settings.md` shows it."""
    lines = ["| variable | expected | when not given | what it is for |", "|---|---|---|---|"]
    lines += [f"| `{one.name}` | {one.expected} | {one.default} | {one.meaning} |" for one in SETTINGS]
    return "\n".join(lines)
