"""Pictures and sounds on disk, in exact time.

The only room that imports PyAV::

    windows     the one-second windows of a shot, and exact time to frames and samples
    sources     what a picture can be: a movie, an image sequence, a still
    containers  opening a local file, and nothing but that file
    timecode    a clock of hours, minutes, seconds and frames, in true seconds
    probe       what a source is: size, rate, length, timecode
    frames      a decoded picture as an upright array
    cursor      walking and seeking through the frames of one movie
    video       the frames on screen at given moments
    audio       sounds in and out
    forms       what a delivered sound is like
    broadcast   what a Broadcast WAV says of itself
    loudness    how loud a sound is
    mastering   a sound made ready for an editor
    mix         many sounds in one, each at its time
    publish     new files that appear whole or not at all
    encoding    samples into the stream of a file
    cuts        the packets of a movie between two moments
    edits       what an MP4 shows of its picture
    mux         a movie's picture, copied untouched, with a new sound

Moments and durations are ``fractions.Fraction`` seconds; the first frame is at 0.
"""
