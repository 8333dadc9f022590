"""The three witnesses, one module each; none knows another."""
