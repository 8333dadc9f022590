"""The trial of one layer: which claims are made, and what the witnesses find on each."""
