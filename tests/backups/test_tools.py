"""Finding programs that fit: never by PATH alone, and never one that is too old."""

import pytest
from django.conf import settings

from backups.adapters import tools
from backups.adapters.errors import ToolMissing


def test_the_programs_of_our_own_wheel_are_found_whatever_path_says(monkeypatch):
    monkeypatch.setenv("PATH", "/nowhere")
    assert tools.find("pg_dump", at_least_major=18).major >= 18


def test_of_those_new_enough_the_oldest_is_chosen():
    majors = sorted(tool.major for tool in tools.found("pg_dump"))
    assert tools.find("pg_dump", at_least_major=majors[0]).major == majors[0]
    assert tools.find("pg_dump").major == majors[-1]


def test_a_program_that_is_too_old_everywhere_names_the_package_to_install():
    with pytest.raises(ToolMissing, match=r"No pg_dump of PostgreSQL 99 or newer .* postgresql-client-99"):
        tools.find("pg_dump", at_least_major=99)
    with pytest.raises(ToolMissing, match="package postgresql-7,"):
        tools.find("postgres", exactly_major=7)


def test_what_belongs_together_lies_together():
    server = tools.find("postgres")
    assert server.beside("initdb").is_file()
    assert server.beside("psql").is_file()


def test_a_file_that_is_no_program_of_postgresql_is_not_taken(tmp_path, monkeypatch):
    fake = tmp_path / "99" / "bin" / "pg_dump"
    fake.parent.mkdir(parents=True)
    fake.write_text("#!/bin/sh\nexit 1\n")
    fake.chmod(0o755)
    monkeypatch.setattr(tools, "PACKAGED", ((tmp_path, "*/bin"),))
    with pytest.raises(ToolMissing):
        tools.find("pg_dump", at_least_major=99)
    assert settings.DATA_DIR
