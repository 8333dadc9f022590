"""Claims about a layer, a subject's answers on a case, and the evidence against a claim."""
