"""Write files that appear whole or not at all: beside their place, then renamed into it together."""

import os
import tempfile
from pathlib import Path
from types import TracebackType
from typing import IO

from yingjin.jobs.settle.problems import Problems


class Outputs:
    """Open a hidden file beside each target; on leaving without an exception rename all, else remove all.

    New files are readable by their owner alone: they hold what people paid.
    """

    def __init__(self, targets: dict[str, Path]) -> None:
        self.targets = {name: path.resolve() for name, path in targets.items()}
        self.open: dict[str, IO[str]] = {}

    def __enter__(self) -> "Outputs":
        try:
            for name, path in self.targets.items():
                self.open[name] = tempfile.NamedTemporaryFile(
                    "w", encoding="utf-8", newline="", dir=path.parent, prefix=f".{path.name}.", suffix=".part",
                    delete=False,
                )  # fmt: skip
        except BaseException:
            self._remove()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if kind is None:
                self._keep()
        finally:
            self._remove()

    def file(self, name: str) -> IO[str]:
        """Return the open file that will become a target."""
        return self.open[name]

    def _keep(self) -> None:
        for file in self.open.values():
            file.flush()
            os.fsync(file.fileno())
            file.close()
        for name, path in self.targets.items():
            os.replace(self.open[name].name, path)

    def _remove(self) -> None:
        for file in self.open.values():
            file.close()
            Path(file.name).unlink(missing_ok=True)


def refuse_unwritable(targets: dict[str, Path], inputs: list[Path | None], problems: Problems) -> None:
    """Add a problem for each output that could not be renamed into place, or would take an input's place."""
    taken = {path.resolve() for path in inputs if path is not None}
    for name, path in targets.items():
        reason = _reason(path, taken)
        if reason:
            problems.say(path.name, None, f"--{name}", str(path), "unreadable_file", *reason)
        taken.add(path.resolve())


def _reason(path: Path, taken: set[Path]) -> tuple[str, str] | None:
    folder = path.resolve().parent
    if path.resolve() in taken:
        return (
            "和另一个输入或输出是同一个文件。换一个名字。",
            "Is the same file as another input or output. Choose another name.",
        )
    if path.exists() and not path.is_file():
        return "不是普通文件，不能写。换一个路径。", "Is no plain file. Choose another path."
    if not folder.is_dir():
        return "所在的文件夹不存在。先建好它。", "Its folder does not exist. Make it first."
    if not os.access(folder, os.W_OK | os.X_OK):
        return (
            "所在的文件夹不能写。换一个文件夹。",
            "Its folder may not be written to. Choose another folder.",
        )
    return None
