"""What the console cannot do by itself: check passwords, open masked texts, evidence and names. See `counter`."""
