"""Reports and answers that come by mail: taken from mailboxes, kept as they came, then read."""
