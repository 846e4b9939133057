"""What pages refuse is said in words, strict headers are on all of them, and preferences are kept."""

import pytest
from django.db import OperationalError
from django.test import Client, override_settings
from django.utils import timezone

from common.errors import NotAllowed
from people import services
from people.choices import Role
from people.models import User
from tests.support.people import PASSWORD, person, signed_in

pytestmark = pytest.mark.django_db


def test_nothing_here_is_a_page_with_a_way_out_and_a_number():
    answer = signed_in(Role.REPORTER).get("/nothing-here/")

    assert answer.status_code == 404
    assert "There is nothing here" in answer.content.decode()
    assert answer["X-Request-ID"] in answer.content.decode()


@pytest.mark.parametrize("path", ["/?x=%00", "/a%00b", "/accounts/login/?next=%00"])
def test_a_nul_byte_in_an_address_is_400_in_words(path):
    answer = Client().get(path)

    assert answer.status_code == 400
    assert "cannot be read" in answer.content.decode()


@pytest.mark.parametrize("path", ["/%ff%fe", "/?x=%ff", "/accounts/login/?next=%ff%fe", "/" + "x" * 6000])
def test_bad_encodings_in_addresses_never_break_anything(path):
    assert Client().get(path).status_code in {200, 302, 400, 404}


def test_what_a_service_refuses_is_a_page_in_its_own_words(monkeypatch):
    def refuse(*_args, **_kwargs):
        raise NotAllowed

    client = signed_in(Role.REPORTER)
    monkeypatch.setattr("people.services.set_preferences", refuse)

    answer = client.post("/preferences/", {"theme": "dark"})

    assert answer.status_code == 403
    assert "Your role does not allow this." in answer.content.decode()


@pytest.mark.parametrize(("error", "status"), [(ZeroDivisionError(), 500), (OperationalError(), 503)])
def test_a_defect_and_a_database_that_is_away_are_pages_too(monkeypatch, error, status):
    def fail(*_args, **_kwargs):
        raise error

    client = signed_in(Role.REPORTER)
    client.raise_request_exception = False
    monkeypatch.setattr("people.services.set_preferences", fail)

    answer = client.post("/preferences/", {"theme": "dark"})

    assert answer.status_code == status
    assert answer["X-Request-ID"] in answer.content.decode()


@pytest.mark.parametrize("path", ["/accounts/login/", "/nothing/", "/?x=%00", "/healthz"])
def test_product_pages_allow_nothing_inline_and_no_other_origin(path):
    answer = Client().get(path)
    policy = answer["Content-Security-Policy"]

    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy
    assert "*" not in policy
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["Referrer-Policy"] == "same-origin"


def test_admin_and_docs_have_their_own_policies_and_still_no_other_origin():
    admin = signed_in(Role.ADMINISTRATOR).get("/admin/")["Content-Security-Policy"]
    docs = Client().get("/api/docs/")["Content-Security-Policy"]

    assert "'unsafe-eval'" in admin
    assert "'unsafe-eval'" not in docs
    assert "script-src 'self'" in [directive.strip() for directive in docs.split(";")]
    for policy in (admin, docs):
        assert "http" not in policy
        assert "*" not in policy


