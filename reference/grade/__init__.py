"""A class graded: what each submission is worth, as one record on disk for each."""
