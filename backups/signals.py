"""Facts that this app announces upward."""

from common.facts import Fact

#: A backup, check or restore test ended, whatever came out. Argument: run_id (text).
RUN_ENDED = Fact("backups.run_ended")
