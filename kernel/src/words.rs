//! Words and lines: where they begin and end, and the hash of a word.
//!
//! Token: maximal run of code points that are not White_Space. Word: a token with at least one alphanumeric code point.
//! Its core is the token without non-alphanumeric code points at both ends; combining marks belong to the letter before.

use unicode_normalization::char::is_combining_mark;
use xxhash_rust::xxh3::xxh3_64;

use crate::chars::chars;

/// Calls `found` with every token of a text.
#[inline]
pub fn tokens<'a>(text: &'a str, mut found: impl FnMut(&'a str)) {
    let mut start = None;
    for (at, c) in text.char_indices() {
        if c.is_whitespace() {
            if let Some(from) = start.take() {
                if let Some(token) = text.get(from..at) {
                    found(token);
                }
            }
        } else if start.is_none() {
            start = Some(at);
        }
    }
    if let Some(token) = start.and_then(|from| text.get(from..)) {
        found(token);
    }
}

/// The core of a token and what follows it in the token; none for a token without letters and digits.
#[inline]
pub fn core(token: &str) -> Option<(&str, &str)> {
    let bytes = token.as_bytes();
    if let (Some(first), Some(last)) = (bytes.first(), bytes.last()) {
        if first.is_ascii_alphanumeric() && last.is_ascii_alphanumeric() {
            return Some((token, ""));
        }
    }
    let start = token.find(char::is_alphanumeric)?;
    let from = token.get(start..)?;
    let last = from.rfind(char::is_alphanumeric)?;
    let mut end = last;
    for (n, c) in from.get(last..)?.chars().enumerate() {
        if n == 0 || is_combining_mark(c) {
            end += c.len_utf8();
        } else {
            break;
        }
    }
    Some((from.get(..end)?, from.get(end..)?))
}

/// Code points of a text.
#[inline]
pub fn code_points(text: &str) -> usize {
    text.as_bytes().iter().filter(|byte| (**byte as i8) >= -0x40).count()
}

/// Puts the lower-cased form (code point by code point, `char::to_lowercase`) with U+2019 as ' into a reused buffer.
pub fn fold_into(text: &str, buffer: &mut Vec<u8>) {
    let table = chars();
    buffer.clear();
    text.chars().for_each(|c| table.fold(c, buffer));
}

/// xxh3-64 of the folded text.
#[inline]
pub fn hash(text: &str, buffer: &mut Vec<u8>) -> u64 {
    fold_into(text, buffer);
    xxh3_64(buffer)
}

/// The most words of a set; more are not taken.
pub const MAX_WORD_SET: usize = u16::MAX as usize;

/// Hashes of folded words, each with its place among them: open addressing, at most a quarter full.
pub struct WordSet {
    slots: Vec<(u64, Option<u16>)>,
    len: usize,
}

impl FromIterator<u64> for WordSet {
    fn from_iter<T: IntoIterator<Item = u64>>(hashes: T) -> Self {
        let hashes: Vec<u64> = hashes.into_iter().take(MAX_WORD_SET).collect();
        let mut set = WordSet { slots: vec![(0, None); (hashes.len() * 4).next_power_of_two()], len: 0 };
        for hash in hashes {
            let at = set.find(hash);
            let len = set.len as u16;
            if let Some(slot) = set.slots.get_mut(at).filter(|slot| slot.1.is_none()) {
                *slot = (hash, Some(len));
                set.len += 1;
            }
        }
        set
    }
}

impl WordSet {
    /// The place of a hash in the set.
    #[inline]
    pub fn place(&self, hash: u64) -> Option<usize> {
        self.slots.get(self.find(hash)).and_then(|slot| slot.1).map(usize::from)
    }

    /// How many words there are.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The slot that holds a hash, or the free one where it would go.
    #[inline]
    fn find(&self, hash: u64) -> usize {
        let mask = self.slots.len() - 1;
        let mut at = hash as usize & mask;
        while self.slots.get(at).is_some_and(|(there, place)| place.is_some() && *there != hash) {
            at = (at + 1) & mask;
        }
        at
    }
}
