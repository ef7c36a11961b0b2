//! What a code point is, looked up in tables that are made once: the scans of the kernel ask nothing else of Unicode.

use std::sync::OnceLock;

use unicode_normalization::char::{canonical_combining_class, is_combining_mark};
use unicode_normalization::{is_nfc_quick, IsNormalized};

/// Unicode White_Space.
pub const WHITE: u16 = 1;
/// A letter (Alphabetic).
pub const LETTER: u16 = 1 << 1;
/// A letter or digit.
pub const ALPHANUMERIC: u16 = 1 << 2;
/// A combining mark.
pub const MARK: u16 = 1 << 3;
/// Ends a sentence, or closes what may stand after such an end.
pub const TERMINAL: u16 = 1 << 4;
/// Perhaps not what NFC leaves: only a text that has one needs the whole check.
pub const NFC_SUSPECT: u16 = 1 << 5;
/// Not in text of the one form (`normalise`).
pub const FOREIGN: u16 = 1 << 6;
/// A control character that is neither tab nor break.
pub const CONTROL: u16 = 1 << 7;
/// First byte of two- or three-byte UTF-8 as Latin-1 shows it.
pub const MOJIBAKE_LEAD: u16 = 1 << 8;
/// Continuation byte of UTF-8 as Latin-1 or CP1252 shows it.
pub const MOJIBAKE_FOLLOWER: u16 = 1 << 9;
/// The scan of the statistics looks at it more closely.
pub const SPECIAL: u16 = 1 << 10;
/// Where the number of the script of a letter begins (3 bits, `script::NAMES`).
pub const SCRIPT_SHIFT: u16 = 12;

const PLANE: usize = 1 << 16;

/// Classes and lower-case forms of the Basic Multilingual Plane; other planes are computed.
pub struct Chars {
    class: Box<[u16; PLANE]>,
    lower: Box<[u16; PLANE]>,
    may_change: [bool; 256],
}

/// The tables; made at the first call (a few milliseconds).
pub fn chars() -> &'static Chars {
    static CHARS: OnceLock<Chars> = OnceLock::new();
    CHARS.get_or_init(|| {
        let (mut class, mut lower) = (Box::new([0; PLANE]), Box::new([0; PLANE]));
        for (point, (class, lower)) in class.iter_mut().zip(lower.iter_mut()).enumerate() {
            if let Some(c) = char::from_u32(point as u32) {
                *class = class_of(c);
                *lower = simple_lower(c);
            }
        }
        let may_change = std::array::from_fn(|byte| may_change(byte as u8, &class));
        Chars { class, lower, may_change }
    })
}

impl Chars {
    /// The flags of a code point.
    #[inline(always)]
    pub fn class(&self, c: char) -> u16 {
        match u16::try_from(c as u32) {
            Ok(point) => self.class.get(usize::from(point)).copied().unwrap_or(0),
            Err(_) => class_of(c),
        }
    }

    /// Whether a code point whose UTF-8 begins with this byte may be one that `normalise` does not leave as it is; false for
    /// continuation bytes.
    #[inline(always)]
    pub fn may_change(&self, first: u8) -> bool {
        self.may_change.get(usize::from(first)).copied().unwrap_or(true)
    }

    /// The lower-case form of a code point of the two-byte part of Unicode, if it is a letter of `script` that neither is
    /// special nor begins mojibake and if that form is in the same part.
    #[inline(always)]
    pub fn lower_of_run(&self, point: u16, script: u16) -> Option<u16> {
        let class = self.class.get(usize::from(point)).copied().unwrap_or(0);
        let lower = self.lower.get(usize::from(point)).copied().unwrap_or(0);
        let is_letter = class & !MOJIBAKE_FOLLOWER == LETTER | ALPHANUMERIC | script << SCRIPT_SHIFT;
        (is_letter && (0x80..0x800).contains(&lower)).then_some(lower)
    }

    /// Appends the lower-case form (`char::to_lowercase`, U+2019 as ') as UTF-8.
    #[inline(always)]
    pub fn fold(&self, c: char, out: &mut Vec<u8>) {
        if c.is_ascii() {
            out.push((c as u8).to_ascii_lowercase());
            return;
        }
        let lower = u16::try_from(c as u32).ok().and_then(|point| self.lower.get(usize::from(point))).copied();
        match lower.filter(|lower| *lower != 0).and_then(|lower| char::from_u32(lower.into())) {
            Some(low) => push(low, out),
            None => c.to_lowercase().for_each(|low| push(low, out)),
        }
    }
}

