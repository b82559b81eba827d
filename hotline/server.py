"""Gunicorn's settings for the `web` process, from the same environment as everything else."""

from __future__ import annotations

import gc
import sys
import threading
from typing import Any

from gevent import monkey

monkey.patch_all()  # before anything else takes hold of a lock or a socket

from hotline.settings import Settings, SettingsError  # noqa: E402

try:
    _settings = Settings.read()
except SettingsError as error:
    sys.exit(str(error))

bind = f"0.0.0.0:{_settings.port}"
workers = _settings.web_concurrency
# A request mostly waits for the commit it shares with others. Greenlets hand over to each other without the kernel's
# help; threads, measured, lost a third of the machine to waking one another.
worker_class = "gevent"
worker_connections = 1000
backlog = 2048
keepalive = 2
timeout = 30
graceful_timeout = 20
# Loaded once, forked after: nothing is connected before the fork.
preload_app = True
# An access log would write down when whom from where; a control socket is a door nobody asked for.
accesslog = None
errorlog = "-"
loglevel = "warning"
control_socket_disable = True
forwarded_allow_ips = "*"


def when_ready(_: Any) -> None:
    """Lets the short-lived threads that libraries started while loading end here: they would not survive the fork."""
    for thread in threading.enumerate():
        if thread is not threading.main_thread():
            thread.join(timeout=1)


def post_worker_init(worker: Any) -> None:
    """Threads do not survive the fork: what the intake does in the background begins here."""
    # What was loaded before the fork lives for ever: the collector need not walk it, and its pages stay shared.
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
    desk = worker.wsgi.extensions.get("front_desk")
    if desk is not None:  # another application may be measured under these settings
        desk.intake.start()
