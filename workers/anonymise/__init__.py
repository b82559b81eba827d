"""Personal data out of a message: text in, masked text and owned spans out. Pure: no web, no database, no queue."""

from workers.anonymise.model import Masked, Owner, Span
from workers.anonymise.pipeline import Anonymiser

__all__ = ["Anonymiser", "Masked", "Owner", "Span"]