/// `Chars::may_change`: code points of a first byte are neighbours.
fn may_change(first: u8, class: &[u16; PLANE]) -> bool {
    let points = match first {
        0..=0x7f => usize::from(first)..=usize::from(first),
        0x80..=0xbf => return false,
        0xc0..=0xdf => usize::from(first & 0x1f) << 6..=(usize::from(first & 0x1f) << 6 | 0x3f),
        0xe0..=0xef => usize::from(first & 0xf) << 12..=(usize::from(first & 0xf) << 12 | 0xfff),
        _ => return true,
    };
    class.get(points).is_none_or(|some| some.iter().any(|class| class & (NFC_SUSPECT | FOREIGN | CONTROL) != 0))
}

#[inline(always)]
fn push(c: char, out: &mut Vec<u8>) {
    let point = c as u32;
    if point < 0x80 {
        out.push(point as u8);
    } else if point < 0x800 {
        out.extend_from_slice(&[0xc0 | (point >> 6) as u8, 0x80 | (point & 0x3f) as u8]);
    } else {
        out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
    }
}

/// The lower-case form where it is one code point of the plane, else 0.
fn simple_lower(c: char) -> u16 {
    if c == '\u{2019}' {
        return u16::from(b'\'');
    }
    let mut low = c.to_lowercase();
    match (low.next(), low.next()) {
        (Some(one), None) => u16::try_from(one as u32).unwrap_or(0),
        _ => 0,
    }
}

fn class_of(c: char) -> u16 {
    let flag = |holds: bool, flag: u16| if holds { flag } else { 0 };
    let suspect = canonical_combining_class(c) != 0 || is_nfc_quick(std::iter::once(c)) != IsNormalized::Yes;
    flag(c.is_whitespace(), WHITE)
        | flag(c.is_alphabetic(), LETTER)
        | flag(c.is_alphanumeric(), ALPHANUMERIC)
        | flag(is_combining_mark(c), MARK)
        | flag(is_terminal(c), TERMINAL)
        | flag(suspect, NFC_SUSPECT)
        | flag(is_foreign(c), FOREIGN)
        | flag(c.is_control() && !matches!(c, '\t' | '\n' | '\r') && !breaks_line(c), CONTROL)
        | flag(matches!(c, 'Ã' | 'Â' | 'Ä' | 'Å' | 'Î' | 'Ï' | 'Ð' | 'Ñ' | 'â'), MOJIBAKE_LEAD)
        | flag(is_mojibake_follower(c), MOJIBAKE_FOLLOWER)
        | flag(is_special(c), SPECIAL)
        | (crate::script::number(c) << SCRIPT_SHIFT)
}

/// Whether a code point is not in text of the one form: C0 controls but tab and line feed, DEL, NEL, byte order marks,
/// U+FFFE and U+FFFF. C1 controls stay: they show text that was decoded wrongly.
pub fn is_foreign(c: char) -> bool {
    matches!(c, '\0'..='\u{8}' | '\u{b}'..='\u{1f}' | '\u{7f}' | '\u{85}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}')
}

/// Whether a foreign code point breaks a line or a page, and so becomes a line feed.
pub fn breaks_line(c: char) -> bool {
    matches!(c, '\u{b}' | '\u{c}' | '\u{1c}'..='\u{1e}' | '\u{85}')
}

fn is_special(c: char) -> bool {
    matches!(c, '#' | '.' | '…' | '{' | '}' | '-' | '\'' | '\u{2019}' | '\u{fffd}' | 'j' | 'J' | 'p' | 'P')
}

fn is_terminal(c: char) -> bool {
    matches!(c, '.' | '!' | '?' | '…' | ';' | ':' | '\u{37e}' | '·' | '。')
        || matches!(c, '"' | '\'' | '”' | '’' | '»' | '«' | '›' | '“' | ')' | ']')
}

/// Continuation bytes as Latin-1 or CP1252 shows them, but for those that may follow a letter in sound text: quotes,
/// dashes, ellipsis, guillemets, middle dot, degree, no-break space, soft hyphen, inverted marks.
fn is_mojibake_follower(c: char) -> bool {
    matches!(c, '\u{80}'..='\u{9f}' | '¢'..='ª' | '¬' | '®' | '¯' | '±'..='³' | 'µ' | '¶' | '¸'..='º' | '¼'..='¾')
        || matches!(c, '€' | '‚' | 'ƒ' | '„' | '†' | '‡' | 'ˆ' | '‰' | 'Š' | '‹' | 'Œ' | 'Ž' | '•' | '˜' | '™')
        || matches!(c, 'š' | '›' | 'œ' | 'ž' | 'Ÿ')
}
