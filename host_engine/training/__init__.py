"""How our own small network learns to move lips: from the drawn hosts, or from a video of someone who agreed."""
