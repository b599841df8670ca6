"""Model files are untrusted: loading one runs none of its code."""

import hashlib
import json
import pickle
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from service.errors import ModelDamaged
from service.parsing.load import load_parser
from service.parsing.packs import MANIFEST, embedded_folder
from service.settings import Settings

pytestmark = pytest.mark.model


class Hostile:
    """Creates a file when it is unpickled."""

    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __reduce__(self) -> tuple[object, ...]:
        return Path.touch, (self.mark,)


def test_hostile_file_runs_code_if_unpickled(tmp_path: Path) -> None:
    pickle.loads(pickle.dumps(Hostile(tmp_path / "mark")))
    assert (tmp_path / "mark").exists()


@pytest.mark.parametrize(
    "name",
    [
        *("tokenize.pt", "mwt.pt", "pos.pt", "lemma.pt", "depparse.pt", "ner.pt"),
        *("encoder.safetensors", "reader.safetensors", "light_tagger.safetensors"),
    ],
)
@pytest.mark.parametrize("form", ["torch", "pickle"])
def test_pack_file_with_code_is_rejected_without_running_it(tmp_path: Path, name: str, form: str) -> None:
    pack, mark = tmp_path / "pack", tmp_path / "mark"
    shutil.copytree(embedded_folder(), pack)
    if form == "torch":
        torch.save({"model": Hostile(mark), "config": Hostile(mark)}, pack / name)
    else:
        (pack / name).write_bytes(pickle.dumps(Hostile(mark)))
    manifest = json.loads((pack / MANIFEST).read_bytes())
    manifest["files"][name]["sha256"] = hashlib.sha256((pack / name).read_bytes()).hexdigest()
    if name == "pos.pt":
        del manifest["encoder"]["light_tagger"]  # in its place, Stanza's tagger is loaded
    (pack / MANIFEST).write_text(json.dumps(manifest))
    with pytest.raises(ModelDamaged, match="Cannot load"):
        load_parser(replace(Settings(), model=str(pack)))
    assert not mark.exists()
