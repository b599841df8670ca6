"""From the settings to a parser: `embedded`, a folder of models, or `stanza:<package>`.

Stanza and torch are imported when a model is loaded, not before: checking a setting stays quick.
"""

import hashlib
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from service.errors import ModelDamaged, ModelError, ModelMissing
from service.parsing.embedded.arithmetic import FLOAT32, Arithmetic, arithmetic
from service.parsing.packs import (
    EMBEDDED,
    FROM_STANZA,
    LANGUAGE,
    MANIFEST,
    NEEDED,
    check_files,
    embedded_folder,
    read_pack,
    stanza_models,
)

if TYPE_CHECKING:
    from service.parsing.parser import Parser


class ModelSettings(Protocol):
    """What loading a model asks of the settings."""

    @property
    def model(self) -> str:
        """`embedded`, the path of a folder, or `stanza:<package>`."""
        ...

    @property
    def arithmetic(self) -> str:
        """What the embedded models compute with: one of `arithmetic.NAMES`."""
        ...

    @property
    def models_dir(self) -> Path:
        """Where Stanza's own models have been downloaded to."""
        ...

    @property
    def threads(self) -> int:
        """How many threads one parse may use."""
        ...

    @property
    def max_sentences(self) -> int:
        """How many sentences an article may have."""
        ...

    @property
    def max_sentence_words(self) -> int:
        """How many words a sentence may have before it is cut."""
        ...


def check_model(settings: ModelSettings) -> None:
    """Raise a ModelError if the model that the settings name is missing, damaged or made for something else."""
    folder = pack_folder(settings)
    if folder is not None:
        check_files(read_pack(folder))
    else:
        stanza_models(*stanza_package(settings))


def identity(settings: ModelSettings) -> str:
    """Return what tells the parses that the settings lead to from any others, without loading the model.

    That is the model, what it computes with, and where sentences are cut. Raises a ModelError.
    """
    return f"{_model_identity(settings)} {arithmetic_of(settings).name} {settings.max_sentence_words}"


def arithmetic_of(settings: ModelSettings) -> Arithmetic:
    """The arithmetic that the settings lead to on this processor. Stanza's own models compute in float32.

    Raises `ModelMismatch` where it would be wrong here.
    """
    return arithmetic(settings.arithmetic) if pack_folder(settings) is not None else FLOAT32


def _model_identity(settings: ModelSettings) -> str:
    folder = pack_folder(settings)
    if folder is not None:
        read_pack(folder)
        return hashlib.sha256((folder / MANIFEST).read_bytes()).hexdigest()  # it has the SHA-256 of every file
    top, package, remedy = stanza_package(settings)
    files = [
        (top / LANGUAGE / name / f"{model}.pt").stat() for name, model in stanza_models(top, package, remedy).items()
    ]
    return f"{settings.model} {version('stanza')} {[(file.st_size, file.st_mtime_ns) for file in files]}"


def load_parser(settings: ModelSettings) -> "Parser":
    """Load the model that the settings name, after `check_model`. Takes seconds. Raises a ModelError."""
    check_model(settings)
    from service.parsing.embedded.embedded_parser import EmbeddedParser, open_pack
    from service.parsing.stanza_parser import StanzaParser, open_stanza_models

    folder = pack_folder(settings)
    try:
        most = settings.max_sentences, settings.max_sentence_words
        if folder is not None:
            return EmbeddedParser(*open_pack(read_pack(folder), settings.threads, arithmetic_of(settings)), *most)
        return StanzaParser(*open_stanza_models(*stanza_package(settings)[:2], settings.threads), *most)
    except ModelError:
        raise
    except Exception as error:  # whatever Stanza or torch raise for files that they cannot read
        raise ModelDamaged(
            f"The model {settings.model!r} cannot be loaded ({type(error).__name__}: {error})."
        ) from error


def download(package: str, directory: Path) -> None:
    """Fetch Stanza's own English `package` into `directory`: the one call in the project that needs the network."""
    import stanza

    stanza.download("en", model_dir=str(directory), package=package, processors=",".join((*NEEDED, "ner")))


def pack_folder(settings: ModelSettings) -> Path | None:
    """The folder of the pack that the settings name; None if they name models in Stanza's own layout."""
    if settings.model == EMBEDDED:
        return embedded_folder()
    if settings.model.startswith(FROM_STANZA):
        return None
    folder = Path(settings.model)
    if not folder.is_dir():
        raise ModelMissing(
            f"There is no model {settings.model!r}: it must be {EMBEDDED!r}, a folder of models, or "
            f"{FROM_STANZA}<package> for one of Stanza's own."
        )
    return folder if (folder / MANIFEST).is_file() else None


def stanza_package(settings: ModelSettings) -> tuple[Path, str, str]:
    """The folder and the package of models in Stanza's own layout, and what to do if they are not there."""
    if settings.model.startswith(FROM_STANZA):
        package = settings.model.removeprefix(FROM_STANZA)
        return settings.models_dir, package, f"Download it first: pullquote models download {package}"
    remedy = f"A folder of models has a {MANIFEST} (a pack of Pullquote's) or a resources.json (Stanza's)."
    return Path(settings.model), "default", remedy
