//! What language identification reads of a document: its parts, folded.

use _kernel::fold::fold;
use _kernel::parts;
use _kernel::script::Letters;

/// Lines cover the text in order; windows are stretches of it, no longer than asked for; folding has one form.
pub fn parts(text: &str) {
    let mut lines = String::new();
    parts::lines(text, |part| lines.push_str(part));
    assert_eq!(lines, text, "lines are all of the text");
    for (windows, window_bytes) in [(0, 10), (1, 0), (3, 7), (6, 160)] {
        let mut total = 0;
        parts::windows(text, windows, window_bytes, |part| {
            let start = part.as_ptr() as usize - text.as_ptr() as usize;
            assert_eq!(text.get(start..start + part.len()), Some(part), "a stretch of the text");
            total += part.len();
        });
        // The last code point may reach over the end.
        assert!(
            total <= (windows * (window_bytes + 3)).max(windows * window_bytes) || total == text.len(),
            "{total} bytes"
        );
    }

    let (mut once, mut twice) = (String::new(), String::new());
    let letters = fold(text, &mut once, &mut Letters::default());
    assert!(letters <= text.chars().filter(|c| c.is_alphabetic()).count());
    assert!(!once.starts_with(' ') && !once.contains("  "), "single spaces");
    fold(&once, &mut twice, &mut Letters::default());
    assert_eq!(once, twice, "folded text is folded");
}
