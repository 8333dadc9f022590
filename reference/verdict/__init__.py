"""What the trials of a subject come to: a verdict on each layer, and on the whole."""
