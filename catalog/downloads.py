"""The file of a document, as pages and programs are given it."""

from django.http import FileResponse, Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils.cache import add_never_cache_headers, get_conditional_response

from catalog.models import Document
from common.files import open_file


def file_of(document: Document, request: HttpRequest) -> HttpResponseBase:
    """Always saved, never opened in the browser; 304 to whoever has it already. Raises Http404 where none is kept."""
    if document.file is None:
        raise Http404
    etag = f'"{document.file.sha256}"'
    if unchanged := get_conditional_response(request, etag=etag):
        return unchanged
    try:
        content = open_file(document.file)
    except FileNotFoundError:
        raise Http404 from None
    response = FileResponse(
        content, as_attachment=True, filename=document.file.name, content_type=document.file.content_type
    )
    response["ETag"] = etag
    add_never_cache_headers(response)
    return response
