"""`kalint watch`: the wire against the files for months; it listens, and never sends."""

from __future__ import annotations

import gc
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from kalint.cli.app import asked_of, reads, writes
from kalint.cli.commands import Writing
from kalint.cli.output import opened
from kalint.cli.overwriting import Command
from kalint.cli.probe import seconds_of
from kalint.report import renderer

if TYPE_CHECKING:
    from types import FrameType

    from kalint.pipeline.predicting import Predicted
    from kalint.pipeline.watching import WatchRun
    from kalint.probe.changes import Change


@click.command("watch", cls=Command)
@click.argument("interfaces", nargs=-1, required=True, metavar="IFACE...")
@click.option(
    "--config",
    "configs",
    multiple=True,
    metavar="[NAME=]FILE",
    help="Configuration of a node; NAME is the node and its config id. Repeatable.",
)
@click.option("--cluster-name", "name", metavar="NAME", help="Cluster of kalint.toml whose nodes to compare with.")
@click.option("--duration", callback=seconds_of, metavar="TIME", help="Time to watch: 5s, 2m (default: until stopped).")
@click.option(
    "--state",
    "states",
    multiple=True,
    metavar="KIND:NAME=STATE",
    help="Known state of a tracker, as for probe.",
)
@click.option("--promiscuous", is_flag=True, help="Include frames for other hosts (on a mirror port).")
@click.option("--metrics", metavar="[ADDRESS]:PORT", help="Address of the Prometheus metrics endpoint, such as :9650.")
@click.option(
    "--textfile", metavar="DIR", help="Directory for kalint.prom, read by node_exporter's textfile collector."
)
@click.option(
    "--log-prefix",
    type=click.Choice(["none", "journal"]),
    default="none",
    help="journal: begin each line with its syslog priority, for the systemd journal.",
)
@click.option(
    "--exit-on",
    type=click.Choice(["warning", "error"]),
    help="Exit with 1 at the first change of this severity or above.",
)
@click.option(
    "--exec", "line", metavar="CMD", help="Command to run for each change; its standard input is the change as JSON."
)
@click.option(
    "--exec-timeout", callback=seconds_of, default="30s", metavar="TIME", help="Time limit of CMD (default: 30s)."
)
@reads
@writes("watch")
def command(
    interfaces: tuple[str, ...],
    configs: tuple[str, ...],
    name: str | None,
    duration: float | None,
    states: tuple[str, ...],
    promiscuous: bool,
    metrics: str | None,
    textfile: str | None,
    log_prefix: str,
    exit_on: str | None,
    line: str | None,
    exec_timeout: float,
    writing: Writing,
    **read: Any,
) -> int:
    """Report each VRRP change on an interface until stopped.

    Changes are printed, served to Prometheus, and passed to a command. Listening needs root or CAP_NET_RAW. kalint
    sends no packet and reads the files again on SIGHUP. CMD runs without a shell, one at a time.
    """
    from kalint import __version__
    from kalint.pipeline.hooks import Command
    from kalint.pipeline.nodes import observed
    from kalint.pipeline.predicting import predict
    from kalint.pipeline.probing import Sources, named_interfaces
    from kalint.pipeline.watching import Hooks, WatchRun
    from kalint.report.probe_follow import JOURNAL, watch_document

    wanted = Sources(named_interfaces(interfaces), None, duration, None, promiscuous)
    asked = asked_of(**read)

    def reread() -> Predicted:
        return predict(observed(configs, name, asked), asked, states, (), live=True)

    measured = None
    if metrics is not None or textfile is not None:
        from kalint.pipeline.metrics import Metrics

        measured = Metrics(__version__)
    run_command = Command(line, exec_timeout) if line is not None else None
    render = renderer("watch", writing.format)
    gc.enable()  # other commands end soon
    with opened(writing.output, writing.format) as stream:

        def said(change: Change) -> None:
            stream.write(JOURNAL[change.severity] if log_prefix == "journal" else "")
            render(change, stream)
            stream.flush()

        hooks = Hooks(said, watch_document, run_command, measured, textfile, exit_on)
        run = WatchRun(wanted, reread, hooks)
        if measured is not None and metrics is not None:
            measured.serve(metrics)
        with _signals(run):
            run.run()
    sys.stdout.flush()
    return int(run.grave)


@contextmanager
def _signals(run: WatchRun) -> Iterator[None]:
    """SIGINT and SIGTERM end the watch, SIGHUP reads the files again."""

    def end(_number: int, _frame: FrameType | None) -> None:
        run.ask_end()

    def again(_number: int, _frame: FrameType | None) -> None:
        run.ask_reload()

    handlers = ((signal.SIGINT, end), (signal.SIGTERM, end), (signal.SIGHUP, again))
    before = [(number, signal.signal(number, handler)) for number, handler in handlers]
    try:
        yield
    finally:
        for number, handler in before:
            signal.signal(number, handler)
