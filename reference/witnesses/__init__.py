"""The three witnesses, which are independent of each other: differences, autograd, laws."""
