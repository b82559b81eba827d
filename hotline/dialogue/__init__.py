"""What we say back: pure functions over a profile. No web framework, no database, no clock."""
