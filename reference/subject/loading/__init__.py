"""Run the definitions in a subject's text, and nothing else."""
