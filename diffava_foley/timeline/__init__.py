"""Cuts as editors send them, in and out.

The only room that imports OpenTimelineIO::

    documents   timeline files, opened without losing anything
    formats     other programs' timelines, through OpenTimelineIO's adapters
    schemas     OpenTimelineIO JSON that the installed library would refuse, made readable
    times       OpenTimelineIO's times in exact seconds and frames
    retime      which media frame an editor shows at a moment
    placements  every clip where it appears on the timeline, through nests, trims and retimes
    captions    which text of a marker is its caption
    marks       where a marker stands on the timeline
    cues        which stretch of which clip a marker captions
    links       paths as editors write them, and where they are on this machine
    references  the media of a clip
    footage     which part of its media a clip takes
    bundles     media that travels with its timeline
    shots       what this room hands on: the shots of a plan
    read        a timeline file to a plan
    delivery    a new timeline file in whatever form its name asks for
    write       a plan's takes to a new timeline
    lua         values as Lua writes them
    cue_sheet   which take lies where, for scripts inside editors
"""
