"""What a command's `--help` ends with."""


def examples(*lines: str) -> str:
    """The last paragraph of a help, for `epilog=`: commands to copy, a line each, never wrapped."""
    return "\n".join(("\b", "Examples:", *(f"  {line}" for line in lines)))
