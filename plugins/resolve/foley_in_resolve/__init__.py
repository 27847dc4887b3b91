"""The menu action in DaVinci Resolve, for the Python that Resolve finds: 3.6 or newer, no packages.

::

    action    what the menu entry does, from the open timeline to the report
    app       the Resolve application and the open cut
    export    the cut as a file, and what tells one picture from another
    command   diffava-foley, run as a process
    sheet     which take lies where, as the command wrote it
    frames    frame rates and frames, exactly
    pool      the takes in a bin of their own
    tracks    the foley tracks
    placing   the takes on their tracks, read back
    window    progress, questions and the report, where the edition has windows
    report    the report where it has none: a marker
    journal   a log file
    problems  what stops the action, in the reader's words

Resolve refuses without an error, drops without a word and returns objects that answer nothing, so
whatever it was asked to do is read back.
"""
