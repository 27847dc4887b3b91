"""The recipe of the embedded default: from a folder of sounds and a table to a weights folder.

Run in this order, each resumable with the same command::

    python -m diffava_foley.training.embedded.sounds    TABLE SOUNDS RUN    # waves -> mels, split by recording
    python -m diffava_foley.training.embedded.vae       RUN
    python -m diffava_foley.training.embedded.text      RUN CAPTIONS
    python -m diffava_foley.training.embedded.unet      RUN
"""
