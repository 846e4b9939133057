"""Django's settings. What an operator may change comes from `config.environment`."""

from django.utils.translation import gettext_lazy as _

from common.embedded.places import Places
from config import environment
from config.administration import UNFOLD  # noqa: F401  a setting
from config.api import REST_FRAMEWORK, SPECTACULAR_SETTINGS  # noqa: F401
from config.content_policy import CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY_OF_PATHS  # noqa: F401
from config.logging import logging_settings
from config.sign_in import *  # noqa: F403  every name there is a setting

environment.read_file()

BASE_DIR = environment.BASE_DIR
DATA_DIR = environment.data_dir()
PORT = environment.port()
BASE_URL = environment.base_url(PORT)
SECRET_KEY = environment.secret_key(Places(DATA_DIR))
SECRETS_KEYS = environment.secrets_keys()
ALLOWED_HOSTS = environment.allowed_hosts(BASE_URL)
DEMO = environment.choice("DEMO", "yes", "yes", "no") == "yes"
DEBUG = False

LISTEN = environment.listen()
#: Only their word about the sender is taken (`common.middleware.RequestContext`).
TRUSTED_PROXIES = environment.trusted_proxies(BASE_URL)
METRICS_NETWORKS = environment.metrics_networks()

# https in BASE_URL says that browsers come through a proxy with TLS; the proxy is told to set this header.
IS_HTTPS = BASE_URL.startswith("https://")
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if IS_HTTPS else None
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if IS_HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = IS_HTTPS
SECURE_HSTS_PRELOAD = IS_HTTPS
SESSION_COOKIE_SECURE = IS_HTTPS
CSRF_COOKIE_SECURE = IS_HTTPS
LANGUAGE_COOKIE_SECURE = IS_HTTPS
CSRF_TRUSTED_ORIGINS = [BASE_URL]

INSTALLED_APPS = [
    "unfold",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django_htmx",
    "django_filters",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "axes",
    # Holdfast, floor by floor
    "common",
    "ledger",
    "people",
    "catalog",
    "notify",
    "actions",
    "backups",
    "runbooks",
    "incidents",
    "readiness",
]

MIDDLEWARE = [
    # First: who the sender is, and whether by TLS, must be settled before anybody asks.
    "common.middleware.RequestContext",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "common.middleware.ContentPolicy",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    # Before all that asks a server: the status page answers while they are down.
    "incidents.status.door.StatusDoor",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "common.middleware.ReadableRequests",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "people.middleware.Preferences",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "people.middleware.BrowserSeen",
    "people.middleware.TwoFactorRequired",
    "axes.middleware.AxesMiddleware",
    "common.middleware.Refusals",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
APPEND_SLASH = True

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "readiness.context.shell",
            ],
        },
    }
]

OWN_DATABASE = not environment.read("DATABASE_URL")
DATABASES = {"default": environment.database(Places(DATA_DIR))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "people.User"
# Administrators hold a second factor wherever anybody else can reach the product.
TWO_FACTOR_REQUIRED = not environment.is_loopback(BASE_URL)

# Sessions and cookies
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = False  # htmx and the API docs read it; it is no secret of the session
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "common.error_pages.csrf_failure"
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600

# What a browser is told
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
# The proxy in front speaks TLS and redirects to it; we are bound to the loopback, where the launcher asks by http.
SECURE_SSL_REDIRECT = False
SILENCED_SYSTEM_CHECKS = ["security.W008"]
X_FRAME_OPTIONS = "DENY"

# Bodies: more is answered with 413. Files come as multipart and may be larger.
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
UPLOAD_MAX_BYTES = 40 * 1024 * 1024

USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = True
ORGANISATION = environment.organisation()
ORGANISATION_TIME_ZONE = environment.time_zone()

#: When reminders are sent, and how long messages are kept.
WORKING_HOURS = environment.working_hours()
MESSAGES_KEPT = environment.messages_kept()
ANSWERS_KEPT = environment.answers_kept()

#: How long is kept what nobody needs for ever; the ledger is not among it.
RUN_OUTPUT_KEPT = environment.run_output_kept()
ATTEMPTS_KEPT = environment.attempts_kept()

#: How long a measurement proves anything.
PROOF_MAX_AGE = environment.proof_max_age()
INCIDENTS_REOPENED_WITHIN = environment.incidents_reopened_within()
INCIDENTS_CLOSED_AFTER = environment.incidents_closed_after()
REVIEW_REQUIRED_SEVERITY = environment.review_required()

LANGUAGE_CODE = environment.choice("LANGUAGE_CODE", "en", *environment.LANGUAGES)
LANGUAGES = [("en", _("English")), ("zh-hans", _("Simplified Chinese"))]
LOCALE_PATHS = [BASE_DIR / "locale"]

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"},
}
STATICFILES_DIRS = [BASE_DIR / "static"]

