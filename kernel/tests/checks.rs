//! What the fuzz targets check, on their seeds and findings, on the sample and on hand-written text; Miri and ASan run this too.

#[path = "../fuzz/src/lib.rs"]
mod checks;

use std::fs;
use std::path::{Path, PathBuf};

use _kernel::components::components;
use _kernel::fasttext::Model;
use _kernel::minhash::{shingles, Permutations};
use _kernel::parallel::by_rows;

fn files(folder: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else {
                found.push(path);
            }
        }
    }
    found
}

fn check(text: &str) {
    checks::measure(text);
    checks::normalise(text);
    checks::parts(text);
    checks::redact(text);
}

/// The bytes of all seeds of a kind and of all findings of its targets.
fn seeds_and_findings(seeds: &str, targets: &[&str]) -> Vec<Vec<u8>> {
    let mut found = files(&format!("fuzz/seeds/{seeds}"));
    assert!(!found.is_empty());
    found.extend(targets.iter().flat_map(|target| files(&format!("fuzz/findings/{target}"))));
    found.into_iter().map(|path| fs::read(path).unwrap()).collect()
}

#[test]
#[cfg_attr(miri, ignore = "14 texts took Miri 19 minutes")]
fn texts_of_seeds_and_findings_hold() {
    for bytes in seeds_and_findings("text", &["measure", "normalise", "parts", "redact"]) {
        check(&String::from_utf8_lossy(&bytes));
    }
}

#[test]
fn json_lines_of_seeds_and_findings_hold() {
    // Miri's time grows with the square of the depth of calls: it does without what is nested 900 deep.
    let fits = |bytes: &&Vec<u8>| !cfg!(miri) || bytes.len() < 1_000;
    seeds_and_findings("json_lines", &["json_lines"]).iter().filter(fits).for_each(|bytes| checks::json_lines(bytes));
}

#[test]
#[cfg_attr(miri, ignore = "takes Miri more than four minutes")]
fn models_of_seeds_and_findings_hold() {
    seeds_and_findings("model", &["model"]).iter().for_each(|bytes| checks::model(bytes));
}

/// No seed may be refused, or fuzzing would begin with nothing.
#[test]
fn models_of_seeds_are_read() {
    for bytes in seeds_and_findings("model", &[]) {
        assert_eq!(Model::read(&bytes).unwrap().labels().collect::<Vec<_>>(), ["mt", "ga", "hr"]);
    }
}

#[test]
#[cfg_attr(miri, ignore = "288 texts take Miri hours")]
fn the_sample_holds() {
    let found = files("../corpora/sample/texts");
    assert_eq!(found.len(), 288);
    for path in found {
        check(&fs::read_to_string(path).unwrap());
    }
}

#[test]
#[cfg_attr(miri, ignore = "14 texts took Miri 19 minutes")]
fn edges_hold() {
    let pieces =
        ["", "\n", " ", "ħobż", "İ i\u{307}", "e\u{301}.", "…", "#", "<EMAIL>", "\u{85}", "a@b.co", "::", "0", "😀"];
    for a in pieces {
        for b in pieces {
            check(&format!("{a}{b}"));
        }
    }
}

/// All numbers of permutations and shingles about the widths of vectors, against one at a time.
#[test]
fn signatures_of_all_sizes_are_the_least_of_each_permutation() {
    let many = if cfg!(miri) { 20 } else { 140 };
    let words: Vec<u64> = (0..many as u64).map(|n| n.wrapping_mul(0x9e37_79b9_7f4a_7c15)).collect();
    let mut all = Vec::new();
    for size in [0, 1, 2, 7, 8, 9, 15, 16, 17, 31, 33, many] {
        shingles(&words[..size.min(words.len())], 2, &mut all);
        for n in [1, 3, 7, 8, 9, 16, 31, 33, 64, 112, 113] {
            let permutations = Permutations::new(n);
            let mut signature = vec![1; n];
            permutations.sign(&all, &mut signature);
            let mut least = vec![u32::MAX; n];
            for shingle in &all {
                let mut alone = vec![0; n];
                permutations.sign(&[*shingle], &mut alone);
                least = least.iter().zip(alone).map(|(a, b)| (*a).min(b)).collect();
            }
            assert_eq!(signature, least, "{n} permutations of {} shingles", all.len());
        }
    }
}

#[test]
fn components_are_found_whatever_the_order_of_links() {
    assert_eq!(
        components(&[5, 9, 3, u64::MAX], &[9, 2, 3, 7]),
        (vec![2, 3, 5, 7, 9, u64::MAX], vec![2, 3, 2, 7, 2, 7])
    );
    assert_eq!(components(&[], &[]), (vec![], vec![]));
}

#[test]
fn rows_are_split_over_threads_and_come_back_in_order() {
    let rows: Vec<Option<&str>> = vec![Some("a"), None, Some("ħħħħħħħħħħ"), Some(""), Some("b")];
    for rows in [&rows[..], &rows[..0]] {
        let text = arrow::array::StringArray::from(rows.to_vec());
        for threads in [0, 1, 2, 3, 9] {
            let parts = by_rows(&text, threads, |range| range.collect::<Vec<_>>()).unwrap();
            assert_eq!(parts.concat(), (0..rows.len()).collect::<Vec<_>>());
        }
    }
}
