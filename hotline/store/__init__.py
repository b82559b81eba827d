"""The truth: tables, the questions asked of them, migrations. SQLite or PostgreSQL through SQLAlchemy Core."""
