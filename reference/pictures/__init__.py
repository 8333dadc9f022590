"""The pictures: the computational graph of a layer's forward, in the book's notation."""
