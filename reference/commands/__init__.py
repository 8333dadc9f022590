"""The command line, one command each."""
