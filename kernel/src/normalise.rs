//! Text in one form: NFC, LF line ends, no control characters.
//!
//! CR, CR LF, and the other controls that break lines or pages (VT, FF, FS, GS, RS, NEL) become LF: words stay apart.

use unicode_normalization::{is_nfc_quick, IsNormalized, UnicodeNormalization};

/// Whether a code point is not in text of the one form: C0 controls but tab and line feed, DEL, NEL, byte order marks,
/// noncharacters. C1 controls stay: they show text that was decoded wrongly.
#[inline]
fn is_foreign(c: char) -> bool {
    matches!(c, '\0'..='\u{8}' | '\u{b}'..='\u{1f}' | '\u{7f}' | '\u{85}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}')
}

#[inline]
fn breaks_line(c: char) -> bool {
    matches!(c, '\u{b}' | '\u{c}' | '\u{1c}'..='\u{1e}' | '\u{85}')
}

/// How many control characters a text has that are neither tabs nor breaks: what binary or wrongly decoded text is full of.
pub fn control_chars(text: &str) -> i32 {
    let count = text.chars().filter(|c| c.is_control() && !matches!(c, '\t' | '\n' | '\r') && !breaks_line(*c)).count();
    count as i32
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
    if !text.chars().any(is_foreign) {
        return nfc(text);
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
