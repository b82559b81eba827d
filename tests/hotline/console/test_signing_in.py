"""Getting in: an invitation once, a password and a code each time; sessions that end; limits that tell kindly."""

from __future__ import annotations

from consoles import Console


def test_smoke(place: Console) -> None:
    ana = place.liaison("Ana Paz", areas=("09007",))
    browser = place.enrolled(ana)
    page = browser.open("/consola/")
    assert page.status_code == 200 and "Ana Paz" in page.text
    code = place.report("me estan extorsionando en iztapalapa, soy Lupita Arriaga")
    page = browser.open("/consola/")
    assert code in page.text
    page = browser.open(f"/consola/casos/{code}")
    assert page.status_code == 200
    assert "extorsionando" in page.text
    assert "Lupita" not in page.text
