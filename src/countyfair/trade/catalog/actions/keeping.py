"""Files that people sent, drawn anew by us: all of them lie in their place, or none does."""

from __future__ import annotations

import contextlib
import errno
import os
import tempfile
from collections.abc import Iterable
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from countyfair.kernel.refusal import Refusal
from countyfair.trade.catalog.rules.pictures import Picture, file_name

#: No room on the disk, or none left for this user.
NO_SPACE = (errno.ENOSPC, errno.EDQUOT)
_FULL = _(
    "The picture could not be kept: the server's disk is full. Nothing was changed. Tell the"
    " administrator and try again later."
)
_UNWRITABLE = _(
    "The picture could not be kept: the server's disk cannot be written. Nothing was changed. Tell the"
    " administrator and try again later."
)


def keep_picture(picture: Picture, *, field: str = "photo") -> None:
    """Keep every file of a picture that was drawn anew, under its digest.

    Raises:
        Refusal: the disk is full or cannot be written; nothing was kept.
    """
    keep_files(
        ((file_name(picture.digest, one.width, one.extension), one.data) for one in picture.renditions),
        field=field,
    )


def keep_files(files: Iterable[tuple[str, bytes]], *, field: str) -> None:
    """Write every file beside its place, then move all into place: a full disk leaves nothing behind.

    Args:
        files: (name below the folder of media, content).

    Raises:
        Refusal: the disk is full or cannot be written; nothing was kept.
    """
    root = Path(settings.MEDIA_ROOT)
    written: list[tuple[Path, Path]] = []
    try:
        for name, data in files:
            place = root / name
            written.append((_beside(place, data), place))
        for temporary, place in written:
            temporary.replace(place)
    except OSError as error:
        sentence = _FULL if error.errno in NO_SPACE else _UNWRITABLE
        raise Refusal(sentence, code="storage", field=field) from error
    finally:
        for temporary, _place in written:
            with contextlib.suppress(OSError):
                temporary.unlink(missing_ok=True)


def _beside(place: Path, data: bytes) -> Path:
    """A file with `data`, safely on the disk, in the folder of `place`."""
    place.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=place.parent, prefix=".part-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(0o644)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise
    return Path(name)
