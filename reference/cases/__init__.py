"""The cases on which a layer is judged: drawn by Hypothesis, varied, and made smaller."""
