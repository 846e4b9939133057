"""A key that is narrowed to scopes reaches what they name, at every address, and nothing else."""

from types import SimpleNamespace

import pytest

from people.choices import Role
from people.models import ApiKey
from people.permissions import WithinScopes
from tests.common.api_operations import operations
from tests.support.people import with_key

pytestmark = pytest.mark.django_db

APPS = sorted({each.view.cls.__module__.partition(".")[0] for each in operations()})
#: Open to every key: it says what the key is.
OPEN = {"/api/v1/me/"}


#: Each right alone.
SCOPES = [f"{app}:{right}" for app in APPS for right in ("read", "write")]


def test_each_scope_reaches_its_own_and_no_other_at_every_address():
    wrong = []
    for each in operations():
        view = each.view.cls()
        app = type(view).__module__.partition(".")[0]
        allowed = {f"{app}:write"} | ({f"{app}:read"} if each.method == "get" else set())
        for scope in SCOPES:
            request = SimpleNamespace(method=each.method.upper(), auth=ApiKey(scopes=[scope]))
            asked = [permission for permission in view.permission_classes if permission is WithinScopes]
            may = all(permission().has_permission(request, view) for permission in asked)
            if may != (each.path in OPEN or scope in allowed):
                wrong.append(f"{scope}: {each.method} {each.path}")

    assert wrong == []


@pytest.mark.parametrize("app", APPS)
def test_a_request_beyond_the_scopes_is_refused_in_words(app):
    client = with_key(Role.ADMINISTRATOR, scopes=[f"{app}:read"])
    own, others = [next(each for each in operations() if (_app(each) == app) == is_own) for is_own in (True, False)]

    assert _refused(client, others)
    assert not _refused(client, own)


@pytest.mark.parametrize("path", sorted(OPEN))
def test_what_is_open_is_open_to_every_key(path):
    client = with_key(Role.REPORTER, scopes=["catalog:read"])

    assert client.get(path).json()["scopes"] == ["catalog:read"]


def _app(each):
    return "" if each.path in OPEN else each.view.cls.__module__.partition(".")[0]


def _refused(client, each):
    answer = client.get(each.address)
    return answer.status_code == 403 and answer.json()["message"] == "The scopes of this key do not reach this."
