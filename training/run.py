"""The whole recipe, step by step; a step that is finished is skipped, an interrupted one resumes or starts again.

    python -m training.run --work ../work --treebanks ../shared/treebanks

Two cores, 16 GB of memory, two to three hours, most of it the parser's. A step is finished when its mark is in
`work/done/`: delete the mark to have the step run again, and the marks after it for what builds on it.
"""

import argparse
import os
import subprocess
import sys
from pathlib import Path

STEPS = (
    "fetch_encoder", "prepare", "train_tokenizer", "train_lemmatizer", "train_parser", "freeze_encoder",
    "train_tagger", "train_ner", "pack", "evaluate",
)  # fmt: skip


def main() -> None:
    """Run the steps that are not finished, then pack again, now with the scores."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--work", type=Path, default=Path("../work"))
    arguments.add_argument("--treebanks", type=Path, default=Path("../shared/treebanks"))
    arguments.add_argument("--to", type=Path, default=Path("service/parsing/packs/en_news"))
    args = arguments.parse_args()
    own = {"prepare": ["--treebanks", args.treebanks], "pack": ["--to", args.to], "evaluate": ["--pack", args.to]}
    done: Path = args.work / "done"
    done.mkdir(parents=True, exist_ok=True)
    for step in (*STEPS, "pack"):
        mark = done / step
        if not mark.exists() or step == "pack":
            print(f"== {step}", flush=True)
            command = [sys.executable, "-m", f"training.{step}", "--work", args.work, *own.get(step, [])]
            # glibc otherwise keeps freed memory of every thread: several gigabytes in the parser's training
            subprocess.run([str(part) for part in command], check=True, env=os.environ | {"MALLOC_ARENA_MAX": "2"})
            mark.touch()


if __name__ == "__main__":
    main()
