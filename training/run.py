"""Run the whole training recipe. Finished steps are skipped; an interrupted step resumes or starts again.

    python -m training.run --work ../work --shared ../shared

`--teachers cuda` also trains teachers of the reader on a GPU; without them, it is trained on the annotation alone.

First a wide pack is trained from the treebanks alone; then, from it, the narrow pack that is shipped. On two cores with
16 GB of memory this takes six hours, half of it for the wide parser. Each finished step leaves a file in `work/done/`:
delete it, and those of the dependent steps, to run the step again.
"""

import argparse
import os
import subprocess
import sys
from pathlib import Path

WIDE = (
    "fetch_encoder", "prepare", "train_tokenizer", "train_lemmatizer", "train_parser", "freeze_encoder",
    "train_tagger", "train_ner", "pack",
)  # fmt: skip
NARROW = (
    "silver", "narrow_encoder", "train_narrow_parser", "train_tagger", "train_ner", "train_together",
    "train_narrow_tokenizer", "train_boundaries", "lemma_lexicon", "pack", "train_teachers", "tune_encoder", "pack",
    "train_reader", "train_light_tagger", "pack", "evaluate", "pack",
)  # fmt: skip
# by default, glibc retains the memory freed by each thread: several gigabytes in the parser's training
MEMORY = {"MALLOC_ARENA_MAX": "2"}
# … and returns large blocks only to allocate them again page by page: a third of the time of `train_together`
KEPT_MEMORY = {
    "GLIBC_TUNABLES": "glibc.malloc.arena_max=2:glibc.malloc.mmap_max=0:"
    "glibc.malloc.trim_threshold=17179869184:glibc.malloc.hugetlb=1"
}


def arguments() -> argparse.ArgumentParser:
    """Return the argument parser."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--work", type=Path, default=Path("../work"))
    arguments.add_argument("--shared", type=Path, default=Path("../shared"), help="the treebanks and corpora")
    arguments.add_argument("--teachers", metavar="DEVICE", help="train teachers of the reader on this device")
    arguments.add_argument("--to", type=Path, default=Path("service/parsing/packs/en_news"))
    return arguments


def main() -> None:
    """Run the unfinished steps, then build the narrow pack again with its scores."""
    args = arguments().parse_args()
    done: Path = args.work / "done"
    done.mkdir(parents=True, exist_ok=True)
    wide = args.work / "wide"
    for_wide = {"prepare": ["--treebanks", args.shared / "treebanks"], "pack": ["--to", wide]}
    from_wide = ["--corpora", args.shared, "--pack", wide]
    narrow = ["--narrow", "--steps", "2400", "--eval-interval", "600"]
    on_pack = ["--corpora", args.shared, "--parses", args.work / "parses", "--pack", args.to]
    for_narrow = {
        "silver": from_wide, "narrow_encoder": from_wide, "train_narrow_tokenizer": from_wide,
        "train_boundaries": from_wide,
        "train_tagger": narrow, "train_ner": narrow,
        "train_together": ["--corpora", args.shared, "--parses", args.work / "parses"],
        "train_teachers": [*on_pack, "--device", args.teachers], "tune_encoder": on_pack,
        "train_reader": [*on_pack, "--readers", args.work / "attribution/readers"],
        "pack": ["--narrow", "--to", args.to], "train_light_tagger": ["--pack", args.to],
        "evaluate": ["--pack", args.to],
    }  # fmt: skip
    steps = [(step, step, for_wide.get(step, [])) for step in WIDE]
    steps += [(f"{number}-{step}", step, for_narrow.get(step, [])) for number, step in enumerate(NARROW)]
    for name, step, step_arguments in steps:
        wanted = step != "train_teachers" or args.teachers is not None
        if wanted and not (done / name).exists():
            print(f"== {step}", flush=True)
            command = [sys.executable, "-m", f"training.{step}", "--work", args.work, *step_arguments]
            memory = KEPT_MEMORY if step == "train_together" else MEMORY
            parser = {"PULLQUOTE_MODEL": str(wide)}  # of the articles that the reader is trained on
            subprocess.run([str(part) for part in command], check=True, env=os.environ | memory | parser)
            (done / name).touch()


if __name__ == "__main__":
    main()
