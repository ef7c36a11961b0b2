//! Personal data and its placeholders.

use _kernel::pii;

use super::reference;

/// Redacting replaces whole matches by placeholders, counts each, and touches nothing else.
pub fn redact(text: &str) {
    let kinds = [[true; 4], [true, false, false, false], [false, false, true, true]];
    for wanted in kinds {
        redact_wanted(text, wanted);
    }
    assert_eq!(pii::redact(text, [false; 4]), (None, [0; 4]), "nothing wanted, nothing found");
}

fn redact_wanted(text: &str, wanted: [bool; 4]) {
    let (redacted, counts) = pii::redact(text, wanted);
    let Some(redacted) = redacted else {
        assert_eq!(counts, [0; 4], "counted but not redacted");
        return;
    };
    let placeholders = ["<EMAIL>", "<IP>", "<IBAN>", "<PHONE>"];
    let mut replaced = 0;
    for ((placeholder, count), wanted) in placeholders.into_iter().zip(counts).zip(wanted) {
        let there = text.matches(placeholder).count();
        assert!(wanted || count == 0, "{placeholder} was not wanted");
        assert_eq!(redacted.matches(placeholder).count(), there + count as usize, "{placeholder} as often as counted");
        replaced += count;
    }
    assert!(replaced > 0, "redacted but not counted");
    assert!(reference::only_replaced(text, &redacted), "text beside the matches is as it was");
}
