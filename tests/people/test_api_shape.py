"""Whatever is sent to the API, a refusal has one shape, nothing changes, and nothing breaks."""

import json
from urllib.parse import quote

import pytest
from django.core.management import call_command
from django.test import Client

from people.choices import Role
from people.models import ApiKey, User
from tests.support.people import person, signed_in, with_key

pytestmark = pytest.mark.django_db

KEYS = "/api/v1/api-keys/"
PEOPLE = "/api/v1/people/"
MEGABYTE = 1024 * 1024


def assert_refused(answer, status: int, code: str) -> dict:
    found = answer.json()
    assert (answer.status_code, found["code"]) == (status, code)
    assert set(found) <= {"code", "message", "fields", "request_id"}
    assert found["request_id"] == answer["X-Request-ID"]
    assert found["message"]
    return found


@pytest.fixture
def admin() -> Client:
    return signed_in(Role.ADMINISTRATOR)


def test_without_key_or_session_it_is_401():
    assert_refused(Client().get(PEOPLE), 401, "not_authenticated")


@pytest.mark.parametrize("path", ["/api/v1/nothing/", "/api/", "/api/v1/people/nothing/", f"{PEOPLE}../../etc/passwd"])
def test_an_address_that_does_not_exist_is_404(admin, path):
    assert_refused(admin.get(path), 404, "not_found")


@pytest.mark.parametrize("row", ["x", "00000000-0000-0000-0000-000000000000", "1", "%20", "’", "a%0Ab"])
def test_an_id_that_nothing_has_is_404(admin, row):
    assert_refused(admin.get(f"{PEOPLE}{row}/"), 404, "not_found")


def test_a_method_that_is_not_offered_is_405(admin):
    assert_refused(admin.delete(PEOPLE), 405, "method_not_allowed")


@pytest.mark.parametrize(
    "body",
    [
        b"", b"{", b"not json", b"\xff\xfe", b'{"name": "\xc3\x28"}', b'{"name": NaN}', b'{"a": 1e999}', b"[" * 100_000,
        b'{"name": "a\\u0000b"}', b'{"name": "\\ud800"}', b'{"na\\u0000me": 1}', b"9" * 5000, b"[[]]" * 2,
        b'{"a":' * 40 + b"1" + b"}" * 40, '{"name": "x"}'.encode("utf-16"),
    ],
)  # fmt: skip
def test_a_body_that_is_not_plain_json_is_400(admin, body):
    answer = admin.post(KEYS, body, "application/json")

    assert answer.status_code == 400
    assert answer.json()["code"] in {"parse_error", "invalid"}
    assert not ApiKey.objects.exists()


@pytest.mark.parametrize(
    "value",
    [None, 1, "text", [], [1], {}, True, {"name": []}, {"name": {"a": 1}, "role": 7}, {"scopes": "people:read"}],
)
def test_a_body_of_another_kind_is_400_and_names_the_inputs(admin, value):
    answer = admin.post(KEYS, json.dumps(value), "application/json")

    assert_refused(answer, 400, "invalid")
    assert answer.json()["fields"]
    assert not ApiKey.objects.exists()


def test_an_input_that_we_do_not_know_is_refused_by_name(admin):
    answer = admin.post(KEYS, {"name": "robot", "role": "Reporter", "is_superuser": True}, "application/json")

    assert "is_superuser" in assert_refused(answer, 400, "invalid")["fields"]


def test_what_a_service_refuses_has_the_shape_too(admin):
    answer = admin.post(KEYS, {"name": "robot", "role": "Reporter", "scopes": ["x:read"]}, "application/json")

    assert_refused(answer, 400, "unknown_scope")


def test_another_content_type_is_415(admin):
    assert_refused(admin.post(KEYS, "name=x", "text/plain"), 415, "unsupported_media_type")


@pytest.mark.parametrize("charset", ["utf-7", "hex", "utf-16", "nothing", "base64"])
@pytest.mark.parametrize("kind", ["application/json", "application/x-www-form-urlencoded", "multipart/form-data"])
def test_another_encoding_is_refused(admin, charset, kind):
    answer = admin.generic("POST", KEYS, b"x=1", f"{kind}; charset={charset}; boundary=b")

    assert_refused(answer, 415, "unsupported_charset")


@pytest.mark.parametrize("kind", ["application/json", "multipart/form-data; boundary=b", "text/plain"])
def test_a_body_of_twelve_megabytes_is_413(admin, kind, settings):
    settings.UPLOAD_MAX_BYTES = 10 * MEGABYTE
    assert_refused(admin.post(KEYS, b"x" * (12 * MEGABYTE), kind), 413, "too_large")
    assert "too large" in admin.post("/accounts/login/", b"x" * (12 * MEGABYTE), kind).content.decode()


@pytest.mark.parametrize("where", ["?search=%00", "?cursor=%00", "?is_active=%00", "a%00b/"])
def test_nul_bytes_in_addresses_are_400(admin, where):
    assert admin.get(PEOPLE + where).status_code == 400


