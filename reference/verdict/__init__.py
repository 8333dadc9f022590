"""From a refuted claim to words."""
