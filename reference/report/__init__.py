"""How a result is said: as text, JSON, HTML."""
