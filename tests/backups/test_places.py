"""Where copies may lie: nowhere that belongs to the operating system or to Holdfast's own program."""

from pathlib import Path

import pytest
from django.conf import settings

from backups import services
from backups.errors import WrongRepository
from backups.models import Repository

pytestmark = pytest.mark.django_db


def create(location: str) -> Repository:
    return services.create_repository(by="system:tests", name="Vault", kind="local", location=location)


@pytest.mark.parametrize(
    "location",
    [
        "/etc", "/etc/", "//etc/backups", "/proc", "/proc/self", "/sys", "/dev/shm", "/boot", "/usr",
        "/usr/share/copies", "/bin", "/sbin", "/lib", "/lib64/copies", "/run", "/run/lock",
    ],
)  # fmt: skip
def test_folders_of_the_operating_system_are_refused(location: str):
    with pytest.raises(WrongRepository) as refused:
        create(location)
    assert "belongs to the operating system" in refused.value.fields["location"][0]
    assert not Repository.objects.exists()


def test_a_link_to_such_a_folder_is_seen_through(tmp_path: Path):
    (tmp_path / "link").symlink_to("/etc")
    with pytest.raises(WrongRepository):
        create(str(tmp_path / "link" / "copies"))


@pytest.mark.parametrize("inside", ["", "backups", "static/copies"])
def test_the_program_is_no_place_for_copies(inside: str):
    with pytest.raises(WrongRepository) as refused:
        create(str(Path(settings.BASE_DIR) / inside))
    assert "own program" in refused.value.fields["location"][0]


@pytest.mark.parametrize("location", ["/srv/backups", "/mnt/disk", "/library", "/users/copies", "/etcetera"])
def test_ordinary_folders_are_welcome(location: str):
    assert create(location).location == location


def test_the_copies_of_the_data_folder_are_welcome_wherever_it_is():
    assert create(str(Path(settings.DATA_DIR) / "copies" / "more"))
