"""How the OpenAPI schema names our way of signing in."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension


class KeyInSchema(OpenApiAuthenticationExtension):
    """`Authorization: Bearer KEY`."""

    target_class = "people.authentication.ApiKeyAuthentication"
    name = "key"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        """As OpenAPI 3 writes it."""
        return {"type": "http", "scheme": "bearer"}
