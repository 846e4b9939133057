"""The Celery application: carries work, never the truth. Long work is a row with a lease."""

import os
import warnings

from celery import Celery
from celery.platforms import SecurityWarning

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

# As root a worker gives each sandbox an account of its own, which it could not do with fewer rights; and it takes
# nothing but JSON, which is what the warning is about.
warnings.filterwarnings("ignore", category=SecurityWarning)

app = Celery("holdfast")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
