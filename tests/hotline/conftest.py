"""The front desk's tests get keys, empty databases and a pretend carrier."""

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
