"""Write what is generated and committed: JSON schemas, the packaged defaults, the manuals.

The defaults are those of feeds.yaml at the root; the package carries its own copy of it, from which
`sundaypaper init` begins, and of its topics, so that a feeds.yaml without topics works wherever the
program is installed; those as JSON, since every command reads them.
"""

from __future__ import annotations

import json
from datetime import time
from pathlib import Path
from typing import Any

from commands_page import commands_page
from man_page import man_page
from ruamel.yaml import YAML

from sundaypaper import __version__, config
from sundaypaper.config.schema import AT, keys_at
from sundaypaper.formats import document
from sundaypaper.interest.rules import RULES
from sundaypaper.models import PrintTime
from sundaypaper.pipeline.deploying import KINDS as WAYS
from sundaypaper.pipeline.deploying import Place, deployment_files
from sundaypaper.sources import KINDS

ROOT = Path(__file__).parent.parent
DATA = Path("src/sundaypaper/data")

# The place that the files of deploy/ are written for.
EXAMPLE = Place(
    root="/var/lib/sundaypaper",
    command="/opt/sundaypaper/bin/sundaypaper",
    user="sundaypaper",
    base_url="https://paper.example.org/",
    timezone="Europe/Berlin",
    print_at=PrintTime(6, time(8)),
)

INTRODUCTION = """\
# feeds.yaml

<!-- Made by `make generated` from the schema; edit the descriptions there. -->

One file says what the paper reads, what its topics are and how much it prints. Only `sources` must be
there. This is a whole file:

```yaml
title: Tuesday's Paper
base_url: https://paper.example.org/
contact: you@example.org
sources:
  - {kind: arxiv, categories: [cs.LG, stat.ML]}
  - {kind: feed, name: A blog, url: https://example.org/feed.xml, group: practitioner}
  - {kind: bundle, name: The shelf, path: shelf}
```

Every mistake is reported at once, with its line and column and what would be right, and nothing is done.
Editors that know YAML schemas complete and check the file: its first line names the schema.

Files and folders that it names lie in its own folder: a path that leads out of it, by `..`, from `/` on
or over a symbolic link, is a mistake. `delivery.folder`, `readers.from` and `inbox.folder` hold mails and
readers, which often lie elsewhere on purpose: there a whole path, from `/` on, may lead anywhere. A
plug-in is no path but the `package.module:name` of something that is installed beside Sunday Paper.
"""


def documents() -> dict[Path, str]:
    """What is generated: the path below the root, and the text."""
    return {
        DATA / "feeds.yaml": feeds_text(),
        DATA / "since.json": since_text(),
        DATA / "topics.json": topics_text(),
        DATA / "feeds.schema.json": config.schema_text(),
        DATA / "issue.schema.json": document.schema_text(),
        Path("docs/commands.md"): commands_page(),
        Path("docs/sundaypaper.1"): man_page(),
        Path("docs/configuration.md"): manual_text(json.loads(config.schema_text())),
        **deploy_texts(),
    }


def deploy_texts() -> dict[Path, str]:
    """deploy/: a folder a way to run, as `deployment_files` gives it for an example."""
    return {
        Path("deploy") / kind / name: body.decode()
        for kind in WAYS
        for name, body in deployment_files(kind, EXAMPLE).items()
    }


def feeds_text() -> str:
    """feeds.yaml without the line that names its schema, which lies elsewhere where it is used."""
    first, text = (ROOT / "feeds.yaml").read_text(encoding="utf-8").split("\n#\n", 1)
    assert first.startswith("# yaml-language-server: ")
    return text


