"""From the text of a subject to live definitions: only what defines is run."""
