"""Code on trial in a process of its own: the same face, with walls around it."""