@pytest.mark.parametrize(
    "query",
    [
        "search=%ff%fe", "search=" + "x" * 8000, "cursor=x", "cursor=cD1hYmM%3D", "cursor=%F0%9F%98%80",
        "page_size=99999999999999999999", "page_size=-1", "page_size=x", "is_active=maybe", "ordering=password",
        "ordering=-name,__proto__", "ordering=" + quote("name;drop table"), "search=%25_%27%22%5C",
        "is_active=1&is_active=2",
    ],
)  # fmt: skip
def test_queries_that_make_no_sense_never_break_anything(admin, query):
    assert admin.get(f"{PEOPLE}?{query}").status_code in {200, 400, 404}


def test_a_cursor_of_another_ordering_is_not_taken(admin):
    for _number in range(3):
        person()
    first = admin.get(f"{PEOPLE}?page_size=1&ordering=name").json()
    cursor = first["next"].partition("cursor=")[2].partition("&")[0]

    assert admin.get(f"{PEOPLE}?page_size=1&ordering=name&cursor={cursor}").status_code == 200
    refused = assert_refused(admin.get(f"{PEOPLE}?page_size=1&ordering=created_at&cursor={cursor}"), 400, "invalid")
    assert list(refused["fields"]) == ["cursor"]


def test_pages_list_everybody_once_forward_and_back(admin):
    for _number in range(7):
        person()
    seen, address, last = [], f"{PEOPLE}?page_size=3", None
    while address:
        last = admin.get(address).json()
        seen += [row["id"] for row in last["results"]]
        address = last["next"]
    back = admin.get(last["previous"]).json()

    assert sorted(seen) == sorted(str(pk) for pk in User.objects.values_list("pk", flat=True))
    assert len(back["results"]) == 3


def test_a_page_has_at_most_two_hundred_rows(admin):
    User.objects.bulk_create([User(username=f"u{number}", name="U") for number in range(210)])

    assert len(admin.get(f"{PEOPLE}?page_size=200").json()["results"]) == 200
    assert list(assert_refused(admin.get(f"{PEOPLE}?page_size=201"), 400, "invalid")["fields"]) == ["page_size"]


def test_the_number_of_queries_does_not_grow_with_the_list(admin, django_assert_max_num_queries):
    User.objects.bulk_create([User(username=f"u{number}", name="U") for number in range(40)])
    admin.get(PEOPLE)  # the first request of a session writes the session down

    with django_assert_max_num_queries(6):
        admin.get(PEOPLE)


def test_a_session_needs_the_token_to_change_something_and_a_key_does_not():
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(person(Role.ADMINISTRATOR))
    new = {"name": "robot", "role": "Reporter"}

    assert_refused(strict.post(KEYS, new, "application/json"), 403, "permission_denied")
    key = with_key(Role.ADMINISTRATOR)
    key.handler.enforce_csrf_checks = True
    assert key.post(KEYS, new, "application/json").status_code == 201


def test_the_answer_speaks_the_language_of_the_request(admin):
    answer = admin.get("/api/v1/nothing/", headers={"Accept-Language": "zh-CN"})

    assert answer["Content-Language"] == "zh-hans"


@pytest.mark.parametrize("query", ["", "?lang=../../x", "?version=%0aX", "?format=json", "?format=x", "?lang=zh-hans"])
def test_schema_and_docs_are_there_without_the_internet_whatever_is_asked(query):
    client = Client()

    assert client.get(f"/api/schema/{query}").status_code in {200, 404}
    docs = client.get(f"/api/docs/{query}")
    assert docs.status_code in {200, 404}
    assert b"http://" not in docs.content.replace(b"http://www.w3.org", b"")
    assert b"https://" not in docs.content


def test_the_schema_is_whole_and_names_the_way_to_sign_in():
    schema = Client().get("/api/schema/", headers={"Accept": "application/vnd.oai.openapi+json"}).json()

    assert schema["openapi"].startswith("3.")
    assert schema["components"]["securitySchemes"]["key"] == {"type": "http", "scheme": "bearer"}
    assert "/api/v1/api-keys/" in schema["paths"]


def test_the_schema_is_valid_and_made_without_a_warning(tmp_path):
    call_command("spectacular", file=str(tmp_path / "schema.yaml"), validate=True, fail_on_warn=True)


def test_the_root_lists_where_to_start():
    found = Client().get("/api/v1/").json()

    assert found["people"].endswith("/api/v1/people/")
    assert found["schema"].endswith("/api/schema/")


def test_a_defect_of_ours_is_500_in_the_same_shape(admin, monkeypatch):
    monkeypatch.setattr("people.api.People.get_queryset", lambda self: 1 / 0)
    admin.raise_request_exception = False

    assert_refused(admin.get(PEOPLE), 500, "server_error")
