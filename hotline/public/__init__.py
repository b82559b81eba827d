"""The pages anyone may read: what the hotline is, and what becomes of what one tells it."""

from __future__ import annotations

from flask import Blueprint, render_template

from hotline import phones
from hotline.desk import front_desk

public = Blueprint("public", __name__, template_folder="templates", static_folder="static", static_url_path="/static")


@public.get("/")
def notice() -> str:
    return render_template("public/notice.html", **_facts())


@public.get("/privacidad")
def privacy() -> str:
    return render_template("public/privacy.html", **_facts())


def _facts() -> dict[str, object]:
    desk = front_desk()
    return {
        "profile": desk.profile,
        "hotline_number": phones.readable(desk.settings.hotline_number or "", country=desk.profile.country),
        "report_years": max(1, desk.profile.retention.report_days // 365),
        "return_address_days": desk.profile.retention.return_address_days,
    }
