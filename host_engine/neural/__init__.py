"""Networks that turn speech into pictures of a mouth, and the one worker that runs them for all channels."""
