"""The Dockerfile without a docker daemon: its own steps, in roots laid over this machine's files.

A Debian with Python stands in for the base image. Each stage is a root of its own; the image runs as its USER,
without any capability or network, on a root that cannot be written.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

pytestmark = pytest.mark.packaging

ROOT = Path(__file__).parents[2]
DOCKERFILE = (ROOT / "Dockerfile").read_text()
PYTHON = "/usr/bin/python3"


class Image(NamedTuple):
    """The root of the last stage, and how a container of it starts."""

    root: Path
    environment: dict[str, str]
    user: str
    folder: str
    entry: list[str]


def instructions() -> Iterator[tuple[str, str]]:
    """Each instruction's name and the rest of its line."""
    for line in DOCKERFILE.replace("\\\n", " ").splitlines():
        if line.strip() and not line.startswith("#"):
            name, _, rest = line.partition(" ")
            yield name, rest.strip()


def context(checkout: Path, target: Path) -> None:
    """What docker sends to the build: all that .dockerignore lets through."""
    rules = [line for line in (ROOT / ".dockerignore").read_text().splitlines() if line and not line.startswith("#")]
    assert rules[0] == "*"
    for rule in rules[1:]:
        source = checkout / rule.removeprefix("!")
        if source.is_dir():
            shutil.copytree(source, target / source.relative_to(checkout), ignore=shutil.ignore_patterns("__pycache__"))
        elif rule.startswith("!") and source.exists():
            (target / source.relative_to(checkout)).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, target / source.relative_to(checkout))


def lay(root: Path) -> None:
    """Mount the machine's files at a root, with a layer above that takes all writes."""
    for name in ("upper", "work", "root"):
        (root.parent / name).mkdir(parents=True)
    layers = f"lowerdir=/,upperdir={root.parent}/upper,workdir={root.parent}/work"
    subprocess.run(["mount", "-t", "overlay", "overlay", "-o", layers, root], check=True)
    subprocess.run(["mount", "-t", "proc", "proc", root / "proc"], check=True)
    subprocess.run(["mount", "--bind", "/dev", root / "dev"], check=True)
    (root / "usr/local/bin").mkdir(exist_ok=True)
    (root / "usr/local/bin/python").unlink(missing_ok=True)
    (root / "usr/local/bin/python").symlink_to(PYTHON)


def build(checkout: Path, scratch: Path) -> Image:
    """All stages, one after the other."""
    stages: dict[str, Path] = {}
    environment, user, folder, entry = {"PATH": "/usr/local/bin:/usr/bin:/bin"}, "0:0", "/", ["sh"]
    root = scratch
    for name, rest in instructions():
        if name == "FROM":
            assert re.fullmatch(r"python:3\.\d+-slim( AS \w+)?", rest)
            root = scratch / str(len(stages)) / "root"
            stages[rest.split()[-1]] = root
            lay(root)
        elif name == "COPY":
            *options, source, target = rest.split()
            if options:
                origin = stages[options[0].removeprefix("--from=")]
                shutil.copytree(origin / source.lstrip("/"), root / target.lstrip("/"), symlinks=True)
            else:
                context(checkout, root / target.lstrip("/"))
        elif name == "RUN":
            passed = {
                key: value
                for key, value in os.environ.items()
                if key.startswith(("PIP_", "SSL_")) or "proxy" in key.lower()
            }
            command = [shutil.which("chroot") or "chroot", root, "/bin/sh", "-ec", rest]
            subprocess.run(command, env={**passed, **environment, "HOME": "/root"}, check=True, timeout=900)
        elif name == "ENV":
            for key, value in re.findall(r'(\w+)="?([^"\s]+)"?', rest):
                environment[key] = value.replace("$PATH", environment["PATH"])
        elif name == "USER":
            user = rest
        elif name == "WORKDIR":
            folder = rest
        elif name == "ENTRYPOINT":
            entry = json.loads(rest)
        else:
            assert name == "CMD"
    (root / folder.lstrip("/")).mkdir(exist_ok=True)
    return Image(root, environment, user, folder, entry)


def contain(
    image: Image, command: list[str], user: str = "", capabilities: str = ""
) -> subprocess.CompletedProcess[str]:
    """Run a command as docker would in a container of the image, with these capabilities at most."""
    uid, gid = (user or image.user).split(":")
    bounding = ",".join(["-all", *(f"+{each}" for each in capabilities.split())])
    drop = [
        "setpriv",
        f"--reuid={uid}",
        f"--regid={gid}",
        "--clear-groups",
        f"--bounding-set={bounding}",
        "--inh-caps=-all",
    ]
    inside = f'cd {image.folder} && exec "$@"'
    environment = ["env", "-i", *(f"{key}={value}" for key, value in image.environment.items())]
    words = [*environment, *drop, "/bin/sh", "-c", inside, "sh", *command]
    alone = 'ip link set lo up && exec chroot "$@"'
    return subprocess.run(
        ["unshare", "--net", "sh", "-c", alone, "sh", image.root, *words], capture_output=True, text=True, timeout=300
    )


