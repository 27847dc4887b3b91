"""A cut goes in, its foley comes out.

Start reading at :mod:`diffava_foley.batch` (a timeline) or :mod:`diffava_foley.pipeline` (a shot).
"""
