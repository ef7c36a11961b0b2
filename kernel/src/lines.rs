//! Lines of a text by their hashes, and a text without some of them.
//!
//! A line is what stands between two LFs. Its hash is of its canonical form, as the content hash of a document: white space runs as
//! one space, none at the ends. A text is given in NFC.

use xxhash_rust::xxh3::xxh3_64;

use crate::words::{code_points, tokens};

/// Canonical form of lines, in a buffer that is used again.
#[derive(Default)]
pub struct Canonical(String);

impl Canonical {
    /// The hash of a line; none for one whose canonical form has fewer code points.
    pub fn hash(&mut self, line: &str, min_chars: usize) -> Option<u64> {
        self.0.clear();
        tokens(line, |token| {
            if !self.0.is_empty() {
                self.0.push(' ');
            }
            self.0.push_str(token);
        });
        (!self.0.is_empty() && code_points(&self.0) >= min_chars).then(|| xxh3_64(self.0.as_bytes()))
    }
}

/// Puts the text without the lines whose hash is in `drop` (ascending) into `out`; returns how many there were.
///
/// Blank lines beside them go too where others would stand next to each other, at the beginning or at the end.
pub fn without(text: &str, drop: &[u64], min_chars: usize, canonical: &mut Canonical, out: &mut String) -> usize {
    out.clear();
    let (mut dropped, mut after_gap, mut last_is_blank) = (0, false, true);
    let mut kept_end = 0;
    for line in text.split_inclusive('\n') {
        let is_blank = line.trim().is_empty();
        if !is_blank && canonical.hash(line, min_chars).is_some_and(|hash| drop.binary_search(&hash).is_ok()) {
            dropped += 1;
            after_gap = true;
        } else if !(is_blank && after_gap && last_is_blank) {
            out.push_str(line);
            last_is_blank = is_blank;
            if !is_blank {
                after_gap = false;
                kept_end = out.len();
            }
        }
    }
    if after_gap {
        // Nothing but blank lines stands behind what was dropped last.
        out.truncate(kept_end);
        out.truncate(out.trim_end_matches('\n').len());
    }
    dropped
}
