"""People and teams leave as a file and come in as one, after a preview of every row."""

import pytest
from django.urls import reverse

from ledger.admin.sheets.importing import MAX_CHANGES
from ledger.models import Entry
from people.choices import Role
from people.models import Team, User
from people.services import add_team, anonymise, create_api_key, create_person, deactivate
from tests.admin.sheets import confirm, export, findings, outcomes, table, upload

pytestmark = pytest.mark.django_db

PEOPLE, TEAMS = "people_user", "people_team"


@pytest.fixture
def ana(administrator):
    return create_person(username="ana", name="Ana", email="ana@example.org", roles=["Responder"], by="system:test")


def test_people_are_added_and_changed_as_the_preview_said(desk, ana):
    page = upload(
        desk,
        PEOPLE,
        "Sign-in name,name,e-mail,roles,manager\n"
        "ANA,Ana Maria,ana@example.org,Responder; Manager,bo\n"
        "bo,Bo,bo@example.org,reporter,\n",
    )
    assert outcomes(page) == ["changed", "added"]
    assert findings(page)[2].differences == [
        ["name", "Ana", "Ana Maria"],
        ["roles", "Responder", "Responder; Manager"],
        ["manager", "", "bo"],
    ]
    assert not User.objects.filter(username="bo").exists(), "a preview changes nothing"
    assert not Entry.objects.filter(verb="person.changed").exists()

    answer = confirm(desk, page, follow=True)

    assert "1 added, 1 changed" in answer.content.decode()
    ana.refresh_from_db()
    bo = User.objects.get(username="bo")
    assert (ana.name, ana.manager) == ("Ana Maria", bo)
    assert set(ana.groups.values_list("name", flat=True)) == {"Responder", "Manager"}
    assert not bo.has_usable_password()
    verbs = set(Entry.objects.values_list("verb", flat=True))
    assert {"person.created", "person.changed", "person.roles_changed", "person.manager_changed"} <= verbs
    data = Entry.objects.get(verb="list.imported").data
    assert (data["list"], data["added"], data["changed"]) == ("people.user", 1, 1)


def test_a_second_confirmation_changes_nothing(desk, ana):
    page = upload(desk, PEOPLE, "sign-in name,name\nana,Ana Maria\nbo,Bo\n")
    confirm(desk, page)
    written = Entry.objects.count()
    answer = confirm(desk, page, follow=True)
    assert "imported before" in answer.content.decode()
    assert Entry.objects.count() == written
    assert "There is nothing to import" in upload(desk, PEOPLE, "sign-in name,name\nana,Ana Maria\n").content.decode()


def test_one_refused_row_keeps_all_others_out(desk, ana):
    page = upload(
        desk, PEOPLE, "sign-in name,name,e-mail,account ends on\nbo,Bo,not an address,\ncy,,,soon\nana,Anna,,\n"
    )
    assert outcomes(page) == ["refused", "refused", "changed"]
    assert [column for column, _said in findings(page)[2].refusals] == ["e-mail"]
    assert {column for column, _said in findings(page)[3].refusals} == {"name", "account ends on"}
    assert "Import these rows" not in page.content.decode()
    confirm(desk, page)
    ana.refresh_from_db()
    assert (ana.name, User.objects.filter(username="bo").exists()) == ("Ana", False)


def test_what_changed_since_the_preview_is_shown_again_and_not_written_over(desk, ana):
    page = upload(desk, PEOPLE, "sign-in name,name\nana,Anna\nbo,Bo\n")
    User.objects.filter(pk=ana.pk).update(name="Ana Lucía", version=2)
    answer = confirm(desk, page, follow=True)
    assert "changed since this preview" in answer.content.decode()
    assert findings(answer)[2].differences == [["name", "Ana Lucía", "Anna"]]
    assert not User.objects.filter(username="bo").exists()
    confirm(desk, answer)
    assert User.objects.filter(username="bo").exists()


@pytest.mark.parametrize(
    "row",
    ["bo,Bo,,Administrator,yes", "ana,Ana,ana@example.org,Responder; administrator,yes", "bo,Bo,,Reporter; 管理员,"],
)
def test_nobody_comes_to_do_everything_by_a_file(desk, ana, row):
    page = upload(desk, PEOPLE, f"sign-in name,name,e-mail,roles,may sign in\n{row}\n")
    assert outcomes(page) == ["refused"]
    assert "own page only" in page.content.decode()
    confirm(desk, page)
    assert User.objects.filter(groups__name=Role.ADMINISTRATOR).count() == 1


