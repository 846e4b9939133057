"""How the API answers and describes itself."""

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "people.authentication.ApiKeyAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": [
        "rest_framework.permissions.IsAuthenticated",
        "people.permissions.SecondFactorWhereRequired",
        "people.permissions.WithinScopes",
    ],
    "DEFAULT_PARSER_CLASSES": ["common.rest.parsers.StrictJSONParser"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PAGINATION_CLASS": "common.rest.pagination.CursorPages",
    "DEFAULT_FILTER_BACKENDS": [
        "django_filters.rest_framework.DjangoFilterBackend",
        "rest_framework.filters.SearchFilter",
        "rest_framework.filters.OrderingFilter",
    ],
    "DEFAULT_SCHEMA_CLASS": "common.rest.schema.Schema",
    "EXCEPTION_HANDLER": "common.rest.errors.handle",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
    "URL_FORMAT_OVERRIDE": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Holdfast API",
    "VERSION": "1",
    "DESCRIPTION": "Incidents and business continuity, with claims that are proven.",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PUBLIC": True,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SERVE_AUTHENTICATION": [],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    # What docstrings say is for those who read the code.
    "DISABLE_DOCSTRING_DESCRIPTIONS": True,
    "POSTPROCESSING_HOOKS": ["drf_spectacular.hooks.postprocess_schema_enums", "common.rest.schema.finish"],
    "ENUM_NAME_OVERRIDES": {
        "RunOutcome": "backups.choices.Outcome",
        "StepOutcome": "backups.choices.StepOutcome",
        "MeasurementOutcome": "catalog.choices.Outcome",
        "RunState": "backups.choices.RunState",
        "CopyState": "backups.choices.CopyState",
        "IncidentState": "incidents.choices.State",
        "RepositoryKind": "backups.choices.RepositoryKind",
        "RunKind": "backups.choices.RunKind",
        "DependencyKind": "catalog.choices.DependencyKind",
        "MessageUrgency": "notify.choices.Urgency",
        "Scale": "incidents.choices.Scale",
        "Level": "backups.choices.Level",
        "StepName": "backups.choices.StepName",
    },
}
