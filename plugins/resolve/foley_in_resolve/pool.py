"""The takes in the media pool, in a bin of their own."""

import os

NAME = "DiffAVA Foley"


def same(path):
    """A path as it compares: Resolve may write it with other slashes."""
    return os.path.normcase(os.path.normpath((path or "").replace("\\", os.sep)))


def path_of(item):
    """The file of an item of the media pool, as it compares."""
    return same(item.GetClipProperty("File Path")) if item is not None else None


def import_takes(cut, paths):
    """The items of the media pool by path, of all files that Resolve would import.

    They are read back from the bin: what ImportMedia returns is not always of use.
    """
    folder = _bin(cut.pool)
    there = _clips(folder)
    wanted = [path for path in paths if same(path) not in there and os.path.isfile(path)]
    if wanted and folder is not None:
        before = cut.pool.GetCurrentFolder()
        cut.pool.SetCurrentFolder(folder)  # ImportMedia imports into the current one
        cut.pool.ImportMedia(wanted)
        if before is not None:
            cut.pool.SetCurrentFolder(before)
    return _clips(folder)


def _bin(pool):
    root = pool.GetRootFolder()
    for folder in root.GetSubFolderList() or []:
        if folder.GetName() == NAME:
            return folder
    return pool.AddSubFolder(root, NAME)


def _clips(folder):
    clips = folder.GetClipList() if folder is not None else []
    return {path_of(clip): clip for clip in clips or []}
