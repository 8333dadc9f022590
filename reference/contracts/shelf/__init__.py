"""The shelf: layers that are known by what their forward computes, however they are spelled."""
