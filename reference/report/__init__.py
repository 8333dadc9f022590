"""How results are shown: as text, JSON or HTML."""
