"""PostgreSQL: saving a database, reading a dump through, restoring it into a throwaway cluster and asking it."""

from backups.adapters.postgres.answers import newest_canary, row_counts
from backups.adapters.postgres.canary import Canary
from backups.adapters.postgres.cluster import Cluster
from backups.adapters.postgres.connect import Source, connect
from backups.adapters.postgres.dump import Dumped, dump
from backups.adapters.postgres.restore import Restored, restore
from backups.adapters.postgres.verify import Verified, verify

__all__ = [
    "Canary",
    "Cluster",
    "Dumped",
    "Restored",
    "Source",
    "Verified",
    "connect",
    "dump",
    "newest_canary",
    "restore",
    "row_counts",
    "verify",
]
