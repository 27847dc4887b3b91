"""Training: the paper's alignment, and the recipe of the embedded default."""
