"""The registry of licences, and verdicts: deny by default, NC never commercial, ND never derived, AND and OR as in SPDX."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from license_expression import get_spdx_licensing

from altedic.errors import UsageError
from altedic.licences import (
    DUTIES,
    PURPOSES,
    SCOPES,
    ids_of,
    known,
    licence,
    licences,
    licences_of,
    needs,
    permitted,
)

IDS = [one.id for one in licences()]
NESTED = "MIT AND (" * 2_000 + "MIT" + ")" * 2_000
COMMERCIAL = [purpose for purpose in PURPOSES if purpose.startswith("commercial")]


def test_the_registry_has_what_european_open_data_is_under():
    wanted = (
        "CC-BY-4.0 CC-BY-SA-4.0 CC0-1.0 ODbL-1.0 etalab-2.0 DL-DE-BY-2.0 DL-DE-ZERO-2.0 OGL-UK-3.0 NLOD-2.0 EUPL-1.2 IODL-2.0 "
        "LicenseRef-EU-2011-833 CC-BY-3.0-IGO CC-BY-IGO-3.0 LicenseRef-official-text-CZ"
    )
    assert all(licence(name) for name in wanted.split())


def test_every_id_is_on_the_spdx_list_or_a_licenseref():
    listed = get_spdx_licensing().known_symbols
    assert [name for name in IDS if name not in listed and not name.startswith("LicenseRef-")] == []


def test_ids_aliases_and_places_in_the_eu_table_are_unique():
    names = [name.lower() for one in licences() for name in (one.id, *one.aliases)]
    places = [one.eu for one in licences() if one.eu]
    assert len(set(names)) == len(names)
    assert len(set(places)) == len(places)
    assert licence("CC-BY-4.0").eu_uri == "http://publications.europa.eu/resource/authority/licence/CC_BY_4_0"
    assert licence("LicenseRef-EU-2011-833").eu_uri.endswith("/COM_REUSE")
    assert licence("CC-BY-3.0-DE").eu_uri is None


@pytest.mark.parametrize("name", [name for name in IDS if "-NC" in name or name.startswith("NCGL")])
def test_non_commercial_is_never_commercial(name):
    for purpose in COMMERCIAL:
        for scope in SCOPES:
            verdict = permitted(name, purpose, scope=scope)
            assert not verdict.allowed
            assert verdict.rule == ("forbids_derivatives" if "-ND" in name else "forbids_commercial")


@pytest.mark.parametrize("name", [name for name in IDS if "-ND" in name or "-invariants-" in name.replace("no-invariants", "")])
def test_no_derivatives_is_never_derived_not_even_for_research_within_one_house(name):
    for purpose in PURPOSES:
        for scope in SCOPES:
            assert permitted(name, purpose, scope=scope).rule == "forbids_derivatives"


@pytest.mark.parametrize("name", [name for name in IDS if "-SA-" in name or name.startswith(("GPL", "ODbL", "GFDL-1.3-only"))])
def test_share_alike_is_flagged_with_what_it_permits(name):
    assert licence(name).share_alike
    assert permitted(name, "research").share_alike


@pytest.mark.parametrize(
    "text", ["", " ", "()", "(", "AND", "CC-BY", "CC BY 4.0", "CC-BY-4.0+", "Ħ", "a\x00b", "NONE", "NOASSERTION"]
)
def test_what_is_not_in_the_registry_or_no_expression_permits_nothing(text):
    assert not known(text)
    assert {permitted(text, purpose).rule for purpose in PURPOSES} == {"unknown"}


@settings(deadline=None)  # the first call loads the registry
@given(st.text(max_size=40))
def test_any_text_gets_a_verdict_and_only_names_of_the_registry_are_permitted(text):
    verdict = permitted(text, "research", scope="strictInternalUse")
    assert verdict.rule == "unknown" or licences_of(text)
    assert verdict.allowed == (verdict.rule == "permits")


@pytest.mark.parametrize(
    ("expression", "purpose", "rule", "decided_by"),
    [
        ("CC-BY-4.0 AND CC0-1.0", "commercialLLMs", "permits", "CC-BY-4.0 AND CC0-1.0"),
        ("CC-BY-4.0 AND CC-BY-NC-4.0", "commercialLLMs", "forbids_commercial", "CC-BY-NC-4.0"),
        ("CC-BY-4.0 AND CC-BY-NC-4.0", "freeLLMs", "permits", "CC-BY-4.0 AND CC-BY-NC-4.0"),
        ("CC-BY-NC-4.0 AND Unheard-Of", "commercialLLMs", "unknown", "Unheard-Of"),
        ("CC-BY-NC-4.0 OR CC-BY-4.0", "commercialLLMs", "permits", "CC-BY-4.0"),
        ("CC-BY-SA-4.0 OR CC-BY-4.0", "commercialLLMs", "permits", "CC-BY-4.0"),
        ("MIT OR CC-BY-ND-4.0", "research", "permits", "MIT"),
        ("Unheard-Of OR CC0-1.0", "commercialLLMs", "permits", "CC0-1.0"),
        ("Unheard-Of OR CC-BY-NC-4.0", "commercialLLMs", "forbids_commercial", "CC-BY-NC-4.0"),
        ("CC-BY-SA-4.0 AND (MIT OR CC0-1.0)", "freeLLMs", "permits", "CC-BY-SA-4.0 AND CC0-1.0"),
        ("GPL-2.0-only WITH Classpath-exception-2.0", "freeLLMs", "permits", "GPL-2.0-only"),
        ("Unheard-Of WITH Classpath-exception-2.0", "freeLLMs", "unknown", "Unheard-Of"),
        ("cc-by-4.0", "research", "permits", "CC-BY-4.0"),
    ],
)
def test_both_must_permit_of_two_and_one_of_alternatives(expression, purpose, rule, decided_by):
    verdict = permitted(expression, purpose)
    assert (verdict.rule, verdict.licence) == (rule, decided_by)


@settings(deadline=None)  # the first call loads the registry
@given(
    st.lists(st.sampled_from([*IDS, "Unheard-Of"]), min_size=2, max_size=4), st.sampled_from(PURPOSES), st.sampled_from(SCOPES)
)
def test_and_permits_what_all_permit_with_all_their_duties_and_or_what_one_does(names, purpose, scope):
    each = [permitted(name, purpose, scope=scope) for name in names]
    both = permitted(" AND ".join(names), purpose, scope=scope)
    either = permitted(" OR ".join(names), purpose, scope=scope)
    assert both.allowed == all(one.allowed for one in each)
    assert either.allowed == any(one.allowed for one in each)
    if both.allowed:
        assert set(both.duties) == {duty for one in each for duty in one.duties}
        assert both.duties == tuple(duty for duty in DUTIES if duty in both.duties)
    if either.allowed:
        assert len(either.duties) == min(len(one.duties) for one in each if one.allowed)
    assert not both.allowed or both.rule == "permits"


@pytest.mark.parametrize(
    ("purpose", "scope", "terms"),
    [
        ("research", "strictInternalUse", ("derivatives",)),
        ("freeLLMs", "externalUse", ("derivatives", "redistribution")),
        ("commercialDerivatives", "broadInternalUse", ("derivatives", "commercial", "redistribution")),
    ],
)
def test_a_purpose_says_what_a_licence_must_permit(purpose, scope, terms):
    assert needs(purpose, scope=scope) == terms


def test_an_unknown_name_is_told_with_the_nearest_one():
    with pytest.raises(UsageError, match=r"'CC-BY-4' is not in the registry \(did you mean CC-BY-4.0\?\)"):
        licence("CC-BY-4")


def test_names_in_an_expression_are_listed_once_each_and_only_licences_count():
    assert ids_of("MIT OR (MIT AND Foo) WITH Bar") == ()
    assert ids_of("MIT OR (GPL-2.0-only WITH Classpath-exception-2.0 AND Foo)") == ("MIT", "GPL-2.0-only", "Foo")
    assert [one.id for one in licences_of("iodl-2.0 AND Foo AND LicenseRef-IODL-2.0")] == ["LicenseRef-IODL-2.0"]
