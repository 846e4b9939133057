"""PostgreSQL and Valkey as child processes of our own, so that nothing has to be installed or set up first."""
