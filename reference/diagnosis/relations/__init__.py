"""How a wrong gradient is related to the right one, a family of relations each."""
