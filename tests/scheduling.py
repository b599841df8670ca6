"""Distribution of files to pytest's processes."""

from typing import Final

from xdist.scheduler import LoadFileScheduling
from xdist.workermanage import WorkerController

_TOGETHER: Final = ("tests/web/",)  # one browser for all; each takes four seconds of the processor to start


class FileScheduling(LoadFileScheduling):  # type: ignore[misc]
    """xdist's `--dist loadfile`, in linear time, with some folders like one file.

    After each test, xdist counts all the tests that it has assigned: 11 s for 10,000 tests. This forgets the finished
    ones, so that there is little to count.
    """

    def _split_scope(self, nodeid: str) -> str:
        file: str = super()._split_scope(nodeid)
        return next((folder for folder in _TOGETHER if file.startswith(folder)), file)

    def mark_test_complete(self, node: WorkerController, item_index: int, duration: float = 0) -> None:
        """Forget a test that `node` has finished, and give `node` the next file if it has nearly none left."""
        test = self.registered_collections[node][item_index]
        files = self.assigned_work[node]
        file = self._split_scope(test)
        del files[file][test]
        if not files[file]:
            del files[file]
        self._reschedule(node)

    def _pending_of(self, workload: dict[str, dict[str, bool]]) -> int:
        return sum(map(len, workload.values()))
