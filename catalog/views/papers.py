"""The file of a document, for those who may see the document."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.cache import add_never_cache_headers
from django.views.decorators.http import require_GET

from catalog import selectors
from catalog.models import Document
from catalog.views.access import reader
from common.files import open_file


@login_required
@require_GET
def document_file(request: HttpRequest, pk: UUID) -> FileResponse:
    """/catalog/documents/<id>/file/: always saved, never opened in the browser."""
    user = reader(request)
    document = get_object_or_404(selectors.visible_to(user, Document).select_related("file"), pk=pk)
    if document.file is None:
        raise Http404
    try:
        content = open_file(document.file)
    except FileNotFoundError:
        raise Http404 from None
    response = FileResponse(
        content, as_attachment=True, filename=document.file.name, content_type=document.file.content_type
    )
    add_never_cache_headers(response)
    return response
