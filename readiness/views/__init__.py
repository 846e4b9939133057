"""Pages that look across all rooms."""

from readiness.views.jobs import jobs
from readiness.views.ledger import export_ledger, ledger
from readiness.views.overview import OverviewPage
from readiness.views.restored import restored
from readiness.views.search import search
from readiness.views.welcome import welcome
from readiness.views.work import my_work, work_count

__all__ = ["OverviewPage", "export_ledger", "jobs", "ledger", "my_work", "restored", "search", "welcome", "work_count"]
