"""The Dockerfile, carried out step by step in a folder: what it installs runs, is healthy, and stops."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import requests
from served import ROOT, wait_for

from tests.test_cli import BODY, environment, page

_PLACES = re.compile(r"(?<![\w./])/(?=(?:opt|build)\b)")
"""The paths of the image that stand for folders in the test's."""
_OFFLINE = "--no-index --no-build-isolation --no-compile"


@dataclass
class Image:
    """What a Dockerfile makes, in a folder: its last stage is in image/, the ones before in stages/.

    The packages that it depends on are those of the environment that the tests run in, and nothing is downloaded; a
    package that the extra does not name, or that the tests do not have, is missed all the same.
    """

    folder: Path
    stage: str = ""
    directory: str = "/"
    user: str = "root"
    variables: dict[str, str] = field(default_factory=dict)
    entrypoint: list[str] = field(default_factory=list)
    health: list[str] = field(default_factory=list)
    said: str = ""

    @property
    def root(self) -> Path:
        return self.folder / "image"

    def place(self, path: str) -> Path:
        return self.root / (self.directory + "/" + path if not path.startswith("/") else path).strip("/")

    def environment(self, **more: str) -> dict[str, str]:
        path = self.variables.get("PATH", "$PATH").replace(
            "$PATH", f"{Path(sys.executable).parent}:{os.environ['PATH']}"
        )
        kept = {name: value for name, value in environment().items() if name != "PYTHONPATH"}
        ours = {name: _PLACES.sub(f"{self.root}/", value) for name, value in {**self.variables, "PATH": path}.items()}
        return kept | ours | more

    def do(self, name: str, rest: str) -> None:
        """One instruction."""
        getattr(self, f"do_{name.lower()}")(rest)

    def do_arg(self, rest: str) -> None:
        assert "=" in rest

    def do_from(self, rest: str) -> None:
        assert rest.startswith("python:${PYTHON}-slim")
        if self.root.exists():
            (self.folder / "stages").mkdir(exist_ok=True)
            self.root.rename(self.folder / "stages" / self.stage)
        self.root.mkdir(parents=True)
        self.stage, self.directory, self.variables = rest.partition(" AS ")[2], "/", {}

    def do_workdir(self, rest: str) -> None:
        self.directory = rest
        self.place(rest).mkdir(parents=True)

    def do_copy(self, rest: str) -> None:
        *sources, target = rest.split()
        base = ROOT
        if sources[0].startswith("--from="):
            base = self.folder / "stages" / sources.pop(0).removeprefix("--from=")
        for source in sources:
            found, place = base / source.strip("/"), self.place(target)
            if found.is_dir():
                shutil.copytree(found, place, symlinks=True, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy(found, place)

    def do_run(self, rest: str) -> None:
        if rest.startswith("apt-get"):
            # The machine's packages are those that the tests were set up with.
            wanted = [name for name in rest.rpartition(" install ")[2].split() if not name.startswith("-")]
            subprocess.run(["dpkg", "--status", *wanted], check=True, stdout=subprocess.DEVNULL)
            return
        command = _PLACES.sub(f"{self.root}/", rest).replace("pip install", f"pip install {_OFFLINE}")
        done = subprocess.run(
            ["sh", "-ec", command],
            cwd=self.place("."),
            env=self.environment(),
            capture_output=True,
            text=True,
            check=False,
        )
        self.said += done.stdout + done.stderr
        assert done.returncode == 0, self.said
        for packages in self.root.glob("opt/*/lib/python*/site-packages"):
            (packages / "of_the_tests.pth").write_text(sysconfig.get_path("purelib") + "\n")
            # Where Python still brings one, it is older than the package needs to be built.
            for old in packages.glob("*setuptools*"):
                shutil.rmtree(old)
            (packages / "distutils-precedence.pth").unlink(missing_ok=True)

    def do_env(self, rest: str) -> None:
        self.variables |= dict(pair.split("=", 1) for pair in rest.split())

    def do_user(self, rest: str) -> None:
        self.user = rest

    def do_expose(self, rest: str) -> None:
        assert rest == self.variables["CLEANER_PORT"]

    def do_healthcheck(self, rest: str) -> None:
        self.health = json.loads(rest.partition(" CMD ")[2])

    def do_entrypoint(self, rest: str) -> None:
        self.entrypoint = json.loads(rest)


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Image:
    made = Image(tmp_path_factory.mktemp("docker"))
    text = re.sub(r"^#.*\n", "", (ROOT / "Dockerfile").read_text(), flags=re.M).replace("\\\n", " ")
    for line in filter(None, map(str.strip, text.splitlines())):
        made.do(*(part.strip() for part in line.split(" ", 1)))
    return made


@pytest.fixture
def running(image: Image) -> Iterator[tuple[subprocess.Popen[bytes], dict[str, str]]]:
    with socket.create_server(("127.0.0.1", 0)) as held:
        port = str(held.getsockname()[1])
    variables = image.environment(CLEANER_PORT=port, CLEANER_WORKERS="1")
    command = [shutil.which(image.entrypoint[0], path=variables["PATH"]) or "", *image.entrypoint[1:]]
    process = subprocess.Popen(command, cwd=image.root, env=variables, stderr=subprocess.DEVNULL)
    yield process, variables
    process.kill()
    process.wait()


def healthy(image: Image, variables: dict[str, str]) -> bool:
    command = [shutil.which(image.health[0], path=variables["PATH"]) or "", *image.health[1:]]
    return not subprocess.run(command, env=variables, stderr=subprocess.DEVNULL, check=False).returncode


def test_what_is_installed_is_the_package_with_all_that_the_extra_names(image: Image) -> None:
    assert not re.search(r"pagecleaner \S+ does not provide the extra", image.said)
    (packages,) = image.root.glob("opt/cleaner/lib/python*/site-packages")
    assert (packages / "cleaner/tag/model/tagger.onnx").is_file()
    assert not (image.root / "build").exists()


def test_it_is_nobody_s(image: Image) -> None:
    assert re.fullmatch(r"[1-9]\d+:[1-9]\d+", image.user)


def test_it_serves_is_healthy_and_stops(image: Image, running: tuple[subprocess.Popen[bytes], dict[str, str]]) -> None:
    process, variables = running
    wait_for(lambda: healthy(image, variables), "it is not healthy")
    url = f"http://127.0.0.1:{variables['CLEANER_PORT']}"
    answer = requests.post(
        f"{url}/clean?format=text", page().encode(), headers={"Content-Type": "text/html"}, timeout=30
    )
    assert answer.text == "\n\n".join(BODY)
    # To other machines it has other names.
    assert requests.get(f"{url}/healthz", headers={"Host": "cleaner.example"}, timeout=30).status_code == 200
    process.send_signal(signal.SIGTERM)
    assert process.wait(30) == 0
    assert not healthy(image, variables)
