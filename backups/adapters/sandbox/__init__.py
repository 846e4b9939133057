"""A place apart where a copy of unknown content is opened, restored and asked, and of which nothing remains.

As root each sandbox has a user of its own; around it bwrap (no network, no processes, no files but its own), or where
that does not work a user without rights and without network. The evidence says which.
"""

from backups.adapters.sandbox.box import Sandbox
from backups.adapters.sandbox.bring import Put, opened
from backups.adapters.sandbox.janitor import janitor
from backups.adapters.sandbox.limits import Limits
from backups.adapters.sandbox.places import sandboxes
from backups.adapters.sandbox.probe import Shelter, shelter_below
from backups.adapters.sandbox.walls import as_account

__all__ = ["Limits", "Put", "Sandbox", "Shelter", "as_account", "isolation_of_this_host", "janitor", "opened"]


def isolation_of_this_host() -> Shelter:
    """The best kind of isolation that works here, and why it is no better one."""
    return shelter_below(sandboxes())
