"""The index says what the manifests say, on both databases, whatever is built again, changed, or killed on the way."""

import os
import shutil
import subprocess
import sys
import time

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from made import made_manifest
from postgresql import PASSWORD, binaries, server

from altedic.catalog.build import Built, build
from altedic.catalog.store import listed, migrate, reading, store_at
from altedic.catalog.tables import COUNTS, METADATA
from altedic.errors import CatalogError, EnvironmentMissingError, UsageError
from altedic.manifest import MANIFEST
from altedic.release import UNFINISHED

WAIT_S = 60


@pytest.fixture(scope="module")
def postgresql():
    if not binaries():
        if os.environ.get("CI"):
            pytest.fail("no PostgreSQL: apt-get install postgresql")
        pytest.skip("no PostgreSQL: apt-get install postgresql")
    with server() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request, tmp_path):
    """What --db names: an empty database of its own."""
    if request.param == "sqlite":
        yield str(tmp_path / "index" / "catalog.sqlite")
        return
    url = request.getfixturevalue("postgresql")
    name = f"t{abs(hash(request.node.name)) % 10**12}"
    _on_server(url, f"CREATE DATABASE {name}")
    yield f"{url}/{name}"
    _on_server(url, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def releases(tmp_path):
    """A folder with two releases, one of them of three languages and two licences, and one folder that is none."""
    folder = tmp_path / "releases"
    made_manifest("mt", "el", "bg", licences=("CC0-1.0", "CC-BY-4.0 AND CC0-1.0")).save(folder / "many")
    made_manifest("ga", licences=("CC-BY-SA-4.0",)).save(folder / "one")
    (folder / "one.work").mkdir()
    return folder


def _on_server(url, statement):
    engine = store_at(f"{url}/postgres").engine.execution_options(isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(sa.text(statement))


def _content(store):
    with store.engine.connect() as connection:
        return {table.name: sorted(map(tuple, connection.execute(sa.select(table)))) for table in METADATA.sorted_tables}


def _change(release):
    """Another version of a release, with one language less."""
    manifest = made_manifest("mt", "el", files=3)
    manifest.model_copy(update={"recipe": manifest.recipe.model_copy(update={"version": "2026.12"})}).save(release)


def _started(*arguments):
    return subprocess.Popen(
        [sys.executable, "-u", "-m", "altedic", "catalog", *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def _fresh(folder, tmp_path):
    store = store_at(str(tmp_path / "fresh.sqlite"))
    build([folder], store)
    return _content(store)


def test_an_index_says_what_the_manifests_say(database, releases):
    store = store_at(database)
    assert build([releases], store) == Built(put=2, unchanged=0, taken_out=0, faulty=0)
    with reading(store) as connection:
        many, one = listed(connection)
        sums = connection.execute(sa.select(sa.func.sum(COUNTS.c.kept), sa.func.sum(COUNTS.c.kept_words))).one()
    total = made_manifest("mt", "el", "bg", licences=("CC0-1.0", "CC-BY-4.0 AND CC0-1.0")).total()
    assert (many.location, many.documents, many.words) == (str(releases / "many"), total.kept, total.kept_words)
    assert (many.languages, many.licences) == (("bg", "el", "mt"), ("CC-BY-4.0", "CC0-1.0"))
    assert (one.languages, one.licences, one.version) == (("ga",), ("CC-BY-SA-4.0",), "2026.11")
    assert sums == (many.documents + one.documents, many.words + one.words)


def test_both_databases_hold_the_same(database, releases, tmp_path):
    store = store_at(database)
    build([releases], store)
    assert _content(store) == _fresh(releases, tmp_path)


def test_that_shards_are_missing_keeps_a_release_from_find_alone(database, releases):
    said = []
    assert build([releases / "one"], store_at(database), say=said.append).put == 1
    assert said[0] == f"not located {releases / 'one'}: shards are missing; altedic release verify tells which"


def test_building_again_changes_nothing(database, releases):
    store, said = store_at(database), []
    build([releases], store)
    before = _content(store)
    assert build([releases, releases / "one"], store, say=said.append) == Built(put=0, unchanged=2, taken_out=0, faulty=0)
    assert [line.split()[0] for line in said if not line.startswith("not located")] == ["unchanged", "unchanged"]
    assert _content(store) == before


def test_what_changed_is_put_anew_and_what_is_gone_is_taken_out(database, releases, tmp_path):
    store = store_at(database)
    made_manifest("de").save(tmp_path / "elsewhere" / "other")
    build([releases, tmp_path / "elsewhere"], store)
    _change(releases / "many")
    shutil.rmtree(releases / "one")
    assert build([releases], store) == Built(put=1, unchanged=0, taken_out=1, faulty=0)
    with reading(store) as connection:
        assert {(row.location, row.version) for row in listed(connection)} == {
            (str(releases / "many"), "2026.12"),
            (str(tmp_path / "elsewhere" / "other"), "2026.11"),
        }
    shutil.rmtree(tmp_path / "elsewhere")
    build([tmp_path / "elsewhere" / "other"], store)
    assert _content(store) == _fresh(releases, tmp_path)


def test_a_release_that_cannot_be_used_is_told_and_not_in_the_index(database, releases):
    store, said = store_at(database), []
    build([releases], store)
    (releases / "many" / MANIFEST).write_text("{}")
    (releases / "one" / UNFINISHED).write_text("of a run")
    (releases / "new").mkdir()
    (releases / "new" / UNFINISHED).write_text("of a run")
    assert build([releases], store, say=said.append) == Built(put=0, unchanged=0, taken_out=0, faulty=3)
    assert all(line.startswith("faulty ") for line in said)
    assert not any(_content(store).values())


def test_a_folder_without_releases_is_refused(database, tmp_path):
    with pytest.raises(UsageError, match="no release, and no folder of releases"):
        build([tmp_path], store_at(database))


def test_the_migrations_make_the_tables_of_the_code(database):
    store = store_at(database)
    migrate(store)
    with store.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), METADATA) == []


def test_a_migration_that_fails_leaves_nothing(database, releases):
    store = store_at(database)
    (releases.parent / "index").mkdir(exist_ok=True)
    with store.engine.execution_options(writes=True).begin() as connection:
        connection.execute(sa.text("CREATE TABLE counts (of_another_program INTEGER)"))
    with pytest.raises(EnvironmentMissingError, match="the database cannot be used"):
        build([releases], store)
    with store.engine.connect() as connection:
        assert sa.inspect(connection).get_table_names() == ["counts"]


def test_an_index_of_a_newer_altedic_is_left_alone(database, releases):
    store = store_at(database)
    build([releases], store)
    with store.engine.begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    before = _content(store)
    with pytest.raises(CatalogError, match="a newer altedic made this index"):
        build([releases], store)
    with pytest.raises(UsageError, match="no index of this altedic"), reading(store):
        pass
    assert _content(store) == before


STALL = {
    # WITH may not stand in a trigger of SQLite, but a view may have it.
    "sqlite": (
        "CREATE VIEW forever AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n",
        "CREATE TRIGGER stall BEFORE INSERT ON {table} BEGIN SELECT count(*) FROM forever; END",
    ),
    # Short enough that the server finds out soon that nobody is there any more.
    "postgresql": (
        "CREATE FUNCTION stall() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(1); RETURN NEW; END'",
        "CREATE TRIGGER stall BEFORE INSERT ON {table} FOR EACH STATEMENT EXECUTE FUNCTION stall()",
    ),
}
UNSTALL = {"sqlite": "DROP TRIGGER stall", "postgresql": "DROP TRIGGER stall ON {table}"}


def _is_in_transaction(store, database):
    """Whether a build has begun to change the index."""
    if store.engine.dialect.name == "sqlite":
        return os.path.exists(f"{database}-journal")  # noqa: PTH110
    with store.engine.connect() as connection:
        return connection.execute(sa.text("SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'")).scalar() > 0


@pytest.mark.parametrize("table", ["releases", "counts"])
def test_kill_9_within_a_transaction_leaves_what_was_there(database, releases, tmp_path, table):
    store = store_at(database)
    build([releases], store)
    before = _content(store)
    _change(releases / "many")
    with store.engine.begin() as connection:
        for statement in STALL[store.engine.dialect.name]:
            connection.execute(sa.text(statement.format(table=table)))
    process = _started("build", releases, "--db", database)
    deadline = time.monotonic() + WAIT_S
    while not _is_in_transaction(store, database):
        assert process.poll() is None and time.monotonic() < deadline, "the build did not come to its transaction"
        time.sleep(0.02)
    process.kill()
    assert process.wait() == -9
    assert _content(store) == before
    with store.engine.execution_options(writes=True).begin() as connection:
        connection.execute(sa.text(UNSTALL[store.engine.dialect.name].format(table=table)))
    assert build([releases], store) == Built(put=1, unchanged=1, taken_out=0, faulty=0)
    assert _content(store) == _fresh(releases, tmp_path)


def test_kill_9_at_any_time_leaves_whole_releases(database, tmp_path):
    releases = tmp_path / "releases"
    for number in range(6):
        made_manifest("mt", "el", files=40 + number).save(releases / f"r{number}")
    whole = _fresh(releases, tmp_path)
    store = store_at(database)
    for lines in (1, 3, 5):
        process = _started("build", releases, "--db", database)
        for _ in range(lines):
            while not process.stdout.readline().startswith(("put", "unchanged")):
                assert process.poll() is None
        process.kill()
        process.communicate()
        found = _content(store)
        there = {row[0] for row in found["releases"]}
        assert len(there) >= lines
        assert found == {name: [row for row in rows if row[0] in there] for name, rows in whole.items()}
    assert build([releases], store).faulty == 0
    assert _content(store) == whole


def test_builds_at_the_same_time_make_one_index(database, releases, tmp_path):
    processes = [_started("build", releases, "--db", database) for _ in range(3)]
    outputs = [process.communicate()[0] for process in processes]
    assert [process.returncode for process in processes] == [0, 0, 0], outputs
    assert _content(store_at(database)) == _fresh(releases, tmp_path)


def test_the_command_lists_what_it_built_and_shows_no_password(database, releases):
    built, code = _finished("build", releases, "--db", database)
    assert code == 0 and "2 put, 0 unchanged" in built
    shown, code = _finished("list", "--db", database)
    assert code == 0 and "CC-BY-SA-4.0" in shown
    assert PASSWORD not in built + shown
    (releases / "one" / MANIFEST).unlink()
    (releases / "many" / MANIFEST).write_text("[")
    built, code = _finished("build", releases, "--db", database)
    assert code == 1 and "1 taken out, 1 faulty" in built


def _finished(*arguments):
    process = _started(*arguments)
    return process.communicate()[0], process.returncode


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://u:{0}@127.0.0.1:1/x",
        "postgresql://127.0.0.1:1/x?user=u&password={0}",
        "postgresql://u:p@{0}@127.0.0.1:1/x",
        "postgresql://u:{0}",
        "postgresql://u:p:/{0}@127.0.0.1:1/x",
        "postgresql://u@127.0.0.1:{0}/x",
        "postgresql://127.0.0.1:1/x?{0}=1",
        "mysql://u:{0}@127.0.0.1/x",
        "{0}://u@127.0.0.1/x",
    ],
)
def test_no_error_shows_a_password(url, releases):
    said, code = _finished("build", releases, "--db", url.format(PASSWORD))
    assert code in (2, 3) and said.startswith("error: ") and said.count("\n") == 1
    assert PASSWORD not in said


def test_a_file_that_is_no_index_is_told(releases, tmp_path):
    (tmp_path / "letter.txt").write_text("Għażiż qarrej, " * 100)
    with pytest.raises(EnvironmentMissingError, match="the database cannot be used"):
        build([releases], store_at(str(tmp_path / "letter.txt")))
    with pytest.raises(UsageError, match="no such file; make it with"), reading(store_at(str(tmp_path / "none"))):
        pass


def test_a_run_imports_no_database():
    program = (
        "import sys, altedic.cli, altedic.cli.catalog, altedic.pipelines.run, altedic.catalog.describe;"
        "print([name for name in ('sqlalchemy', 'alembic', 'duckdb', 'psycopg') if name in sys.modules])"
    )
    assert subprocess.check_output([sys.executable, "-c", program], text=True) == "[]\n"
