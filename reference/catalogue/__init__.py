"""The sentences that users read: for each language one catalogue of templates."""
