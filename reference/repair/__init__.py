"""From a layer that fails to the smallest change of its text with which it passes."""
