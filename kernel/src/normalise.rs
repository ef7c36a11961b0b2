//! Text in one form: NFC, LF line ends, no control characters.
//!
//! CR, CR LF, and the other controls that break lines or pages (VT, FF, FS, GS, RS, NEL) become LF: words stay apart.

use unicode_normalization::{is_nfc_quick, IsNormalized, UnicodeNormalization};

use crate::chars::{breaks_line, chars, is_foreign, CONTROL, FOREIGN, NFC_SUSPECT};

/// How many control characters a text has that are neither tabs nor breaks: what binary or wrongly decoded text is full of.
pub fn control_chars(text: &str) -> i32 {
    let table = chars();
    text.chars().map(|c| i32::from(table.class(c) & CONTROL != 0)).sum()
}

/// The NFC of a text if it is not that already.
pub fn nfc(text: &str) -> Option<String> {
    if text.is_ascii() || is_nfc_quick(text.chars()) == IsNormalized::Yes {
        return None;
    }
    let composed: String = text.nfc().collect();
    (composed != text).then_some(composed)
}

/// The text in its one form if it is not that already.
pub fn normalise(text: &str) -> Option<String> {
    let table = chars();
    let all = text.chars().fold(0, |all, c| all | table.class(c));
    if all & FOREIGN == 0 {
        return if all & NFC_SUSPECT == 0 { None } else { nfc(text) };
    }
    let mut clean = String::with_capacity(text.len());
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        if c == '\r' {
            if rest.peek() != Some(&'\n') {
                clean.push('\n');
            }
        } else if breaks_line(c) {
            clean.push('\n');
        } else if !is_foreign(c) {
            clean.push(c);
        }
    }
    Some(nfc(&clean).unwrap_or(clean))
}
