"""What neighbours sent besides reports, for supervisors: opinions, and who offers to help."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import render_template

from hotline.console.access import supervisors_only, visitor
from hotline.console.blueprint import console
from hotline.console.counter import answer
from hotline.console.wording import Phrases, shown, when
from hotline.desk import front_desk
from hotline.store.engine import utcnow


@console.get("/buzon", endpoint="mailbox")
@supervisors_only
def mailbox_page() -> str:
    opened = answer(visitor().key, "mailbox", {}) or {"refused": "failed"}
    desk, who, now = front_desk(), visitor(), utcnow()
    phrases = Phrases(desk.profile, who.names)

    def said(row: dict[str, Any]) -> dict[str, str]:
        known = row["place"]
        place = phrases.place(known, None) if len(known) > 2 else phrases.place(None, known or None)
        return {"when": when(datetime.fromisoformat(row["at"]), desk.profile, now), "place": place}

    return render_template(
        "consola/mailbox.html",
        failed="refused" in opened,
        opinions=[said(row) | {"words": row["words"]} for row in opened.get("opinions", [])],
        volunteers=[said(row) | {"phone": shown("TELEFONO", row["phone"])} for row in opened.get("volunteers", [])],
    )
