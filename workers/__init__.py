"""The back office: everything that happens after a caller has been answered."""
