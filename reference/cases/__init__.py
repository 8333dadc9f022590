"""What a layer is tried on: cases drawn by Hypothesis, and what is made of them."""
