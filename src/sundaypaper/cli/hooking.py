"""The hooks of feeds.yaml, for `run`, `print`, `send` and `schedule`, and how they stand in `status`."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from sundaypaper.errors import SundayPaperError

if TYPE_CHECKING:
    from sundaypaper.cli.world import World
    from sundaypaper.config import Config


def call_hooks(here: World, config: Config, stopping: Callable[[], bool] = lambda: False) -> None:
    """Call whom feeds.yaml names for what happened; what goes wrong is said and stops nothing."""
    if config.hooks is None or here.rehearsal:
        return
    from sundaypaper.pipeline import hooks
    from sundaypaper.pipeline.opening import open_net

    try:
        with here.looking() as store:
            heads = store.heads()
        with here.readers() as readers, open_net(config, time.monotonic, time.sleep) as net:
            job = hooks.HookJob(config, readers, os.environ, net, here.clock(), here.warn, stopping)
            hooks.note_printed(job, heads, here.output)
            hooks.call_hooks(job)
    except SundayPaperError as bad:
        here.warn(f"hooks: {bad}")


def tell_troubles(here: World, config: Config) -> None:
    """Print a line for each hook that needs a look."""
    if config.hooks is None or not here.readers_file.exists():
        return
    from sundaypaper.pipeline.hooks import hook_troubles

    with here.readers() as readers:
        for line in hook_troubles(config, readers, here.now):
            here.show(f"  ! {line}")
