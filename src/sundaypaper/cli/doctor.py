"""`sundaypaper doctor`: looks at all that the paper needs, a line each."""

from __future__ import annotations

import os
import secrets
import threading
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sundaypaper.cli.watching import free

if TYPE_CHECKING:
    from sundaypaper.cli.world import World
    from sundaypaper.pipeline.probes import Finding, Patient, Probe

WIDEST = 14


def doctor(
    ctx: typer.Context,
    offline: Annotated[
        bool, typer.Option("--offline", help="Ask nobody over the network.")
    ] = False,
    mail: Annotated[
        str,
        typer.Option(
            metavar="ADDRESS",
            help="Send a test mail to this address of yours, and try the leave address.",
        ),
    ] = "",
) -> None:
    """Look at all that the paper needs: a line each, with what to do; 1 where anything is wrong.

    “ok” is well, “!” needs you, “-” was not tried. arXiv is asked one small question, at its pace.

    \b
    Examples:
      sundaypaper doctor --offline
      sundaypaper doctor --mail me@lab.example
    """
    from sundaypaper.pipeline.probes import PROBES

    here: World = ctx.obj
    if here.rehearsal and mail:
        raise typer.BadParameter("--now rehearses: nothing is sent then", param_hint="--mail")
    patient = _patient(here, offline or here.rehearsal, mail)
    sick = 0
    for probe in PROBES:
        finding = _in_time(probe, patient)
        sick += finding.state == "!"
        here.show(f"{finding.state:<3}{finding.part:<{WIDEST}}{finding.text}")
    raise typer.Exit(int(sick > 0))


def _in_time(probe: Probe, patient: Patient) -> Finding:
    """What a probe finds within its seconds. One that takes longer is left behind and ends with us."""
    from sundaypaper.pipeline.probes import Finding, probed

    found: list[Finding] = []
    work = threading.Thread(target=lambda: found.append(probed(probe, patient)), daemon=True)
    work.start()
    work.join(probe.seconds)
    late = f"no answer within {probe.seconds:.0f} seconds"
    return found[0] if found else Finding(probe.part, "!", late)


def _patient(here: World, offline: bool, mail: str) -> Patient:
    from sundaypaper.cli.world import machine_clock
    from sundaypaper.pipeline.opening import channel_tools, state_folder
    from sundaypaper.pipeline.probes import Patient

    return Patient(
        root=here.root,
        output=here.output,
        templates=here.templates,
        load=here.config,
        tools=channel_tools(time.monotonic, time.sleep, os.environ),
        job=lambda: here.mail_job(here.config()),
        environ=os.environ,
        clock=machine_clock(),
        now=here.now,
        free=free,
        random=secrets.token_bytes,
        state=state_folder(os.environ),
        started=_started,
        offline=offline,
        mail=mail,
    )


def _started(process: int) -> datetime | None:
    """When a process began, as /proc has it; None elsewhere."""
    try:
        return datetime.fromtimestamp(Path(f"/proc/{process}").stat().st_mtime, UTC)
    except OSError:
        return None
