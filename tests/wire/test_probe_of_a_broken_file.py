"""`kalint probe --pcap` of a file that is not whole reports what is there, and says that it is not all."""

from __future__ import annotations

from pathlib import Path

import pytest

from kalint.cli import guarded
from kalint.cli.app import run_app

CAPTURE = Path(__file__).parent / "captures" / "v2-pass_2.2.7.pcap"


@pytest.mark.parametrize(
    ("ending", "words"),
    [
        (b"", ""),
        (b"\0" * 10, ", the file ends inside a frame"),
        (b"\xff" * 16, ", the file is damaged after the last frame"),
    ],
    ids=["whole", "cut", "damaged"],
)
def test_the_end_of_the_file_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], ending: bytes, words: str
) -> None:
    """In the first line of the report, beside how much was read."""
    path = tmp_path / "some.pcap"
    path.write_bytes(CAPTURE.read_bytes() + ending)
    assert guarded(lambda: run_app(["probe", "--pcap", str(path)])) == 0
    assert capsys.readouterr().out.splitlines()[0].endswith(f" adverts{words}")
