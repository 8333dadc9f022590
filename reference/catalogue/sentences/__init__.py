"""The sentences in English, a module for each kind."""
