"""Small programs for engines: the operations they may have, and how programs are drawn."""
