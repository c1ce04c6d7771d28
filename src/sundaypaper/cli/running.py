"""One week from the sources to the pages, told line by line: what `run` and `schedule` do."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import typer

from sundaypaper import pipeline, weeks
from sundaypaper.cli.world import Steps, Telling, World
from sundaypaper.config import Config
from sundaypaper.errors import SundayPaperError
from sundaypaper.models import Issue, SourceReport
from sundaypaper.store import Run, Store

# So many names that do not resolve are one fault, of the network, and one line.
MANY, UNRESOLVED = 5, "does not resolve"


def run_week(here: World, config: Config, week: str | None) -> int:
    """The whole line for one week; the exit status. Each run leaves a line in the run log."""
    steps = Steps(here.console)
    began = here.ask("").wall
    chosen = week or weeks.newest_week(here.now)
    status, detail = 1, {}
    pipeline.check_templates(here.templates)
    with here.store() as store:
        try:
            asked = asked_for(store, chosen, week, here.now)
            collected = collect(here, config, store, steps, asked)
            detail["failed"] = sorted(r.source for r in collected.reports if r.state == "failed")
            if notice := pipeline.derived_holidays(config, here.now):
                here.say(f"  ! {notice}")
            issue, printed_before = _edit(here, config, store, steps, chosen, collected)
            publish(here, config, store, steps)
            status = int(issue.state == "draft" or is_short(collected.reports))
        except KeyboardInterrupt:
            detail["stopped"] = ["by the user"]
            here.say("stopped; what was kept by then is kept, and the next run goes on from there")
            raise typer.Exit(130) from None
        except SundayPaperError as bad:
            detail["error"] = [str(bad)]
            raise
        finally:
            told = {"seconds": steps.seconds, **detail}
            store.log_run(Run(began, here.now, chosen, status, steps.total, told))
    _tell_outcome(here, issue, printed_before)
    return status


def is_short(reports: tuple[SourceReport, ...]) -> bool:
    """Whether arXiv did not answer in full."""
    return any(r.kind == "arxiv" and r.state in ("failed", "incomplete") for r in reports)


def _edit(
    here: World,
    config: Config,
    store: Store,
    steps: Steps,
    chosen: str,
    collected: pipeline.Collected,
) -> tuple[Issue, bool]:
    """Compose the chosen week unless it is printed; first what earlier weeks still owe."""
    for week in pipeline.owed(store.heads(), chosen):
        if pipeline.completed(config, store, week, chosen, collected):
            here.say(f"{week} is complete now")
            _compose(here, config, store, steps, week, collected)
    issue = store.issue(chosen)
    if issue is not None and issue.state == "frozen":
        return issue, True
    return _compose(here, config, store, steps, chosen, collected), False


def asked_for(store: Store, chosen: str, week: str | None, now: datetime) -> str:
    """The week to collect for: the chosen one, or the one in the making where that is printed."""
    issue = next((head for head in store.heads() if head.week == chosen), None)
    if week or issue is None or issue.state != "frozen":
        return chosen
    return max(weeks.after(chosen), weeks.iso_week(now.date()))


def collect(
    here: World, config: Config, store: Store, steps: Steps, week: str
) -> pipeline.Collected:
    with (
        steps("collect") as notes,
        Telling(here.console, len(config.sources)) as tell,
        here.tools(config, tell) as tools,
    ):
        collected = pipeline.collect(config, store, tools, here.ask(week), tell.source)
        notes.extend(_summary(collected.reports))
    _name_failed(here, collected.reports)
    return collected


def _summary(reports: tuple[SourceReport, ...]) -> list[str]:
    notes = []
    for kind in dict.fromkeys(report.kind for report in reports):
        of_kind = [r for r in reports if r.kind == kind]
        states: dict[str, int] = {}
        for report in of_kind:
            states[report.state] = states.get(report.state, 0) + 1
        told = ", ".join(f"{count} {state}" for state, count in states.items())
        new = sum(r.new for r in of_kind)
        notes.append(f"{kind}: {told}, {sum(r.fetched for r in of_kind)} entries, {new} new")
    return notes


def _name_failed(here: World, reports: tuple[SourceReport, ...]) -> None:
    lost = [r for r in reports if UNRESOLVED in r.detail]
    if len(lost) >= MANY:
        names = ", ".join(r.source for r in lost[:3])
        here.say(f"  ! {len(lost)} sources cannot be reached ({names} …). Is there a network?")
    for report in reports:
        if report in lost and len(lost) >= MANY:
            continue
        if report.state in ("failed", "incomplete", "waiting"):
            here.say(
                f"  ! {report.source} is {report.state}: {pipeline.gaps(report) or report.detail}",
            )


def _compose(
    here: World,
    config: Config,
    store: Store,
    steps: Steps,
    week: str,
    collected: pipeline.Collected,
) -> Issue:
    with steps("read") as notes:
        tagged = pipeline.read(config, store, week)
        claimed = sum(bool(t.claims) for t in tagged)
        notes.append(f"{len(tagged)} entries, {claimed} with a claim")
    for topic, example in pipeline.unread_examples(config, store):
        here.say(f"  ! topic {topic}: nothing can be learnt from its example {example}; its text is not known or too short")  # fmt: skip
    with steps("edit") as notes:
        issue = pipeline.edit(config, store, week, here.now, collected, tagged, hold(here))
        funnel = issue.funnel
        notes.append(f"{funnel.new} new, {funnel.accepted} accepted, {funnel.printed} printed")
        notes.append(f"{len(issue.newly_accepted)} newly accepted")
    return issue


def hold(here: World) -> str:
    """A rehearsal of a day that has not come leaves no printed issue behind."""
    ahead = here.now > datetime.now(UTC) + timedelta(days=1)
    return "A rehearsal of a day that has not come." if ahead and not here.sample else ""


def publish(here: World, config: Config, store: Store, steps: Steps) -> None:
    with steps("publish") as notes:
        built = pipeline.publish(config, store, here.output, here.templates)
        if built.changed:
            notes.append(f"{built.rendered} pages rendered, {built.linked} kept")
        else:
            notes.append("nothing changed")


def _tell_outcome(here: World, issue: Issue, printed_before: bool) -> None:
    if issue.state == "draft":
        text = f"{issue.week} is a draft: {issue.why_draft}"
    elif printed_before:
        text = f"{issue.week} was printed before and stays as it is"
    else:
        text = f"{issue.week} is printed: {issue.headline}"
    here.say(text)
