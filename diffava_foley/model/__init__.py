"""The model: frozen encoders, the paper's visual alignment, and AudioLDM from its own parts."""
