"""Files are written whole or not at all."""

from __future__ import annotations

import contextlib
import io
import os
import secrets
import shutil
import tempfile
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

from territory.evidence.schema import DataError, Fault

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


def write_whole(out: Path, write: Callable[[Path], object]) -> None:
    """Write a file beside its place and move it there, so that it is never half-written.

    Raises
    ------
    DataError
        When the folder does not exist or cannot be written to, or a folder, pipe or device
        is in the place of the file.
    """
    target = _demand_file(out)
    # Made as any file of this person is made: who may read it is not for us to say.
    part = target.with_name(f".{secrets.token_hex(8)}{target.suffix[:20]}")
    try:
        os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666))
        write(part)
        part.replace(target)
    except OSError as error:
        raise _unwritable(out, error) from None
    finally:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)


def demand_place(out: Path, *read: Path | None) -> None:
    """Refuse a place for a file before the work is done: no folder, a device, one that is read.

    Raises
    ------
    DataError
        With what is wrong.
    """
    target = _demand_file(out)
    if any(path is not None and os.path.exists(path) and target.exists()  # noqa: PTH110 - never fails
           and target.samefile(path) for path in read):  # fmt: skip
        raise DataError(Fault("out_over_input", argument="--out", value=out))


def _demand_file(out: Path) -> Path:
    """Return the file that a path leads to, links followed; refuse folders and devices."""
    try:
        target = out.resolve()
        if not target.parent.is_dir():
            raise DataError(Fault("no_folder", argument="--out", value=target.parent))
        if target.exists() and not target.is_file():
            raise DataError(Fault("out_no_plain_file", argument="--out", value=out))
    except (OSError, RuntimeError) as error:  # a loop of links is a RuntimeError
        raise _unwritable(out, error) from None
    return target


def _unwritable(out: Path, error: Exception) -> DataError:
    reason = getattr(error, "strerror", None) or error
    return DataError(Fault("unwritable", argument="--out", value=out, reason=reason))


def write_folder(files: Mapping[str, bytes], out: Path) -> list[Path]:
    """Write files into a folder, which appears whole or not at all; one that is there goes.

    Raises
    ------
    DataError
        When the folder above does not exist, or it cannot be written.
    """
    above = out.resolve().parent
    if not above.is_dir():
        raise DataError(Fault("no_folder", argument="--out", value=above))
    try:
        part = Path(tempfile.mkdtemp(prefix=".territory-", dir=above))
        try:
            for name, content in files.items():
                target = part / name
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(content)
            part.chmod(0o755)
            if out.is_dir():
                shutil.rmtree(out)
            part.replace(out)
        finally:
            shutil.rmtree(part, ignore_errors=True)
    except OSError as error:
        raise _unwritable(out, error) from None
    return [out / name for name in files]


def archive(files: Mapping[str, bytes], *, folder: str) -> bytes:
    """Return files as one zip with a folder in it, the same bytes each time."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as pack:
        for name, content in files.items():
            entry = zipfile.ZipInfo(f"{folder}/{name}", date_time=(1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            pack.writestr(entry, content)
    return buffer.getvalue()
