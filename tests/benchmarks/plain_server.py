"""Gunicorn's settings as `hotline.server` has them, for an application that has no front desk to start."""

from hotline.server import *  # noqa: F403


def post_worker_init(_: object) -> None:
    return
