"""The one worker that makes lips for all channels of a machine: orders in, batches over the card, pictures out."""
