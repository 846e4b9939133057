"""Pages of lists that may be very long."""

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.utils.functional import cached_property


class Pages(Paginator):
    """Pages of the first `MOST` rows, and whether there are more: to count a million costs more than a page of them.

    Nobody turns hundreds of pages: what lies beyond is found by narrowing the list down, and the page says so.
    """

    MOST = 3_000

    @cached_property
    def count(self) -> int:
        """Rows that can be paged through."""
        return min(self._counted, self.MOST)

    @property
    def is_cut(self) -> bool:
        """Whether there are more rows than can be paged through."""
        return self._counted > self.MOST

    @cached_property
    def _counted(self) -> int:
        rows = self.object_list
        return rows.order_by()[: self.MOST + 1].count() if isinstance(rows, QuerySet) else len(rows)
