"""How a wrong result is related to the right one: one module for each family of relations."""
