"""Every page in Simplified Chinese: no sentence is left in English."""

import re
from datetime import timedelta
from html.parser import HTMLParser

import pytest
from django.utils.translation import override

from backups.choices import Outcome, Phase, RunKind
from common.own_names import shown
from people.choices import Role
from readiness.services import begin
from readiness.services.beginnings import PLAN
from tests.backups.rows import asserted, copy_of, ended, policy, running, step
from tests.catalog.factories import DependencyFactory, MeasurementFactory, ServiceFactory, SystemFactory
from tests.readiness.people import person

pytestmark = pytest.mark.django_db

#: Three Latin words in a row are a sentence that nobody translated.
SENTENCE = re.compile(r"[A-Za-z]{2,}(?: [A-Za-z]{2,}){2,}")
#: Names that the rows of this test have.
OURS = ("System of",)
SPOKEN = ("title", "aria-label", "alt", "placeholder", "data-label", "data-now")
ADDRESSES = (
    "/",
    "/messages/",
    "/report/",
    "/incidents/",
    "/incidents/?state=all",
    "/plans/",
    "/backups/",
    "/backups/?show=attention",
    "/backups/mail/",
    "/restore-tests/",
    "/accounts/2fa/",
    "/accounts/logout/",
    "/accounts/password/change/",
    "/nothing-here/",
)
ANONYMOUS = ("/accounts/login/", "/accounts/password/reset/", "/accounts/password/reset/done/", "/nothing-here/")


class Words(HTMLParser):
    """Collects what a page says: its text and what is read out, without code and what tools printed."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.said += [str(given[name]) for name in SPOKEN if given.get(name)]
        self.silent += tag in {"code", "pre", "script", "style"} or (self.silent > 0 and tag == "i")

    def handle_endtag(self, tag: str) -> None:
        self.silent -= tag in {"code", "pre", "script", "style"} or (self.silent > 0 and tag == "i")

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.said.append(" ".join(data.split()))


def english(page: str) -> list[str]:
    words = Words()
    words.feed(page)
    found = [text for text in words.said if SENTENCE.search(text) and not any(name in text for name in OURS)]
    return sorted(set(found))


def a_house() -> list[str]:
    """Something of everything. Returns the addresses of runs."""
    for number, (took, criticality) in enumerate([(1, "critical"), (9, "important"), (None, "normal")]):
        service = ServiceFactory(name=f"Service {number}", criticality=criticality)
        system = SystemFactory(name=f"System of {number}")
        DependencyFactory(service=service, on_system=system)
        if took:
            MeasurementFactory(system=system, recovery_time=timedelta(hours=took))
    plan = policy("mail")
    took = timedelta(hours=1)
    test = ended(plan, RunKind.RESTORE_TEST, Outcome.PASS, recovery_time=took, copy=copy_of(plan), level=5)
    step(test, "sandbox", phase=Phase.SANDBOX)
    step(test, "restore", phase=Phase.RESTORE, outcome="warn")
    asserted(test, "System of", outcome="fail")
    bad = ended(plan, RunKind.CHECK, Outcome.FAIL, failed_level=2, failed_step="digest", reason_code="copy_missing")
    unisolated = ended(policy("files"), RunKind.RESTORE_TEST, Outcome.ERROR, isolation="none", reason_code="could_not")
    going = running(plan, RunKind.BACKUP)
    plan.schedules.create(kind=RunKind.BACKUP, rule="0 2 * * *", time_zone="UTC")
    return [f"/backups/runs/{run.reference}/" for run in (test, bad, unisolated, going)]


@pytest.mark.parametrize("role", [Role.REPORTER, Role.MANAGER, Role.ADMINISTRATOR])
def test_no_page_says_an_english_sentence_to_somebody_who_reads_chinese(client, role):
    runs = a_house()
    client.force_login(person(role, language="zh-hans", is_staff=role == Role.ADMINISTRATOR))
    left = {address: english(client.get(address, follow=True).content.decode()) for address in (*ADDRESSES, *runs)}
    assert {address: sentences for address, sentences in left.items() if sentences} == {}


def test_no_page_says_an_english_sentence_before_sign_in(client):
    headers = {"Accept-Language": "zh-CN"}
    left = {address: english(client.get(address, headers=headers).content.decode()) for address in ANONYMOUS}
    assert {address: sentences for address, sentences in left.items() if sentences} == {}


def test_empty_pages_are_in_chinese_too(client):
    client.force_login(person(Role.ADMINISTRATOR, language="zh-hans", is_staff=True))
    empty = ("/", "/messages/", "/incidents/", "/plans/", "/backups/", "/restore-tests/")
    left = {address: english(client.get(address, follow=True).content.decode()) for address in empty}
    assert {address: sentences for address, sentences in left.items() if sentences} == {}


def test_what_the_product_named_itself_is_chinese_on_chinese_pages(client):
    begin()
    client.force_login(person(Role.ADMINISTRATOR, language="zh-hans"))
    for address in ("/", "/report/", f"/plans/{PLAN}/"):
        page = client.get(address).content.decode()
        assert "事件管理与应急预案" in page, address
        assert "Incident management and emergency plans" not in page, address
    assert "本机" in client.get("/backups/holdfast/").content.decode()


def test_what_people_named_stays_as_they_named_it():
    with override("zh-hans"):
        assert shown("Incident management and emergency plans") == "事件管理与应急预案"
        assert shown("Entries of the ledger") == "账本条目"
        assert shown("Payroll") == "Payroll"
    with override("en"):
        assert shown("事件管理与应急预案") == "Incident management and emergency plans"
