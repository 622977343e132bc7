"""Files are written whole or not at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from territory.evidence.schema import DataError, Fault

if TYPE_CHECKING:
    from collections.abc import Callable


def write_whole(out: Path, write: Callable[[Path], object]) -> None:
    """Write a file beside its place and move it there, so that it is never half-written.

    Raises
    ------
    DataError
        When the folder does not exist or cannot be written to.
    """
    folder = out.resolve().parent
    if not folder.is_dir():
        raise DataError(Fault("no_folder", argument="--out", value=folder))
    try:
        handle, name = tempfile.mkstemp(suffix=out.suffix, prefix=".", dir=folder)
    except OSError as error:
        raise DataError(Fault("unwritable", argument="--out", value=out, reason=error)) from None
    os.close(handle)
    part = Path(name)
    try:
        write(part)
        part.chmod(0o644)
        part.replace(out)
    except OSError as error:
        raise DataError(Fault("unwritable", argument="--out", value=out, reason=error)) from None
    finally:
        part.unlink(missing_ok=True)
