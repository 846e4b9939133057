"""The status page for programs: a feed in each language, and JSON. Their shape is a promise: docs/api.md."""

import json
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape, quoteattr

from django.conf import settings
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from incidents.status.snapshot import Board, Case, Line

#: In a feed: older news are on the page.
ENTRIES = 50


def as_feed(board: "Board", language: str) -> str:
    """Atom: an entry for each update of each incident, in the active language."""
    root = f"{settings.BASE_URL}/status/{language}/"
    news = [(case, each) for case in board.cases for each in case.news]
    news.sort(key=lambda pair: pair[1].at, reverse=True)
    updated = news[0][1].at if news else board.page.begun_at
    title = _("Status of %(organisation)s") % {"organisation": board.organisation}
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang={quoteattr(language)}>',
        f"<title>{_xml(title)}</title><id>{_xml(root)}</id><updated>{updated.isoformat()}</updated>",
        f"<author><name>{_xml(board.organisation)}</name></author>",
        f'<link rel="alternate" href={quoteattr(root)}/><link rel="self" href={quoteattr(root + "feed.atom")}/>',
    ]
    for case, each in news[:ENTRIES]:
        page = f"{root}{case.path}"
        lines.append(
            f"<entry><title>{_xml(f'{each.state_word}: {each.title}')}</title>"
            f"<id>{_xml(page)}#{each.key}</id><updated>{each.at.isoformat()}</updated>"
            f'<link href={quoteattr(page)}/><content type="text">{_xml(each.text)}</content></entry>'
        )
    return "\n".join([*lines, "</feed>", ""])


def as_json(board: "Board") -> str:
    """Services, incidents and planned maintenance, words by language."""
    body = {
        "organisation": board.organisation,
        "time_zone": board.zone.key,
        "state": board.state,
        "services": [_service(line) for line in board.lines],
        "incidents": [_incident(case) for case in board.cases],
        "maintenance": [
            {
                "id": str(work.pk),
                "starts_at": work.starts_at.isoformat(),
                "ends_at": work.ends_at.isoformat(),
                "services": sorted(str(entry.pk) for entry in work.entries.all()),
                "title": {each.language: each.title for each in work.texts.all()},
                "text": {each.language: each.text for each in work.texts.all()},
            }
            for work in board.works
        ],
    }
    return json.dumps(body, ensure_ascii=False, indent=1)


def _service(line: "Line") -> dict[str, Any]:
    return {
        "id": str(line.entry.pk),
        "name": line.names,
        "group": line.groups,
        "state": line.state,
        "days": [{"day": each.day.isoformat(), "state": each.effect} for each in line.days],
    }


def _incident(case: "Case") -> dict[str, Any]:
    known = case.publication
    return {
        "id": str(known.pk),
        "state": known.state,
        "began_at": known.began_at.isoformat(),
        "published_at": known.published_at.isoformat(),
        "resolved_at": known.resolved_at.isoformat() if known.resolved_at else None,
        "services": sorted(str(line.entry.pk) for line in case.entries),
        "title": case.news[0].titles,
        "updates": [
            {"at": each.at.isoformat(), "state": each.state, "title": each.titles, "text": each.texts}
            for each in case.news
        ],
        "url": {code: f"{settings.BASE_URL}/status/{code}/{case.path}" for code, _name in settings.LANGUAGES},
    }


def _xml(text: str) -> str:
    """Without what XML cannot hold."""
    return escape("".join(sign for sign in text if sign in "\n\t" or (sign >= " " and sign not in "\ufffe\uffff")))
