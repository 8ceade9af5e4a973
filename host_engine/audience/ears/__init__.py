"""What viewers say aloud, as text."""
