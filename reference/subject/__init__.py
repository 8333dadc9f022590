"""The subject, which is the implementation to judge: its layers, behind one interface."""
