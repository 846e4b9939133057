"""Who may come in, and how: accounts (allauth), lock-out (axes), passwords."""

from datetime import timedelta

AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
    "people.adapters.backends.DirectoryBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
PASSWORD_RESET_TIMEOUT = 3600
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "overview"
LOGOUT_REDIRECT_URL = "account_login"

# Sign-in (allauth): by sign-in name or e-mail and password; nobody signs up by themselves.
ACCOUNT_ADAPTER = "people.adapters.sign_in.SignInAdapter"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "django.contrib.auth.tokens.PasswordResetTokenGenerator"  # noqa: S105  a class
ACCOUNT_USER_DISPLAY = str
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_FORMS = {"login": "people.forms.SignInForm", "reset_password": "people.forms.ResetPasswordForm"}
# One lock-out only, that of axes: it counts passwords and codes alike.
ACCOUNT_RATE_LIMITS = {"login_failed": None, "sign_on": "60/m/ip"}
MFA_ADAPTER = "people.adapters.sign_in.SecondFactorAdapter"
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_TOTP_ISSUER = "Holdfast"
MFA_TOTP_TOLERANCE = 1
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
# A whole office may come from one address; wrong answers are counted by person (axes).
MFA_RATE_LIMITS = {"webauthn_login": "60/m/ip"}
MFA_WEBAUTHN_USER_VERIFICATION = "preferred"
MFA_FORMS = {
    "authenticate": "people.forms.CodeForm",
    "reauthenticate": "people.forms.CodeAgainForm",
    "add_webauthn": "people.adapters.passkeys.AddForm",
    "edit_webauthn": "people.adapters.passkeys.RenameForm",
    "authenticate_webauthn": "people.adapters.passkeys.SecondStepForm",
    "reauthenticate_webauthn": "people.adapters.passkeys.AgainForm",
    "login_webauthn": "people.adapters.passkeys.AloneForm",
}

# Single sign-on (OpenID Connect): the issuer's settings come from the environment.
SOCIALACCOUNT_ADAPTER = "people.adapters.sign_on.SignOnAdapter"
SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"provider_class": "people.adapters.sign_on.SignOnProvider"}}
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False
# A link: a form that is redirected to another house would need that house in the pages' policy.
SOCIALACCOUNT_LOGIN_ON_GET = True

# Lock-out (axes): five wrong passwords or codes for one person from one address.
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_USERNAME_CALLABLE = "people.adapters.sign_in.name_for_counting"
AXES_LOCKOUT_CALLABLE = "people.views.locked_out"
AXES_WHITELIST_CALLABLE = "people.adapters.backends.spares_from_counting"
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_RESET_ON_SUCCESS = True
AXES_SENSITIVE_PARAMETERS = [
    "username", "ip_address", "login", "csrfmiddlewaretoken", "code", "oldpassword", "password1", "password2", "next",
]  # fmt: skip
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
