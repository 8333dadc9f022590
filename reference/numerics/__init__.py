"""Tolerances with their derivations, slopes by central differences, directions and boxes."""
