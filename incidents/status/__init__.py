"""The status page: a snapshot in files, served without the database."""
