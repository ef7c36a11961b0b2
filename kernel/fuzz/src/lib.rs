//! What must hold of the kernel for every text: the fuzz targets are these three functions.

mod reference;

use std::collections::HashSet;

use _kernel::minhash::{bands, Permutations};
use _kernel::statistics::Measurer;
use _kernel::words::WordSet;
use _kernel::{normalise as norm, pii, words};
use unicode_normalization::{is_nfc, UnicodeNormalization};

const NUM_HASHES: usize = 12;
const WORD_SET: [&str; 10] = ["il-", "l-", "l'", "ta'", "ta", "u", "an", "και", "е", "İ"];

/// The fast statistics are those of `reference`, for the text and for the text with itself once more.
pub fn measure(text: &str) {
    let mut measurer = Measurer::default();
    measure_once(&mut measurer, text);
    if text.len() < 1_000 {
        measure_once(&mut measurer, &format!("{text}\n\n{text} {text}"));
        // A used measurer keeps nothing of the text before.
        measure_once(&mut measurer, text);
    }
}

fn measure_once(measurer: &mut Measurer, text: &str) {
    let shingle_words = 1 + text.len() % 6;
    let set: WordSet = WORD_SET.iter().map(|word| words::hash(word, &mut Vec::new())).collect();
    let permutations = Permutations::new(NUM_HASHES);
    let mut signature = [7; NUM_HASHES];
    let m = measurer.measure(text, Some(&set), &permutations, shingle_words, &mut signature);

    let mut cores = Vec::new();
    words::tokens(text, |token| cores.extend(words::core(token).map(|(core, _)| core.to_string())));
    let found = reference::words(text);
    assert_eq!(cores, found, "words");

    assert_eq!(m.n_chars as usize, text.chars().count(), "n_chars");
    assert_eq!(m.n_bytes as usize, text.len(), "n_bytes");
    assert_eq!(m.n_words as usize, found.len(), "n_words");
    assert_eq!(m.has_words, !found.is_empty(), "has_words");
    let chars: usize = found.iter().map(|word| word.chars().count()).sum();
    assert_eq!(m.mean_word_chars, reference::share(chars, found.len()), "mean_word_chars");
    let alphabetic = found.iter().filter(|word| word.chars().any(char::is_alphabetic)).count();
    assert_eq!(m.alpha_word_frac, reference::share(alphabetic, found.len()), "alpha_word_frac");
    assert_eq!(m.symbol_word_ratio, reference::share(reference::symbols(text), found.len()), "symbol_word_ratio");
    let hits = reference::stop_word_hits(text, &WORD_SET);
    assert_eq!(m.stop_word_frac, Some(reference::share(hits.len(), found.len())), "stop_word_frac");
    assert_eq!(m.stop_words, Some(hits.iter().collect::<HashSet<_>>().len() as i32), "stop_words");

    let lines = reference::lines(text);
    let per_line =
        |keep: &dyn Fn(&str) -> bool| reference::share(lines.iter().filter(|line| keep(line)).count(), lines.len());
    assert_eq!(m.n_lines as usize, lines.len(), "n_lines");
    assert_eq!(
        m.ellipsis_line_frac,
        per_line(&|line| line.ends_with("...") || line.ends_with('…')),
        "ellipsis_line_frac"
    );
    assert_eq!(m.terminal_line_frac, per_line(&reference::ends_terminally), "terminal_line_frac");
    assert_eq!(m.bullet_line_frac, per_line(&reference::is_bullet), "bullet_line_frac");
    assert_eq!(m.short_line_frac, per_line(&|line| line.chars().count() < 30), "short_line_frac");
    let breaks = reference::share(lines.len().saturating_sub(1), found.len());
    assert_eq!(m.newline_word_ratio, breaks, "newline_word_ratio");
    let javascript = lines.iter().filter(|line| line.to_ascii_lowercase().contains("javascript")).count();
    assert_eq!(m.javascript_lines as usize, javascript, "javascript_lines");
    let lorem_ipsum = lines.iter().any(|line| line.to_ascii_lowercase().contains("lorem ipsum"));
    assert_eq!(m.lorem_ipsum, lorem_ipsum, "lorem_ipsum");
    let (duplicates, duplicate_chars) = reference::duplicates(&lines);
    assert_eq!(m.duplicate_line_frac, reference::share(duplicates, lines.len()), "duplicate_line_frac");
    let n_chars = text.chars().count();
    assert_eq!(m.duplicate_line_char_frac, reference::share(duplicate_chars, n_chars), "duplicate_line_char_frac");
    let paragraphs = reference::paragraphs(text);
    let (duplicates, duplicate_chars) = reference::duplicates(&paragraphs);
    assert_eq!(m.n_paragraphs as usize, paragraphs.len(), "n_paragraphs");
    assert_eq!(m.duplicate_paragraph_frac, reference::share(duplicates, paragraphs.len()), "duplicate_paragraph_frac");
    let share = reference::share(duplicate_chars, n_chars);
    assert_eq!(m.duplicate_paragraph_char_frac, share, "duplicate_paragraph_char_frac");

    for (n, got) in (2..).zip(m.repetition.top) {
        assert_eq!(got, reference::top_ngram_char_frac(&found, n), "top_{n}gram_char_frac");
    }
    for (n, got) in (5..).zip(m.repetition.duplicated) {
        assert_eq!(got, reference::dup_ngram_char_frac(&found, n), "dup_{n}gram_char_frac");
    }

    assert_eq!(m.curly_brackets as usize, text.matches(['{', '}']).count(), "curly_brackets");
    assert_eq!(m.replacement_chars as usize, text.matches('\u{fffd}').count(), "replacement_chars");
    assert_eq!(m.content_hash, reference::content_hash(text), "content_hash");
    assert!((0.0..=1.0).contains(&m.script_frac), "script_frac {}", m.script_frac);

    if found.is_empty() {
        assert_eq!(signature, [7; NUM_HASHES], "the signature of a text without words is left alone");
    } else {
        assert_eq!(signature, reference::signature::<NUM_HASHES>(&found, shingle_words), "signature");
        let mut hashes = Vec::new();
        bands(&signature, 4, &mut hashes);
        assert_eq!(hashes, reference::bands(&signature, 4), "bands");
    }
}