def since_text() -> str:
    """Which version brought which key, source and topic, and where sources were before.

    What the file has of earlier versions it keeps; what is new now came with this one.
    """
    before = json.loads((ROOT / DATA / "since.json").read_text(encoding="utf-8"))
    default = YAML(typ="safe").load(feeds_text())
    now = {
        "keys": dict.fromkeys(keys_of_file(), __version__),
        "sources": dict.fromkeys(addresses(default).values(), __version__),
        "topics": {topic["id"]: __version__ for topic in default["topics"]},
    }
    known = {part: {key: before[part].get(key, v) for key, v in now[part].items()} for part in now}
    names = addresses(default)
    left = {name: url for name, url in before["names"].items() if names.get(name, url) != url}
    moved = before["moved"] | {url: names[name] for name, url in left.items()}
    return json.dumps(known | {"names": names, "moved": moved}, indent=1, ensure_ascii=False) + "\n"


def keys_of_file() -> list[str]:
    """Every key of feeds.yaml outside of lists, as `print.at`."""
    sections = [section for section in AT if "[]" not in section]
    return sorted(f"{section}.{key}".strip(".") for section in sections for key in keys_at(section))


def addresses(default: dict[str, Any]) -> dict[str, str]:
    """The default sources that have an address, by name."""
    return {source["name"]: source["url"] for source in default["sources"] if "url" in source}


def topics_text() -> str:
    """The topics of feeds.yaml as a file of their own."""
    topics = YAML().load((ROOT / "feeds.yaml").read_text(encoding="utf-8"))["topics"]
    plain = [{key: str(topic[key]) for key in ("id", "name", "match")} for topic in topics]
    return json.dumps(plain, indent=2, ensure_ascii=False) + "\n"


def manual_text(schema: dict[str, Any]) -> str:
    """Every key of feeds.yaml with its default and what it means, as tables."""
    parts = [INTRODUCTION, table("The file", schema)]
    parts += [
        table(heading, schema["$defs"][name])
        for heading, name in (
            ("`network`", "Network"),
            ("`venues`", "Venues"),
            ("`venues.own`: an entry", "OwnVenue"),
            ("`print`", "Print"),
            ("`publish`", "PublishEntry"),
            ("`delivery`", "DeliveryEntry"),
            ("`delivery.server`, `inbox.server`", "ServerEntry"),
            ("`readers`", "ReadersEntry"),
            ("`inbox`", "InboxEntry"),
            ("`subscribe`", "SubscribeEntry"),
            ("`web`", "WebEntry"),
            ("`web.limits`", "LimitsEntry"),
            ("`hooks`", "HooksEntry"),
            ("`topics`: an entry", "TopicEntry"),
            ("`editions`: an entry", "EditionEntry"),
            ("`extensions`", "ExtensionsEntry"),
            *((f"`sources`: `kind: {word}`", form.__name__) for word, form in KINDS.items()),
        )
    ]
    rows = "\n".join(f"| `{name}` | {value:g} |" for name, value in RULES.items())
    parts.append(
        "## `weights`\n\nThe parts of a score, to be overridden by name; `source:NAME` is a source's own. "
        "`sundaypaper explain ID` shows them at work.\n\n| part | default |\n|---|---|\n"
        + rows
        + "\n"
    )
    return "\n".join(parts)


def table(heading: str, schema: dict[str, Any]) -> str:
    """One section: a key a row."""
    rows = [f"## {heading}\n\n| key | default | meaning |\n|---|---|---|"]
    for key, value in schema["properties"].items():
        shown = "required" if key in schema.get("required", ()) else default(value)
        rows.append(f"| `{key}` | {shown} | {value.get('description', '')} |")
    return "\n".join(rows) + "\n"


def default(value: dict[str, Any]) -> str:
    """A default as YAML would write it, short."""
    found = value.get("default")
    if found in (None, "", [], {}):
        return ""
    if isinstance(found, dict):
        return "see below"
    text = json.dumps(found, ensure_ascii=False).replace('"', "")
    return f"`{text}`"


def main() -> None:
    """Write all of it."""
    for path, text in documents().items():
        (ROOT / path).parent.mkdir(parents=True, exist_ok=True)
        (ROOT / path).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
