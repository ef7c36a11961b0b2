"""altedic: raw text in the 24 official EU languages in, licensed and documented training data and tokenizers out."""

from importlib.metadata import version

__version__ = version("altedic")
