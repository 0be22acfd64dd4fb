"""A small shop for all of these tests: a conversation wants its database."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploying.oms import OMS, Oms


@pytest.fixture(scope="session")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The folder of a seeded private database, which all homes share."""
    if not OMS:
        pytest.skip("not run: OMS_BIN names no oms")
    home = Oms(tmp_path_factory.mktemp("shop"))
    home.run("--quiet", "db", "seed", "--orders", "200", "--seed", "7", seconds=180)
    yield home.env["XDG_DATA_HOME"]
    home.run("db", "stop", code=None)


@pytest.fixture
def oms(tmp_path: Path, shop: str) -> Oms:
    mine = Oms(tmp_path / "me")
    mine.env["XDG_DATA_HOME"] = shop
    for name in ("DOCKER_HOST", "DOCKER_CONFIG"):
        if name in os.environ:
            mine.env[name] = os.environ[name]
    return mine
