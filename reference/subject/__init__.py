"""The implementation on trial: from a path, module or class to layers with one face."""
