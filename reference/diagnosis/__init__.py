"""From refuted claims to their cause: which pass is wrong, and in what way."""
