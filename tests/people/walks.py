"""The walk to an issuer and back, as the browsers of the tests of single sign-on take it."""

import http.client
from typing import Any
from urllib.parse import urlsplit

from django.test import Client

GO, BACK = "/accounts/sign-on/", "/accounts/sign-on/callback/"
ROLES = {"ops": "Responder", "bosses": "Manager", "admins": "Administrator"}
ANA = {
    "sub": "248289761001",
    "preferred_username": "ana",
    "name": "Ana Ivanova",
    "email": "Ana@example.org",
    "email_verified": True,
    "groups": ["ops", "football"],
}


def to_the_issuer(client: Client, path: str = GO) -> str:
    """What the issuer answers at its page: the way back."""
    there = urlsplit(client.get(path)["Location"])
    asking = http.client.HTTPConnection("127.0.0.1", there.port or 80, timeout=5)
    asking.request("GET", f"{there.path}?{there.query}")
    back = asking.getresponse().getheader("Location")
    asking.close()
    return back.partition("localhost:8000")[2]


def walk(client: Client | None = None, path: str = GO) -> tuple[Client, Any]:
    client = client or Client()
    return client, client.get(to_the_issuer(client, path))


def is_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def refused(answer: Any) -> bool:
    return answer.status_code in {401, 403} and "You are not signed in" in answer.content.decode()
