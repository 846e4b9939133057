"""The organisation's own texts: plain names in braces, checked as they are kept; nothing in them is carried out."""

import pytest

from catalog.models import Site
from common.errors import Stale, Taken
from ledger.models import Entry
from notify import services
from notify.errors import WrongChannel
from notify.events import Event, declare
from notify.models import Message, Template

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def kinds():
    declare(Event("test.told", "Told", {"word": "word", "name": "thing.name"}, examples={"word": "Monday"}))


@pytest.fixture
def site():
    return Site.objects.create(name="Harbour")


def write(by, **options):
    values = {"kind": "test.told", "language": "en", "subject": "{about} now", "body": "{word}: {name} {url}"}
    return services.add_template(by=by, **{**values, **options})


def told(site, to, **context):
    services.tell(kind="test.told", about=site, to=[to], context={"thing": site, **context}, url="/x/")
    return Message.objects.get(to=to)


def test_a_message_is_written_in_the_own_text(site, ada, settings):
    settings.BASE_URL = "https://holdfast.example.org"
    write(ada)
    message = told(site, ada, word="Friday")
    assert (message.subject, message.body) == ("Harbour now", "Friday: Harbour https://holdfast.example.org/x/")


def test_a_language_without_an_own_text_takes_the_products(site, ada, chen):
    write(ada)
    assert told(site, chen, word="!").subject == "星期一: Harbour !"


def test_what_a_value_holds_is_never_looked_at_again(site, ada):
    write(ada, body="{word}")
    assert told(site, ada, word="{url} {{ settings.SECRET_KEY }} {% debug %}").body == (
        "{url} {{ settings.SECRET_KEY }} {% debug %}"
    )


@pytest.mark.parametrize(
    "body",
    [
        "{secret}", "{about.pk}", "{about.__class__}", "{to}", "{0}", "{}", "{word!r}", "{word:>9}", "{ settings }",
        "{{ word.x }}", "{thing}", "", "x" * 4001, "a\x00b",
    ],
)  # fmt: skip
def test_a_text_that_asks_for_what_is_not_offered_is_refused(ada, body):
    with pytest.raises(WrongChannel) as refusal:
        write(ada, body=body)
    assert list(refusal.value.fields) == ["body"]
    assert not Template.objects.exists()


def test_the_refusal_names_what_is_offered(ada):
    with pytest.raises(WrongChannel) as refusal:
        write(ada, subject="{wrod}")
    assert "{word}" in refusal.value.fields["subject"][0]


@pytest.mark.parametrize("wrong", [{"kind": "no.such"}, {"language": "xx"}, {"subject": "two\nlines"}])
def test_only_known_events_languages_and_lines_are_taken(ada, wrong):
    with pytest.raises(WrongChannel):
        write(ada, **wrong)


def test_tags_of_templates_are_refused(ada):
    with pytest.raises(WrongChannel):
        write(ada, body="{% load x %} {word}")


def test_one_text_an_event_and_language_changed_on_what_was_seen(ada):
    template = write(ada)
    with pytest.raises(Taken):
        write(ada)
    services.change_template(template_id=template.pk, by=ada, version=1, subject="{word}")
    with pytest.raises(Stale):
        services.change_template(template_id=template.pk, by=ada, version=1, subject="{about}")
    with pytest.raises(WrongChannel):
        services.change_template(template_id=template.pk, by=ada, subject="{nothing}")
    assert Template.objects.get().subject == "{word}"


def test_taken_away_the_products_text_counts_again(site, ada):
    services.remove_template(template_id=write(ada).pk, by=ada)
    assert told(site, ada, word="!").subject == "Monday: Harbour !"
    assert Entry.objects.filter(verb__startswith="template.").count() == 2


def test_a_preview_shows_examples_and_keeps_nothing(ada):
    subject, body = services.preview(kind="test.told", language="en", subject="{word}", body="{name}")
    assert (subject, body) == ("Monday", "[name]")
    assert not Template.objects.exists()
