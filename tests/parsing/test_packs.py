"""A missing, damaged or incompatible model is a clear error before anything is loaded; a model's identity."""

import hashlib
import json
import re
import shutil
import sys
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from service.errors import ModelDamaged, ModelError, ModelMismatch, ModelMissing
from service.parsing.embedded.arithmetic import arithmetic
from service.parsing.load import check_model, download, identity, pack_folder
from service.parsing.packs import MANIFEST, check_files, embedded_folder, read_pack
from service.settings import Settings


@dataclass
class ModelSettings:
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
    check_model(ModelSettings(str(make_pack(tmp_path))))


def test_embedded_is_the_shipped_pack() -> None:
    assert pack_folder(ModelSettings("embedded")) == embedded_folder()


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
        check_model(ModelSettings(str(tmp_path / "no")))


def test_a_folder_without_models(tmp_path: Path) -> None:
    with pytest.raises(ModelMissing, match=r"resources\.json"):
        check_model(ModelSettings(str(tmp_path)))


@pytest.mark.parametrize("model", ["stanza:news", "folder"])
def test_complete_stanza_models_pass(tmp_path: Path, model: str) -> None:
    make_stanza_models(tmp_path, *ALL)
    check_model(ModelSettings(str(tmp_path) if model == "folder" else model, tmp_path))


def test_missing_stanza_models_error_says_how_to_download(tmp_path: Path) -> None:
    with pytest.raises(ModelMissing, match="pullquote models download news"):
        check_model(ModelSettings("stanza:news", tmp_path))
    make_stanza_models(tmp_path, *ALL[:-1])
    with pytest.raises(ModelMissing, match=r"en/ner/news\.pt.* pullquote models download news"):
        check_model(ModelSettings("stanza:news", tmp_path))
    with pytest.raises(ModelMissing, match="'other'"):
        check_model(ModelSettings("stanza:other", tmp_path))


def test_unreadable_stanza_resources(tmp_path: Path) -> None:
    (tmp_path / "resources.json").write_text("[]", encoding="utf-8")
    with pytest.raises(ModelDamaged, match=r"resources\.json"):
        check_model(ModelSettings(str(tmp_path)))


def test_download_requests_only_the_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []
    stand_in = SimpleNamespace(download=lambda *args, **options: asked.append((args, options)))
    monkeypatch.setitem(sys.modules, "stanza", stand_in)
    download("news", tmp_path)
    wanted = {"model_dir": str(tmp_path), "package": "news", "processors": "tokenize,mwt,pos,lemma,depparse,ner"}
    assert asked == [(("en",), wanted)]


def test_pack_identity_is_its_manifest_not_its_path(tmp_path: Path) -> None:
    shutil.copyfile(embedded_folder() / MANIFEST, tmp_path / MANIFEST)
    copied = Settings(model=str(tmp_path))
    assert identity(copied) == identity(Settings())
    manifest = json.loads((tmp_path / MANIFEST).read_text("utf-8"))
    (tmp_path / MANIFEST).write_text(json.dumps({**manifest, "version": "another"}), encoding="utf-8")
    assert identity(copied) != identity(Settings())


def test_identity_includes_the_arithmetic() -> None:
    assert len({identity(Settings(arithmetic=name)) for name in ("float32", "int8-avx2", "bf16-amx")}) == 3
    assert identity(Settings()) == identity(Settings(arithmetic=arithmetic().name))


def test_identity_includes_the_sentence_limit() -> None:
    assert identity(Settings(max_sentence_words=50)) != identity(Settings(max_sentence_words=60))


def test_stanza_models_are_identified_by_their_files(tmp_path: Path) -> None:
    needed = dict.fromkeys(["tokenize", "mwt", "pos", "lemma", "depparse"], "gum")
    (tmp_path / "resources.json").write_text(json.dumps({"en": {"packages": {"gum": needed}}}))
    for name in needed:
        (tmp_path / "en" / name).mkdir(parents=True)
        (tmp_path / "en" / name / "gum.pt").touch()
    settings = Settings(model="stanza:gum", models_dir=tmp_path)
    before = identity(settings)
    assert identity(settings) == before
    (tmp_path / "en" / "pos" / "gum.pt").write_bytes(b"another")
    assert identity(settings) != before
