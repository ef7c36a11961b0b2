//! Text in one form: NFC, LF line ends, no control characters.
//!
//! CR, CR LF, and the other controls that break lines or pages (VT, FF, FS, GS, RS, NEL) become LF: words stay apart.

use unicode_normalization::{is_nfc_quick, IsNormalized, UnicodeNormalization};

use crate::chars::{breaks_line, chars, is_foreign, CONTROL, FOREIGN, NFC_SUSPECT};

/// The NFC of a text if it is not that already.
pub fn nfc(text: &str) -> Option<String> {
    if text.is_ascii() || is_nfc_quick(text.chars()) == IsNormalized::Yes {
        return None;
    }
    let composed: String = text.nfc().collect();
    (composed != text).then_some(composed)
}

/// The text in its one form if it is not that already, and how many control characters it had that are neither tabs nor
/// breaks: what binary or wrongly decoded text is full of.
pub fn normalise(text: &str) -> (Option<String>, i32) {
    let (all, control_chars) = look(text);
    if all & FOREIGN == 0 {
        return (if all & NFC_SUSPECT == 0 { None } else { nfc(text) }, control_chars);
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
    (Some(nfc(&clean).unwrap_or(clean)), control_chars)
}

/// The flags of all code points that may not stay as they are, and how many control characters there are.
fn look(text: &str) -> (u16, i32) {
    let table = chars();
    let (mut all, mut control_chars, mut rest) = (0, 0, text);
    while let Some(at) = rest.bytes().position(|byte| table.may_change(byte)) {
        let mut from = rest.get(at..).unwrap_or_default().chars();
        let class = from.next().map_or(0, |c| table.class(c));
        all |= class;
        control_chars += i32::from(class & CONTROL != 0);
        rest = from.as_str();
    }
    (all, control_chars)
}