def prove(checkout: Path, scratch: Path) -> None:
    """Build, mount a project, close the root, and try. Runs in namespaces of its own."""
    subprocess.run(["mount", "-t", "tmpfs", "tmpfs", scratch], check=True)
    image = build(checkout, scratch)
    project = image.root / image.folder.lstrip("/")
    subprocess.run(["mount", "--bind", "-o", "ro", checkout / "examples" / "edited-not-reloaded", project], check=True)
    subprocess.run(["mount", "-o", "remount,ro", image.root], check=True)

    assert contain(image, ["id", "-u"]).stdout == "65532\n"
    capabilities = contain(image, ["grep", "Cap", "/proc/self/status"]).stdout.split()
    assert set(capabilities[1::2]) == {"0000000000000000"}
    for path in ("x", "/tmp/x", "/opt/kalint/x"):
        denied = contain(image, ["touch", path])
        assert denied.returncode != 0
        assert re.search("Read-only file system|Permission denied", denied.stderr)

    version = contain(image, [*image.entry, "--version"])
    assert (version.returncode, version.stdout.split()[0]) == (0, "kalint,"), version.stderr
    whole = contain(image, [*image.entry, "check", "--cluster", "lb1.conf", "lb2.conf"])
    assert "lb1.conf:" in whole.stdout
    assert "2 files" in whole.stdout + whole.stderr
    judged = contain(
        image, [*image.entry, "probe", "--pcap", "wire.pcap", "--config", "lb1.conf", "--config", "lb2.conf"]
    )
    assert judged.returncode == 1, judged.stderr
    assert "lb1.conf:23:14: error: KA903" in judged.stdout
    without = "import sys; sys.modules['scapy'] = None; from kalint.cli import main; main()"
    words = ["/opt/kalint/bin/python", "-c", without, "probe", "--pcap", "wire.pcap"]
    assert contain(image, words).returncode == 0

    live = [*image.entry, "probe", "lo", "--duration", "1s"]
    refused = contain(image, live, capabilities="net_raw")
    assert refused.returncode == 2
    assert "CAP_NET_RAW" in refused.stderr
    heard = contain(image, live, user="0:0", capabilities="net_raw")
    assert heard.returncode == 0, heard.stderr
    print("proved")


def test_the_image_runs_without_rights(checkout: Path, tmp_path: Path) -> None:
    """Its user is not root, its root and its volume are read-only; the probe needs NET_RAW and no more."""
    tools = ("unshare", "setpriv", "mount", "chroot", "ip")
    wanted = [tool for tool in tools if shutil.which(tool) is None]
    if os.geteuid() or wanted or not can_overlay(tmp_path):
        what = ", ".join(wanted) or "root and overlayfs"
        if os.environ.get("KALINT_REQUIRE_DAEMON") == "1":
            pytest.fail(f"KALINT_REQUIRE_DAEMON=1, but there is no {what}")
        pytest.skip(f"needs {what}")
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    code = "import sys; from pathlib import Path; sys.path.insert(0, sys.argv[1]); import test_container; "
    code += "test_container.prove(Path(sys.argv[2]), Path(sys.argv[3]))"
    words = [sys.executable, "-c", code, Path(__file__).parent, checkout, scratch]
    namespaces = ["unshare", "--mount", "--pid", "--fork", "--kill-child"]
    result = subprocess.run([*namespaces, *words], capture_output=True, text=True, timeout=1200)
    assert result.returncode == 0, result.stdout[-4000:] + result.stderr[-4000:]
    assert result.stdout.endswith("proved\n")


def can_overlay(scratch: Path) -> bool:
    """Whether a root can be laid over this machine's files here."""
    script = (
        'mount -t tmpfs tmpfs "$1" && cd "$1" && mkdir u w r && mount -t overlay o -o lowerdir=/,upperdir=u,workdir=w r'
    )
    words = ["unshare", "--mount", "sh", "-c", script, "sh", scratch]
    return subprocess.run(words, capture_output=True, timeout=60).returncode == 0


def test_hadolint_has_nothing_to_say(tmp_path: Path) -> None:
    """And it would: a base image without a tag is refused."""
    hadolint = Path(sysconfig.get_path("scripts")) / "hadolint"
    result = subprocess.run([hadolint, ROOT / "Dockerfile"], capture_output=True, text=True, timeout=60)
    assert (result.returncode, result.stdout) == (0, "")
    wrong = tmp_path / "Dockerfile"
    wrong.write_text(DOCKERFILE.replace("python:3.12-slim", "python"))
    assert subprocess.run([hadolint, wrong], capture_output=True, timeout=60).returncode == 1
