"""Digests: what is not urgent, put together for one liaison at the hours they chose."""
