import json
import shutil
from pathlib import Path

from service.parsing.embedded.arithmetic import arithmetic
from service.parsing.load import identity
from service.parsing.packs import MANIFEST, embedded_folder
from service.settings import Settings


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
