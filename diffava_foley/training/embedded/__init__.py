"""The recipe of the embedded default: from a folder of sounds and a table to a weights folder.

README.md beside this file has the commands in their order, and says where each argument comes from.
"""
