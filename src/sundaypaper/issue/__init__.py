"""Composes the issue of a week from its material, cuts editions of it, and applies amendments."""

from sundaypaper.issue import quarter
from sundaypaper.issue.amending import (
    Amendments,
    amended,
    amended_head,
    amended_picked,
    correction,
    neutral,
    removals,
    removed_words,
    told,
)
from sundaypaper.issue.compose import compose
from sundaypaper.issue.editions import edition, has_news
from sundaypaper.issue.material import Correction, Frame, Material, Sizes, frame_of, material_of
from sundaypaper.issue.own_sections import of_extension as own_section
from sundaypaper.issue.section_kinds import SectionForm, SectionKind, Size
from sundaypaper.issue.section_table import MAIL_SIZES, SETTINGS, USUAL_SIZES, form_of
from sundaypaper.issue.unprinted import unprinted

__all__ = [
    "MAIL_SIZES",
    "SETTINGS",
    "USUAL_SIZES",
    "Amendments",
    "Correction",
    "Frame",
    "Material",
    "SectionForm",
    "SectionKind",
    "Size",
    "Sizes",
    "amended",
    "amended_head",
    "amended_picked",
    "compose",
    "correction",
    "edition",
    "form_of",
    "frame_of",
    "has_news",
    "material_of",
    "neutral",
    "own_section",
    "quarter",
    "removals",
    "removed_words",
    "told",
    "unprinted",
]
