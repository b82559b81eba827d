"""The console's tests get a console over an empty database, and workers who answer in the instant."""

from consoles import place  # noqa: F401 - fixtures
from furniture import (  # noqa: F401 - fixtures
    _carrier_lab,
    carrier_lab,
    engine,
    keys,
    migrated_postgres,
    migrated_sqlite,
    sqlite,
    vault,
)
