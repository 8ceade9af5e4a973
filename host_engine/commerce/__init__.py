"""What shops tell while the channel is on air, and what becomes of it."""
