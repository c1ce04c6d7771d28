"""Helpers for sentences: capital and full stop, and cutting to a number of words."""

from __future__ import annotations


def sentence(text: str) -> str:
    """A text with a capital in front, where it begins with a word of ours, and a full stop."""
    text = text if text[:5] == "arXiv" else text[:1].upper() + text[1:]
    return text if text.endswith((".", "!", "?")) or not text else text + "."


def clip(text: str, limit: int = 20) -> str:
    """At most limit words, with "…" where some were cut."""
    parts = text.split()
    return text if len(parts) <= limit else " ".join(parts[:limit]).rstrip(" ,;:.") + "…"
