"""Load a parser as the settings say: the embedded pack, a folder of models, or `stanza:<package>`."""

import hashlib
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from service.errors import ModelDamaged, ModelError, ModelMissing
from service.parsing.embedded.arithmetic import FLOAT32, Arithmetic, arithmetic
from service.parsing.library_setup import defer_imports
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
    """The settings needed to load a model."""

    @property
    def model(self) -> str:
        """`embedded`, the path of a folder, or `stanza:<package>`."""
        ...

    @property
    def arithmetic(self) -> str:
        """The arithmetic of the embedded models: one of `arithmetic.NAMES`."""
        ...

    @property
    def models_dir(self) -> Path:
        """The folder of Stanza's downloaded models."""
        ...

    @property
    def threads(self) -> int:
        """The number of threads of one parse."""
        ...

    @property
    def max_sentences(self) -> int:
        """The maximum number of sentences of an article."""
        ...

    @property
    def max_sentence_words(self) -> int:
        """The maximum number of words of a sentence before it is split."""
        ...


def check_model(settings: ModelSettings) -> None:
    """Raise a ModelError if the configured model is missing, damaged or incompatible."""
    folder = pack_folder(settings)
    if folder is not None:
        check_files(read_pack(folder))
    else:
        stanza_models(*stanza_package(settings))


def identity(settings: ModelSettings) -> str:
    """Return an identifier of the parses that the settings give, without loading the model.

    It covers the model, its arithmetic, and where sentences are split. Raises a ModelError.
    """
    return f"{_model_identity(settings)} {arithmetic_of(settings).name} {settings.max_sentence_words}"


def arithmetic_of(settings: ModelSettings) -> Arithmetic:
    """Return the arithmetic that the settings select on this processor. Stanza's own models compute in float32.

    Raises `ModelMismatch` if its results would be wrong here.
    """
    return arithmetic(settings.arithmetic) if pack_folder(settings) is not None else FLOAT32


def _model_identity(settings: ModelSettings) -> str:
    folder = pack_folder(settings)
    if folder is not None:
        read_pack(folder)
        return hashlib.sha256((folder / MANIFEST).read_bytes()).hexdigest()  # contains the SHA-256 of every file
    top, package, remedy = stanza_package(settings)
    files = [
        (top / LANGUAGE / name / f"{model}.pt").stat() for name, model in stanza_models(top, package, remedy).items()
    ]
    return f"{settings.model} {version('stanza')} {[(file.st_size, file.st_mtime_ns) for file in files]}"


def load_parser(settings: ModelSettings) -> "Parser":
    """Load the configured model after `check_model`. Takes seconds. Raises a ModelError."""
    check_model(settings)
    defer_imports()
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
    except Exception as error:  # Stanza and torch raise various errors for unreadable files
        raise ModelDamaged(f"Cannot load the model {settings.model!r} ({type(error).__name__}: {error}).") from error


def download(package: str, directory: Path) -> None:
    """Download Stanza's English `package` into `directory`. The only function that needs network access."""
    import stanza

    stanza.download("en", model_dir=str(directory), package=package, processors=",".join((*NEEDED, "ner")))


def pack_folder(settings: ModelSettings) -> Path | None:
    """Return the folder of the configured pack, or None for models in Stanza's own layout."""
    if settings.model == EMBEDDED:
        return embedded_folder()
    if settings.model.startswith(FROM_STANZA):
        return None
    folder = Path(settings.model)
    if not folder.is_dir():
        raise ModelMissing(
            f"Unknown model {settings.model!r}. It must be {EMBEDDED!r}, a folder of models, or "
            f"{FROM_STANZA}<package> for one of Stanza's."
        )
    return folder if (folder / MANIFEST).is_file() else None


def stanza_package(settings: ModelSettings) -> tuple[Path, str, str]:
    """Return the folder and the package of models in Stanza's own layout, and advice for when they are missing."""
    if settings.model.startswith(FROM_STANZA):
        package = settings.model.removeprefix(FROM_STANZA)
        return settings.models_dir, package, f"Download it first with: pullquote models download {package}"
    remedy = f"A folder of models contains {MANIFEST} (a Pullquote pack) or resources.json (Stanza's)."
    return Path(settings.model), "default", remedy
