"""Which extensions a restore test offers. They are made before anything of the dump is, and never by the dump.

None of them reaches another host or a file: dblink, postgres_fdw, file_fdw, adminpack and untrusted languages are
left out on purpose. Named in the order in which they need each other.
"""

import re
from dataclasses import dataclass

from backups.adapters.errors import DumpDamaged, ExtensionNotOffered

OFFERED = (
    "plpgsql",
    "cube",
    "earthdistance",
    "citext",
    "hstore",
    "ltree",
    "pgcrypto",
    "uuid-ossp",
    "pg_trgm",
    "unaccent",
    "btree_gin",
    "btree_gist",
    "fuzzystrmatch",
    "intarray",
    "isn",
    "seg",
    "lo",
    "tablefunc",
    "bloom",
    "dict_int",
    "dict_xsyn",
    "moddatetime",
    "autoinc",
    "insert_username",
    "refint",
    "tcn",
    "tsm_system_rows",
    "tsm_system_time",
    "pg_stat_statements",
    "pgstattuple",
    "pg_buffercache",
    "pgrowlocks",
    "amcheck",
    "vector",
    "postgis",
    "postgis_topology",
)

IDENTIFIER = r'(?:[A-Za-z_][\w$]*|"(?:[^"\0]|"")+")'
CREATE = re.compile(
    rf"^CREATE EXTENSION IF NOT EXISTS (?P<name>{IDENTIFIER})(?: WITH SCHEMA (?P<schema>{IDENTIFIER}))?", re.MULTILINE
)


@dataclass(frozen=True)
class Extension:
    """One extension, and the schema the dump expects it in."""

    name: str
    schema: str


def wanted(script: str) -> list[Extension]:
    """The extensions that the dump's own statements make, checked against the offer.

    script: what pg_restore prints for the dump's EXTENSION entries. It is read, never run.
    Raises ExtensionNotOffered, DumpDamaged.
    """
    found = [Extension(_bare(match["name"]), _bare(match["schema"] or "public")) for match in CREATE.finditer(script)]
    for extension in found:
        if extension.name not in OFFERED:
            raise ExtensionNotOffered(extension=extension.name)
        if extension.schema.startswith("pg_") and extension.schema != "pg_catalog":
            raise DumpDamaged
    return sorted(found, key=lambda extension: OFFERED.index(extension.name))


def _bare(identifier: str) -> str:
    return identifier[1:-1].replace('""', '"') if identifier.startswith('"') else identifier
