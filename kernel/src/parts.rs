//! The parts of a document that are judged apart: its lines, or windows spread over it.

use crate::chars::{chars, LETTER};

/// A line with fewer letters says little of its language (a name, a date): it is judged together with its neighbours.
const LINE_LETTERS: usize = 40;
/// How far a window's beginning moves on to that of a word.
const WORD_BYTES: usize = 40;

/// The document's windows, or its lines if it has no more than `windows` windows' bytes.
pub fn windows<'a>(text: &'a str, windows: usize, window_bytes: usize, mut found: impl FnMut(&'a str)) {
    if windows == 0 || text.len() <= windows.saturating_mul(window_bytes) {
        return lines(text, found);
    }
    let stratum = text.len() / windows;
    for number in 0..windows {
        let start = boundary(text, number * stratum);
        let rest = text.get(start..).unwrap_or_default();
        let skipped = if number == 0 { 0 } else { to_word(rest) };
        let rest = rest.get(skipped..).unwrap_or_default();
        found(rest.get(..boundary(rest, window_bytes)).unwrap_or_default());
    }
}

/// The lines of a text; one with few letters goes with the next, the last with the one before.
pub fn lines<'a>(text: &'a str, mut found: impl FnMut(&'a str)) {
    let table = chars();
    let (mut start, mut end, mut letters) = (0, 0, 0);
    // Held back until it is known that what follows can stand alone.
    let mut ready: Option<(usize, usize)> = None;
    for line in text.split_inclusive('\n') {
        letters += line.chars().filter(|c| table.class(*c) & LETTER != 0).count();
        end += line.len();
        if letters >= LINE_LETTERS {
            if let Some((from, to)) = ready.replace((start, end)) {
                found(text.get(from..to).unwrap_or_default());
            }
            (start, letters) = (end, 0);
        }
    }
    let from = ready.map_or(start, |(from, _)| from);
    found(text.get(from..end).unwrap_or_default());
}

/// The first boundary of code points at or after that byte; the end of the text if there is none.
fn boundary(text: &str, at: usize) -> usize {
    (at..text.len()).find(|at| text.is_char_boundary(*at)).unwrap_or(text.len())
}

fn to_word(rest: &str) -> usize {
    let near = rest.get(..boundary(rest, WORD_BYTES)).unwrap_or_default();
    near.find([' ', '\n']).map_or(0, |at| at + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines_of(text: &str) -> Vec<&str> {
        let mut all = Vec::new();
        lines(text, |part| all.push(part));
        all
    }

    fn windows_of(text: &str, n: usize, window_bytes: usize) -> Vec<&str> {
        let mut all = Vec::new();
        windows(text, n, window_bytes, |part| all.push(part));
        all
    }

    #[test]
    fn lines_are_whole_and_cover_the_text() {
        let long = "Illum il-baħar huwa kalm u s-sema ċara, u n-nies ħarġu jimxu.\n";
        let text = format!("Ħadd\n{long}1.\n{long}Sliema");
        let parts = lines_of(&text);
        assert_eq!(parts.concat(), text);
        assert_eq!(parts.len(), 2);
        assert!(parts[0].starts_with("Ħadd\nIllum") && parts[1].ends_with("Sliema"));
        assert_eq!(lines_of(""), [""]);
        assert_eq!(lines_of("Ħadd\n1"), ["Ħadd\n1"]);
    }

    #[test]
    fn windows_begin_with_words_and_are_spread() {
        let text = "għasfur żgħir ".repeat(100);
        let parts = windows_of(&text, 4, 60);
        assert_eq!(parts.len(), 4);
        assert!(parts.iter().all(|part| part.len() >= 60 && part.len() < 64));
        assert!(parts.iter().all(|part| part.starts_with("għasfur") || part.starts_with("żgħir")));
        assert_eq!(windows_of(&text, 0, 60), [text.as_str()]);
        assert_eq!(windows_of("ħħħħ", 1, 7), ["ħħħħ"]);
    }
}
