"""Apps: Apprise knows how each is spoken to, and reaches nothing that was not checked."""

import socket

import apprise
import pytest
import requests

from common.secrets import MASK
from notify.adapters import apps
from notify.adapters.door import Door
from notify.adapters.refusals import NotSent
from notify.choices import Outcome
from people.choices import APP_SCHEMES, SELF_HOSTED
from tests.notify.hooks import Answer, Names, running_hook

TOKEN = "tokenoftests"


@pytest.fixture(autouse=True)
def loopback(settings):
    settings.OUTGOING_LOOPBACK = True


@pytest.fixture
def server():
    with running_hook() as found:
        yield found


def send(port, host="127.0.0.1", scheme="gotify", **options):
    return apps.send(f"{scheme}://{host}:{port}/{TOKEN}", subject="Told", text="Something happened.", **options)


def refused(*arguments, **options) -> NotSent:
    with pytest.raises(NotSent) as refusal:
        send(*arguments, **options)
    assert TOKEN not in str(refusal.value) + refusal.value.text
    return refusal.value


@pytest.mark.parametrize("scheme", ["gotify", "ntfy", "bark", "mmost"])
def test_an_app_of_the_house_gets_it(scheme, server):
    assert send(server.port, scheme=scheme).status == 200
    assert b"Something happened" in server.requests[0].body


@pytest.mark.parametrize("scheme", sorted(APP_SCHEMES))
def test_every_app_that_may_be_named_is_reached_through_the_door_only(scheme):
    plugin = apprise.manager_plugins.NotificationManager()[scheme]
    assert plugin.enabled
    assert apps._door().leads(plugin)
    assert SELF_HOSTED <= APP_SCHEMES


def test_a_plugin_that_sends_in_another_way_is_not_used():
    assert not Door().leads(apprise.manager_plugins.NotificationManager()["syslog"])


def test_a_name_that_leads_to_the_cloud_below_is_refused_for_good(server, monkeypatch):
    monkeypatch.setattr(socket, "getaddrinfo", Names("169.254.169.254"))
    refusal = refused(server.port, "gotify.example.org")
    assert (refusal.outcome, refusal.is_permanent) == (Outcome.NOT_SENT_THERE, True)


def test_a_name_that_changes_after_it_was_checked_changes_nothing(server, monkeypatch):
    names = Names("127.0.0.1", "169.254.169.254")
    monkeypatch.setattr(socket, "getaddrinfo", names)
    send(server.port, "gotify.example.org")
    assert len(server.requests) == len(names.asked) == 1


def test_the_next_message_is_checked_anew(server, monkeypatch):
    monkeypatch.setattr(socket, "getaddrinfo", Names("127.0.0.1", "169.254.169.254"))
    send(server.port, "gotify.example.org")
    assert refused(server.port, "gotify.example.org").outcome == Outcome.NOT_SENT_THERE
    assert len(server.requests) == 1


def test_a_redirect_is_not_followed(server):
    server.answers = [Answer(307, b"", {"Location": f"http://127.0.0.1:{server.port}/elsewhere"})]
    assert refused(server.port).status == 307
    assert len(server.requests) == 1


def test_this_machine_is_reached_only_where_it_is_allowed(server, settings):
    settings.OUTGOING_LOOPBACK = False
    assert refused(server.port).outcome == Outcome.NOT_SENT_THERE
    assert not server.requests


def test_a_proxy_of_the_environment_is_not_asked(server, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("NO_PROXY", "")
    assert send(server.port).status == 200


def test_options_of_an_address_are_not_read(server):
    apps.send(f"gotify://127.0.0.1:{server.port}/{TOKEN}?redirect=yes&rto=9999&verify=no", subject="Told", text="x")
    assert len(server.requests) == 1


def test_what_the_other_side_says_is_kept_without_the_address(server):
    server.answers = [Answer(500, f"no such token: {TOKEN}".encode())]
    refusal = refused(server.port)
    assert (refusal.status, refusal.text, refusal.outcome) == (500, f"no such token: {MASK}", Outcome.REFUSED)


@pytest.mark.parametrize("trick", ["mute", "dripping"])
def test_an_app_that_never_answers_is_not_waited_for(trick):
    with running_hook(trick) as server:
        assert refused(server.port, deadline_seconds=0.3).outcome == Outcome.LATE


def test_an_answer_without_end_is_not_read():
    with running_hook("huge") as server:
        assert refused(server.port).outcome == Outcome.NOT_REACHED


def test_one_that_is_away_is_tried_again(monkeypatch):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        refusal = refused(taken.getsockname()[1])
    assert (refusal.outcome, refusal.is_permanent) == (Outcome.NOT_REACHED, False)


def test_where_no_message_is_being_sent_the_door_is_closed(server):
    with pytest.raises(requests.RequestException, match="No message"):
        apps._door().post(server.url)
    with pytest.raises(AttributeError):
        apps._door().Session  # noqa: B018  a plugin that makes its own would go round it
    assert not server.requests


@pytest.mark.parametrize("address", ["json://127.0.0.1/", "syslog://", "xmpp://user:pw@example.org", "gotify://"])
def test_other_kinds_of_addresses_and_broken_ones_are_refused_for_good(address):
    with pytest.raises(NotSent) as refusal:
        apps.send(address, subject="x", text="x")
    assert refusal.value.is_permanent