LOGGING = logging_settings(
    level=environment.choice("LOG_LEVEL", "INFO", "DEBUG", "INFO", "WARNING", "ERROR"),
    log_format=environment.choice("LOG_FORMAT", "text", "text", "json"),
)

# Broker and cache
OWN_BROKER = not environment.read("REDIS_URL")
REDIS = environment.redis_addresses(Places(DATA_DIR))
CACHES = {
    "default": {
        "BACKEND": "common.cache.ForgivingRedisCache",
        "LOCATION": REDIS.cache,
        "KEY_PREFIX": "holdfast",
        "OPTIONS": {"socket_connect_timeout": 1, "socket_timeout": 2},
    }
}
CELERY_BROKER_URL = REDIS.broker
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_BROKER_TRANSPORT_OPTIONS = {
    # Only a net: a task of a killed worker comes back after seconds by the two that follow.
    "visibility_timeout": 3600,
    "unacked_restore_interval": 2,
    "unacked_restore_throttle": 1,
    "queue_order_strategy": "priority",
    "socket_connect_timeout": 2,
    "socket_timeout": 5,
    "socket_keepalive": True,
    "max_retries": 0,
}
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = False
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_REDIRECT_STDOUTS = False
CELERY_WORKER_ENABLE_REMOTE_CONTROL = False
CELERY_WORKER_SEND_TASK_EVENTS = False
CELERY_TASK_IGNORE_RESULT = True
CELERY_RESULT_BACKEND = None
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_ENABLE_UTC = True
CELERY_TIMEZONE = "UTC"
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_TASK_CREATE_MISSING_QUEUES = True
CELERY_BEAT_SCHEDULER = "common.beats:SteadyScheduler"
# A beat that nobody took in time is not worth taking: the next one finds the same rows.
CELERY_BEAT_SCHEDULE = {
    "tick": {"task": "common.tick", "schedule": 5.0, "options": {"queue": "page", "expires": 5}},
    "sweep": {"task": "common.sweep", "schedule": 10.0, "options": {"queue": "page", "expires": 10}},
}

# Web hooks and apps may be on this machine only where everything is: in a demo that only this machine sees.
OUTGOING_LOOPBACK = DEMO and environment.is_loopback(BASE_URL)
OUTGOING_CA_FILE = environment.outgoing_ca_file()

# Other houses' lists of people
SIGN_ON_ISSUER = environment.issuer(loopback=OUTGOING_LOOPBACK)
DIRECTORY = environment.directory(loopback=OUTGOING_LOOPBACK)

# Outgoing e-mail
_email = environment.email(BASE_URL)
EMAIL_CONFIGURED: bool = _email["EMAIL_CONFIGURED"]
DEFAULT_FROM_EMAIL: str = _email["DEFAULT_FROM_EMAIL"]
SERVER_EMAIL: str = _email["SERVER_EMAIL"]
EMAIL_HOST: str = _email.get("EMAIL_HOST", "localhost")
EMAIL_PORT: int = _email.get("EMAIL_PORT", 25)
EMAIL_HOST_USER: str = _email.get("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD: str = _email.get("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS: bool = _email.get("EMAIL_USE_TLS", False)
EMAIL_USE_SSL: bool = _email.get("EMAIL_USE_SSL", False)
EMAIL_TIMEOUT: int = _email.get("EMAIL_TIMEOUT", 20)
