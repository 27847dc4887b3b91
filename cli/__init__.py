"""The ``diffava-foley`` command: one file per command, and everything that prints."""
