"""What is given to those who run Holdfast by systemd or in containers fits the product."""

import configparser
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import get_commands

from common.parts import PARTS
from config import environment

DEPLOY = Path(settings.BASE_DIR) / "deploy"
SERVICES = sorted((DEPLOY / "systemd").glob("*.service"))
HAS_SYSTEMD = shutil.which("systemd-analyze") is not None


def of(path: Path) -> configparser.RawConfigParser:
    parser = configparser.RawConfigParser(strict=False)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read(path)
    return parser


def test_every_part_has_its_unit():
    started = {of(path)["Service"]["ExecStart"].rpartition("manage.py ")[2] for path in SERVICES}
    assert started == {"prepare", "demo_server", "part web", "part beat", "part verify", "part %i"}
    assert {words.partition(" ")[0] for words in started} <= set(get_commands())
    target = (DEPLOY / "systemd" / "holdfast.target").read_text()
    named = set(re.findall(r"holdfast-(?:worker@)?(\w+)\.service", target))
    assert named == {*PARTS, "demo"}


@pytest.mark.parametrize("path", SERVICES, ids=lambda path: path.stem)
def test_no_unit_has_rights_that_it_does_not_need(path):
    service = of(path)["Service"]
    assert (service["User"], service["NoNewPrivileges"], service["ProtectSystem"]) == ("holdfast", "yes", "strict")
    assert service["CapabilityBoundingSet"] == ""
    assert dict(pair.split("=") for pair in service["Environment"].split()).keys() <= set(environment.EXPECTED)
    assert service["LoadCredential"] == "holdfast:/etc/holdfast/credentials"
    assert Path(service["WorkingDirectory"]) == Path(service["ExecStart"].split()[0]).parents[2]


@pytest.mark.parametrize("path", [path for path in SERVICES if "prepare" not in path.name], ids=lambda path: path.stem)
def test_what_cannot_begin_yet_is_tried_again(path):
    """The database may come later than we do, and after a release `prepare` may still be at work."""
    assert of(path)["Service"]["Restart"] == "always"
    assert "Requires=" not in path.read_text()


def test_the_worker_that_restores_may_call_what_its_sandbox_needs():
    """RestrictSUIDSGID takes openat2 away, PrivateUsers and RestrictNamespaces the rest: bwrap would fail, silently."""
    taken_away = {"RestrictSUIDSGID", "RestrictNamespaces", "PrivateUsers", "SystemCallFilter", "ProtectProc"}
    assert taken_away.isdisjoint(of(DEPLOY / "systemd" / "holdfast-verify.service")["Service"])


def test_a_command_by_hand_runs_as_the_units_do():
    said = (DEPLOY / "systemd" / "holdfast").read_text()
    service = of(DEPLOY / "systemd" / "holdfast-verify.service")["Service"]
    for name in ("StateDirectory", "StateDirectoryMode", "UMask", "LoadCredential"):
        assert f"--property={name}={service[name]} " in said
    for given in service["Environment"].split():
        assert f"--setenv={given} " in said
    assert f"--working-directory={service['WorkingDirectory']} " in said
    assert (DEPLOY / "systemd" / "holdfast").stat().st_mode & 0o100


@pytest.mark.skipif(not HAS_SYSTEMD, reason="systemd-analyze is not installed on this machine")
def test_systemd_itself_finds_nothing_wrong(tmp_path):
    for path in (DEPLOY / "systemd").iterdir():
        text = path.read_text().replace("/opt/holdfast/.venv/bin/python", sys.executable)
        (tmp_path / path.name).write_text(text)
    found = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", tmp_path / "holdfast.target"],
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (found.returncode, [line for line in found.stderr.splitlines() if "holdfast" in line]) == (0, [])


def test_the_image_runs_without_root_and_with_settings_that_exist():
    text = (DEPLOY / "Containerfile").read_text()
    assert re.search(r"^USER 10001:10001$", text, re.MULTILINE)
    assert "HEALTHCHECK" in text
    [given] = re.findall(r"^ENV ((?:.+\\\n)*.+)$", text, re.MULTILINE)
    names = set(re.findall(r"([A-Z_]+)=", given)) - {"PYTHONUNBUFFERED", "CREDENTIALS_DIRECTORY"}
    assert names <= set(environment.EXPECTED)
    assert set(re.findall(r"holdfast ((?:part )?\w+)", text.partition("FROM")[0])) >= {
        "prepare",
        "demo_server",
        "part web",
    }


def test_whether_a_container_is_healthy_is_asked_without_anything_else():
    nobody = {"PORT": "1", "PATH": ""}
    asked = subprocess.run([sys.executable, DEPLOY / "healthy.py"], env=nobody, check=False, timeout=20)
    assert asked.returncode == 1
