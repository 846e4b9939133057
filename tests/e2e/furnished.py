"""A house in which people have worked for a while: what the demo leaves to its visitors, so that every page has
something to show. Run inside of a product, by `furnish`."""

from datetime import timedelta
from io import BytesIO
from struct import pack
from typing import TYPE_CHECKING, Any
from zlib import compress, crc32

from django.utils import timezone

if TYPE_CHECKING:
    from tests.support.product import Product

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ACTOR = "system:e2e"
#: Where pages find an incident with everything that an incident can have, and one whose review is being written.
MAJOR = "/incidents/?severity=1 => main th a"
WRITTEN = "/incidents/?state=all&q=backup+finished => main th a"
#: How wide and high the picture is.
WIDTH, HEIGHT = 320, 180


def furnish(product: "Product") -> None:
    """Put everything in, by a command of that product."""
    done = product.command("shell", "-c", "from tests.e2e.furnished import fill; fill()", seconds=300)
    assert done.returncode == 0, done.stdout


def fill() -> None:
    """Duty first: incidents call by it."""
    people = _people()
    _duty(people)
    _status_page()
    _under_way(people)
    _on_hold(people)
    _learned(people)


def _people() -> dict[str, Any]:
    from people.models import User

    return {name: User.objects.get(username=name) for name in ("reporter", "responder", "manager", "administrator")}


def _duty(people: dict[str, Any]) -> None:
    from people import services
    from people.models import Team

    now, responder, manager = timezone.now(), people["responder"], people["manager"]
    roster = services.add_roster(
        name="Nights and weekends",
        description="Answers calls when nobody is at work.",
        time_zone="Europe/Berlin",
        manager=manager,
        tells_hand_over=True,
        by=ACTOR,
    )
    services.add_rotation(
        roster_id=roster.pk,
        name="Week by week",
        people=[responder, people["administrator"]],
        starts_on=now.date() - DAY,
        by=ACTOR,
    )
    services.add_override(
        roster_id=roster.pk,
        person=manager,
        starts_at=now + 2 * DAY,
        ends_at=now + 3 * DAY,
        reason="Swapped for a family day.",
        by=manager,
    )
    services.make_feed(person=manager, roster=roster)
    steps: list[dict[str, Any]] = [
        {"whom": "roster", "roster": roster},
        {"whom": "person", "person": manager, "after": timedelta(minutes=15)},
        {"whom": "team", "team": Team.objects.order_by("name").first(), "after": timedelta(minutes=30)},
    ]
    services.add_policy(
        name="Calls at night", description="One after the other until somebody answers.", steps=steps, by=ACTOR
    )


def _status_page() -> None:
    from catalog.models import Service
    from incidents import services

    services.set_up_status_page(by=ACTOR, audience="public")
    entries = [
        services.list_service(by=ACTOR, names={"en": (name, group), "zh-hans": (chinese, gruppe)}, service=service)
        for (name, group, chinese, gruppe), service in zip(
            (
                ("Invoices", "Finance", "发票", "财务"),
                ("Salaries", "Finance", "薪资", "财务"),
                ("Ordering", "Purchasing", "订购", "采购"),
            ),
            Service.objects.order_by("-created_at"),
            strict=False,
        )
    ]
    now = timezone.now()
    services.plan_work(
        by=ACTOR,
        starts_at=now + 2 * DAY,
        ends_at=now + 2 * DAY + 2 * HOUR,
        texts={
            "en": ("New storage", "Nothing can be stored for two hours."),
            "zh-hans": ("更换存储", "暂停两小时。"),
        },
        entries=entries[:1],
    )


