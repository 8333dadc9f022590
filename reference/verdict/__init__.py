"""From the trials of a subject's layers to a verdict on each of them."""
