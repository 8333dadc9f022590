"""A verified repair, applied: the lines of a learner's file replaced, and nothing else."""
