"""One incident, whole, to take along: an archive that can be checked, and a document to read."""

from incidents.export.archive import stream
from incidents.export.document import document

__all__ = ["document", "stream"]
