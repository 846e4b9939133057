"""The file of a document, as pages and programs are given it."""

from django.http import FileResponse, Http404
from django.utils.cache import add_never_cache_headers

from catalog.models import Document
from common.files import open_file


def file_of(document: Document) -> FileResponse:
    """Always saved, never opened in the browser. Raises Http404 where none is kept."""
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
