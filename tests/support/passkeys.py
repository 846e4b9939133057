"""A device that holds one passkey, in software: makes and signs what a browser would send."""

import json
import os
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from django.test import Client
from fido2.cose import ES256
from fido2.utils import sha256, websafe_decode, websafe_encode
from fido2.webauthn import Aaguid, AttestationObject, AttestedCredentialData, AuthenticatorData, CollectedClientData

ORIGIN = "http://localhost"
ADD = "/accounts/2fa/webauthn/add/"
ALONE = "/accounts/2fa/webauthn/login/"


def browser() -> Client:
    """A browser at the address where passkeys work."""
    return Client(SERVER_NAME="localhost")


class Device:
    """One key pair. `verifies` says whether it asks its owner for a finger or a PIN."""

    def __init__(self, *, verifies: bool = True, origin: str = ORIGIN) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.credential_id = os.urandom(16)
        self.verifies = verifies
        self.origin = origin
        self.owner = b""

    def make(self, options: dict[str, Any], *, alone: bool = True) -> str:
        """The answer to a request for a new key."""
        asked = json.loads(json.dumps(options))["publicKey"]
        self.owner = websafe_decode(asked["user"]["id"])
        attested = AttestedCredentialData.create(
            Aaguid.NONE, self.credential_id, ES256.from_cryptography_key(self.key.public_key())
        )
        data = AuthenticatorData.create(sha256(b"localhost"), self._flags() | AuthenticatorData.FLAG.AT, 0, attested)
        said = self._said(CollectedClientData.TYPE.CREATE, asked["challenge"])
        response = {
            "clientDataJSON": said.b64,
            "attestationObject": websafe_encode(AttestationObject.create("none", data, {})),
        }
        return self._envelope(response, {"credProps": {"rk": alone}})

    def sign(self, options: dict[str, Any], *, owner: bytes | None = None) -> str:
        """The answer to a challenge."""
        asked = json.loads(json.dumps(options))["publicKey"]
        data = AuthenticatorData.create(sha256(b"localhost"), self._flags(), 1)
        said = self._said(CollectedClientData.TYPE.GET, asked["challenge"])
        response = {
            "clientDataJSON": said.b64,
            "authenticatorData": websafe_encode(data),
            "signature": websafe_encode(self.key.sign(data + said.hash, ec.ECDSA(hashes.SHA256()))),
            "userHandle": websafe_encode(self.owner if owner is None else owner),
        }
        return self._envelope(response, {})

    def _flags(self) -> AuthenticatorData.FLAG:
        present = AuthenticatorData.FLAG.UP
        return present | AuthenticatorData.FLAG.UV if self.verifies else present

    def _said(self, kind: CollectedClientData.TYPE, challenge: str) -> CollectedClientData:
        return CollectedClientData.create(kind, websafe_decode(challenge), self.origin)

    def _envelope(self, response: dict[str, str], extensions: dict[str, Any]) -> str:
        name = websafe_encode(self.credential_id)
        return json.dumps(
            {
                "id": name,
                "rawId": name,
                "type": "public-key",
                "response": response,
                "clientExtensionResults": extensions,
            }
        )


def add_passkey(client: Client, device: Device, password: str, name: str = "Laptop", *, alone: bool = True) -> Any:
    """What a signed-in person does to add a key; the last answer."""
    client.get(ADD)
    client.post("/accounts/reauthenticate/", {"password": password})
    options = client.get(ADD).context["js_data"]["creation_options"]
    fields = {"name": name, "credential": device.make(options, alone=alone)} | ({"passwordless": "on"} if alone else {})
    return client.post(ADD, fields)


def come_in(client: Client, device: Device, **options: Any) -> Any:
    """Sign-in by the passkey alone; the answer."""
    asked = client.get(ALONE, headers={"Accept": "application/json"}).json()["request_options"]
    return client.post(ALONE, {"credential": device.sign(asked, **options)})
