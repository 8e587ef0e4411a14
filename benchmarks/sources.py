"""How fast, and in how much memory, do DuckDB and Polars count ten million rows of police.uk street-level crime?

Run it as  python benchmarks/sources.py [ROWS]; each engine runs in a process of its own, so that the peak is its own.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path

import numpy as np

HEADER = ("Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,LSOA name,Crime type,"
          "Last outcome category,Context\n")
TYPES = ("Anti-social behaviour", "Bicycle theft", "Burglary", "Criminal damage and arson", "Drugs", "Other crime",
         "Other theft", "Possession of weapons", "Public order", "Robbery", "Shoplifting", "Theft from the person",
         "Vehicle crime", "Violence and sexual offences")
FORCES = ("Metropolitan Police Service", "Surrey Police", "Kent Police", "Essex Police")


def archive(path: Path, rows: int, *, rows_a_month: int = 100_000) -> Path:
    """A zip of force-month CSVs in the form of police.uk, with this many rows in all, made up."""
    rng = np.random.default_rng(1)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as book:
        block = [_row(rng) for _ in range(min(rows, 20_000))]
        for number, start in enumerate(range(0, rows, rows_a_month)):
            month = f"{2015 + number // 48}-{number // 4 % 12 + 1:02d}"
            force = FORCES[number % 4]
            wanted = min(rows_a_month, rows - start)
            order = rng.integers(0, len(block), wanted)
            text = "".join(f"{start + k:064x},{month},{force},{force},{block[i]}" for k, i in enumerate(order))
            slug = force.lower().replace(" police service", "").replace(" police", "").replace(" ", "-")
            book.writestr(f"{month}/{month}-{slug}-street.csv", HEADER + text)
    return path


def _row(rng: np.random.Generator) -> str:
    lsoa = f"E010{rng.integers(0, 34_000):05d}"
    kind = TYPES[rng.integers(0, 14)]
    where = f"{rng.uniform(-0.5, 0.3):.6f},{rng.uniform(51.3, 51.7):.6f},On or near Street {rng.integers(0, 9999)}"
    return f"{where},{lsoa},Place {lsoa[-3:]}A,{kind},Investigation complete; no suspect identified,\n"


def main() -> None:
    rows = int(float(sys.argv[1])) if len(sys.argv) > 1 else 1_000_000
    with tempfile.TemporaryDirectory() as folder:
        path = archive(Path(folder) / "2018-12.zip", rows)
        print(f"{rows} rows, {path.stat().st_size / 1e6:.0f} MB zipped")
        for engine in ("duckdb", "polars"):
            code = f"from benchmarks.sources import once; once({engine!r}, {str(path)!r})"
            start = time.perf_counter()
            done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
            print(f"{engine:8} {time.perf_counter() - start:6.1f} s  {done.stdout.strip()}{done.stderr[-400:]}")


def once(engine: str, path: str) -> None:
    """Aggregate with one engine and print what came out, the processor seconds and the peak of memory."""
    import resource

    from bailiwick.sources import police_uk

    read = {"polars": police_uk.counts}.get(engine, _duckdb)
    frame = read(Path(path))
    used = resource.getrusage(resource.RUSAGE_SELF)
    print(f"{len(frame)} groups, {int(frame['count'].sum())} rows, {used.ru_utime + used.ru_stime:.1f} CPU s, "
          f"peak {used.ru_maxrss / 1e6:.2f} GB")


def _duckdb(path: Path):
    """The same table by DuckDB, which reads files and not the members of a zip: each is unpacked, read, forgotten."""
    import duckdb

    base = duckdb.connect(config={"threads": 2, "memory_limit": "800MB"})
    base.execute("create table found (force varchar, month varchar, lsoa varchar, type varchar, n bigint)")
    with zipfile.ZipFile(path) as book, tempfile.TemporaryDirectory() as folder:
        for name in book.namelist():
            member = book.extract(name, folder)
            base.execute('insert into found select "Falls within", "Month", "LSOA code", "Crime type", count(*) '
                         "from read_csv(?, header=true, all_varchar=true) group by all", [member])
            Path(member).unlink()
    return base.execute("select force, month, lsoa, type, sum(n) as count from found group by all").df()


if __name__ == "__main__":
    main()
