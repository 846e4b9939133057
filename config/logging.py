"""How every process writes its logs: one line a fact, with the id of the request that caused it."""

from typing import Any

import structlog

from common.context import current


def logging_settings(level: str, log_format: str) -> dict[str, Any]:
    """Django's LOGGING. log_format: text for people, json for programs."""
    renderer: Any = structlog.processors.JSONRenderer()
    if log_format == "text":
        renderer = structlog.dev.ConsoleRenderer(
            colors=False, pad_event_to=0, pad_level=False, exception_formatter=structlog.dev.plain_traceback
        )
    before = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="%Y-%m-%dT%H:%M:%SZ", utc=True),
        _add_request,
        _keep_one_line,
    ]
    if log_format == "json":
        before.append(structlog.processors.format_exc_info)
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "line": {
                "()": structlog.stdlib.ProcessorFormatter,
                "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
                "foreign_pre_chain": before,
            }
        },
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["console"], "level": level},
        "loggers": {
            # A visitor who asks for what is not there is no event of ours.
            "django.request": {"level": "ERROR"},
            "django.security.DisallowedHost": {"level": "CRITICAL"},
            # One line for each task would be a line every few seconds.
            "celery": {"level": "WARNING"},
            "kombu": {"level": "WARNING"},
            "axes": {"level": "WARNING"},
            "urllib3": {"level": "WARNING"},
            "botocore": {"level": "WARNING"},
        },
    }


def _add_request(_logger: Any, _method: str, line: dict[str, Any]) -> dict[str, Any]:
    handling = current.get()
    if handling.request_id:
        line["request_id"] = handling.request_id
    return line


def _keep_one_line(_logger: Any, _method: str, line: dict[str, Any]) -> dict[str, Any]:
    """What came from outside cannot look like a line of its own."""
    line["event"] = str(line["event"]).replace("\r", "\\r").replace("\n", "\\n")
    return line
