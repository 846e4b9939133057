"""What can stop an embedded server, in one sentence that says what to do."""


class ServerError(Exception):
    """A server of our own cannot be used. The text is for the person at the terminal."""
