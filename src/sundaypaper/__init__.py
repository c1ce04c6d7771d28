"""Sunday Paper: a weekly newspaper of machine learning."""

__version__ = "0.1.0"
