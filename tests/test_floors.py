"""Relations between models point downward, as imports do: a foreign key upward is an import in disguise."""

import re
from collections.abc import Iterator
from pathlib import Path

from django.apps import apps
from django.conf import settings

#: From the ground up. Those on one line are independent of each other.
FLOORS = [
    {"common"},
    {"ledger"},
    {"people"},
    {"catalog"},
    {"notify"},
    {"actions"},
    {"monitoring"},
    {"backups", "access"},
    {"runbooks"},
    {"incidents"},
    {"records"},
    {"readiness"},
]
HEIGHT = {app: height for height, floor in enumerate(FLOORS) for app in floor}


def ours():
    return [model for model in apps.get_models(include_auto_created=True) if model._meta.app_label in HEIGHT]


def test_no_relation_points_upward_or_sideways():
    wrong = [
        f"{model._meta.label}.{field.name} → {field.related_model._meta.label}"
        for model in ours()
        for field in model._meta.get_fields()
        if field.is_relation
        and not field.auto_created
        and field.related_model is not None
        and (target := field.related_model._meta.app_label) in HEIGHT
        and target != model._meta.app_label
        and HEIGHT[target] >= HEIGHT[model._meta.app_label]
    ]
    assert ours()
    assert wrong == []


def fetched_by_name() -> Iterator[tuple[Path, str, str]]:
    """Source file, its app, and the app that it fetches a model of by name."""
    for app in HEIGHT:
        for path in (settings.BASE_DIR / app).rglob("*.py"):
            if "migrations" not in path.parts:
                for target in re.findall(r"get_model\(\s*[\"'](\w+)", path.read_text(encoding="utf-8")):
                    yield path.relative_to(settings.BASE_DIR), app, target


def test_no_model_is_fetched_upward_by_its_name():
    wrong = [
        f"{path} asks for {target}"
        for path, app, target in fetched_by_name()
        if target in HEIGHT and target != app and HEIGHT[target] >= HEIGHT[app]
    ]
    assert wrong == []


def test_nobody_relates_to_anything_by_content_type():
    generic = [
        f"{model._meta.label}.{field.name}"
        for model in ours()
        for field in model._meta.get_fields(include_hidden=True)
        if field.is_relation
        and field.related_model is not None
        and field.related_model._meta.label == "contenttypes.ContentType"
        and not field.auto_created
    ]
    assert generic == []
