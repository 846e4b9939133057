"""Whoever loads the demo later than at the first start finds its people, too, and their passwords once."""

import re
import shutil
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils.translation import override

from backups.models import BackupPolicy
from common.doctor import Verdict
from common.doctor import database as doctor
from common.embedded.demo import keeping
from common.embedded.errors import ServerError
from common.embedded.places import Places
from common.embedded.postgres import Postgres
from incidents.models import Incident
from people.choices import Role
from people.models import User
from people.selectors import organisation, roles_of
from readiness.demo import server
from readiness.services import is_demo_loaded
from readiness.services.demo_people import cast, kept_in
from tests.support.people import person, signed_in

pytestmark = pytest.mark.django_db

OTHERS = [role for role in Role.values if role != Role.ADMINISTRATOR]


@pytest.fixture(autouse=True)
def as_before_the_first_start(settings):
    """A data folder of an own, that servers can enter; hashes that are meant to be slow prove nothing here."""
    settings.DATA_DIR = Path(settings.DATA_DIR) / "demo-people"
    settings.OWN_DATABASE = True
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    Places(settings.DATA_DIR).make()
    yield
    shutil.rmtree(settings.DATA_DIR)


def test_somebody_stands_for_every_role_and_can_sign_in():
    people, sign_ins = cast(by=None)
    assert set(people) == {each.role for each in sign_ins} == set(Role.values)
    assert all(people[each.role].check_password(each.password) for each in sign_ins)
    assert not kept_in().exists()


def test_whoever_loads_it_is_its_administrator_and_no_second_one_is_let_in():
    administrator = person(Role.ADMINISTRATOR)
    people, sign_ins = cast(by=administrator)
    assert people[Role.ADMINISTRATOR] == administrator
    assert [each.role for each in sign_ins] == OTHERS
    assert not User.objects.filter(is_staff=True).exclude(pk=administrator.pk).exists()


def test_who_has_the_name_already_is_not_taken_for_a_person_of_the_demo():
    real = person(Role.REPORTER, username="Manager")
    people, sign_ins = cast(by=None)
    assert people[Role.MANAGER].username == "demo-manager"
    assert set(roles_of(real)) == {Role.REPORTER}
    assert "Manager" not in {each.username for each in sign_ins}


def test_its_people_have_names_in_the_language_it_is_told_in_and_read_it():
    with override("zh-hans"):
        people, _sign_ins = cast(by=None)
    assert {each.language for each in people.values()} == {"zh-hans"}


def test_an_administrator_loads_it_in_the_language_of_the_page_and_sees_the_sign_ins_once():
    client = signed_in(Role.ADMINISTRATOR, language="zh-hans")
    shown = client.post("/welcome/", {"step": "demo"})
    assert shown["Cache-Control"] == "no-store"
    assert is_demo_loaded()
    words = re.findall(r'<code class="mono">(.+?)</code>', shown.content.decode())
    pairs = dict(zip(words[::2], words[1::2], strict=True))
    assert len(pairs) == len(OTHERS)
    assert all(User.objects.get(username=name).check_password(password) for name, password in pairs.items())

    assert Incident.objects.filter(reporter__username="reporter").exists()
    told = BackupPolicy.objects.exclude(is_own=True).values_list("name", flat=True)
    assert all(re.search(r"[\u4e00-\u9fff]", name) for name in told)
    assert organisation().is_set_up

    again = client.post("/welcome/", {"step": "demo"})
    assert (again.status_code, again["Location"]) == (302, "/")
    assert said("demo") == "The demo organisation is here already.\n"
    assert {finding.verdict for finding in doctor.demo()} == {Verdict.WARN}, "nobody keeps its server up here"


def test_where_nothing_would_keep_its_databases_up_it_is_refused_and_nothing_is_changed(settings, monkeypatch):
    settings.OWN_DATABASE = False
    monkeypatch.setattr(server, "KEEPER_SECONDS", 0)
    client = signed_in(Role.ADMINISTRATOR)
    refused = client.post("/welcome/", {"step": "demo"}, follow=True)
    assert "manage.py demo_server" in refused.content.decode()
    with pytest.raises(CommandError, match="nothing keeps it up"):
        call_command("demo")
    assert not is_demo_loaded()
    assert User.objects.count() == 1
    assert not Places(Path(settings.DATA_DIR)).demo.exists()


def test_a_server_that_is_kept_up_is_nobody_elses_to_start(settings):
    places = Places(Path(settings.DATA_DIR))
    with keeping(places), pytest.raises(ServerError, match="kept up"), keeping(places):
        pass
    assert not Postgres.of_demo(places).answers()


def test_who_has_no_demo_hears_nothing_of_it_from_doctor():
    assert list(doctor.demo()) == []


def said(*arguments: str) -> str:
    output = StringIO()
    call_command(*arguments, stdout=output)
    return output.getvalue()
