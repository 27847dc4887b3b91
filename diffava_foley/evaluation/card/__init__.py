"""The figures of the embedded default's card, which anyone can make again.

``diffava-foley evaluate card`` generates clips from captions that the training never saw and has
YAMNet judge them. What it made of real sounds is shipped as ``reference.safetensors``
(``build.py``), so that no sounds are needed.
"""
