"""The recipe of the embedded default: from a folder of sounds and a table to a weights folder.

Run in this order, each resumable with the same command::

    python -m diffava_foley.training.embedded.sounds TABLE SOUNDS RUN
    python -m diffava_foley.training.embedded.text RUN CAPTIONS MINILM
    python -m diffava_foley.training.embedded.unet RUN
    python -m diffava_foley.training.embedded.audio RUN SOUNDS
    python -m diffava_foley.training.embedded.alignment RUN SOUNDS PICTURES LITE0
    python -m diffava_foley.training.embedded.export RUN HIFIGAN FOLDER

README.md beside this file says where each argument comes from.
"""
