"""Every operation of the API, tried with what its own description allows and with what it forbids.

`make fuzz` asks a real server; EXAMPLES says how many requests an operation gets (200 unless said).
The workers do not run: what is asked for is queued and never carried out.
"""

import json
import os
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client

from people import services
from people.choices import Role
from tests.common.api_operations import operations
from tests.people.world import make_world
from tests.support.product import free_port, wait_until

EXAMPLES = os.environ.get("EXAMPLES", "200")
SEED = os.environ.get("SEED", "1")
#: For where there is no time for all: generated requests are repeated until it is spent.
SECONDS_AT_MOST = os.environ.get("SECONDS_AT_MOST")
#: All phases: the examples of the description, its limits, generated requests, and chains along its links.
PHASES = os.environ.get("PHASES", "examples,coverage,fuzzing,stateful")
CHECKS = [
    "not_a_server_error", "status_code_conformance", "content_type_conformance", "response_headers_conformance",
    "response_schema_conformance", "unsupported_method", "allow_header_conformance", "ignored_auth",
    "use_after_free", "refusals_have_one_shape", "answers_are_tagged",
]  # fmt: skip


@pytest.fixture
def server(transactional_db, tmp_path) -> Iterator[str]:
    """The address of a server of its own, on the database of the test."""
    port = free_port()
    names = connection.get_connection_params()
    database = f"postgres://{names['user']}:{names['password']}@/{names['dbname']}?host={names['host']}"
    served = [
        "tests.fuzz.server:application",
        "--bind",
        f"127.0.0.1:{port}",
        "--threads",
        "4",
        "--limit-request-line",
        "0",
        "--log-level",
        "error",
    ]
    output = (tmp_path / "server").open("w")
    process = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", *served],
        env={**os.environ, "DATABASE_URL": database, "DJANGO_SETTINGS_MODULE": "config.settings"},
        cwd=settings.BASE_DIR,
        stdout=output,
        stderr=subprocess.STDOUT,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        wait_until(lambda: _answers(f"{address}/healthz"))
        yield address
    finally:
        process.terminate()
        process.wait(30)
        print((tmp_path / "server").read_text()[-20000:])


@pytest.mark.timeout(7200)
def test_nothing_that_the_description_allows_or_forbids_breaks_anything(server, tmp_path):
    new = services.create_api_key(name="Fuzz", role=Role.ADMINISTRATOR, by="system:tests")
    make_world(new.row.user)

    done = subprocess.run(
        [
            Path(sys.executable).with_name("schemathesis"), "run", _description(server, tmp_path), "--url", server,
            "--header", f"Authorization: Bearer {new.text}", "--max-examples", EXAMPLES, "--seed", SEED,
            "--phases", PHASES, "--checks", ",".join(CHECKS), "--continue-on-failure", "--no-color",
            "--request-timeout", "20", "--suppress-health-check", "all", "--generation-database", "none",
            "--warnings", "off", "--no-shrink", *(["--max-time", SECONDS_AT_MOST] if SECONDS_AT_MOST else []),
        ],
        env={
            **os.environ,
            "SCHEMATHESIS_HOOKS": "tests.fuzz.hooks",
            "HOLDFAST_FUZZ_OWN_KEY": str(new.row.pk),
            "HOLDFAST_FUZZ_ROWS": json.dumps(_rows(new.text)),
        },
        cwd=settings.BASE_DIR,
        check=False,
    )  # fmt: skip

    assert done.returncode == 0


def _description(server: str, folder: Path) -> Path:
    """The description as it is served. A machine that is busy may make it slower than Schemathesis waits."""
    file = folder / "description.yaml"
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    file.write_bytes(direct.open(f"{server}/api/schema/", timeout=300).read())
    return file


def _rows(key: str) -> dict[str, list[str]]:
    """Resource → ids of its rows."""
    client = Client(headers={"Authorization": f"Bearer {key}"})
    lists = {each.path.split("/")[3]: client.get(each.path).json()["results"] for each in operations() if each.is_list}
    return {name: [str(row["id"]) for row in rows] for name, rows in lists.items() if rows}


def _answers(address: str) -> bool:
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        return bool(direct.open(address, timeout=2).status == 200)
    except (urllib.error.URLError, OSError):
        return False
