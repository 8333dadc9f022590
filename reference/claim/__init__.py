"""What can be claimed of a layer, what a subject answers, and the evidence against a claim."""