class TestPreferences:
    """Language, theme and time zone of the reader."""

    def test_language_and_theme_are_kept_with_the_person(self):
        client = signed_in(Role.REPORTER)

        client.post("/preferences/", {"language": "zh-hans", "next": "/messages/"})
        client.post("/preferences/", {"theme": "dark"})

        kept = User.objects.get(pk=client.person.pk)
        assert (kept.language, kept.theme) == ("zh-hans", "dark")
        assert client.get("/accounts/password/change/")["Content-Language"] == "zh-hans"

    def test_a_stranger_keeps_them_in_cookies(self):
        client = Client()

        client.post("/preferences/", {"language": "zh-hans"})
        client.post("/preferences/", {"theme": "dark"})

        page = client.get("/accounts/login/")
        assert page["Content-Language"] == "zh-hans"
        assert 'data-theme="dark"' in page.content.decode()

    @pytest.mark.parametrize(
        ("header", "language"), [("zh-CN,zh;q=0.9", "zh-hans"), ("de", "en"), ("en-GB", "en"), ("x" * 5000, "en")]
    )
    def test_else_the_browser_decides_and_else_the_installation(self, header, language):
        answer = Client().get("/accounts/login/", headers={"Accept-Language": header})

        assert answer["Content-Language"] == language

    def test_the_persons_choice_wins_over_the_browser(self):
        client = signed_in(Role.REPORTER, language="en")

        answer = client.get("/accounts/password/change/", headers={"Accept-Language": "zh-CN"})

        assert answer["Content-Language"] == "en"

    @pytest.mark.parametrize(
        "sent", [{"language": "tlh"}, {"theme": "<script>"}, {"theme": "a\0b"}, {"time_zone": "x\0"}]
    )
    def test_what_does_not_exist_is_400_and_changes_nothing(self, sent):
        client = signed_in(Role.REPORTER, language="en")

        assert client.post("/preferences/", sent).status_code == 400
        assert User.objects.get(pk=client.person.pk).language == "en"

    def test_a_time_zone_that_does_not_exist_is_refused_in_words(self):
        assert signed_in(Role.REPORTER).post("/preferences/", {"time_zone": "Mars/Olympus"}).status_code == 400

    @pytest.mark.parametrize(
        "target", ["https://evil.example", "//evil.example", "/\\evil", "javascript:x", "/a\r\nX: 1"]
    )
    def test_next_never_leads_away(self, target):
        answer = Client().post("/preferences/", {"theme": "dark", "next": target})

        assert answer["Location"] == "/"

    def test_they_are_changed_by_posting_only(self):
        assert Client().get("/preferences/").status_code == 405

    def test_times_are_shown_in_the_readers_zone(self, settings):
        seen = []

        def look(*_args, **_kwargs):
            seen.append(timezone.get_current_timezone_name())

        settings.ORGANISATION_TIME_ZONE = "Europe/Berlin"
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("people.services.set_preferences", look)
            signed_in(Role.REPORTER, time_zone="Asia/Shanghai").post("/preferences/", {"theme": "dark"})
            signed_in(Role.REPORTER).post("/preferences/", {"theme": "dark"})

        assert seen == ["Asia/Shanghai", "Europe/Berlin"]
        assert timezone.get_current_timezone_name() == "UTC"

    def test_programs_are_told_times_in_utc_whoever_asks(self):
        client = signed_in(Role.ADMINISTRATOR, time_zone="Asia/Shanghai")
        assert client.get("/api/v1/people/").json()["results"][0]["created_at"].endswith("Z")


class TestForgottenPassword:
    """A link by mail, the same answer for everybody."""

    RESET = "/accounts/password/reset/"

    @pytest.fixture(autouse=True)
    def mailing(self, settings):
        settings.EMAIL_CONFIGURED = True

    def ask(self, address, callbacks):
        with callbacks() as queued:
            answer = Client().post(self.RESET, {"email": address})
        return answer, len(queued)

    def test_the_link_leads_to_a_new_password_once(self, mailoutbox, settings):
        ana = person(Role.REPORTER, username="ana", email="ana@example.org", password=PASSWORD)
        services.request_password_reset(person=ana)
        services.send_password_reset(person_id=ana.pk)
        link = next(line for line in mailoutbox[-1].body.splitlines() if line.startswith(settings.BASE_URL))
        path = link.removeprefix(settings.BASE_URL)

        client = Client()
        form = client.get(path, follow=True)
        answer = client.post(
            form.redirect_chain[-1][0], {"password1": "another-Good-one-8", "password2": "another-Good-one-8"}
        )

        assert answer.status_code == 302
        assert User.objects.get(pk=ana.pk).check_password("another-Good-one-8")
        assert "_auth_user_id" not in client.session
        assert Client().get(path).context["token_fail"]

    def test_an_address_that_nobody_has_gets_the_same_answer_and_no_mail(self, django_capture_on_commit_callbacks):
        person(Role.REPORTER, email="ana@example.org", password=PASSWORD)

        known, queued = self.ask("Ana@Example.org", django_capture_on_commit_callbacks)
        unknown, queued_for_nobody = self.ask("nobody@example.org", django_capture_on_commit_callbacks)

        assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
        assert (queued, queued_for_nobody) == (1, 0)

    @pytest.mark.parametrize("gone", [{"is_active": False}, {"is_machine": True}, {"email": ""}])
    def test_no_mail_goes_to_who_may_not_sign_in(self, mailoutbox, gone):
        ana = person(Role.REPORTER, email="ana@example.org", password=PASSWORD)
        services.request_password_reset(person=ana)
        User.objects.filter(pk=ana.pk).update(**gone)

        services.send_password_reset(person_id=ana.pk)

        assert not mailoutbox

    def test_where_no_mail_is_sent_it_says_so(self, settings):
        settings.EMAIL_CONFIGURED = False
        assert "sends no e-mail" in Client().get(self.RESET).content.decode()
        answer = Client().post(self.RESET, {"email": "ana@example.org"})

        assert "sends no e-mail" in answer.content.decode()

    @override_settings(ALLOWED_HOSTS=["*"])
    def test_the_link_does_not_follow_the_host_header(self, mailoutbox, settings):
        ana = person(Role.REPORTER, email="ana@example.org", password=PASSWORD)
        Client(headers={"Host": "evil.example"}).post(self.RESET, {"email": "ana@example.org"})
        services.send_password_reset(person_id=ana.pk)

        assert "evil.example" not in mailoutbox[-1].body
        assert settings.BASE_URL in mailoutbox[-1].body
