"""What the launcher refuses: one clear sentence, an exit code that is not zero, nothing left running."""

import socket

import pytest


def test_a_busy_port_is_refused_by_number(make_product):
    product = make_product()
    with socket.socket() as busy:
        busy.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        busy.bind(("127.0.0.1", product.port))
        busy.listen()
        refused = product.command("up")
    assert refused.returncode == 1
    lines = refused.stdout.strip().splitlines()
    assert len(lines) == 1
    assert lines[0].startswith(f"Port {product.port} cannot be used (Address already in use)")
    assert product.left_running() == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "eighty"),
        ("TIME_ZONE", "Mars/Olympus"),
        ("DATABASE_URL", "mysql://there/db"),
        ("SECRET_KEY", "short"),
        ("DATA_DIR", "not/absolute"),
    ],
)
def test_a_wrong_setting_is_refused_by_name(make_product, name, value):
    refused = make_product(variables={name: value}).command("up")
    assert refused.returncode == 1
    lines = refused.stdout.strip().splitlines()
    assert len(lines) == 1
    assert lines[0].startswith(f"{name} is not usable: expected ")


def test_a_data_folder_of_another_major_version_is_refused_and_kept(make_product):
    product = make_product()
    assert product.command("migrate", "-v", "0").returncode == 0
    version = product.data_dir / "postgres" / "data" / "PG_VERSION"
    version.write_text("14\n")
    refused = product.command("up")
    assert refused.returncode == 1
    assert "is PostgreSQL 14, but the server here is" in refused.stdout
    assert version.read_text() == "14\n"
    assert product.left_running() == []


def test_setting_up_that_fails_ends_everything(make_product):
    product = make_product(variables={"DATABASE_URL": "postgres://nobody:x@127.0.0.1:9/none"})
    refused = product.command("up", seconds=90)
    assert refused.returncode == 1
    assert "The database does not let us in: " in refused.stdout
    assert "Traceback" not in refused.stdout
    assert "Setting up did not succeed; the lines above say why." in refused.stdout
    assert product.left_running() == []


def test_a_data_folder_that_was_there_before_keeps_its_rights(make_product, data_dir):
    data_dir.mkdir()
    data_dir.chmod(0o755)
    assert make_product().command("check").returncode == 0
    assert data_dir.stat().st_mode & 0o777 == 0o755
