"""What is given to those who run Holdfast by systemd or in containers fits the product."""

import configparser
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

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
    assert started == {"prepare", "part web", "part beat", "part verify", "part %i"}
    target = (DEPLOY / "systemd" / "holdfast.target").read_text()
    named = set(re.findall(r"holdfast-(?:worker@)?(\w+)\.service", target))
    assert named == set(PARTS)


@pytest.mark.parametrize("path", SERVICES, ids=lambda path: path.stem)
def test_no_unit_has_rights_that_it_does_not_need(path):
    service = of(path)["Service"]
    assert (service["User"], service["NoNewPrivileges"], service["ProtectSystem"]) == ("holdfast", "yes", "strict")
    assert service["CapabilityBoundingSet"] == ""
    assert "SECRETS_KEYS" not in path.read_text()
    for name in re.findall(r"LoadCredential=([\w-]+):", path.read_text()):
        assert name.upper().replace("-", "_") in environment.EXPECTED


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
    [given] = re.findall(r"^ENV (.+)$", text, re.MULTILINE)
    names = set(re.findall(r"([A-Z_]+)=", given)) - {"PYTHONUNBUFFERED"}
    assert names <= set(environment.EXPECTED)


def test_whether_a_container_is_healthy_is_asked_without_anything_else():
    nobody = {"PORT": "1", "PATH": ""}
    asked = subprocess.run([sys.executable, DEPLOY / "healthy.py"], env=nobody, check=False, timeout=20)
    assert asked.returncode == 1
