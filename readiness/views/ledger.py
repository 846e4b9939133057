"""The ledger: who did what, to search, to follow one thing, and to take along."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from common.secrets import mask
from incidents.views.reading import reader
from ledger import exporting
from ledger.models import Entry
from ledger.selectors import LONGEST, newest_seal, page_of, verbs
from readiness.ledger import Question, entries_for, mark, may_read, may_read_all

#: An export without days takes so much.
USUAL_EXPORT = timedelta(days=31)


@dataclass(frozen=True)
class Line:
    """One thing that an entry says beside its verb: a part of what changed."""

    name: str
    before: str
    after: str
    is_change: bool


@dataclass(frozen=True)
class Shown:
    """One entry as the page shows it."""

    entry: Entry
    lines: list[Line]
    thread: str


@login_required
@require_GET
def ledger(request: HttpRequest) -> HttpResponse:
    """/ledger/: what the address asks for, the newest first. What one may not ask is not there."""
    user = reader(request)
    question = Question.read(request.GET)
    entries = entries_for(user, question.asked)
    if entries is None:
        raise Http404
    page = page_of(entries, older_than=question.older_than, newer_than=question.newer_than)
    reads_all = may_read_all(user)
    context = {
        "nav": "ledger",
        "question": question,
        "rows": [shown(entry) for entry in page.entries],
        "newer": mark(page.newer),
        "older": mark(page.older),
        "reads_all": reads_all,
        "may_search": may_read(user),
        "verbs": verbs() if reads_all else [],
        "seal": newest_seal() if reads_all else None,
        "longest": LONGEST,
    }
    return render(request, "readiness/ledger.html", context)


@login_required
@require_POST
def export_ledger(request: HttpRequest) -> StreamingHttpResponse | HttpResponse:
    """/ledger/export/: a period as a file. It is written down before the first byte leaves."""
    user = reader(request)
    if not may_read_all(user):
        raise Http404
    question = Question.read(request.POST)
    until = question.asked.until or timezone.now()
    since = question.asked.since or until - USUAL_EXPORT
    if question.wrong_days or since >= until:
        return _refused(request, question)
    exporting.begin(since=since, until=until, by=user)
    response = StreamingHttpResponse(exporting.stream(since=since, until=until), content_type="application/zip")
    name = f"ledger-{since:%Y-%m-%d}-{until - timedelta(seconds=1):%Y-%m-%d}.zip"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return response


def _refused(request: HttpRequest, question: Question) -> HttpResponse:
    """Evidence of another period than was asked for would be none: say what is wrong, and give nothing."""
    if question.wrong_days:
        messages.error(request, _("“%(day)s” is no day. Nothing was exported.") % {"day": question.wrong_days[0][:20]})
    else:
        messages.error(request, _("The period ends before it begins. Nothing was exported."))
    return redirect("ledger")


def shown(entry: Entry) -> Shown:
    """What changed as lines, whatever shape it was written in, with secrets covered."""
    data = entry.data if isinstance(entry.data, dict) else {"": entry.data}
    before, after = data.get("before"), data.get("after")
    rest = [Line(name, "", _text(value), False) for name, value in data.items() if name not in {"before", "after"}]
    return Shown(entry, [*_changes(before, after, data), *rest], f"type={entry.subject_type}&id={entry.subject_id}")


def _changes(before: Any, after: Any, data: Mapping[str, Any]) -> list[Line]:
    if not {"before", "after"} & data.keys():
        return []
    if not isinstance(before or {}, dict) or not isinstance(after or {}, dict):
        return [Line("", _text(before), _text(after), "before" in data)]
    before, after = before or {}, after or {}
    names = [name for name in {**before, **after} if before.get(name) != after.get(name)]
    return [Line(name, _text(before.get(name)), _text(after.get(name)), "before" in data) for name in names]


def _text(value: Any) -> str:
    plain = value if isinstance(value, str) else "" if value is None else json.dumps(value, ensure_ascii=False)
    return mask(plain)
