"""Finding services, systems and sites."""

from catalog.models import Service, Site, System
from catalog.selectors.basics import visible_to
from common import own_names
from common.search import Hit, Wanted, found, ranked
from people.selectors import Anyone


def search(text: str, user: Anyone) -> list[Hit]:
    """By name and description, for those who read the catalog."""
    wanted = Wanted.of(text)
    services = ranked(found(visible_to(user, Service), wanted, names="name"))
    systems = ranked(found(visible_to(user, System), wanted, names="name"))
    sites = ranked(found(visible_to(user, Site), wanted, names="name"))
    return [
        *(
            Hit(kind="service", title=own_names.shown(one.name), url=one.get_absolute_url(), rank=rank)
            for one, rank in services
        ),
        *(
            Hit(kind="system", title=own_names.shown(one.name), url=one.get_absolute_url(), rank=rank)
            for one, rank in systems
        ),
        *(
            Hit(kind="site", title=own_names.shown(one.name), url="", detail=one.address, rank=rank)
            for one, rank in sites
        ),
    ]
