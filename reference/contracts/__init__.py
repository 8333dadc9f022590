"""What each layer, function and network promises."""
