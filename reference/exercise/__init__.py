"""Exercises made of `trigrad.impl`: notebooks with bodies to be written, or with a mistake."""
