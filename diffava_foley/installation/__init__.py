"""Our scripts inside other people's editors: put there, looked after, taken away.

::

    plugins   what belongs to one place of one editor
    folders   the folders of this machine and this user
    record    what was written where, so that nothing of anybody else is touched
    resolve   DaVinci Resolve
    blender   Blender
    editors   the editors that have a plugin; a new one is one entry
"""
