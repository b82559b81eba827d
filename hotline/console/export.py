"""One's own cases as a CSV file, for the liaison's own records. Nothing in it can be taken for a formula."""

from __future__ import annotations

import csv
import io

from werkzeug.wrappers import Response

from hotline.console.access import signed_in, visitor
from hotline.console.blueprint import console
from hotline.console.wording import CHANNELS, STATUS, Phrases, local
from hotline.desk import front_desk
from hotline.store import audit, inbox
from hotline.store.engine import utcnow

_HEADINGS = ("caso", "tipo", "urgencia", "lugar", "por", "llegó", "tomado", "estado", "cerrado", "resultado")


@console.get("/mis-casos.csv", endpoint="export")
@signed_in
def export() -> Response:
    desk, who = front_desk(), visitor()
    phrases = Phrases(desk.profile, who.names)
    with desk.engine.begin() as connection:
        rows = inbox.own(connection, who.id)
        audit.append(connection, desk.vault, utcnow(), who.id, "cases.export", who.id)

    def stamp(moment: object) -> str:
        return f"{local(moment, desk.profile):%Y-%m-%d %H:%M}" if moment is not None else ""  # type: ignore[arg-type]

    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(_HEADINGS)
    for row in rows:
        writer.writerow(
            harmless(cell)
            for cell in (
                row.code,
                phrases.kind(row.kind),
                row.urgency or "",
                phrases.place(row.area, row.state),
                CHANNELS.get(row.channel, row.channel),
                stamp(row.opened_at),
                stamp(row.acknowledged_at),
                STATUS.get(row.status, STATUS["filed"])[0],
                stamp(row.closed_at),
                phrases.outcome(row.outcome) if row.status == "closed" else "",
            )
        )
    # The mark at the beginning tells spreadsheets that it is UTF-8.
    return Response(
        "\ufeff" + file.getvalue(),
        mimetype="text/csv",
        headers={"Content-Disposition": 'attachment; filename="mis-casos.csv"'},
    )


def harmless(cell: str) -> str:
    """`cell` so that no spreadsheet takes it for a formula (OWASP, CSV injection)."""
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠") else cell
