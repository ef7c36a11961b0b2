//! Text as our own language models read it: words in lower case, with their apostrophes and hyphens, and nothing else.

use unicode_normalization::char::{compose, decompose_canonical};

use crate::chars::{chars, LETTER, MARK, SCRIPT_SHIFT};
use crate::script::Letters;

/// Appends the folded text to `out`, counts its letters by script, and returns how many there are. Letters and combining
/// marks come in lower case; polytonic Greek has the one accent of today's; every apostrophe is ' and every hyphen -, because
/// they belong to words (Maltese ta', il-ktieb); all between is one space, or the word = where a symbol of code or markup is
/// in it.
pub fn fold(text: &str, out: &mut String, scripts: &mut Letters) -> usize {
    let table = chars();
    // `Chars::fold` writes bytes; what it writes is whole code points.
    let mut bytes = std::mem::take(out).into_bytes();
    let mut letters = 0;
    for c in text.chars() {
        let class = table.class(c);
        // U+02BC counts as a letter.
        if matches!(c, '\'' | '\u{2019}' | '\u{2bc}' | '\u{2018}' | '`' | '\u{b4}') {
            bytes.push(b'\'');
        } else if class & (LETTER | MARK) != 0 {
            table.fold(if ('\u{1f00}'..='\u{1fff}').contains(&c) { monotonic(c) } else { c }, &mut bytes);
            if class & LETTER != 0 {
                scripts.add(class >> SCRIPT_SHIFT, 1);
                letters += 1;
            }
        } else if matches!(c, '-' | '\u{2010}' | '\u{2011}') {
            bytes.push(b'-');
        } else if matches!(c, '=' | '<' | '>' | '{' | '}' | '\\' | '_') {
            let spaced = bytes.last().is_none_or(|last| *last == b' ');
            if !spaced || !bytes.ends_with(b"= ") {
                bytes.extend_from_slice(if spaced { b"= " } else { b" = " });
            }
        } else if c != '\u{ad}' && bytes.last().is_some_and(|last| *last != b' ') {
            bytes.push(b' ');
        }
    }
    *out = String::from_utf8(bytes).unwrap_or_default();
    letters
}

/// A letter of polytonic Greek without breathing and iota, with the acute for each of its accents.
fn monotonic(c: char) -> char {
    let mut made = c;
    let mut first = true;
    decompose_canonical(c, |part| {
        if std::mem::take(&mut first) {
            made = part;
        } else if matches!(part, '\u{300}' | '\u{301}' | '\u{342}') {
            made = compose(made, '\u{301}').unwrap_or(made);
        } else if part == '\u{308}' {
            made = compose(made, part).unwrap_or(made);
        }
    });
    made
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folded(text: &str) -> (String, usize) {
        let mut out = String::new();
        let letters = fold(text, &mut out, &mut Letters::default());
        (out, letters)
    }

    #[test]
    fn words_stay_with_their_apostrophes_and_hyphens() {
        assert_eq!(folded("Ir-raġel ta’ Għawdex, 1975!"), ("ir-raġel ta' għawdex ".into(), 16));
        assert_eq!(folded("  L´été (ΣΑΣ) №5"), ("l'été σασ ".into(), 7));
        assert_eq!(folded("co\u{ad}op\tЪЖ"), ("coop ъж".into(), 6));
        assert_eq!(folded("ta\u{2bc} Ħal"), ("ta' ħal".into(), 5));
        assert_eq!(folded("if (A[i] == {_b}) \\{"), ("if a i = b = ".into(), 5));
        assert_eq!(folded("=a"), ("= a".into(), 1));
        assert_eq!(folded("Ὅτι τῷ ᾍδῃ ῥῆμα ῧ ΰ"), ("ότι τώ άδη ρήμα ΰ ΰ".into(), 14));
        assert_eq!(folded("12:30 — 14:00"), ("".into(), 0));
    }
}
