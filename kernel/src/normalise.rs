//! Text in one form: NFC, LF line ends, no control characters.

use unicode_normalization::{is_nfc_quick, IsNormalized, UnicodeNormalization};

/// Whether a code point is taken out: C0 controls but tab and line feed, DEL, byte order marks, noncharacters.
#[inline]
fn is_dropped(c: char) -> bool {
    matches!(c, '\0'..='\u{8}' | '\u{b}'..='\u{1f}' | '\u{7f}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}')
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
    if !text.chars().any(is_dropped) {
        return nfc(text);
    }
    let mut clean = String::with_capacity(text.len());
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        if c == '\r' {
            if rest.peek() != Some(&'\n') {
                clean.push('\n');
            }
        } else if !is_dropped(c) {
            clean.push(c);
        }
    }
    Some(nfc(&clean).unwrap_or(clean))
}
