"""The text of a subject: files, notebooks and Markdown read, parsed and searched."""
