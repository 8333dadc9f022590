"""`gradcheck`: the gradients of any NumPy loss, verified along random directions."""
