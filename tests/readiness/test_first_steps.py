"""The first steps of an installation: whose it is, whether mails arrive, what it begins with."""

from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from backups.models import BackupPolicy, Schedule
from common.errors import Stale
from ledger.models import Entry
from notify.models import Delivery
from people.choices import Role
from people.models import Organisation
from people.selectors import organisation, zone_of
from people.services import end_set_up, name_organisation
from readiness.services import begin
from tests.support.people import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator() -> Client:
    return signed_in(Role.ADMINISTRATOR, email="admin@example.org")


def step(client: Client, wanted: str, **fields: str):
    return client.post("/welcome/", {"step": wanted, **fields})


def test_until_somebody_names_it_the_settings_say_whose_house_it_is(settings):
    settings.ORGANISATION = "Settings Ltd"
    assert organisation().name == "Settings Ltd"


def test_the_name_given_stands_on_every_page(administrator):
    step(administrator, "name", name="东方公司", time_zone="Asia/Shanghai")
    assert "东方公司" in administrator.get("/").content.decode()
    assert Entry.objects.get(verb="organisation.named").data["after"]["time_zone"] == "Asia/Shanghai"


def test_the_clock_of_the_house_is_everybodys_who_chose_none(administrator):
    step(administrator, "name", name="House", time_zone="Asia/Shanghai")
    assert zone_of(administrator.person) == ZoneInfo("Asia/Shanghai")


def test_what_holdfast_saves_of_itself_follows_the_clock(administrator):
    begin()
    step(administrator, "name", name="House", time_zone="Asia/Shanghai")
    own = BackupPolicy.objects.get(is_own=True)
    assert set(own.schedules.values_list("time_zone", flat=True)) == {"Asia/Shanghai"}
    assert Schedule.objects.count() == 3


@pytest.mark.parametrize(
    ("name", "zone", "field"),
    [("", "UTC", "name"), ("x" * 61, "UTC", "name"), ("a\nb", "UTC", "name"), ("House", "Mars/Base", "time_zone")],
)
def test_what_is_no_name_or_zone_is_refused_and_what_was_typed_stays(administrator, name, zone, field):
    answer = step(administrator, "name", name=name, time_zone=zone)
    assert answer.status_code == 400
    assert field in answer.context["form"].errors
    assert not Organisation.objects.exists()


def test_a_test_mail_is_really_sent_to_the_one_who_asks(administrator, settings):
    settings.EMAIL_CONFIGURED = True
    step(administrator, "mail")
    delivery = Delivery.objects.get(way="email")
    assert (delivery.address, delivery.message.kind) == ("admin@example.org", "setup.mail_test")
    assert delivery.get_state_display() in administrator.get("/welcome/").content.decode()


def test_where_no_mail_server_is_set_that_is_said(administrator, settings):
    settings.EMAIL_CONFIGURED = False
    assert "EMAIL_URL" in administrator.post("/welcome/", {"step": "mail"}, follow=True).content.decode()


def test_who_has_no_address_is_told_so(settings):
    settings.EMAIL_CONFIGURED = True
    client = signed_in(Role.ADMINISTRATOR)
    assert "no e-mail address" in client.post("/welcome/", {"step": "mail"}, follow=True).content.decode()
    assert not Delivery.objects.filter(way="email").exists()


def test_beginning_empty_ends_the_first_steps(administrator):
    step(administrator, "finish")
    assert organisation().is_set_up
    assert not BackupPolicy.objects.exclude(is_own=True).exists()


def test_ending_them_twice_is_once(administrator):
    for _ in range(2):
        end_set_up(by=administrator.person)
    assert Entry.objects.filter(verb="organisation.set_up").count() == 1


def test_a_step_that_does_not_exist_is_404(administrator):
    assert step(administrator, "format-the-disk").status_code == 404


@pytest.mark.parametrize("role", [role for role in Role.values if role != Role.ADMINISTRATOR])
def test_nobody_else_gets_in(role):
    client = signed_in(role)
    assert client.get("/welcome/").status_code == 404
    assert step(client, "finish").status_code == 404
    assert not organisation().is_set_up


def test_who_saw_an_older_version_changes_nothing(administrator):

    name_organisation(name="One", time_zone="UTC", by=administrator.person)
    with pytest.raises(Stale):
        name_organisation(name="Two", time_zone="UTC", by=administrator.person, version=1)


def test_the_database_itself_refuses_a_second_organisation():
    Organisation.objects.create(name="One", time_zone="UTC")
    with pytest.raises(IntegrityError, match="organisation_is_one"), transaction.atomic():
        Organisation.objects.create(id=2, name="Two", time_zone="UTC")
