"""Applies a verified repair: replaces those lines of a learner's file, and nothing else."""
