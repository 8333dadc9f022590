"""The trial of one layer: its claims planned, put to the witnesses, and what became of them."""
