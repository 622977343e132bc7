"""A cluster of separate processes counts the same, also when one of them is killed."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from territory.evidence.schema import DataError
from territory.points import Areas, aggregate, cluster

from .conftest import write_csv

pytestmark = pytest.mark.slow
QUIET = {"DASK_DISTRIBUTED__LOGGING__DISTRIBUTED": "error"}


class Machines:
    """A scheduler and workers, each a process of its own; none starts again by itself."""

    def __init__(self, folder: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = str(free.getsockname()[1])
        self.folder = folder
        self.address = f"tcp://127.0.0.1:{port}"
        self.paths: dict[str, str] = {}
        self.workers: list[subprocess.Popen[bytes]] = []
        self.scheduler = self._start("scheduler", "--host", "127.0.0.1", "--port", port)

    def _start(self, what: str, *arguments: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-m", "dask", what, *arguments, "--no-dashboard"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=self.folder,
            env=os.environ | QUIET | self.paths,
        )  # fmt: skip

    def with_workers(self, n: int) -> Machines:
        """Start what is missing of `n` workers, and return when the scheduler has them."""
        import distributed

        self.workers = [worker for worker in self.workers if worker.poll() is None]
        while len(self.workers) < n:
            self.workers.append(
                self._start("worker", self.address, "--nthreads", "1", "--no-nanny",
                            "--name", f"w{len(self.workers)}",
                            "--local-directory", str(self.folder), "--death-timeout", "60")
            )  # fmt: skip
        with distributed.Client(self.address, timeout=60, set_as_default=False) as client:
            client.wait_for_workers(n, timeout=60)
        return self

    def kill_worker(self, which: int) -> None:
        """End one worker without a word of farewell."""
        os.kill(self.workers[which].pid, signal.SIGKILL)
        self.workers[which].wait()

    def parts_of(self, which: int) -> list[str]:
        """Return what a worker was given and has not handed back."""
        import distributed

        with distributed.Client(self.address, timeout=60, set_as_default=False) as client:
            known = client.scheduler_info(n_workers=-1)["workers"]
            address = next(at for at, one in known.items() if one["name"] == f"w{which}")
            return list(client.processing()[address])

    def stop(self) -> None:
        """End every process that is left."""
        for process in [*self.workers, self.scheduler]:
            process.kill()
            process.wait()


@pytest.fixture(scope="module")
def machines(tmp_path_factory: pytest.TempPathFactory):
    """Return a scheduler for the tests of this module; each asks for the workers that it needs."""
    pytest.importorskip("distributed")
    found = Machines(tmp_path_factory.mktemp("machines"))
    yield found
    found.stop()


@pytest.fixture
def many(tmp_path: Path) -> Path:
    """Return a file of ten thousand points, every tenth on a border."""
    random = np.random.default_rng(7)
    x, y = random.uniform(-0.2, 2.2, (2, 10_000))
    x[::10] = 1.0
    days = np.datetime64("2011-01-01") + random.integers(0, 700, 10_000)
    table = pd.DataFrame({"lon": x, "lat": y, "date": days.astype("datetime64[s]")})
    table.to_parquet(tmp_path / "many.parquet", index=False)
    return tmp_path / "many.parquet"


def test_a_killed_worker_changes_nothing(
    machines: Machines, many: Path, areas: Areas, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worker is killed with parts that it has not counted; the counts are those of one machine."""
    monkeypatch.setattr(cluster, "ROWS", 200)
    machines.with_workers(2)
    local = aggregate(many, areas, engine="geopandas")
    seen, lost = [], []

    def kill(tally) -> None:
        seen.append(tally.points)
        if len(seen) >= 10 and not lost:
            # Stopped while it is looked at, so that what it has, it has when it is killed.
            os.kill(machines.workers[0].pid, signal.SIGSTOP)
            lost.extend(machines.parts_of(0))
            if lost:
                machines.kill_worker(0)
            else:
                os.kill(machines.workers[0].pid, signal.SIGCONT)

    spread = aggregate(many, areas, scheduler=machines.address, progress=kill)

    assert lost, "the worker had nothing to lose"
    assert machines.workers[0].returncode == -signal.SIGKILL
    assert machines.workers[1].poll() is None
    assert (50, 10_000) == (spread.partitions, spread.tally.points)
    assert local.tally == spread.tally
    pd.testing.assert_frame_equal(local.counts, spread.counts)
    assert spread.as_dict()["scheduler"] == machines.address


