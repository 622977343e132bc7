"""The same partitions, counted by the workers of a Dask cluster."""

from __future__ import annotations

import logging
from contextlib import contextmanager
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from territory.evidence.schema import DataError, Fault
from territory.points.areas import Areas
from territory.points.counting import Counted, Recipe, counts_of_partition

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Rows of one task: small enough to send again when the worker that had it is gone.
ROWS = 100_000
#: Seconds in which a scheduler must answer, and have a worker.
PATIENCE = 5
#: Seconds in which some task must end while there is no worker at all.
ALONE = 60
# What decides in which unit a point lies; it must be the same everywhere.
_DECIDING = ("territory", "numpy", "pyproj", "shapely")
_ENGINES = {"sedona": "sedonadb", "geopandas": "geopandas"}


def counted(address: str, tables: Iterator[Any], areas: Areas, recipe: Recipe) -> Iterator[Counted]:
    """Yield the counts of each partition as the workers finish them, in any order.

    Partitions are read here and travel inside their task, so workers need no access to the file,
    and the scheduler can give the task of a lost worker to another. As many are under way as keep
    the workers busy; the rest of the file stays unread.

    Raises
    ------
    DataError
        When the scheduler does not answer or is lost, has no worker or loses all of them, or when
        a worker has other versions of what decides the answer.
    """
    if find_spec("distributed") is None:
        raise DataError(Fault("points_extra", package="distributed", extra="cluster"))
    with _quiet(), _client(address) as client:
        _demand_versions(client, address, recipe)
        try:
            yield from _spread(client, tables, areas, recipe)
        except DataError:
            raise
        except Exception as error:  # noqa: BLE001 - a task brings any kind from its worker
            raise DataError(_lost(client, address, error)) from None


@contextmanager
def _quiet() -> Iterator[None]:
    """Let Dask say nothing of lost connections: that is one message of this command."""
    import distributed  # noqa: F401 - when it is loaded, it sets these levels itself

    loggers = [logging.getLogger(name) for name in ("distributed", "distributed.client")]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)


def _client(address: str) -> Any:
    import distributed

    connect: Any = distributed.Client
    try:
        client = connect(address, timeout=PATIENCE)
    except (OSError, ValueError, TimeoutError):
        raise DataError(Fault("points_scheduler", address=address, seconds=PATIENCE)) from None
    try:
        client.wait_for_workers(1, timeout=PATIENCE)
    except TimeoutError:
        client.close()
        raise DataError(Fault("points_no_workers", address=address, seconds=PATIENCE)) from None
    return client


def _demand_versions(client: Any, address: str, recipe: Recipe) -> None:
    """Refuse workers that might answer otherwise, before the first point is sent."""
    names = (*_DECIDING, _ENGINES[recipe.engine])
    found = client.get_versions(packages=list(names))
    here = found["client"]["packages"]
    other = {
        f"{name} {there['packages'].get(name) or '–'} ({here[name]})"
        for there in found["workers"].values()
        for name in names
        if there["packages"].get(name) != here[name]
    }
    if other:
        raise DataError(Fault("points_versions", address=address, found=", ".join(sorted(other))))


def _spread(client: Any, tables: Iterator[Any], areas: Areas, recipe: Recipe) -> Iterator[Counted]:
    from distributed import wait

    # A task as well, so that the units are made again where a worker takes them with it.
    units = client.submit(Areas, areas.codes, areas.wkb, areas.crs)
    under_way: set[Any] = set()
    for table in tables:
        under_way.add(client.submit(_task, table, units, recipe, pure=False))
        while len(under_way) >= 2 * max(1, sum(client.nthreads().values())):
            yield from _finished(client, under_way, wait)
    while under_way:
        yield from _finished(client, under_way, wait)


def _finished(client: Any, under_way: set[Any], wait: Any) -> Iterator[Counted]:
    """Yield what has finished, and forget it; wait until something has."""
    try:
        done = wait(under_way, timeout=ALONE, return_when="FIRST_COMPLETED").done
    except TimeoutError:
        if not client.nthreads():
            raise OSError("no worker is left") from None
        return
    for future in done:
        under_way.discard(future)
        result: Counted | tuple[Fault, ...] = future.result()
        if not isinstance(result, Counted):
            raise DataError(*result)
        yield result


def _lost(client: Any, address: str, error: Exception) -> Fault:
    """Say what ended the run: the scheduler is gone, or the workers cannot count."""
    from distributed import CancelledError
    from distributed.comm.core import CommClosedError

    gone = (CancelledError, CommClosedError)
    if isinstance(error, gone) or client.status != "running":
        return Fault("points_scheduler_lost", address=address)
    first = (str(error).splitlines() or [""])[0]
    return Fault("points_workers", address=address, reason=f"{type(error).__name__}: {first[:120]}")


def _task(table: Any, areas: Areas, recipe: Recipe) -> Counted | tuple[Fault, ...]:
    """Count one partition on a worker; faults travel as they are, since an error would not."""
    try:
        return counts_of_partition(table, areas, recipe)
    except DataError as error:
        return error.faults
