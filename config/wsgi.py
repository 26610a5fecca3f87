"""What Granian serves."""

from __future__ import annotations

import gc
import os

from django.core.cache import close_caches
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, reset_queries

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = get_wsgi_application()

#: Connections are looked after before a request; caches lie in the database; statements are kept nowhere.
request_finished.disconnect(close_old_connections)
request_finished.disconnect(close_caches)
request_started.disconnect(reset_queries)

#: What is loaded by now stays for good: the collector need not walk through it again and again.
gc.collect()
gc.freeze()
gc.set_threshold(20_000, 20, 50)
