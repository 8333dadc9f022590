"""Networks that are made of functions: which function is what, and how they are called."""
