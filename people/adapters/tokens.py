"""ID tokens: signed by the issuer with a public key, for us, now."""

from typing import Any

import jwt

#: Signatures with a key that only the issuer has. Never "none", never a secret shared with us.
ALGORITHMS = frozenset({"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"})
LEEWAY_SECONDS = 30
LONGEST_SUBJECT = 191


class WrongToken(Exception):
    """A token that proves nothing to us. The text says why, for the log."""


def read_token(text: str, *, keys: dict[str, Any], issuer: str, audience: str) -> dict[str, Any]:
    """The claims of an ID token whose signature, issuer, audience and times hold. Raises WrongToken.

    keys: the issuer's key set (JWKS).
    """
    try:
        header = jwt.get_unverified_header(text)
        algorithm = header.get("alg")
        if algorithm not in ALGORITHMS:
            raise WrongToken(f"signed by “{algorithm}”")
        claims: dict[str, Any] = jwt.decode(
            text,
            key=_key(keys, header.get("kid")),
            algorithms=[algorithm],
            issuer=issuer,
            audience=audience,
            leeway=LEEWAY_SECONDS,
            options={"require": ["exp", "iat", "iss", "aud", "sub"]},
        )
    except (jwt.PyJWTError, ValueError, TypeError, KeyError, AttributeError) as problem:
        raise WrongToken(f"{type(problem).__name__}: {problem}") from problem
    several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
    if claims.get("azp", audience) != audience or (several and "azp" not in claims):
        raise WrongToken("made for another program")
    if not isinstance(claims["sub"], str) or not 0 < len(claims["sub"]) <= LONGEST_SUBJECT or "\0" in claims["sub"]:
        raise WrongToken("without a usable subject")
    return claims


def claim(claims: dict[str, Any], path: str) -> Any:
    """The value of a claim, by its name or, with dots, inside objects; None when there is none."""
    if path in claims:
        return claims[path]
    found: Any = claims
    for name in path.split("."):
        found = found.get(name) if isinstance(found, dict) else None
    return found


def _key(keys: dict[str, Any], wanted: Any) -> Any:
    """The public key of this name; the only one where the token names none."""
    listed = [key for key in keys.get("keys", []) if isinstance(key, dict) and key.get("use", "sig") == "sig"]
    named = [key for key in listed if wanted is None or key.get("kid") == wanted]
    if len(named) != 1 or named[0].get("kty") not in {"RSA", "EC", "OKP"}:
        raise WrongToken("signed with a key that the issuer does not show")
    return jwt.PyJWK.from_dict(named[0]).key
