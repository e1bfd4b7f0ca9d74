"""Figures small enough to lie inside the page."""

from __future__ import annotations

import base64
import io
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

WIDTH = 1400
"""Pixels across, at most: twice what a column shows. The files in results/figures/ have more."""

_QUALITY = 82


@dataclass(frozen=True)
class Embedded:
    """An image as a page holds it.

    Attributes:
        uri: ``data:`` with everything in it.
        width: pixels.
        height: pixels.
    """

    uri: str
    width: int
    height: int


def embed(path: Path) -> Embedded:
    """A PNG scaled down to :data:`WIDTH`, as WebP."""
    with Image.open(path) as stored:
        picture = stored.convert("RGB")
    if picture.width > WIDTH:
        picture = picture.resize((WIDTH, round(picture.height * WIDTH / picture.width)), Image.Resampling.LANCZOS)
    buffer = io.BytesIO()
    picture.save(buffer, "WEBP", quality=_QUALITY, method=2)
    content = base64.b64encode(buffer.getvalue()).decode()
    return Embedded(f"data:image/webp;base64,{content}", picture.width, picture.height)
