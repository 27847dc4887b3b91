"""Text of a figure in lines that fit."""

import textwrap

POINTS = 72  # an inch
SPARE = 0.95  # of the room: small letters come out wider than the font has them


def wrapped(text: str, inches: float, size: float, *, weight: str = "normal") -> list[str]:
    """The text in lines no wider than so many inches, at a size in points."""
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import text_to_path

    font, room = FontProperties(size=size, weight=weight), inches * POINTS * SPARE

    def width(line: str) -> float:
        return float(text_to_path.get_text_width_height_descent(line, font, ismath=False)[0])

    characters = len(text)
    lines = [text]
    while (widest := max(map(width, lines))) > room and characters > 1:
        characters = min(characters - 1, int(max(map(len, lines)) * room / widest) + 1)
        lines = textwrap.wrap(text, characters, break_on_hyphens=False)
    return lines
