"""compose.yaml: its settings are ones the portal takes, and the files it names are there."""

from pathlib import Path

import yaml

from portal.settings import names, read

PROJECT = Path(__file__).resolve().parents[2]


def services():
    return yaml.safe_load((PROJECT / "compose.yaml").read_text("utf-8"))["services"]


def test_the_settings_are_right():
    for name in ("server1", "server2", "worker", "migrate"):
        given = services()[name]["environment"]
        assert read({k: v for k, v in given.items() if k.startswith("PORTAL_")}).clamd == "scanner:3310", name


def test_the_files_it_names_are_there():
    mounts = [m for service in services().values() for m in service.get("volumes", []) if m.startswith("./")]
    assert len(mounts) == 2
    assert all((PROJECT / mount.split(":")[0]).is_file() for mount in mounts)


def test_the_table_of_settings_names_each_one():
    told = (PROJECT / "docs/operating.md").read_text("utf-8")
    assert [name for name in sorted(names()) if f"`PORTAL_{name}`" not in told] == []
