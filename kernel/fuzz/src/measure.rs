//! Statistics, words, signature and bands against their slow versions.

use std::collections::HashSet;

use _kernel::minhash::{bands, Permutations};
use _kernel::statistics::Measurer;
use _kernel::words;
use _kernel::words::WordSet;

use super::reference;

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
    assert_eq!(m.mojibake_seqs as usize, reference::mojibake_seqs(text), "mojibake_seqs");
    assert_eq!((m.script, m.script_frac), reference::script(text), "script, script_frac");

    if found.is_empty() {
        assert_eq!(signature, [7; NUM_HASHES], "the signature of a text without words is left alone");
    } else {
        assert_eq!(signature, reference::signature::<NUM_HASHES>(&found, shingle_words), "signature");
        let mut hashes = Vec::new();
        bands(&signature, 4, &mut hashes);
        assert_eq!(hashes, reference::bands(&signature, 4), "bands");
    }
}
