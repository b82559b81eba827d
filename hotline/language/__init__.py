"""How people write and how a basic phone shows it: folding, place names, GSM-7. Pure; used by both sides."""
