"""One registry of formats: an entry in `RENDERERS` is enough for the command line, the completion and the manual."""

from __future__ import annotations

import subprocess
import sys

import pytest

from kalint.report import RENDERERS

PROGRAM = """
import sys, types
from kalint.report import RENDERERS
RENDERERS["show"]["shout"] = "show_shout"
made = types.ModuleType("kalint.report.show_shout")
made.render = lambda result, stream, *, color=False: stream.write(f"{result.instances[0].name.upper()}!")
sys.modules["kalint.report.show_shout"] = made
from click.shell_completion import ShellComplete
from kalint.cli.app import app, run_app
from kalint.cli.manual import page
print([item.value for item in ShellComplete(app, {}, "kalint", "X").get_completions(["show", "--format"], "sh")])
print("shout" in page())
run_app(["show", "--format", "shout", sys.argv[1]])
"""


def test_a_new_entry_is_accepted_everywhere(tmp_path_factory: pytest.TempPathFactory) -> None:
    """The completion offers it, the manual names it, the command prints it."""
    file = tmp_path_factory.mktemp("formats") / "a.conf"
    file.write_text("vrrp_instance web {\n    interface eth0\n    virtual_router_id 17\n}\n")
    done = subprocess.run([sys.executable, "-c", PROGRAM, file], capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("['shout']\nTrue\nWEB!", "")


@pytest.mark.parametrize("command", sorted(RENDERERS))
def test_the_first_entry_is_the_default(command: str) -> None:
    """Every command that prints prints text unless another format is asked for."""
    assert next(iter(RENDERERS[command])) == "text"
