"""Every change of emergency plans."""

from runbooks.services.planning import change_plan, create_plan
from runbooks.services.versions import draft_version, name_causes, name_causes_of_draft, publish, withdraw, write_text

__all__ = [
    "change_plan",
    "create_plan",
    "draft_version",
    "name_causes",
    "name_causes_of_draft",
    "publish",
    "withdraw",
    "write_text",
]
