"""Pages of backups."""

from backups.views.matrix import MatrixPage
from backups.views.of_system import OfSystem
from backups.views.policy import PolicyPage, start_run
from backups.views.restore_tests import RestoreTestsPage
from backups.views.run import RunDetail

__all__ = ["MatrixPage", "OfSystem", "PolicyPage", "RestoreTestsPage", "RunDetail", "start_run"]
