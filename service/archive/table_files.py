"""Write tables as Parquet files of a few hundred megabytes, one folder per year."""

import os
from typing import IO, Any, Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from service.archive.storage import join, scratch_file, write_whole

TARGET: Final = 256_000_000  # bytes at which a file is closed; the next row group comes on top
YEAR: Final = "published_on"  # the column whose year is the partition
_ROW_GROUP: Final = 64_000_000  # bytes of a row group in memory
_BUFFERED: Final = 1_000_000_000  # bytes of all tables that wait for their row group to fill
_NO_YEAR: Final = "__HIVE_DEFAULT_PARTITION__"  # null, for every reader of such folders

FileEntry = dict[str, Any]  # of the manifest: path below the output folder, rows, bytes


class TableFiles:
    """Writes rows to files below `folder`; `names` begin with `prefix`, so that no other snapshot has them.

    Files are written to local disk first, then stored whole.
    """

    def __init__(self, folder: str, prefix: str, target: int = TARGET) -> None:
        self._folder = folder
        self._prefix = prefix
        self.target = target
        self._open: dict[str, _OpenFile] = {}
        self._numbers: dict[str, int] = {}
        self._places: set[str] = set()
        self.written: dict[str, list[FileEntry]] = {}
        self.rows: dict[str, int] = {}

    def places(self) -> set[str]:
        """Return the folders that got rows."""
        return self._places

    def add(self, name: str, rows: pa.Table) -> None:
        """Add rows of the table `name`, divided by the year of their date if they have one.

        Raises `OutputError`, or OSError for local disk.
        """
        self.rows[name] = self.rows.get(name, 0) + rows.num_rows
        self.written.setdefault(name, [])
        if YEAR not in rows.schema.names:
            self._add(name, name, rows)
            return
        years = pc.year(rows.column(YEAR))
        for year in pc.unique(years).to_pylist():
            chosen = pc.is_null(years) if year is None else pc.equal(years, year)
            self._add(name, f"{name}/year={_NO_YEAR if year is None else f'{year:04}'}", rows.filter(chosen))

    def add_empty(self, name: str, schema: pa.Schema) -> None:
        """Add a file without rows."""
        self.written.setdefault(name, [])
        self._open[name] = _OpenFile(name, scratch_file(self._folder), schema)

    def _add(self, name: str, place: str, rows: pa.Table) -> None:
        if not rows.num_rows:
            return
        self._places.add(place)
        file = self._open.get(place)
        if file is None:
            file = self._open[place] = _OpenFile(name, scratch_file(self._folder), rows.schema)
        file.add(rows)
        if file.waiting >= _ROW_GROUP:
            file.flush()
        if sum(one.waiting for one in self._open.values()) >= _BUFFERED:
            max(self._open.values(), key=lambda one: one.waiting).flush()
        if file.size >= self.target or (file.size + file.waiting >= self.target and self.target < _ROW_GROUP):
            self._close(place)

    def close(self) -> None:
        """Store the files that are not full yet."""
        for place in list(self._open):
            self._close(place)

    def _close(self, place: str) -> None:
        file = self._open.pop(place)
        number = self._numbers[place] = self._numbers.get(place, -1) + 1
        path = f"{place}/{self._prefix}-{number:05}.parquet"
        size = file.close()
        write_whole(join(self._folder, *path.split("/")), file.scratch)
        file.scratch.close()
        self.written[file.name].append({"path": path, "rows": file.rows, "bytes": size})


class _OpenFile:
    """A Parquet file that is being written on local disk."""

    def __init__(self, name: str, scratch: IO[bytes], schema: pa.Schema) -> None:
        self.name = name
        self.scratch = scratch
        self.rows = 0
        self.waiting = 0
        self._tables: list[pa.Table] = []
        self._writer = pq.ParquetWriter(scratch, schema, compression="zstd")

    @property
    def size(self) -> int:
        return self.scratch.tell()

    def add(self, rows: pa.Table) -> None:
        self._tables.append(rows)
        self.rows += rows.num_rows
        self.waiting += rows.nbytes

    def flush(self) -> None:
        """Write what waits as a row group."""
        if self._tables:
            table = pa.concat_tables(self._tables)
            self._writer.write_table(table, row_group_size=max(table.num_rows, 1))
        self._tables, self.waiting = [], 0

    def close(self) -> int:
        """Finish the file. Returns its size in bytes."""
        self.flush()
        self._writer.close()
        self.scratch.flush()
        return os.fstat(self.scratch.fileno()).st_size
