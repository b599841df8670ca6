"""Model packs: a folder with a `manifest.json` that names its files, their SHA-256, and the Stanza it was made for.

Nothing here imports Stanza or torch: a missing, damaged or mismatched model is found before anything slow is loaded.
"""

import hashlib
import json
from dataclasses import dataclass
from importlib import metadata, resources
from pathlib import Path
from typing import Any

from service.errors import ModelDamaged, ModelMismatch, ModelMissing

EMBEDDED = "embedded"
FROM_STANZA = "stanza:"
MANIFEST = "manifest.json"
LANGUAGE = "en"
NEEDED = ("tokenize", "mwt", "pos", "lemma", "depparse")  # Stanza's names; `ner` is used where there is one


@dataclass(frozen=True, slots=True)
class Pack:
    """A pack as its manifest tells it. `models` has a file for each of Stanza's processors."""

    folder: Path
    name: str
    version: str
    stanza: str
    models: dict[str, str]
    encoder: dict[str, Any]
    sha256: dict[str, str]

    def path(self, name: str) -> Path:
        """The path of one of the pack's files."""
        return self.folder / name


def embedded_folder() -> Path:
    """The folder of the pack that Pullquote ships."""
    return Path(str(resources.files("service.parsing"))) / "packs" / "en_news"


def read_pack(folder: Path) -> Pack:
    """Read `folder`'s manifest.

    Raises ModelMissing without one, ModelDamaged if it cannot be read, ModelMismatch if the pack was made for another
    version of Stanza or another language.
    """
    file = folder / MANIFEST
    if not file.is_file():
        raise ModelMissing(f"There is no model pack in {folder}: it has no {MANIFEST}.")
    try:
        content = json.loads(file.read_bytes())
        pack = Pack(
            folder, content["name"], content["version"], content["stanza"], dict(content["models"]),
            dict(content["encoder"]), {name: entry["sha256"] for name, entry in content["files"].items()},
        )  # fmt: skip
        language = content["language"]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ModelDamaged(f"{file} cannot be read as a pack's manifest ({type(error).__name__}: {error}).") from error
    if language != LANGUAGE:
        raise ModelMismatch(
            f"The model pack in {folder} is for the language {language!r}; Pullquote reads {LANGUAGE!r}."
        )
    installed = metadata.version("stanza")
    if pack.stanza != installed:
        raise ModelMismatch(
            f"The model pack {pack.name} {pack.version} was made for Stanza {pack.stanza}, and Stanza {installed} is "
            f"installed: install stanza=={pack.stanza}, or make the pack again (docs/models.md)."
        )
    return pack


def check_files(pack: Pack) -> None:
    """Compare each of the pack's files with its SHA-256. Raises ModelMissing or ModelDamaged, naming the file."""
    for name, expected in pack.sha256.items():
        path = pack.path(name)
        if not path.is_file():
            raise ModelMissing(f"The model pack {pack.name} in {pack.folder} lacks its file {name}: install it again.")
        with path.open("rb") as file:
            actual = hashlib.file_digest(file, "sha256").hexdigest()
        if actual != expected:
            raise ModelDamaged(
                f"{path} is not the file that its manifest names (SHA-256 {actual[:12]}…, not {expected[:12]}…): "
                "install the model pack again."
            )


def stanza_models(folder: Path, package: str, remedy: str) -> dict[str, str]:
    """Which model each processor of Stanza's `package` uses, from the `resources.json` of a folder of Stanza's models.

    Raises ModelMissing, ending with `remedy`, if the folder has no such package or lacks one of its files.
    """
    index = folder / "resources.json"
    if not index.is_file():
        raise ModelMissing(f"There are no Stanza models in {folder}: it has no resources.json. {remedy}")
    try:
        packages = json.loads(index.read_bytes())[LANGUAGE]["packages"]
        models = {name: str(packages[package][name]) for name in (*NEEDED, "ner") if name in packages.get(package, {})}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ModelDamaged(f"{index} cannot be read as Stanza's list of models ({type(error).__name__}).") from error
    if not models:
        raise ModelMissing(f"{index} lists no package {package!r} for {LANGUAGE!r}. {remedy}")
    for name in NEEDED:
        if name not in models and name != "mwt":
            raise ModelMismatch(f"Stanza's package {package!r} has no {name} model; Pullquote needs one.")
    for name, model in models.items():
        if not (folder / LANGUAGE / name / f"{model}.pt").is_file():
            path = f"{LANGUAGE}/{name}/{model}.pt"
            raise ModelMissing(f"Stanza's package {package!r} is not complete: {path} is not in {folder}. {remedy}")
    return models
