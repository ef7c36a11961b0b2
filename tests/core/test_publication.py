"""What a recipe may say of its publication: code lists are checked, and nothing that it says is left to guess."""

import pytest
import yaml

from altedic.corpora.sample.plant import PUBLICATION
from altedic.errors import RecipeError
from altedic.publication import Publication
from altedic.recipe import Recipe, load_plan

RECIPE = {"name": "r", "title": "R", "version": "1", "languages": ["mt", "el", "bg"], "sources": ["s.yaml"]}
SOURCE = {"name": "s", "title": "S", "publisher": "P", "homepage": "https://alt-edic.eu/", "licence": "CC0-1.0"}


def _read(folder, publication):
    path = folder / "recipe.yaml"
    path.write_text(yaml.safe_dump(RECIPE | {"publication": publication}, allow_unicode=True))
    (folder / "s.yaml").write_text(yaml.safe_dump(SOURCE | {"paths": ["a.jsonl"]}))
    return path


def test_the_demo_says_all_that_there_is_to_say(tmp_path):
    read = Recipe.from_yaml(_read(tmp_path, PUBLICATION), error=RecipeError).publication
    empty = [name for name, value in read if not value]
    assert empty == ["descriptions"]


def test_a_recipe_need_not_say_anything(tmp_path):
    assert Recipe.from_yaml(_read(tmp_path, {}), error=RecipeError).publication == Publication()


@pytest.mark.parametrize(
    ("publication", "told"),
    [
        ({"base_url": "https://data.example.org/demo"}, "end with /"),
        ({"base_url": "https://data.example.org/demo/?a=1/"}, "no \\?"),
        ({"base_url": "ftp://data.example.org/demo/"}, "'publication.base_url'"),
        ({"themes": ["education"]}, "did you mean EDUC"),
        ({"places": ["Malta"]}, "did you mean MLT"),
        ({"access": "public domain"}, "did you mean PUBLIC"),
        ({"frequency": "yearly"}, "not in the code list"),
        ({"availability": "stabel"}, "did you mean STABLE"),
        ({"publisher": {"name": "Ċ", "type": "company"}}, "did you mean Company"),
        ({"publisher": {"homepage": "https://alt-edic.eu/"}}, "'publication.publisher.name' is missing"),
        ({"contact": {"name": "Γραφείο"}}, "email or url"),
        ({"contact": {"name": "Γραφείο", "email": "nobody"}}, "'publication.contact.email'"),
        ({"issued": "2026-11-25", "modified": "2026-11-24"}, "modified is before issued"),
        ({"period": {"start": "2026-11-25", "end": "2026-11-24"}}, "end is before start"),
        ({"titles": {"gr": "Δείγμα"}}, "did you mean 'el'"),
        ({"personal_data": {"included": "yes"}}, "needs measures and principles"),
        ({"personal_data": {"included": "no", "sensitive": "yes"}}, "need included: yes"),
        ({"theme": ["EDUC"]}, "did you mean 'themes'"),
    ],
)
def test_what_is_not_right_is_told_with_its_key(publication, told, tmp_path):
    with pytest.raises(RecipeError, match=told):
        Recipe.from_yaml(_read(tmp_path, publication), error=RecipeError)


def test_a_bare_yes_and_no_in_yaml_are_answers(tmp_path):
    path = tmp_path / "recipe.yaml"
    path.write_text(yaml.safe_dump(RECIPE) + "publication: {personal_data: {included: no, sensitive: no}}\n")
    found = Recipe.from_yaml(path, error=RecipeError).publication.personal_data
    assert (found.included, found.sensitive) == ("no", "no")


def test_no_document_depends_on_it(tmp_path):
    before = load_plan(_read(tmp_path, {})).fingerprint
    assert load_plan(_read(tmp_path, PUBLICATION)).fingerprint == before
