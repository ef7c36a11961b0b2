"""The kernel on hand-written cases, and on batches: threads, slices, nulls."""

import random

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shared_texts import texts

from altedic import _kernel


def measure(text, **options):
    return _kernel.measure(pa.array([text]), **options).to_pylist()[0]


@settings(max_examples=50, deadline=None)
@given(st.lists(st.one_of(st.none(), texts), max_size=12), st.integers(0, 3))
def test_threads_slices_and_nulls_change_nothing(rows, start):
    array = pa.array(rows, pa.string())
    whole = _kernel.measure(array, num_hashes=8, threads=3)
    assert _kernel.measure(array, num_hashes=8).to_pylist() == whole.to_pylist()
    assert _kernel.measure(array[start:], num_hashes=8).to_pylist() == whole.to_pylist()[start:]
    assert [row["n_chars"] is None for row in whole.to_pylist()] == [row is None for row in rows]


def test_lone_surrogates_are_refused_before_the_kernel_sees_them():
    with pytest.raises(UnicodeEncodeError):
        measure("\ud800")


def test_a_column_of_another_type_is_a_clear_type_error():
    with pytest.raises(TypeError, match="want a string array"):
        _kernel.measure(pa.array([1]))


@pytest.mark.parametrize(
    ("text", "found", "share"),
    [
        ("Il-ktieb ta' Marija u l-għalliema", 4, 4 / 5),
        ("ktieb Marija", 0, 0.0),
        ("U u U", 1, 1.0),
        ("", 0, 0.0),
    ],
)
def test_stop_words_are_found_as_words_and_as_clitics(text, found, share):
    m = measure(text, word_set=pa.array([0], pa.int16()), word_sets=[["il-", "l-", "ta'", "u"]])
    assert m["stop_words"] == found
    assert m["stop_word_frac"] == pytest.approx(share)


@pytest.mark.parametrize(
    ("text", "n"),
    [
        ("La journée Ã©tait belle, dÃ©jÃ\xa0.", 2),
        ("Ð¡Ð¾Ñ„Ð¸Ñ\x8f", 8),
        ("„Ä“, Å’, NÃO, În România, Ñandú – Âgé », Ärger…", 0),
        ("Il-Ġimgħa filgħodu. Η Ελλάδα. Нощ.", 0),
    ],
)
def test_mojibake_is_seen_and_sound_text_is_not(text, n):
    assert (measure(text)["mojibake_seqs"] > 0) == (n > 0)


def test_dialogue_dashes_are_no_bullets():
    assert measure("- Kif int?\n- Tajjeb, grazzi.\n– Ajde.")["bullet_line_frac"] == 0
    assert measure("- ħobż\n- żejt\n• melħ")["bullet_line_frac"] == 1


def test_similarity_estimates_jaccard_within_two_hundredths():
    draw = random.Random(1)
    for jaccard in (0.3, 0.5, 0.8):
        errors = []
        for trial in range(200):
            common = int(200 * jaccard)
            parts = [f"{trial}x{draw.random()}" for _ in range(200)]
            a, b = parts[: common + (200 - common) // 2], parts[:common] + parts[common + (200 - common) // 2 :]
            both = _kernel.measure(pa.array([" ".join(a), " ".join(b)]), shingle_words=1)["signature"]
            true = common / len(set(a) | set(b))
            errors.append(_kernel.signature_similarity(both[:1], both[1:])[0].as_py() - true)
        assert abs(sum(errors) / len(errors)) < 0.02


def test_bands_of_equal_signatures_are_equal_and_a_null_stays_null():
    signatures = _kernel.measure(pa.array(["wieħed tnejn", "wieħed tnejn", ""]), num_hashes=8)["signature"]
    a, b, none = _kernel.band_hashes(signatures, bands=4).to_pylist()
    assert a == b
    assert len(set(a)) == 4
    assert none is None
    with pytest.raises(ValueError, match="do not make 3 bands"):
        _kernel.band_hashes(signatures, bands=3)


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), max_size=40))
def test_components_have_their_smallest_node_as_root(links):
    a, b = zip(*links, strict=True) if links else ((), ())
    found = _kernel.connected_components(pa.array(a, pa.uint64()), pa.array(b, pa.uint64())).to_pylist()
    groups = {n: {n} for link in links for n in link}
    for x, y in links:
        joined = groups[x] | groups[y]
        for n in joined:
            groups[n] = joined
    assert {row["node"]: row["root"] for row in found} == {n: min(group) for n, group in groups.items()}


def test_doc_ids_are_the_hash_of_source_and_id():
    import xxhash

    assert _kernel.doc_ids(pa.array(["ż-1"]), source="s").to_pylist() == [xxhash.xxh3_128_hexdigest("s\0ż-1".encode())]


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("Ikteb lil marija.borg@example.mt illum.", "Ikteb lil <EMAIL> illum."),
        ("από 192.168.1.77 και 2001:db8::8a2e:370:7334", "από <IP> και <IP>"),
        ("DE89 3704 0044 0532 0130 00 / MT84MALT011000012345MTLCAST001S", "<IBAN> / <IBAN>"),
        ("Glaoigh ar +353 1 496 0123 inniu", "Glaoigh ar <PHONE> inniu"),
        ("2024-05-12, 12.05.2024, 1914-1918, 2016/679, 1 234 567", None),
        ("ISBN 978-3-16-148410-0; v1.2.3.4.5; DE89 3704 0044 0532 0130 01", None),
    ],
)
def test_personal_data_is_redacted_and_other_numbers_stay(text, want):
    assert _kernel.redact_pii(pa.array([text]))["text"].to_pylist() == [want or text]
    assert _kernel.redact_pii(pa.array([text]), kinds=[])["text"].to_pylist() == [text]
