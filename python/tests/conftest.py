import os
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent.parent / "src"))

from duomem import Client  # noqa: E402
from duomem.batch import Batch  # noqa: E402


@pytest.fixture(scope="session")
def games(tmp_path_factory):
    """A folder as ALFWorld's data has it: some homes' games under train and valid_seen."""
    root = tmp_path_factory.mktemp("data") / "json_2.1.1"
    with Client() as client:
        for split, homes in (("train", range(1, 7)), ("valid_seen", range(20, 23))):
            for home in homes:
                key = client.request("reset", episode="x", home=home)["game"]
                text = client.request("file", game=key)["text"]
                folder = root / split / "/".join(key.split("/")[1:])
                folder.mkdir(parents=True)
                (folder / "game.tw-pddl").write_text(text, encoding="utf-8")
    return root
