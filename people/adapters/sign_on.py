"""Single sign-on by OpenID Connect: allauth's road with every step checked, and our own rules for who gets in.

The library trusts what the issuer sends over TLS. Here the token's signature, issuer, audience, time and nonce are
checked always, nothing follows a redirect, and whatever goes wrong is one sentence.
"""

import hmac
from typing import Any, Self
from urllib.parse import urlsplit

import requests
from allauth.account import views as account
from allauth.account.utils import get_next_redirect_url
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.core.internal import ratelimit
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialLogin
from allauth.socialaccount.providers.base import AuthProcess
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from axes.handlers.proxy import AxesProxyHandler
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _
from structlog import get_logger

from common import outgoing
from common.errors import DomainError
from common.outgoing.sessions import PinnedSession
from people import services
from people.adapters.tokens import WrongToken, claim, read_token
from people.admission import Arrival, Issuer
from people.selectors import signs_in_elsewhere

log = get_logger(__name__)

#: The one issuer's name in the table of identities.
SOURCE = "openid"
#: For one question to the issuer, however slowly it answers.
SECONDS = 8.0


class Session(PinnedSession):
    """Asks the issuer: only where we send anything at all, without redirects, in bounded time and size."""

    def __init__(self) -> None:
        super().__init__(outgoing.Deadline(SECONDS))

    def __enter__(self) -> Self:
        self.deadline.__enter__()
        return super().__enter__()

    def __exit__(self, *raised: Any) -> None:
        super().__exit__(*raised)
        self.deadline.__exit__(*raised)

    def request(self, method: Any, url: Any, *others: Any, **options: Any) -> requests.Response:
        """Raises OAuth2Error where nothing usable comes back."""
        try:
            outgoing.read_target(str(url))
            return super().request(method, url, *others, **options | {"timeout": SECONDS})
        except (DomainError, outgoing.NoAnswer, requests.RequestException, ValueError) as problem:
            raise OAuth2Error(f"The issuer was not reached: {self.trouble or problem}") from problem


def read_object(answer: requests.Response) -> dict[str, Any]:
    """The JSON object of an answer. Raises OAuth2Error."""
    try:
        found = answer.json()
    except (ValueError, RecursionError):
        found = None
    if answer.status_code != 200 or not isinstance(found, dict):
        raise OAuth2Error(f"The issuer answered {answer.status_code} without what was asked for.")
    return found


class SignOnOAuth(OpenIDConnectOAuth2Adapter):
    """One walk to the issuer and back."""

    state: dict[str, Any]

    @property
    def openid_config(self) -> dict[str, Any]:
        """What the issuer says about itself, if it is the one that was meant. Raises OAuth2Error."""
        if not hasattr(self, "_said"):
            issuer = _issuer()
            with Session() as session:
                said = read_object(session.get(f"{issuer.url.rstrip('/')}/.well-known/openid-configuration"))
            if str(said.get("issuer", "")).rstrip("/") != issuer.url.rstrip("/"):
                raise OAuth2Error("The issuer calls itself by another name than OIDC_ISSUER.")
            for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
                if urlsplit(str(said.get(name, ""))).scheme not in {"https", urlsplit(issuer.url).scheme}:
                    raise OAuth2Error(f"The issuer's {name} is missing or not secure.")
            self._said = said
        return self._said

    def get_callback_url(self, request: HttpRequest, app: SocialApp) -> str:
        """The registered address, whatever host the request named."""
        return settings.BASE_URL + reverse("sign_on_callback")

    def get_access_token_data(self, request: HttpRequest, app: Any, client: Any, pkce_code_verifier: Any = None) -> Any:
        """The token's answer, an object with an ID token. Raises OAuth2Error."""
        try:
            found = super().get_access_token_data(request, app, client, pkce_code_verifier=pkce_code_verifier)
        except RecursionError as problem:
            raise OAuth2Error("The issuer's answer cannot be read.") from problem
        if not isinstance(found, dict) or not all(isinstance(found.get(n), str) for n in ("access_token", "id_token")):
            raise OAuth2Error("The issuer sent no ID token.")
        return found

    def parse_token(self, data: dict[str, Any]) -> Any:
        """Only for the walk: no token is kept."""
        return super().parse_token({"access_token": data["access_token"]})

    def complete_login(self, request: HttpRequest, app: SocialApp, token: Any, **more: Any) -> SocialLogin:
        """Who it is, by an ID token made for this walk. Raises OAuth2Error."""
        with Session() as session:
            keys = read_object(session.get(self.openid_config["jwks_uri"]))
        try:
            claims = read_token(
                more["response"]["id_token"], keys=keys, issuer=self.openid_config["issuer"], audience=app.client_id
            )
        except WrongToken as problem:
            raise OAuth2Error(f"The ID token does not hold: {problem}") from problem
        if not hmac.compare_digest(str(claims.get("nonce", "")), str(self.state.get("nonce") or " ")):
            raise OAuth2Error("The ID token was made for another sign-in.")
        login = self.get_provider().sociallogin_from_response(request, {"id_token": claims})
        login.claims = self._more_about(claims, token.token) | claims
        return login

    def _more_about(self, claims: dict[str, Any], access_token: str) -> dict[str, Any]:
        """What the issuer tells only when it is asked again: address and groups. Empty when the token has both."""
        address = self.openid_config.get("userinfo_endpoint")
        if not address or ("email" in claims and claim(claims, _issuer().groups_claim) is not None):
            return {}
        with Session() as session:
            told = read_object(session.get(str(address), headers={"Authorization": f"Bearer {access_token}"}))
        if told.get("sub") != claims["sub"]:
            raise OAuth2Error("The issuer told about somebody else.")
        return told


