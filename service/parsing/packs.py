"""Model packs: folders whose `manifest.json` lists their files with SHA-256, and the version of Stanza they need.

Stanza and torch are not imported here: a missing, damaged or incompatible model is reported before anything slow is
loaded.
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
NEEDED = ("tokenize", "mwt", "pos", "lemma", "depparse")  # Stanza's processors; `ner` is optional


@dataclass(frozen=True, slots=True)
class Pack:
    """A pack as described by its manifest. `models` maps Stanza's processors to files."""

    folder: Path
    name: str
    version: str
    stanza: str
    models: dict[str, str]
    encoder: dict[str, Any]
    sha256: dict[str, str]

    def path(self, name: str) -> Path:
        """Return the path of one of the pack's files."""
        return self.folder / name


def embedded_folder() -> Path:
    """Return the folder of the pack that is shipped with Pullquote."""
    return Path(str(resources.files("service.parsing"))) / "packs" / "en_news"


def read_pack(folder: Path) -> Pack:
    """Read `folder`'s manifest.

    Raises ModelMissing without one, ModelDamaged if it is invalid, ModelMismatch if the pack is for another version of
    Stanza or another language.
    """
    file = folder / MANIFEST
    if not file.is_file():
        raise ModelMissing(f"No model pack found in {folder}: it has no {MANIFEST}.")
    try:
        content = json.loads(file.read_bytes())
        pack = Pack(
            folder, content["name"], content["version"], content["stanza"], dict(content["models"]),
            dict(content["encoder"]), {name: entry["sha256"] for name, entry in content["files"].items()},
        )  # fmt: skip
        language = content["language"]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ModelDamaged(
            f"{file} is not a valid pack manifest ({type(error).__name__}: {error}). Install the model pack again."
        ) from error
    if language != LANGUAGE:
        raise ModelMismatch(
            f"The model pack in {folder} is for the language {language!r}; Pullquote supports only {LANGUAGE!r}."
        )
    installed = metadata.version("stanza")
    if pack.stanza != installed:
        raise ModelMismatch(
            f"The model pack {pack.name} {pack.version} needs Stanza {pack.stanza}, but {installed} "
            f"is installed. Install stanza=={pack.stanza}, or build the pack again (docs/models.md)."
        )
    return pack


def check_files(pack: Pack) -> None:
    """Compare each of the pack's files with its SHA-256. Raises ModelMissing or ModelDamaged, naming the file."""
    for name, expected in pack.sha256.items():
        path = pack.path(name)
        if not path.is_file():
            raise ModelMissing(f"The model pack {pack.name} in {pack.folder} lacks the file {name}. Install it again.")
        with path.open("rb") as file:
            actual = hashlib.file_digest(file, "sha256").hexdigest()
        if actual != expected:
            raise ModelDamaged(
                f"{path} does not match its manifest (SHA-256 {actual[:12]}…, expected {expected[:12]}…). "
                "Install the model pack again."
            )


def stanza_models(folder: Path, package: str, remedy: str) -> dict[str, str]:
    """Map each processor of Stanza's `package` to its model, from the `resources.json` of a folder of Stanza's models.

    Raises ModelMissing, ending with `remedy`, if the package or one of its files is missing.
    """
    index = folder / "resources.json"
    if not index.is_file():
        raise ModelMissing(f"No Stanza models found in {folder}: it has no resources.json. {remedy}")
    try:
        packages = json.loads(index.read_bytes())[LANGUAGE]["packages"]
        models = {name: str(packages[package][name]) for name in (*NEEDED, "ner") if name in packages.get(package, {})}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ModelDamaged(
            f"{index} is not a valid list of Stanza's models ({type(error).__name__}). Download the models again."
        ) from error
    if not models:
        raise ModelMissing(f"{index} has no package {package!r} for {LANGUAGE!r}. {remedy}")
    for name in NEEDED:
        if name not in models and name != "mwt":
            raise ModelMismatch(f"Stanza's package {package!r} has no {name} model, which Pullquote needs.")
    for name, model in models.items():
        if not (folder / LANGUAGE / name / f"{model}.pt").is_file():
            path = f"{LANGUAGE}/{name}/{model}.pt"
            raise ModelMissing(f"Stanza's package {package!r} is incomplete: {path} is missing from {folder}. {remedy}")
    return models
