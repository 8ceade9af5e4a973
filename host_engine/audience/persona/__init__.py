"""Who the host is: how she talks, what she never says, and the notes that she knows."""