class SignOnProvider(OpenIDConnectProvider):
    """The one issuer. Every walk has a state, a nonce and a PKCE verifier of its own."""

    oauth2_adapter_class = SignOnOAuth
    pkce_enabled_default = True

    def get_redirect_from_request_kwargs(self, request: HttpRequest) -> dict[str, Any]:
        """Where to go afterwards; nothing else is taken from the address."""
        return {"process": AuthProcess.LOGIN, "next_url": get_next_redirect_url(request)}

    def redirect(self, request: HttpRequest, process: str, next_url: Any = None, data: Any = None, **_more: Any) -> Any:
        """To the issuer's page."""
        nonce = get_random_string(43)
        return super().redirect(
            request, process, next_url, data, nonce=nonce, auth_params={"nonce": nonce}, scope=_issuer().scopes
        )

    def extract_uid(self, data: dict[str, Any]) -> str:
        """Never given to anybody else by this issuer."""
        return str(data["id_token"]["sub"])

    def extract_extra_data(self, data: dict[str, Any]) -> dict[str, Any]:
        """Nothing that the issuer told is kept."""
        return {}

    def extract_common_fields(self, data: dict[str, Any]) -> dict[str, Any]:
        """Names and addresses are read in one place, by us."""
        return {}

    def extract_email_addresses(self, data: dict[str, Any]) -> list[Any]:
        """People's addresses are kept with the person."""
        return []


class SignOnAdapter(DefaultSocialAccountAdapter):
    """Who gets in by the issuer."""

    def list_apps(self, request: HttpRequest, provider: str | None = None, client_id: str | None = None) -> list[Any]:
        """The issuer of the environment, and no other."""
        issuer = settings.SIGN_ON_ISSUER
        if issuer is None or provider not in {None, SOURCE, "openid_connect"}:
            return []
        secret = issuer.client_secret
        return [SocialApp(provider="openid_connect", provider_id=SOURCE, client_id=issuer.client_id, secret=secret)]

    def get_requests_session(self) -> Session:
        """For what the library asks."""
        return Session()

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Find or make the person. Raises ImmediateHttpResponse with the page that refuses."""
        try:
            person = services.come_in(arrival=_arrival(sociallogin.claims), admission=_issuer().admission)
        except DomainError as refusal:
            raise ImmediateHttpResponse(refused(request, str(refusal), status=403)) from refusal
        if not AxesProxyHandler.is_allowed(request, {"username": person.username}):
            request.axes_locked_out = True  # type: ignore[attr-defined]
            raise ImmediateHttpResponse(refused(request, _("Too many attempts."), status=429))
        sociallogin.user = person
        sociallogin.account = SocialAccount.objects.get(provider=SOURCE, uid=sociallogin.account.uid)

    def on_authentication_error(
        self, request: HttpRequest, provider: Any, error: Any = None, exception: Any = None, extra_context: Any = None
    ) -> None:
        """One sentence for every way in which the walk can end early; the reason is in the log."""
        log.warning("sign-on refused", error=str(error), reason=str(exception or "the walk was not begun here"))
        raise ImmediateHttpResponse(refused(request, _unfinished()))


class _Callback(OAuth2CallbackView):
    """Keeps the walk's state where the token is checked."""

    def _get_state(self, request: HttpRequest, provider: Any) -> Any:
        state, answer = super()._get_state(request, provider)
        self.adapter.state = state or {}
        return state, answer


def sign_on(request: HttpRequest) -> HttpResponse:
    """GET: to the issuer. Bounded, so that nobody makes us flood it."""
    too_many = ratelimit.consume_or_429(request, app="allauth.account", action="sign_on", limit_get=True)
    return too_many or _walk(request, OAuth2LoginView)


def sign_on_callback(request: HttpRequest) -> HttpResponse:
    """GET: back from the issuer."""
    return _walk(request, _Callback)


def password_set(request: HttpRequest) -> HttpResponse:
    """A first password, but not for people whom another house lets in: closed there is closed here."""
    if request.user.is_authenticated and signs_in_elsewhere(request.user):
        return render(request, "account/password_elsewhere.html", status=403)
    answer: HttpResponse = account.password_set(request)
    return answer


def refused(request: HttpRequest, sentence: str, status: int = 401) -> HttpResponse:
    """The page that says why nobody came in."""
    return render(request, "socialaccount/refused.html", {"sentence": sentence}, status=status)


def _walk(request: HttpRequest, view: Any) -> HttpResponse:
    if settings.SIGN_ON_ISSUER is None:
        raise Http404
    try:
        answer: HttpResponse = view.adapter_view(SignOnOAuth(request, SOURCE))(request)
    except OAuth2Error as problem:
        log.warning("sign-on refused", reason=str(problem))
        return refused(request, _("The sign-in service does not answer as it should. Try again, or use your password."))
    return answer


def _unfinished() -> str:
    return _("Signing in was not finished. Try again; if it stays like this, tell an administrator.")


def _issuer() -> Issuer:
    issuer = settings.SIGN_ON_ISSUER
    assert issuer is not None  # noqa: S101  the addresses are 404 without one
    return issuer


def _arrival(claims: dict[str, Any]) -> Arrival:
    """An address counts only when the issuer says outright that it is verified."""
    groups = claim(claims, _issuer().groups_claim)
    listed = groups if isinstance(groups, list) else [groups] if isinstance(groups, str) else []
    email = claims.get("email") if claims.get("email_verified") is True else ""
    return Arrival(
        source=SOURCE,
        uid=claims["sub"],
        username=_text(claims.get("preferred_username")),
        name=_text(claims.get("name")),
        email=_text(email),
        groups=frozenset(group for group in listed if isinstance(group, str)),
    )


def _text(value: Any) -> str:
    return value.strip() if isinstance(value, str) else ""
