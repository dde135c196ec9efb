"""Run by the build in Pyodide: kalint and Python's library as archives of compiled modules, less what no page needs."""

import compileall
import os
import shutil
import zipfile
from py_compile import PycInvalidationMode

KEPT = {"stdlib": 2, "kalint": 1}
"""How much the compiler drops: asserts, and docstrings too; those of kalint's rules are their pages."""
UNNEEDED = {
    "stdlib": (
        *("_pydecimal", "_pyio", "_pyrepl", "cProfile", "configparser", "ctypes", "curses", "dbm", "doctest", "email"),
        *(
            "ensurepip",
            "ftplib",
            "http",
            "idlelib",
            "imaplib",
            "mailbox",
            "multiprocessing",
            "optparse",
            "pdb",
            "pickletools",
        ),
        *(
            "plistlib",
            "poplib",
            "profile",
            "pstats",
            "pydoc",
            "pydoc_data",
            "smtplib",
            "sqlite3",
            "statistics",
            "tarfile",
        ),
        *("tkinter", "trace", "turtle", "unittest", "urllib", "venv", "wsgiref", "xml", "xmlrpc", "zoneinfo"),
    ),
    "kalint": (
        *("kalint/api", "kalint/cli", "kalint/lsp", "kalint/probe", "kalint/wire"),
        *("kalint/analysis/fleet", "kalint/model/keywords/page", "kalint/semantics/page"),
        *("kalint/pipeline/cluster_fleet", "kalint/pipeline/fleet", "kalint/pipeline/following"),
        *("kalint/pipeline/hooks", "kalint/pipeline/metrics", "kalint/pipeline/predicted_capture"),
        *("kalint/pipeline/predicting", "kalint/pipeline/probing", "kalint/pipeline/watching"),
        *("kalint/report/check_gitlab", "kalint/report/check_junit", "kalint/report/check_rdjsonl"),
        *("kalint/report/check_sarif", "kalint/report/fleet_json", "kalint/report/fleet_lines"),
        *("kalint/report/fleet_text", "kalint/report/priorities_csv", "kalint/report/priorities_json"),
        *("kalint/report/priorities_text", "kalint/report/probe_follow", "kalint/report/probe_json"),
        *("kalint/report/probe_text", "kalint/report/schemas", "kalint/report/watch_json", "kalint/report/watch_text"),
    ),
}
"""Nothing that the page calls imports these."""
ENCODINGS = (
    "__init__",
    "aliases",
    "ascii",
    "idna",
    "latin_1",
    "punycode",
    "raw_unicode_escape",
    "unicode_escape",
    "utf_",
)


def needed(archive: str, name: str) -> bool:
    """Whether a file of one of the archives is for the page."""
    bare = name.removesuffix(".pyc").removesuffix(".py")
    if ".dist-info/" in bare and not bare.endswith("/METADATA"):
        return False
    if bare.startswith("encodings/"):
        return bare.removeprefix("encodings/").startswith(ENCODINGS)
    return not any(bare == each or bare.startswith(f"{each}/") for each in UNNEEDED[archive])


def compiled(archive: str, source: str, *others: str) -> None:
    """Write /out/ARCHIVE.zip."""
    folder = f"/work/{archive}"
    zipfile.ZipFile(source).extractall(folder)
    for other in others:
        shutil.copy(other, folder)
    mode = PycInvalidationMode.UNCHECKED_HASH
    if not compileall.compile_dir(folder, quiet=1, legacy=True, optimize=KEPT[archive], invalidation_mode=mode):
        raise SystemExit(f"{archive} does not compile")
    with zipfile.ZipFile(f"/out/{archive}.zip", "w", zipfile.ZIP_DEFLATED, compresslevel=9) as made:
        for path, _, names in sorted(os.walk(folder)):
            for name in sorted(names):
                below = os.path.join(path, name)[len(folder) + 1 :]
                if "__pycache__" not in below and not below.endswith(".py") and needed(archive, below):
                    made.write(os.path.join(path, name), below)


os.mkdir("/out")
compiled("kalint", "/kalint.whl", "/bridge.py")
compiled("stdlib", "/stdlib.zip")
