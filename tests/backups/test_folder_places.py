"""Which folders may be a source."""

from pathlib import Path

import pytest
from django.conf import settings

from backups.adapters.errors import ToolError
from backups.sources import wrong_in_assertions, wrong_in_folder
from tests.backups.folders import Shelf

SOURCES = {"db": "postgresql", "files": "folder"}


@pytest.mark.parametrize(
    "path",
    ["/proc", "/proc/self", "/sys/kernel", "/dev", "/dev/shm", "/", "DATA_DIR", "DATA_DIR/keys", "DATA_DIR/files",
     "DATA_DIR/sandbox", "DATA_DIR/demo/../keys", "BASE_DIR", "BASE_DIR/config", "VAULT", "VAULT/shop", "ABOVE"],
)  # fmt: skip
@pytest.mark.parametrize("way", ["by name", "by a link"])
def test_our_own_and_the_systems_folders_are_no_sources(tmp_path: Path, path: str, way: str):
    vault = tmp_path / "above" / "vault"
    names = {"DATA_DIR": settings.DATA_DIR, "BASE_DIR": settings.BASE_DIR, "VAULT": vault, "ABOVE": vault.parent}
    for name, there in names.items():
        path = path.replace(name, str(there))
    if way == "by a link":
        (tmp_path / "alias").symlink_to(path)
        path = str(tmp_path / "alias")
    [wrong] = wrong_in_folder({"path": path}, [str(vault)])
    assert "cannot be a source" in wrong or "absolute path" in wrong


def test_a_source_that_became_a_link_to_our_keys_is_not_saved(tmp_path: Path):
    (tmp_path / "app").symlink_to(Path(settings.DATA_DIR))
    with pytest.raises(ToolError) as refused:
        Shelf(tmp_path).saved(tmp_path / "app")
    assert refused.value.code == "folder_refused"
    assert not (tmp_path / "files.tar.zst").exists()


def test_what_the_demo_runs_on_may_be_saved():
    assert wrong_in_folder({"path": f"{settings.DATA_DIR}/demo/archive"}, [f"{settings.DATA_DIR}/copies"]) == []


@pytest.mark.parametrize(
    "source",
    [None, [], {}, {"path": ""}, {"path": "relative"}, {"path": "/srv/../etc"}, {"path": "/srv/\x00"}, {"path": 5},
     {"path": "/" + "x" * 1001}, {"path": "/srv/\udcff"}, {"path": "/srv", "exclude": "*.log"}, {"own": True},
     {"path": "/srv", "exclude": ["x"] * 101}, {"path": "/srv", "exclude": ["\x00"]},
     {"path": "/srv", "exclude": ["/"]}, {"path": "/srv", "exclude": [5]}, {"path": "/srv", "follow": True}],
)  # fmt: skip
def test_a_folder_is_described_by_its_path_and_patterns_only(source):
    assert wrong_in_folder(source, [])


def asked(**changes):
    return {"label": "Invoices", "path": "*.pdf", "ask": "count", "compare": ">=", "value": 1} | changes


@pytest.mark.parametrize(
    "assertion",
    [asked(), asked(source="files"), asked(ask="newest", compare="younger_than", value=60),
     asked(ask="sha256", compare="=", value="a" * 64), asked(ask="text", compare="contains", value="ok")],
)  # fmt: skip
def test_a_folder_can_be_asked(assertion):
    assert wrong_in_assertions([assertion], SOURCES) == []


@pytest.mark.parametrize(
    "assertion",
    [asked(source="db"), asked(source="other"), asked(source=["files"]), asked(path=""), asked(path=5), asked(ask="rm"),
     asked(ask=[]), asked(compare="younger_than"), asked(ask="newest"), asked(query="SELECT 1"), asked(value=None),
     asked(compare="contains", value=[]), asked(compare=[]), asked(label="")],
)  # fmt: skip
def test_a_question_that_is_none_is_refused_in_a_sentence(assertion):
    [wrong] = wrong_in_assertions([assertion], SOURCES)
    assert wrong.startswith("Assertion 1: ")


def test_where_several_could_answer_the_source_is_named():
    [wrong] = wrong_in_assertions([asked()], {"files": "folder", "more": "folder"})
    assert "name the source" in wrong
    assert wrong_in_assertions([asked(source="more")], {"files": "folder", "more": "folder"}) == []