@pytest.mark.parametrize("row", ["eve,x@example.org,Administrator,", "eve,,Reporter,", "eve,,Administrator,2099-01-01"])
def test_an_administrator_is_not_taken_over_or_closed_by_a_file(desk, row):
    create_person(username="eve", name="Eve", roles=[Role.ADMINISTRATOR], by="system:test")
    page = upload(desk, PEOPLE, f"sign-in name,e-mail,roles,account ends on\n{row}\n")
    assert outcomes(page) == ["refused"]
    assert "own page only" in page.content.decode()


def test_an_administrator_without_sign_in_is_not_let_in_by_a_file(desk):
    eve = create_person(username="eve", name="Eve", roles=[Role.ADMINISTRATOR], by="system:test")
    deactivate(person_id=eve.pk, by="system:test")
    assert outcomes(upload(desk, PEOPLE, "sign-in name,may sign in\neve,yes\n")) == ["refused"]
    assert outcomes(upload(desk, PEOPLE, "sign-in name,name\neve,Eva\n")) == ["changed"]


def test_programs_and_the_anonymous_are_no_part_of_the_list(desk, ana):
    robot = create_api_key(name="robot", role=Role.REPORTER, by="system:test").row.user
    anonymise(person_id=ana.pk, by="system:test")
    ana.refresh_from_db()
    assert [row["sign-in name"] for row in table(export(desk, PEOPLE))] == ["ada"]
    page = upload(desk, PEOPLE, f"sign-in name,name\n{robot.username},Own\n{ana.username},Back\n")
    assert outcomes(page) == ["refused", "refused"]


def test_people_who_left_are_closed_and_nobody_who_is_not_named(desk, ana):
    create_person(username="bo", name="Bo", by="system:test")
    confirm(desk, upload(desk, PEOPLE, "sign-in name,may sign in\nana,no\n"))
    assert set(User.objects.filter(is_active=True).values_list("username", flat=True)) == {"ada", "bo"}
    assert Entry.objects.filter(verb="person.deactivated").count() == 1


def test_an_export_holds_what_the_list_shows_and_is_in_the_ledger(desk, ana, administrator):
    answer = export(desk, PEOPLE, query="?q=ana")
    assert answer["Content-Disposition"].startswith('attachment; filename="user-')
    assert [row["sign-in name"] for row in table(answer)] == ["ana"]
    assert "argon2" not in answer.content.decode()
    entry = Entry.objects.get(verb="list.exported")
    assert entry.actor_id == str(administrator.pk)
    assert entry.data == {"list": "people.user", "format": "csv", "rows": 1, "filters": ["q"]}


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_what_was_exported_read_back_changes_nothing(desk, ana, kind):
    hostile = '=1+1 "x"; y'
    create_person(username="@sum", name=hostile, time_zone="Europe/Berlin", language="zh-hans", by="system:test")
    User.objects.filter(username="@sum").update(manager=ana, ends_on="2099-12-31")
    add_team(name=" =HYPERLINK(1) ", description="a\r\nb", manager=ana, members=[ana], by="system:test")
    for model, count in ((PEOPLE, 3), (TEAMS, 1)):
        page = upload(desk, model, export(desk, model, kind).content, name=f"list.{kind}")
        assert outcomes(page) == ["same"] * count, findings(page)


def test_a_file_is_understood_in_another_language_than_it_was_made_in(desk, ana):
    data = export(desk, PEOPLE, "xlsx").content
    desk.defaults["HTTP_ACCEPT_LANGUAGE"] = "zh-hans"
    page = upload(desk, PEOPLE, data, name="list.xlsx")
    assert page.wsgi_request.LANGUAGE_CODE == "zh-hans"
    assert outcomes(page) == ["same"] * 2


def test_a_team_comes_with_its_manager_and_all_its_members(desk, ana):
    create_person(username="bo", name="Bo", email="bo@example.org", by="system:test")
    page = upload(desk, TEAMS, "name,manager,members\nNight shift,ana,ana; bo@example.org\n")
    assert findings(page)[2].differences[-1] == ["members", "", "ana; bo"]
    confirm(desk, page)
    team = Team.objects.get()
    assert (team.manager, team.members.count()) == (ana, 2)
    confirm(desk, upload(desk, TEAMS, "name,members\nnight SHIFT,bo\n"))
    assert [person.username for person in team.members.all()] == ["bo"]
    assert Entry.objects.filter(verb="membership.removed").count() == 1


