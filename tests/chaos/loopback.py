"""The settings of a product whose far side stands on this machine, as that of these tests does."""

from config.settings import *  # noqa: F403  a settings module is its names

OUTGOING_LOOPBACK = True
