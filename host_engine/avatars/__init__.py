"""Hosts made from footage: the consent they need, their folder, their frames, and the way through them."""
