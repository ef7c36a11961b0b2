"""The first tables. A later migration that adds a column empties `releases`: the build that runs it fills them anew."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make releases, sources, licences, shards and counts."""
    op.create_table(
        "releases",
        *_texts("manifest_sha256", "name", "version", "title", "fingerprint", "altedic_version", keys=("location",)),
        *_numbers("read", "kept", "rejected", "unreadable", "kept_words", "kept_bytes"),
    )
    _part("sources", *_texts("title", "publisher", "homepage", "licence", keys=("name",)))
    _part("licences", *_texts(keys=("licence",)), *_numbers("documents", "words"))
    _part("shards", *_texts("lang", "sha256", keys=("path",)), *_numbers("documents", "bytes"))
    _part(
        "counts",
        *_texts(keys=("lang", "source")),
        *_numbers("read", "kept", "rejected", "unreadable", "kept_words", "kept_chars", "kept_bytes"),
    )


def _part(name: str, *columns: sa.Column[str] | sa.Column[int]) -> None:
    release = sa.Column("release", sa.String, sa.ForeignKey("releases.location"), primary_key=True)
    op.create_table(name, release, *columns)


def _texts(*names: str, keys: tuple[str, ...]) -> list[sa.Column[str]]:
    columns = [sa.Column(name, sa.String, primary_key=True) for name in keys]
    return [*columns, *(sa.Column(name, sa.String, nullable=False) for name in names)]


def _numbers(*names: str) -> list[sa.Column[int]]:
    return [sa.Column(name, sa.BigInteger, nullable=False) for name in names]
