//! Words and lines: where they begin and end, and the hash of a word.
//!
//! Token: maximal run of code points that are not White_Space. Word: a token with at least one alphanumeric code point.
//! Its core is the token without non-alphanumeric code points at both ends; combining marks belong to the letter before.

use unicode_normalization::char::is_combining_mark;
use xxhash_rust::xxh3::xxh3_64;

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
#[inline]
pub fn fold_into(text: &str, buffer: &mut Vec<u8>) {
    buffer.clear();
    if text.is_ascii() {
        buffer.extend(text.bytes().map(|byte| byte.to_ascii_lowercase()));
        return;
    }
    let mut utf8 = [0; 4];
    for c in text.chars() {
        if c == '\u{2019}' {
            buffer.push(b'\'');
        } else {
            for low in c.to_lowercase() {
                buffer.extend_from_slice(low.encode_utf8(&mut utf8).as_bytes());
            }
        }
    }
}

/// xxh3-64 of the folded text.
#[inline]
pub fn hash(text: &str, buffer: &mut Vec<u8>) -> u64 {
    fold_into(text, buffer);
    xxh3_64(buffer)
}

/// The clitic that a word begins with: up to and with its first hyphen or apostrophe ("il-" of "il-ktieb", "l'" of "l'eau").
#[inline]
pub fn clitic(word: &str) -> Option<&str> {
    let (at, mark) = word.char_indices().find(|(_, c)| matches!(c, '-' | '\'' | '\u{2019}'))?;
    word.get(..at + mark.len_utf8())
}
