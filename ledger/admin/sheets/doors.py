"""The pages of the admin by which a list leaves as a file, and comes in as one."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common.errors import DomainError
from common.sheets import MAX_COLUMNS, MAX_ROWS, WRITERS, read
from common.text import safe_name
from ledger.admin.base import LedgerAdmin, SignedInRequest
from ledger.admin.sheets import findings, importing
from ledger.admin.sheets.findings import ADDED, CHANGED, REFUSED, SAME, Upload
from ledger.admin.sheets.forms import UploadForm
from ledger.admin.sheets.sheet import Sheet

#: In a list's address, what does not choose rows.
NO_FILTERS = ("p", "all", "e", "_popup", "_to_field")


class SheetAdmin(LedgerAdmin):
    """A list with `sheet`, which says what it looks like as a file."""

    sheet: Sheet
    list_before_template = "admin/sheets/links.html"

    def get_urls(self) -> list[Any]:
        """Above the page of a row, whose address takes any name."""
        name = f"{self.opts.app_label}_{self.opts.model_name}"
        own = [
            path("export/", self.admin_site.admin_view(self.export_view), name=f"{name}_export"),
            path("import/", self.admin_site.admin_view(self.import_view), name=f"{name}_import"),
            path("import/<str:token>/", self.admin_site.admin_view(self.preview_view), name=f"{name}_preview"),
        ]
        return [*own, *super().get_urls()]

    def has_import_permission(self, request: HttpRequest) -> bool:
        """Whoever may add and change each of the rows."""
        return self.has_add_permission(request) and self.has_change_permission(request)

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """With the way to the file."""
        own = {
            "export_page": self._page("export"),
            "import_page": self._page("import") if self.has_import_permission(request) else "",
        }
        return super().changelist_view(request, {**own, **(extra_context or {})})

    def export_view(self, request: SignedInRequest) -> HttpResponse:
        """…/export/: what the list shows, as a file. It is written down before the file leaves."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        asked = request.GET.copy()
        for name in NO_FILTERS:
            asked.pop(name, None)
        request.GET = asked  # type: ignore[assignment]  # a copy of its own
        try:
            shown = self.get_changelist_instance(request).get_queryset(request)
        except IncorrectLookupParameters:
            return HttpResponseRedirect(f"{self._page('changelist')}?e=1")
        rows = self.sheet.for_file(shown)
        if request.method == "POST":
            return self._file(request, rows)
        context = self._context(request, _("Export: %(list)s"), count=rows.count(), columns=self.sheet.columns)
        return TemplateResponse(request, "admin/sheets/export.html", context)

    def import_view(self, request: SignedInRequest) -> HttpResponse:
        """…/import/: a file is taken, and nothing is changed by it yet."""
        if not self.has_import_permission(request):
            raise PermissionDenied
        form = UploadForm(request.POST or None, request.FILES or None)
        if request.method == "POST" and form.is_valid():
            try:
                token = self._read(request, form)
                return HttpResponseRedirect(self._page("preview", token))
            except DomainError as refusal:
                form.add_error("file", refusal.message)
        context = self._context(
            request,
            _("Import: %(list)s"),
            form=form,
            sheet=self.sheet,
            max_rows=MAX_ROWS,
            max_columns=MAX_COLUMNS,
            max_changes=importing.MAX_CHANGES,
        )
        return TemplateResponse(request, "admin/sheets/import.html", context)

    def preview_view(self, request: SignedInRequest, token: str) -> HttpResponse:
        """…/import/TOKEN/: what would become of each row, and the button that makes it so."""
        if not self.has_import_permission(request):
            raise PermissionDenied
        upload = findings.kept(token, sheet=self.sheet.model._meta.label_lower, person=str(request.user.pk))
        if upload is None:
            self.message_user(request, _("This upload is not here any more. Upload the file again."), messages.WARNING)
            return HttpResponseRedirect(self._page("import"))
        if request.method == "POST":
            return self._carry_out(request, upload, token)
        groups = [
            (outcome, label, [each for each in upload.findings if each.outcome == outcome])
            for outcome, label in _outcomes(upload.counts)
        ]
        context = self._context(request, _("Import: %(list)s"), upload=upload, groups=groups)
        return TemplateResponse(request, "admin/sheets/preview.html", context)

    def _read(self, request: SignedInRequest, form: UploadForm) -> str:
        file = form.cleaned_data["file"]
        data = file.read()
        upload = Upload(
            sheet=self.sheet.model._meta.label_lower,
            person=str(request.user.pk),
            name=safe_name(file.name, otherwise="file"),
            sha256=findings.digest(data),
            table=read(data, encoding=form.cleaned_data["encoding"]),
            findings=[],
            seen="",
        )
        return findings.keep(importing.preview(self, request, upload))

    def _carry_out(self, request: SignedInRequest, upload: Upload, token: str) -> HttpResponse:
        if upload.is_done:
            said = _("This upload was imported before. Nothing was changed now.")
            self.message_user(request, said, messages.WARNING)
            return HttpResponseRedirect(self._page("changelist"))
        try:
            importing.carry_out(self, request, upload)
        except DomainError as refusal:
            self.message_user(request, refusal.message, messages.ERROR)
            findings.keep(upload, token)
            return HttpResponseRedirect(self._page("preview", token))
        if not upload.can_be_carried_out:
            self.message_user(request, _("Nothing was imported."), messages.WARNING)
            return HttpResponseRedirect(self._page("preview", token))
        counts = upload.counts
        upload.is_done = True
        findings.keep(upload, token)
        said = _("Imported: %(added)s added, %(changed)s changed.") % counts
        self.message_user(request, said, messages.SUCCESS)
        return HttpResponseRedirect(self._page("changelist"))

    def _file(self, request: SignedInRequest, rows: Any) -> HttpResponse:
        kind = request.POST.get("format", "")
        if kind not in WRITERS:
            return HttpResponseRedirect(f"{self._page('export')}?{request.GET.urlencode()}")
        write, content_type = WRITERS[kind]
        columns = self.sheet.columns
        lines = [[column.cell(column.of(row)) for column in columns] for row in rows]
        body = write(str(self.opts.verbose_name_plural), [str(column.label) for column in columns], lines)
        data = {"format": kind, "rows": len(lines), "filters": sorted(request.GET)}
        with transaction.atomic():
            importing.note(self.sheet, "list.exported", request.user, data)
        response = HttpResponse(body, content_type=content_type)
        name = f"{self.opts.model_name}-{timezone.localdate():%Y-%m-%d}.{kind}"
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        response["Cache-Control"] = "no-store"
        return response

    def _page(self, name: str, *arguments: str) -> str:
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_{name}", args=arguments)

    def _context(self, request: HttpRequest, title: str, **own: Any) -> dict[str, Any]:
        return {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": title % {"list": self.opts.verbose_name_plural},
            "list_page": f"{self._page('changelist')}?{urlencode(list(request.GET.items()))}",
            **own,
        }


def _outcomes(counts: dict[str, int]) -> list[tuple[str, str]]:
    """Those that there are, what needs a look first, each with a heading."""
    headings = {
        REFUSED: ngettext("%(count)s row is refused", "%(count)s rows are refused", counts[REFUSED]),
        CHANGED: ngettext("%(count)s row changes", "%(count)s rows change", counts[CHANGED]),
        ADDED: ngettext("%(count)s row is added", "%(count)s rows are added", counts[ADDED]),
        SAME: ngettext("%(count)s row stays the same", "%(count)s rows stay the same", counts[SAME]),
    }
    return [(outcome, said % {"count": counts[outcome]}) for outcome, said in headings.items() if counts[outcome]]
