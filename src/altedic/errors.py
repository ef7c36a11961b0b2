"""The errors of altedic: one tree, one line each, and each survives a trip between workers (pickle)."""

from __future__ import annotations


class AltedicError(Exception):
    """Something a user can act on; its text says what, where, got, wanted and what to do. Never holds document text."""

    exit_code = 1


class UsageError(AltedicError):
    """The command line, a recipe or a folder is not what was asked for (exit code 2)."""

    exit_code = 2


class EnvironmentMissingError(AltedicError):
    """A program, a model or a disk that the run needs is not there (exit code 3)."""

    exit_code = 3


class RecipeError(UsageError):
    """A recipe that cannot be used."""


class SourceError(AltedicError):
    """A source description or an input file that cannot be used."""


class SchemaError(AltedicError):
    """Columns that are not those of the contract."""


class StepError(AltedicError):
    """A step that broke its own declaration or could not do its work."""


class ReleaseError(AltedicError):
    """A release that is not what its manifest says."""


class CatalogError(AltedicError):
    """A catalog record that cannot be built."""
