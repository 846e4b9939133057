"""Who is who, who belongs to whom, and what their roles let them do."""

from people.selectors.persons import (
    Anyone,
    email_of,
    has_role,
    lacks_second_factor,
    language_of,
    needs_second_factor,
    person_named,
    reachable,
    reads_all,
    roles_of,
    visible_people,
    with_role,
    works,
    zone_of,
)

__all__ = [
    "Anyone",
    "email_of",
    "has_role",
    "lacks_second_factor",
    "language_of",
    "needs_second_factor",
    "person_named",
    "reachable",
    "reads_all",
    "roles_of",
    "visible_people",
    "with_role",
    "works",
    "zone_of",
]
