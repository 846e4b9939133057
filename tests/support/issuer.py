"""A real OpenID Connect issuer on the loopback: discovery, keys, authorize, token, userinfo; joserfc signs.

`vouches_for` says who is at its page. The other attributes bend one thing each.
"""

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey

from people.admission import Admission, Issuer

CLIENT_ID, CLIENT_SECRET = "holdfast", "a secret: with % signs"


class TestIssuer:
    """Serves until `close`."""

    __test__ = False

    def __init__(self) -> None:
        self.key = RSAKey.generate_key(2048, {"kid": "one", "use": "sig", "alg": "RS256"})
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self.url = f"http://localhost:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()
        self.reset()

    def reset(self) -> None:
        """Nothing bent, nobody there."""
        self.vouches_for: dict[str, Any] = {}
        self.bend_claims: Callable[[dict[str, Any]], dict[str, Any]] = lambda claims: claims
        self.bend_token: Callable[[str], str] = lambda token: token
        self.bend_answer: dict[str, tuple[int, bytes]] = {}
        self.sign: Callable[[dict[str, Any]], str] = self.signed
        self.only_by_userinfo: set[str] = set()
        self.codes: dict[str, dict[str, str]] = {}
        self.asked: list[dict[str, str]] = []

    def settings(self, **admission: Any) -> Issuer:
        """What Holdfast is told of it."""
        return Issuer(self.url, CLIENT_ID, CLIENT_SECRET, name="House", admission=Admission(**admission))

    def signed(self, claims: dict[str, Any]) -> str:
        """The ordinary token."""
        return jwt.encode({"alg": "RS256", "kid": "one"}, claims, self.key)

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()

    def answer(self, path: str, query: dict[str, str], authorization: str) -> tuple[int, bytes, dict[str, str]]:
        """Status, body and headers."""
        if path in self.bend_answer:
            status, body = self.bend_answer[path]
            return status, body, {"Location": f"{self.url}/elsewhere"} if status == 302 else {}
        if path == "/authorize":
            return self._authorize(query)
        found = {
            "/.well-known/openid-configuration": self._discovery,
            "/keys": lambda *_: KeySet([self.key]).as_dict(private=False),
            "/token": self._token,
            "/userinfo": lambda *_: self._person(),
        }.get(path)
        said = found(query, authorization) if found else None
        return (200, json.dumps(said).encode(), {}) if said else (400, b'{"error": "invalid_request"}', {})

    def _discovery(self, *_: Any) -> dict[str, Any]:
        ends = {"authorization": "authorize", "token": "token", "userinfo": "userinfo"}
        return {
            "issuer": self.url,
            "jwks_uri": f"{self.url}/keys",
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
            **{f"{name}_endpoint": f"{self.url}/{path}" for name, path in ends.items()},
        }

    def _authorize(self, query: dict[str, str]) -> tuple[int, bytes, dict[str, str]]:
        self.asked.append(query)
        code = secrets.token_urlsafe(8)
        self.codes[code] = query
        back = urlencode({"code": code, "state": query["state"]})
        return 302, b"", {"Location": f"{query['redirect_uri']}?{back}"}

    def _token(self, query: dict[str, str], authorization: str) -> dict[str, Any] | None:
        walk = self.codes.pop(query.get("code", ""), None)
        verifier = hashlib.sha256(query.get("code_verifier", "").encode()).digest()
        proves = walk and base64.urlsafe_b64encode(verifier).rstrip(b"=").decode() == walk.get("code_challenge")
        knows = (query.get("client_id"), query.get("client_secret")) == (CLIENT_ID, CLIENT_SECRET)
        if not (walk and proves and knows and query.get("redirect_uri") == walk["redirect_uri"]):
            return None
        now = int(time.time())
        claims = {"iss": self.url, "aud": CLIENT_ID, "iat": now, "exp": now + 300, "nonce": walk.get("nonce")}
        shown = {name: value for name, value in self._person().items() if name not in self.only_by_userinfo}
        token = self.bend_token(self.sign(self.bend_claims(claims | shown)))
        return {"access_token": "only-for-tests", "token_type": "Bearer", "expires_in": 300, "id_token": token}

    def _person(self) -> dict[str, Any]:
        return self.vouches_for


def _handler(issuer: TestIssuer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer(urlsplit(self.path).query)

        def do_POST(self) -> None:
            self._answer(self.rfile.read(int(self.headers["Content-Length"])).decode())

        def _answer(self, given: str) -> None:
            query = {name: values[0] for name, values in parse_qs(given).items()}
            told = issuer.answer(urlsplit(self.path).path, query, self.headers.get("Authorization", ""))
            status, body, headers = told
            self.send_response(status)
            for name, value in (
                {"Content-Type": "application/json", "Content-Length": str(len(body))} | headers
            ).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """Quiet."""

    return Handler