def test_a_fault_on_a_worker_is_told_as_at_home(
    machines: Machines, areas: Areas, tmp_path: Path
) -> None:
    """Swapped coordinates and strange geometry are refused with the same words."""
    import geopandas
    import shapely

    machines.with_workers(1)
    lines = geopandas.GeoDataFrame(
        {"date": ["2011-03-05"]},
        geometry=[shapely.LineString([(0, 0), (1, 1)])],
        crs="OGC:CRS84",
    )
    lines.to_parquet(tmp_path / "lines.parquet")
    said = []
    for scheduler in (None, machines.address):
        with pytest.raises(DataError) as caught:
            aggregate(tmp_path / "lines.parquet", areas, scheduler=scheduler)
        said.append(str(caught.value))

    assert said[0] == said[1]
    assert "LineString" in said[0]


def test_a_scheduler_that_does_not_answer(
    areas: Areas, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One clear message, soon."""
    monkeypatch.setattr(cluster, "PATIENCE", 1)
    points = write_csv(tmp_path / "p.csv", "0.5,0.5,2011-03-05")
    start = time.monotonic()

    for address in ("tcp://127.0.0.1:9", "nonsense://x", "no host at all"):
        with pytest.raises(DataError, match="--scheduler"):
            aggregate(points, areas, scheduler=address)
    assert time.monotonic() - start < 20


def test_a_cluster_that_loses_its_last_worker(
    machines: Machines, many: Path, areas: Areas, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither the run that loses it nor the next one waits for ever."""
    for name, value in (("ROWS", 200), ("PATIENCE", 2), ("ALONE", 1)):
        monkeypatch.setattr(cluster, name, value)
    machines.with_workers(1)

    def kill(_tally) -> None:
        for which, worker in enumerate(machines.workers):
            if worker.returncode is None:
                machines.kill_worker(which)

    with pytest.raises(DataError, match="no worker is left"):
        aggregate(many, areas, scheduler=machines.address, progress=kill)
    with pytest.raises(DataError, match="has no worker"):
        aggregate(many, areas, scheduler=machines.address)


def test_a_scheduler_that_is_lost(
    many: Path, areas: Areas, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd
) -> None:
    """Killed in the middle of the run: one message, and no table."""
    monkeypatch.setattr(cluster, "ROWS", 200)
    dask = pytest.importorskip("dask")
    machines = Machines(tmp_path).with_workers(1)
    seen = []

    def kill(tally) -> None:
        seen.append(tally.points)
        if len(seen) == 10:
            machines.scheduler.kill()
            machines.scheduler.wait()

    try:
        # By default Dask tries longer to find it again.
        with (
            dask.config.set({"distributed.comm.timeouts.connect": "1s"}),
            pytest.raises(DataError, match="was lost during the count"),
        ):
            aggregate(many, areas, scheduler=machines.address, progress=kill)
    finally:
        machines.stop()
    assert len(seen) >= 10
    assert "" == capfd.readouterr().err


def test_a_worker_with_other_versions(areas: Areas, tmp_path: Path) -> None:
    """Refused before a point is sent: it might answer otherwise."""
    pytest.importorskip("distributed")
    older = tmp_path / "older" / "shapely-1.8.dist-info"
    older.mkdir(parents=True)
    (older / "METADATA").write_text("Metadata-Version: 2.1\nName: shapely\nVersion: 1.8\n")
    points = write_csv(tmp_path / "p.csv", "0.5,0.5,2011-03-05")
    machines = Machines(tmp_path)
    try:
        machines.paths = {"PYTHONPATH": str(older.parent)}
        machines.with_workers(1)
        with pytest.raises(DataError, match=r"other versions.* shapely 1\.8"):
            aggregate(points, areas, scheduler=machines.address)
    finally:
        machines.stop()
