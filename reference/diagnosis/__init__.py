"""From a refuted claim to its cause: which side is wrong, and how the numbers are related."""
