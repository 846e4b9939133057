"""The outside world of backups: processes, sandboxes, the tools of each engine, places for copies."""
