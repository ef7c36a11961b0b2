//! Parts of a long text that stand for all of it.

/// At most `chars` code points of a text: its beginning, its middle and its end in equal parts; the whole if it is shorter.
pub fn windows(text: &str, chars: usize) -> [&str; 3] {
    if text.len() <= chars {
        return [text, "", ""];
    }
    let n = crate::words::code_points(text);
    if n <= chars {
        return [text, "", ""];
    }
    let part = chars / 3;
    let piece = |from: usize| {
        let start = byte_of(text, from);
        let rest = text.get(start..).unwrap_or_default();
        rest.get(..byte_of(rest, part)).unwrap_or_default()
    };
    [piece(0), piece((n - part) / 2), piece(n - part)]
}

/// Where the code point with that number begins; the end of the text if there are fewer.
fn byte_of(text: &str, number: usize) -> usize {
    const BLOCK: usize = 64;
    let (mut at, mut left) = (0, number);
    // The first bytes of code points, a block at a time.
    while let Some(block) = text.as_bytes().get(at..at + BLOCK) {
        let here = block.iter().filter(|byte| (**byte as i8) >= -0x40).count();
        if here > left {
            break;
        }
        left -= here;
        at += BLOCK;
    }
    let starts = text.bytes().enumerate().skip(at).filter(|(_, byte)| (*byte as i8) >= -0x40);
    starts.map(|(at, _)| at).nth(left).unwrap_or(text.len())
}

#[cfg(test)]
mod tests {
    use super::windows;

    #[test]
    fn parts_are_of_code_points_and_a_short_text_is_whole() {
        let text: String = ('\u{100}'..'\u{17f}').chain('a'..='z').chain('а'..='я').collect();
        let all: Vec<char> = text.chars().collect();
        assert_eq!(windows(&text, all.len()), [text.as_str(), "", ""]);
        for chars in [0, 3, 9, 30, 90, all.len() - 1] {
            let part = chars / 3;
            let middle = (all.len() - part) / 2;
            let want = [&all[..part], &all[middle..middle + part], &all[all.len() - part..]]
                .map(|c| c.iter().collect::<String>());
            assert_eq!(windows(&text, chars).map(String::from), want);
        }
    }
}
