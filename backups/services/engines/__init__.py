"""What knows how to save, check and restore each kind of source."""

from backups.choices import Engine
from backups.services.engines.base import Asked, RestoredPart, Room, Saving, SourceEngine, Stored
from backups.services.engines.folder import FolderEngine
from backups.services.engines.postgresql import PostgresqlEngine

ENGINES: dict[Engine, SourceEngine] = {
    Engine.POSTGRESQL: PostgresqlEngine(),
    Engine.FOLDER: FolderEngine(),
}

__all__ = ["ENGINES", "Asked", "RestoredPart", "Room", "Saving", "SourceEngine", "Stored"]
