"""The web process."""

import gc
import multiprocessing
import os
from importlib import import_module

import django
from django.conf import settings
from django.core.wsgi import get_wsgi_application

from serentak.config import static
from serentak.platform.database import follow

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "serentak.config.settings")
os.environ["SERENTAK_COLLECTED"] = "1"

# Whatever ended the server's master, its processes end with it.
if master := multiprocessing.parent_process():
    follow(master.pid or 0)

django.setup()

from serentak.config.entry import MB, Entry, Limits  # noqa: E402 - streams know models

static.collect()
application = get_wsgi_application()
entry = Entry(application, Limits(body=settings.SERENTAK_REQUEST_MB * MB))

# What is loaded now stays for good: a collection that walks through it in the middle of a page
# takes 0.1 s and frees nothing. The routes load all pages first.
import_module("serentak.config.urls")
gc.collect()
gc.freeze()