def test_rows_may_name_each_other_whatever_their_order(desk, ana):
    confirm(desk, upload(desk, PEOPLE, "sign-in name,name,manager\nbo,Bo,cy\ncy,Cy,ana\n"))
    assert User.objects.get(username="bo").manager.username == "cy"
    page = upload(desk, PEOPLE, "sign-in name,manager\nana,bo\n")
    assert "answers to" in findings(page)[2].refusals[0][1]


NO_LISTS = [
    ("sign-in name,phone\nana,1\n", "No column here is called “phone”"),
    ("name\nAna\n", "The column “sign-in name” is missing"),
    ("sign-in name,username\nana,ana\n", "are the same column"),
    ("sign-in name,name,NAME\nana,a,b\n", "is there twice"),
    ("", "empty"),
    ("sign-in name\n", "There are no rows"),
    (b"sign-in name,name\nana,M\xfcller\n", "Choose the encoding"),
]


def test_a_file_that_is_no_list_of_people_is_refused_on_the_form(desk, ana):
    for data, said in NO_LISTS:
        answer = upload(desk, PEOPLE, data)
        assert (answer.status_code, answer.request["PATH_INFO"]) == (200, reverse(f"admin:{PEOPLE}_import"))
        assert said in answer.content.decode()


WRONG_CELLS = [
    ("ana,Ana,nobody,,yes", "manager"),
    ("ana,Ana,,klingon,yes", "language"),
    ("ana,Ana,,,perhaps", "may sign in"),
    ("ana,A\x07a,,,", "name"),
    (",Ana,,,", "sign-in name"),
    ("ANA,Ana,,,\nana,Ana,,,", "sign-in name"),
]


def test_a_cell_that_is_wrong_is_said_with_its_row_and_column(desk, ana):
    for row, column in WRONG_CELLS:
        page = upload(desk, PEOPLE, f"sign-in name,name,manager,language,may sign in\n{row}\n")
        refused = [each for each in findings(page).values() if each.outcome == "refused"]
        assert [[name for name, _said in each.refusals] for each in refused] == [[column]], row


def test_more_rows_than_are_written_at_once_are_refused_before_any_is(desk):
    rows = "".join(f"p{number},P\n" for number in range(MAX_CHANGES + 1))
    answer = upload(desk, PEOPLE, "sign-in name,name\n" + rows)
    assert f"{MAX_CHANGES + 1} rows would be added or changed" in answer.content.decode()


def test_the_ledger_is_found_by_its_keepers(desk, ana):
    export(desk, PEOPLE)
    confirm(desk, upload(desk, PEOPLE, "sign-in name,name\nana,Anna\n"))
    page = desk.get(reverse("ledger") + "?subject=people").content.decode()
    assert "list.exported" in page
    assert "list.imported" in page


def test_an_upload_is_for_the_person_and_the_list_it_was_made_for(desk, ana, client):
    page = upload(desk, PEOPLE, "sign-in name,name\nana,Anna\n")
    path = page.request["PATH_INFO"]
    eve = create_person(username="eve", name="Eve", roles=[Role.ADMINISTRATOR], by="system:test")
    client.force_login(eve)
    for answer in (
        client.post(path, follow=True),
        desk.post(path.replace("/user/", "/team/"), follow=True),
        desk.post(reverse(f"admin:{PEOPLE}_preview", args=["x" * 32]), follow=True),
    ):
        assert "is not here any more" in answer.content.decode()
    ana.refresh_from_db()
    assert ana.name == "Ana"


def test_nobody_else_exports_or_imports(client, everyone, ana):
    pages = [reverse(f"admin:{PEOPLE}_{page}") for page in ("export", "import")]
    for browser in [client, *everyone.values()]:
        for page in [*pages, f"{pages[1]}abc/"]:
            assert browser.get(page).status_code in (302, 403, 404)
            assert browser.post(page, {"format": "csv"}).status_code in (302, 403, 404)
    assert not Entry.objects.filter(verb="list.exported").exists()


def test_a_list_has_its_two_buttons_and_the_export_keeps_its_filters(desk, ana):
    page = desk.get(reverse(f"admin:{PEOPLE}_changelist") + "?q=ana").content.decode()
    assert 'href="/admin/people/user/export/?q=ana"' in page
    assert 'href="/admin/people/user/import/"' in page
    assert desk.get(reverse(f"admin:{PEOPLE}_export") + "?q=ana").status_code == 200
    assert desk.get(reverse(f"admin:{PEOPLE}_export") + "?id__exact=nonsense").status_code == 302
    assert desk.get(reverse(f"admin:{PEOPLE}_export") + "?p=99999").status_code == 200
    assert export(desk, PEOPLE, kind="exe").status_code == 302
