"""How a test takes a list along as a file, and sends one in."""

import csv
import io

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse


def export(desk, model, kind="csv", query=""):
    """The answer that is the file."""
    return desk.post(reverse(f"admin:{model}_export") + query, {"format": kind})


def upload(desk, model, data, name="list.csv", encoding="utf-8"):
    """The page after an upload: its preview, or the form with what is wrong."""
    file = SimpleUploadedFile(name, data if isinstance(data, bytes) else data.encode())
    return desk.post(reverse(f"admin:{model}_import"), {"file": file, "encoding": encoding}, follow=True)


def confirm(desk, page, **options):
    """The answer to the preview's button."""
    return desk.post(page.request["PATH_INFO"], **options)


def findings(page):
    """By the number of the row: what the preview says."""
    return {each.number: each for each in page.context["upload"].findings}


def outcomes(page):
    """What becomes of each row, in their order."""
    return [each.outcome for each in page.context["upload"].findings]


def table(answer):
    """A CSV file as rows by heading."""
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