def _under_way(people: dict[str, Any]) -> None:
    """A major incident with roles, tasks, news for all, a picture, a report to an authority, and somebody merged in."""
    from incidents import services
    from incidents.models import StatusEntry
    from incidents.services import Words

    responder, manager = people["responder"], people["manager"]
    incident = _reported(people, "Nobody can sign in to the purchasing portal", badness="stopped")
    given: dict[str, Any] = {"incident_id": incident.pk, "by": responder}
    services.acknowledge(**given)
    services.change_severity(**given, impact=1, urgency=1, reason="Orders of today cannot be sent.")
    words = {"en": Words("We know the cause. Ordering by phone works.", "Sign-in to purchasing fails")}
    services.post_update(
        **given,
        audience="public",
        texts=words,
        public_state="identified",
        effects={StatusEntry.objects.order_by("-created_at").first(): "major"},
    )
    services.declare_major(**given, reason="All branches are affected.", commander=manager)
    services.hand_over_role(**given, role="scribe", to=people["administrator"])
    services.note(**given, text="The certificate of the sign-in service ended at midnight.")
    services.attach(**given, stream=BytesIO(_picture()), name="error.png", is_public=True)
    done = services.add_task(**given, title="Ask the provider for a new certificate", assignee=responder)
    services.finish_task(task_id=done.pk, by=responder)
    services.add_task(**given, title="Tell the branches how to order by phone", due_at=timezone.now() + HOUR)
    services.name_stakeholder(**given, person=people["administrator"])
    services.post_update(**given, audience="reporters", texts=words)
    services.post_update(**given, audience="stakeholders", texts=words)
    rules = {"deadline": 24 * HOUR, "template": "{number}: {what}\n\nSince {occurred}", "language": "en"}
    authority = services.keep_authority(by=ACTOR, name="Data protection authority", legal_basis="Article 33", **rules)
    report = services.require_report(**given, authority_id=authority.pk)
    services.draft_report(report_id=report.pk, by=responder)
    again = _reported(people, "The portal says that my password is wrong")
    services.merge(incident_id=again.pk, into_id=incident.pk, by=responder)
    services.save_view(by=manager, name="Severe and not mine", query="severity=1&severity=2")


def _on_hold(people: dict[str, Any]) -> None:
    from incidents import services

    held = _reported(people, "The label printer prints half of each label")
    given: dict[str, Any] = {"incident_id": held.pk, "by": people["responder"]}
    services.acknowledge(**given)
    reason = {"reason": "A new print head is on its way.", "hold_reason": "vendor"}
    services.hold(**given, **reason, resume_at=timezone.now() + DAY)


def _learned(people: dict[str, Any]) -> None:
    """One case in the library, one review that is being written, one that waits for approval."""
    from incidents import services

    responder = people["responder"]
    texts = {
        "root_cause": "The clock of one server ran ahead.",
        "lessons": "Compare the clocks of all servers, and be told when one leaves the others.",
        "category": "technical",
        "factors": ["Nobody compared clocks.", "The error named another cause."],
        "went_well": "The plan was at hand.",
    }
    made = []
    for title in ("Payments were sent twice", "Contracts could not be opened", "A backup was not finished"):
        incident = _reported(people, title)
        given: dict[str, Any] = {"incident_id": incident.pk, "by": responder}
        services.acknowledge(**given)
        services.resolve(**given, text="The clock was set right.")
        review = services.begin_review(**given)
        made.append(services.write_review(review_id=review.pk, by=responder, changes=texts))
    case, waiting, _draft = made
    for review in (case, waiting):
        services.submit_review(review_id=review.pk, by=responder)
    services.rate(incident_id=case.incident_id, by=people["reporter"], stars=4, text="An earlier answer.")
    services.approve_review(review_id=case.pk, by=people["manager"])


def _reported(people: dict[str, Any], title: str, **details: Any) -> Any:
    from catalog.models import System
    from incidents import services

    systems = [System.objects.get(name="Purchasing portal")]
    return services.report(by=people["reporter"], title=title, description=f"{title}.", systems=systems, **details)


def _picture() -> bytes:
    """Something to look at: stripes of grey, as a PNG."""
    rows = b"".join(
        b"\0" + bytes(160 + (column + row) // 8 % 2 * 60 for column in range(WIDTH)) for row in range(HEIGHT)
    )
    parts = [(b"IHDR", pack(">IIBBBBB", WIDTH, HEIGHT, 8, 0, 0, 0, 0)), (b"IDAT", compress(rows)), (b"IEND", b"")]
    packed = (pack(">I", len(data)) + kind + data + pack(">I", crc32(kind + data)) for kind, data in parts)
    return b"\x89PNG\r\n\x1a\n" + b"".join(packed)
