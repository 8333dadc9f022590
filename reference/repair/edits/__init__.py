"""The neighbourhood of a piece of source: every change to one expression or statement of it."""
