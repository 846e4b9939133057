"""No text without an end, neither in forms nor in the database."""

import pytest
from django.apps import apps
from django.db import models
from django.db.models.functions import Length

from common.sealed import SealedField


def texts():
    for model in apps.get_app_config("incidents").get_models():
        for field in model._meta.local_concrete_fields:
            if isinstance(field, models.TextField) and not isinstance(field, SealedField):
                yield pytest.param(model, field, id=f"{model.__name__}.{field.name}")


@pytest.mark.parametrize(("model", "field"), list(texts()))
def test_every_text_has_the_same_limit_in_forms_and_in_the_database(model, field):
    held = [
        condition.rhs
        for constraint in model._meta.constraints
        for condition in [getattr(constraint, "condition", None)]
        if isinstance(getattr(condition, "lhs", None), Length)
        and condition.lhs.get_source_expressions()[0].name == field.name
    ]
    assert held == [field.max_length]
