"""A missing, damaged or incompatible model is a clear error before anything is loaded."""

import hashlib
import json
import re
import sys
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from service.errors import ModelDamaged, ModelError, ModelMismatch, ModelMissing
from service.parsing.load import check_model, download, pack_folder
from service.parsing.packs import check_files, embedded_folder, read_pack


@dataclass
class Settings:
    model: str
    models_dir: Path = Path("nowhere")
    arithmetic: str = "auto"
    threads: int = 1
    max_sentences: int = 100
    max_sentence_words: int = 100


def make_pack(folder: Path, **changes: Any) -> Path:
    """Create a pack with one file that is not a model."""
    (folder / "pos.pt").write_bytes(b"weights")
    manifest = {
        "name": "tiny", "version": "0", "language": "en", "stanza": metadata.version("stanza"),
        "models": {"pos": "pos.pt"}, "encoder": {},
        "files": {"pos.pt": {"sha256": hashlib.sha256(b"weights").hexdigest(), "bytes": 7}},
    }  # fmt: skip
    (folder / "manifest.json").write_text(json.dumps(manifest | changes), encoding="utf-8")
    return folder


def make_stanza_models(folder: Path, *models: str) -> Path:
    """Create Stanza's layout with the given `processor/model` files."""
    package = dict.fromkeys(("tokenize", "mwt", "pos", "lemma", "depparse", "ner"), "news")
    (folder / "resources.json").write_text(json.dumps({"en": {"packages": {"default": package, "news": package}}}))
    for model in models:
        (folder / "en" / model).parent.mkdir(parents=True, exist_ok=True)
        (folder / "en" / f"{model}.pt").touch()
    return folder


ALL = ("tokenize/news", "mwt/news", "pos/news", "lemma/news", "depparse/news", "ner/news")


def test_complete_pack_passes(tmp_path: Path) -> None:
    check_model(Settings(str(make_pack(tmp_path))))


def test_embedded_is_the_shipped_pack() -> None:
    assert pack_folder(Settings("embedded")) == embedded_folder()


def test_changed_byte_is_damage_and_names_the_file(tmp_path: Path) -> None:
    (make_pack(tmp_path) / "pos.pt").write_bytes(b"Weights")
    with pytest.raises(ModelDamaged, match=r"pos\.pt"):
        check_files(read_pack(tmp_path))


def test_missing_file_is_named(tmp_path: Path) -> None:
    (make_pack(tmp_path) / "pos.pt").unlink()
    with pytest.raises(ModelMissing, match=r"pos\.pt"):
        check_files(read_pack(tmp_path))


@pytest.mark.parametrize(
    ("changes", "error", "named"),
    [
        ({"stanza": "0.1"}, ModelMismatch, rf"0\.1\b.*\b{re.escape(metadata.version('stanza'))}"),
        ({"language": "fi"}, ModelMismatch, "'fi'.*'en'"),
        ({"files": ["pos.pt"]}, ModelDamaged, r"manifest\.json"),
        ({"models": None}, ModelDamaged, r"manifest\.json"),
    ],
)
def test_incompatible_manifest(tmp_path: Path, changes: Any, error: type[ModelError], named: str) -> None:
    make_pack(tmp_path, **changes)
    with pytest.raises(error, match=named):
        read_pack(tmp_path)


def test_manifest_that_is_not_json(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text("{", encoding="utf-8")
    with pytest.raises(ModelDamaged, match=r"manifest\.json"):
        read_pack(tmp_path)


def test_model_that_is_neither_name_nor_folder(tmp_path: Path) -> None:
    with pytest.raises(ModelMissing, match=r"embedded.*stanza:"):
        check_model(Settings(str(tmp_path / "no")))


def test_a_folder_without_models(tmp_path: Path) -> None:
    with pytest.raises(ModelMissing, match=r"resources\.json"):
        check_model(Settings(str(tmp_path)))


@pytest.mark.parametrize("model", ["stanza:news", "folder"])
def test_complete_stanza_models_pass(tmp_path: Path, model: str) -> None:
    make_stanza_models(tmp_path, *ALL)
    check_model(Settings(str(tmp_path) if model == "folder" else model, tmp_path))


def test_missing_stanza_models_error_says_how_to_download(tmp_path: Path) -> None:
    with pytest.raises(ModelMissing, match="pullquote models download news"):
        check_model(Settings("stanza:news", tmp_path))
    make_stanza_models(tmp_path, *ALL[:-1])
    with pytest.raises(ModelMissing, match=r"en/ner/news\.pt.* pullquote models download news"):
        check_model(Settings("stanza:news", tmp_path))
    with pytest.raises(ModelMissing, match="'other'"):
        check_model(Settings("stanza:other", tmp_path))


def test_unreadable_stanza_resources(tmp_path: Path) -> None:
    (tmp_path / "resources.json").write_text("[]", encoding="utf-8")
    with pytest.raises(ModelDamaged, match=r"resources\.json"):
        check_model(Settings(str(tmp_path)))


def test_download_requests_only_the_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []
    stand_in = SimpleNamespace(download=lambda *args, **options: asked.append((args, options)))
    monkeypatch.setitem(sys.modules, "stanza", stand_in)
    download("news", tmp_path)
    wanted = {"model_dir": str(tmp_path), "package": "news", "processors": "tokenize,mwt,pos,lemma,depparse,ner"}
    assert asked == [(("en",), wanted)]
