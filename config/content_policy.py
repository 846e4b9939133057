"""What a browser may load: our own files, nothing inline, nothing evaluated, no other origin."""

_own = ["'self'"]
_strict = {
    "default-src": ["'none'"],
    "script-src": _own,
    "style-src": _own,
    "img-src": [*_own, "data:"],
    "font-src": _own,
    "connect-src": _own,
    "manifest-src": _own,
    "form-action": _own,
    "base-uri": ["'none'"],
    "frame-ancestors": ["'none'"],
}
CONTENT_SECURITY_POLICY = {"DIRECTIVES": _strict}
CONTENT_SECURITY_POLICY_OF_PATHS = {
    # Unfold's pages are driven by Alpine, which evaluates attributes, and set styles inline.
    "/admin/": _strict
    | {
        "script-src": [*_own, "'unsafe-inline'", "'unsafe-eval'"],
        "style-src": [*_own, "'unsafe-inline'"],
    },
    # Swagger UI sets styles inline; its script comes from us.
    "/api/docs/": _strict | {"style-src": [*_own, "'unsafe-inline'"]},
}
