"""The families of edits, a kind of mistake each."""
