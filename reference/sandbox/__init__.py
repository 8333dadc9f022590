"""Run a subject in a worker process with restricted rights, behind the same interface."""
