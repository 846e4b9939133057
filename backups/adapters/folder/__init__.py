"""A folder of this host: saved as one compressed tar with a list of its contents, and unpacked apart from the host."""

from backups.adapters.folder import canary
from backups.adapters.folder.answers import Question, answers
from backups.adapters.folder.archive import read_through
from backups.adapters.folder.errors import FolderLeftOut, FolderNotWhole, NoCanaryFile
from backups.adapters.folder.listing import read as read_list
from backups.adapters.folder.places import Avoided, avoided
from backups.adapters.folder.restore import Compared, compare, restore, restored
from backups.adapters.folder.save import Saved, save
from backups.adapters.folder.walk import Why

__all__ = [
    "Avoided",
    "Compared",
    "FolderLeftOut",
    "FolderNotWhole",
    "NoCanaryFile",
    "Question",
    "Saved",
    "Why",
    "answers",
    "avoided",
    "canary",
    "compare",
    "read_list",
    "read_through",
    "restore",
    "restored",
    "save",
]
