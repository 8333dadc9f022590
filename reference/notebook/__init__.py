"""In a running notebook: `%%check` and `%check`, and the text of the cells that were run."""
