"""An operator speaks in the host's place, live, and may show a camera: whoever lets go hands back to the sentence."""
