"""Recorded prompts, as the carrier fetches them: anyone may hear them, they tell what every caller hears."""

from __future__ import annotations

from flask import Blueprint, Response, abort, send_file

from hotline.desk import front_desk
from hotline.profile.menu import SOUNDS

sounds = Blueprint("sounds", __name__)

# An address changes when its file does.
_CACHED_SECONDS = 7 * 24 * 3600


@sounds.get("/voice/sounds/<path:filename>")
def sound(filename: str) -> Response:
    menu = front_desk().profile.menu
    if filename not in {each.file for each in menu.sounds.values()}:
        abort(404)
    path = menu.folder / filename
    response = send_file(path, mimetype=SOUNDS[path.suffix], conditional=True, max_age=_CACHED_SECONDS)
    response.cache_control.public = True
    return response
