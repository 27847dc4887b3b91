"""What stops the action, in the reader's words."""


class Problem(Exception):
    """One sentence: what is wrong, where, and what to do about it."""


class Stopped(Exception):
    """The user pressed Stop."""
