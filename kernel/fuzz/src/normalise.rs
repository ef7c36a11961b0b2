//! The one form of a text.

use _kernel::{normalise as norm, words};
use unicode_normalization::{is_nfc, UnicodeNormalization};

use super::reference;

/// The normal form is reached in one step, is NFC, has no foreign character, and is that of the naive two steps.
pub fn normalise(text: &str) {
    let (changed, control_chars) = norm::normalise(text);
    assert_eq!(control_chars as usize, reference::control_chars(text), "control_chars");
    let once = changed.unwrap_or_else(|| text.to_string());
    assert_eq!(norm::normalise(&once).0, None, "normalising again changes nothing");
    assert!(is_nfc(&once), "the normal form is NFC");
    assert!(!once.chars().any(reference::is_foreign), "no foreign character is left");
    let clean = reference::without_foreign(text);
    assert_eq!(once, clean.nfc().collect::<String>(), "the naive two steps");
    let tokens = |text: &str| {
        let mut found = Vec::new();
        words::tokens(text, |token| found.push(token.to_string()));
        found
    };
    assert_eq!(tokens(&once).len(), tokens(&clean).len(), "composing keeps words apart");
}