/// The normal form is reached in one step, is NFC, has no foreign character, and is that of the naive two steps.
pub fn normalise(text: &str) {
    let (changed, control_chars) = norm::normalise(text);
    let once = changed.unwrap_or_else(|| text.to_string());
    assert_eq!(norm::normalise(&once).0, None, "normalising again changes nothing");
    assert!(is_nfc(&once), "the normal form is NFC");
    assert!(!once.chars().any(reference::is_foreign), "no foreign character is left");
    let clean = reference::without_foreign(text);
    assert_eq!(once, clean.nfc().collect::<String>(), "the naive two steps");
    let tokens = |text: &str| {
        let mut found = Vec::new();
        words::tokens(text, |token| found.push(token.to_string()));
        found
    };
    assert_eq!(tokens(&once).len(), tokens(&clean).len(), "composing keeps words apart");
    assert!(control_chars >= norm::normalise(&once).1, "control characters only go");
}

/// Redacting replaces whole matches by placeholders, counts each, and touches nothing else.
pub fn redact(text: &str) {
    let kinds = [[true; 4], [true, false, false, false], [false, false, true, true]];
    for wanted in kinds {
        redact_wanted(text, wanted);
    }
    assert_eq!(pii::redact(text, [false; 4]), (None, [0; 4]), "nothing wanted, nothing found");
}

fn redact_wanted(text: &str, wanted: [bool; 4]) {
    let (redacted, counts) = pii::redact(text, wanted);
    let Some(redacted) = redacted else {
        assert_eq!(counts, [0; 4], "counted but not redacted");
        return;
    };
    let placeholders = ["<EMAIL>", "<IP>", "<IBAN>", "<PHONE>"];
    let mut replaced = 0;
    for ((placeholder, count), wanted) in placeholders.into_iter().zip(counts).zip(wanted) {
        let there = text.matches(placeholder).count();
        assert!(wanted || count == 0, "{placeholder} was not wanted");
        assert_eq!(redacted.matches(placeholder).count(), there + count as usize, "{placeholder} as often as counted");
        replaced += count;
    }
    assert!(replaced > 0, "redacted but not counted");
    assert!(reference::only_replaced(text, &redacted), "text beside the matches is as it was");
}
