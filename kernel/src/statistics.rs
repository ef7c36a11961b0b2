//! What the Gopher, C4 and FineWeb rules look at, with content hash and MinHash signature: one document at a time.

use xxhash_rust::xxh3::xxh3_128;

use crate::minhash::{shingles, Permutations};
use crate::normalise::nfc;
use crate::repetition::{Repeats, Repetition};
use crate::scan::{Counts, Scan};
use crate::words::{tokens, WordSet};

/// The measures of one document; docs/statistics.md defines each.
#[derive(Default, Clone)]
pub struct Measures {
    pub n_chars: i32,
    pub n_bytes: i32,
    pub n_words: i32,
    pub n_lines: i32,
    pub n_paragraphs: i32,
    pub mean_word_chars: f32,
    pub symbol_word_ratio: f32,
    pub alpha_word_frac: f32,
    pub bullet_line_frac: f32,
    pub ellipsis_line_frac: f32,
    pub terminal_line_frac: f32,
    pub short_line_frac: f32,
    pub newline_word_ratio: f32,
    pub stop_words: Option<i32>,
    pub stop_word_frac: Option<f32>,
    pub duplicate_line_frac: f32,
    pub duplicate_line_char_frac: f32,
    pub duplicate_paragraph_frac: f32,
    pub duplicate_paragraph_char_frac: f32,
    pub repetition: Repetition,
    pub curly_brackets: i32,
    pub lorem_ipsum: bool,
    pub javascript_lines: i32,
    pub replacement_chars: i32,
    pub mojibake_seqs: i32,
    pub script: &'static str,
    pub script_frac: f32,
    pub content_hash: [u8; 16],
    pub has_words: bool,
}

/// Buffers of one thread, used again for each document.
#[derive(Default)]
pub struct Measurer {
    scan: Scan,
    shingles: Vec<u32>,
    repeats: Repeats,
}

fn share(part: usize, whole: usize) -> f32 {
    if whole == 0 {
        0.0
    } else {
        (part as f64 / whole as f64) as f32
    }
}

impl Measurer {
    /// Measures a text and puts its MinHash signature into `signature` (untouched for a text without words).
    pub fn measure(
        &mut self,
        text: &str,
        set: Option<&WordSet>,
        permutations: &Permutations,
        shingle_words: usize,
        signature: &mut [u32],
    ) -> Measures {
        let counts = self.scan.scan(text, set);
        let words = &self.scan.hashes;
        if !words.is_empty() {
            shingles(words, shingle_words, &mut self.shingles);
            permutations.sign(&self.shingles, signature);
        }
        let repetition = self.repeats.measure(words, &self.scan.word_chars);
        let content_hash = self.content_hash(text, &counts);
        measures(text, &counts, self.scan.hashes.len(), set.is_some(), repetition, content_hash)
    }

    /// xxh3-128 of the NFC text with white space runs as one space.
    fn content_hash(&mut self, text: &str, counts: &Counts) -> [u8; 16] {
        let canonical = &mut self.scan.canonical;
        if let Some(composed) = counts.may_not_be_nfc.then(|| nfc(text)).flatten() {
            canonical.clear();
            tokens(&composed, |token| {
                if !canonical.is_empty() {
                    canonical.push(b' ');
                }
                canonical.extend_from_slice(token.as_bytes());
            });
            return xxh3_128(canonical).to_be_bytes();
        }
        let is_itself = canonical.is_empty() && counts.lines > 0;
        xxh3_128(if is_itself { text.as_bytes() } else { canonical }).to_be_bytes()
    }
}

fn measures(
    text: &str,
    counts: &Counts,
    n_words: usize,
    has_set: bool,
    repetition: Repetition,
    content_hash: [u8; 16],
) -> Measures {
    let (script, script_frac) = counts.letters.majority();
    let (lines, paragraphs, chars) = (counts.lines, counts.paragraphs, counts.chars);
    Measures {
        n_chars: chars as i32,
        n_bytes: text.len() as i32,
        n_words: n_words as i32,
        n_lines: lines as i32,
        n_paragraphs: paragraphs as i32,
        mean_word_chars: share(counts.word_chars, n_words),
        symbol_word_ratio: share(counts.hashtags.max(counts.ellipses), n_words),
        alpha_word_frac: share(counts.alphabetic_words, n_words),
        bullet_line_frac: share(counts.bullet_lines, lines),
        ellipsis_line_frac: share(counts.ellipsis_lines, lines),
        terminal_line_frac: share(counts.terminal_lines, lines),
        short_line_frac: share(counts.short_lines, lines),
        newline_word_ratio: share(lines.saturating_sub(1), n_words),
        stop_words: has_set.then_some(counts.stop_words as i32),
        stop_word_frac: has_set.then(|| share(counts.stop_word_hits, n_words)),
        duplicate_line_frac: share(counts.duplicate_lines, lines),
        duplicate_line_char_frac: share(counts.duplicate_line_chars, chars),
        duplicate_paragraph_frac: share(counts.duplicate_paragraphs, paragraphs),
        duplicate_paragraph_char_frac: share(counts.duplicate_paragraph_chars, chars),
        repetition,
        curly_brackets: counts.curly_brackets as i32,
        lorem_ipsum: counts.lorem_ipsum,
        javascript_lines: counts.javascript_lines as i32,
        replacement_chars: counts.replacement_chars as i32,
        mojibake_seqs: counts.mojibake_seqs as i32,
        script,
        script_frac,
        content_hash,
        has_words: n_words > 0,
    }
}
