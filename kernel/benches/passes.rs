//! Each pass of the kernel on its own, on one thread: bytes of UTF-8 a second, over the sample text of all languages.
//!
//! Run with `cargo bench --no-default-features`: the feature `extension-module` leaves Python's symbols to Python.

use std::fs;
use std::hint::black_box;
use std::path::{Path, PathBuf};

use _kernel::minhash::{shingles, Permutations};
use _kernel::normalise::normalise;
use _kernel::pii::redact;
use _kernel::repetition::Repeats;
use _kernel::statistics::Measurer;
use _kernel::words;
use criterion::{criterion_group, criterion_main, Criterion, Throughput};

/// The defaults of a recipe.
const HASHES: usize = 112;
const SHINGLE_WORDS: usize = 5;
const DOCUMENT_BYTES: usize = 4_000;

/// The sample texts, language by language, put together to documents of about 4 kB; paragraphs stay whole.
fn documents() -> Vec<String> {
    let texts = Path::new(env!("CARGO_MANIFEST_DIR")).join("../corpora/sample/texts");
    let mut documents = Vec::new();
    for lang in sorted(&texts) {
        let mut document = String::new();
        for file in sorted(&lang) {
            document.push_str(&fs::read_to_string(file).unwrap());
            document.push_str("\n\n");
            if document.len() >= DOCUMENT_BYTES {
                documents.push(std::mem::take(&mut document));
            }
        }
        if !document.is_empty() {
            documents.push(document);
        }
    }
    documents
}

fn sorted(folder: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}

/// Hashes and code points of the words of a text.
fn word_hashes(text: &str, fold: &mut Vec<u8>) -> (Vec<u64>, Vec<u32>) {
    let (mut hashes, mut chars) = (Vec::new(), Vec::new());
    words::tokens(text, |token| {
        if let Some((core, _)) = words::core(token) {
            hashes.push(words::hash(core, fold));
            chars.push(words::code_points(core) as u32);
        }
    });
    (hashes, chars)
}

fn passes(criterion: &mut Criterion) {
    let texts = documents();
    let permutations = Permutations::new(HASHES);
    let mut signature = vec![0; HASHES];
    let mut fold = Vec::new();
    let hashed: Vec<_> = texts.iter().map(|text| word_hashes(text, &mut fold)).collect();
    let mut group = criterion.benchmark_group("passes");
    group.throughput(Throughput::Bytes(texts.iter().map(|text| text.len() as u64).sum()));

    group.bench_function("normalise", |bench| {
        bench.iter(|| {
            for text in &texts {
                black_box(normalise(text));
            }
        });
    });
    group.bench_function("redact", |bench| {
        bench.iter(|| {
            for text in &texts {
                black_box(redact(text, [true; 4]));
            }
        });
    });
    let mut measurer = Measurer::default();
    group.bench_function("measure", |bench| {
        bench.iter(|| {
            for text in &texts {
                black_box(measurer.measure(text, None, &permutations, SHINGLE_WORDS, &mut signature));
            }
        });
    });
    group.bench_function("words", |bench| {
        bench.iter(|| {
            for text in &texts {
                black_box(word_hashes(text, &mut fold));
            }
        });
    });
    let mut shingled = Vec::new();
    group.bench_function("minhash", |bench| {
        bench.iter(|| {
            for (hashes, _) in &hashed {
                shingles(hashes, SHINGLE_WORDS, &mut shingled);
                permutations.sign(&shingled, &mut signature);
                black_box(&signature);
            }
        });
    });
    let mut repeats = Repeats::default();
    group.bench_function("repetition", |bench| {
        bench.iter(|| {
            for (hashes, chars) in &hashed {
                black_box(repeats.measure(hashes, chars));
            }
        });
    });
    group.finish();
}

criterion_group!(benches, passes);
criterion_main!(benches);
