//! The one scan over a document: words with their hashes, lines, paragraphs, letters, and what is counted on the way.

use xxhash_rust::xxh3::xxh3_64;

use crate::chars::{
    chars, Chars, ALPHANUMERIC, LETTER, MARK, MOJIBAKE_FOLLOWER, MOJIBAKE_LEAD, NFC_SUSPECT, SCRIPT_SHIFT, SPECIAL,
    TERMINAL, WHITE,
};
use crate::repetition::HashesSeen;
use crate::script::Letters;
use crate::words::WordSet;

pub const SHORT_LINE_CHARS: usize = 30;

/// ASCII digits (1) and letters (2), but for those that are `SPECIAL`; a table of 256 takes any byte without a check.
#[allow(clippy::indexing_slicing, reason = "in a constant, an index out of bounds is an error of the compiler")]
static PLAIN: [u8; 256] = {
    let mut plain = [0; 256];
    let mut byte = 0;
    while byte < 128 {
        let c = byte as u8;
        if c.is_ascii_alphanumeric() && !matches!(c, b'j' | b'J' | b'p' | b'P') {
            plain[byte] = if c.is_ascii_alphabetic() { 2 } else { 1 };
        }
        byte += 1;
    }
    plain
};

/// What the scan counts in one document; docs/statistics.md defines each.
#[derive(Default, Clone)]
pub struct Counts {
    pub chars: usize,
    pub word_chars: usize,
    pub alphabetic_words: usize,
    pub hashtags: usize,
    pub ellipses: usize,
    pub stop_word_hits: usize,
    pub stop_words: usize,
    pub lines: usize,
    pub bullet_lines: usize,
    pub ellipsis_lines: usize,
    pub terminal_lines: usize,
    pub short_lines: usize,
    pub javascript_lines: usize,
    pub duplicate_lines: usize,
    pub duplicate_line_chars: usize,
    pub paragraphs: usize,
    pub duplicate_paragraphs: usize,
    pub duplicate_paragraph_chars: usize,
    pub curly_brackets: usize,
    pub replacement_chars: usize,
    pub mojibake_seqs: usize,
    pub lorem_ipsum: bool,
    pub may_not_be_nfc: bool,
    pub letters: Letters,
}

/// Buffers of one thread, used again for each document. `hashes` and `word_chars` are of the words of the last one, in
/// order; `canonical` is its text with white space runs as one space, and empty where the text is that already.
#[derive(Default)]
pub struct Scan {
    pub hashes: Vec<u64>,
    pub word_chars: Vec<u32>,
    pub canonical: Vec<u8>,
    fold: Vec<u8>,
    lines: HashesSeen,
    paragraphs: HashesSeen,
    stop: Vec<bool>,
}

/// A token as far as it has been read. Places are in bytes of the text, lengths of `fold` in bytes.
#[derive(Default, Clone, Copy)]
struct Token {
    start: usize,
    core_start: Option<usize>,
    core_start_char: usize,
    core_end: usize,
    core_end_char: usize,
    core_end_fold: usize,
    /// The core goes on with combining marks only while they follow its last letter.
    at_core_end: bool,
    /// End of the first hyphen or apostrophe after the core began, and the fold up to it.
    mark: Option<(usize, usize)>,
    letters: u16,
    dots: usize,
    ellipses: usize,
    hashtags: usize,
    last: u16,
}

/// A whole token of up to 15 ASCII letters and digits before a space or line feed: what half of all text is made of. The
/// bytes are compared all at once, as one number.
struct PlainWord {
    len: usize,
    letters: u32,
    folded: u128,
}

impl PlainWord {
    #[inline(always)]
    fn at_start(rest: &[u8]) -> Option<Self> {
        const HIGH: u128 = of_all(0x80);
        let block = u128::from_le_bytes(*rest.first_chunk()?);
        let folded = block | of_all(0x20);
        // The high bit of each byte that is at least `low` and at most `high`, for bytes below 0x80.
        let within = |bytes: u128, low: u8, high: u8| {
            let bytes = bytes & !HIGH;
            (bytes + of_all(0x80 - low)) & !(bytes + of_all(0x7f - high))
        };
        let letters = within(folded, b'a', b'z') & !block & HIGH;
        let plain = letters | (within(block, b'0', b'9') & !block & HIGH);
        let bits = (!plain & HIGH).trailing_zeros() & !7;
        let len = bits as usize / 8;
        let ends = matches!(rest.get(len), Some(b' ' | b'\n'));
        let word = PlainWord { len, letters: (letters & !(u128::MAX << (bits & 127))).count_ones(), folded };
        (len > 0 && len < 16 && ends && !word.is_special()).then_some(word)
    }

    #[inline(always)]
    fn hash(&self) -> u64 {
        xxh3_64(self.folded.to_le_bytes().get(..self.len).unwrap_or_default())
    }

    /// Whether it may be what `look_closer` looks for.
    #[inline(always)]
    fn is_special(&self) -> bool {
        let begins_with = self.folded as u16 == u16::from_le_bytes(*b"ip");
        begins_with || (self.len >= "javascript".len() && self.folded.to_le_bytes().contains(&b'j'))
    }
}

const fn of_all(byte: u8) -> u128 {
    u128::MAX / 0xff * byte as u128
}

/// What `take_run` took.
#[derive(Default)]
struct Run {
    bytes: usize,
    chars: usize,
    letters: u32,
}

/// A stretch from the first token to the last one, in bytes and in code points.
#[derive(Default, Clone, Copy)]
struct Stretch {
    start: usize,
    start_char: usize,
    end: usize,
    end_char: usize,
}

impl Scan {
    /// Scans a text; `set` are its language's stop words.
    pub fn scan(&mut self, text: &str, set: Option<&WordSet>) -> Counts {
        let table = chars();
        let mut counts = Counts::default();
        self.begin(set);
        let (mut token, mut line, mut paragraph): (Option<Token>, Option<Stretch>, Option<Stretch>) =
            (None, None, None);
        let (mut all, mut before, mut has_javascript, mut last) = (0, 0, false, 0);
        let (mut run_start, mut run_end) = (0, 0);
        let (mut script, mut in_script) = (0, 0);
        let mut at = 0;
        loop {
            if let Some(now) = token.as_mut().filter(|now| now.core_start.is_some() && before & MOJIBAKE_LEAD == 0) {
                let run = self.take_run(table, text.as_bytes().get(at..).unwrap_or_default(), now, script);
                if run.chars > 0 {
                    at += run.bytes;
                    counts.chars += run.chars;
                    in_script += run.letters;
                    before = 0;
                    (now.core_end, now.core_end_char) = (at, counts.chars);
                }
            }
            if let Some(word) = text.as_bytes().get(at..).filter(|_| token.is_none()).and_then(PlainWord::at_start) {
                self.begin_token(text, at, &mut run_start, run_end);
                let end_char = counts.chars + word.len;
                let now = line.get_or_insert(Stretch { start: at, start_char: counts.chars, end: at, end_char });
                at += word.len;
                (now.end, now.end_char, run_end, last, before) = (at, end_char, at, ALPHANUMERIC, 0);
                counts.chars = end_char;
                if script != 0 && word.letters > 0 {
                    counts.letters.add(script, in_script);
                    (script, in_script) = (0, 0);
                }
                in_script += word.letters;
                let hash = word.hash();
                self.end_word(hash, word.len, word.letters > 0, &mut counts);
                self.end_stop_word(set.and_then(|set| set.place(hash)), &mut counts);
            }
            let Some(c) = text.get(at..).and_then(|rest| rest.chars().next()) else { break };
            let class = table.class(c);
            all |= class;
            if class & LETTER != 0 {
                if class >> SCRIPT_SHIFT != script {
                    counts.letters.add(script, in_script);
                    (script, in_script) = (class >> SCRIPT_SHIFT, 0);
                }
                in_script += 1;
            }
            counts.mojibake_seqs += usize::from(before & MOJIBAKE_LEAD != 0 && class & MOJIBAKE_FOLLOWER != 0);
            before = class;
            if class & WHITE != 0 {
                if let Some(done) = token.take() {
                    last = done.last;
                    run_end = at;
                    extend(&mut line, &done, at, counts.chars);
                    self.end_token(text, &done, at, set, &mut counts);
                }
                if c == '\n' {
                    self.end_line(text, &mut line, last, has_javascript, &mut paragraph, &mut counts);
                    has_javascript = false;
                }
            } else {
                let now = match &mut token {
                    Some(now) => now,
                    None => {
                        self.begin_token(text, at, &mut run_start, run_end);
                        self.fold.clear();
                        line.get_or_insert(Stretch {
                            start: at,
                            start_char: counts.chars,
                            end: at,
                            end_char: counts.chars,
                        });
                        token.insert(Token { start: at, ..Token::default() })
                    }
                };
                now.last = class;
                self.grow(table, now, at, c, class, counts.chars);
                if class & SPECIAL != 0 {
                    look_closer(text, now, at, c, self.fold.len(), &mut counts, &mut has_javascript);
                } else {
                    now.dots = 0;
                }
            }
            counts.chars += 1;
            at += c.len_utf8();
        }
        if let Some(done) = token.take() {
            last = done.last;
            run_end = text.len();
            extend(&mut line, &done, text.len(), counts.chars);
            self.end_token(text, &done, text.len(), set, &mut counts);
        }
        self.end_line(text, &mut line, last, has_javascript, &mut paragraph, &mut counts);
        self.end_paragraph(text, paragraph.take(), &mut counts);
        if !self.canonical.is_empty() || run_start != 0 || run_end != text.len() {
            self.canonical.extend_from_slice(text.as_bytes().get(run_start..run_end).unwrap_or_default());
        }
        counts.letters.add(script, in_script);
        counts.stop_words = self.stop.iter().filter(|found| **found).count();
        counts.may_not_be_nfc = all & NFC_SUSPECT != 0;
        counts
    }

    fn begin(&mut self, set: Option<&WordSet>) {
        self.hashes.clear();
        self.word_chars.clear();
        self.canonical.clear();
        self.lines.clear();
        self.paragraphs.clear();
        self.stop.clear();
        self.stop.resize(set.map_or(0, WordSet::len), false);
    }

    /// Goes on with the run of canonical text that ended at `run_end`, or begins another one, with the token at `at`.
    #[inline(always)]
    fn begin_token(&mut self, text: &str, at: usize, run_start: &mut usize, run_end: usize) {
        let regular = at == run_end + 1 && text.as_bytes().get(run_end) == Some(&b' ');
        if run_end == 0 {
            *run_start = at;
        } else if !regular {
            self.canonical.extend_from_slice(text.as_bytes().get(*run_start..run_end).unwrap_or_default());
            self.canonical.push(b' ');
            *run_start = at;
        }
    }

    /// Takes one more code point into the token's core.
    #[inline(always)]
    fn grow(&mut self, table: &Chars, token: &mut Token, at: usize, c: char, class: u16, n_chars: usize) {
        let alphanumeric = class & ALPHANUMERIC != 0;
        if token.core_start.is_none() {
            if !alphanumeric {
                return;
            }
            token.core_start = Some(at);
            token.core_start_char = n_chars;
        }
        table.fold(c, &mut self.fold);
        token.letters |= class & LETTER;
        token.at_core_end = alphanumeric || (token.at_core_end && class & MARK != 0);
        if token.at_core_end {
            token.core_end = at + c.len_utf8();
            token.core_end_char = n_chars + 1;
            token.core_end_fold = self.fold.len();
        }
    }

    /// Takes what comes next into the token's core as long as it is all that most text is made of: ASCII digits, and letters
    /// of `script` with one or two bytes, lower-cased to as many; no special ones, none that begins mojibake. The ends of the
    /// core in bytes and characters are for the caller to set.
    #[inline(always)]
    fn take_run(&mut self, table: &Chars, rest: &[u8], token: &mut Token, script: u16) -> Run {
        let mut run = Run::default();
        while let Some(&byte) = rest.get(run.bytes) {
            if byte < 0x80 {
                let kind = PLAIN.get(usize::from(byte)).copied().unwrap_or_default();
                if kind == 0 || (kind == 2 && script != 0) {
                    break;
                }
                self.fold.push(byte.to_ascii_lowercase());
                run.letters += u32::from(kind >> 1);
                run.bytes += 1;
            } else {
                let Some(next) = rest.get(run.bytes + 1).filter(|_| byte < 0xe0) else { break };
                let point = u16::from(byte & 0x1f) << 6 | u16::from(next & 0x3f);
                let Some(lower) = table.lower_of_run(point, script) else { break };
                self.fold.extend_from_slice(&[0xc0 | (lower >> 6) as u8, 0x80 | (lower & 0x3f) as u8]);
                run.letters += 1;
                run.bytes += 2;
            }
            run.chars += 1;
        }
        if run.chars > 0 {
            token.letters |= if run.letters > 0 { LETTER } else { 0 };
            (token.last, token.dots, token.at_core_end) = (ALPHANUMERIC, 0, true);
            token.core_end_fold = self.fold.len();
        }
        run
    }

    #[inline(always)]
    fn end_token(&mut self, text: &str, token: &Token, end: usize, set: Option<&WordSet>, counts: &mut Counts) {
        let is_core = token.core_start == Some(token.start) && token.core_end == end;
        if !is_core {
            counts.hashtags += token.hashtags;
            counts.ellipses += token.ellipses;
        }
        let Some(core_start) = token.core_start else { return };
        let hash = xxh3_64(self.fold.get(..token.core_end_fold).unwrap_or_default());
        self.end_word(hash, token.core_end_char - token.core_start_char, token.letters != 0, counts);
        let Some(set) = set else { return };
        let found = set.place(hash).or_else(|| {
            // A clitic stands before a hyphen or an apostrophe, which may be the first code point after the core ("ta'").
            let (mark_end, mark_fold) = token.mark?;
            let after = text.get(token.core_end..end).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
            let within = mark_end <= token.core_end + after && core_start < mark_end;
            let prefix = self.fold.get(..mark_fold).filter(|_| within)?;
            set.place(xxh3_64(prefix))
        });
        self.end_stop_word(found, counts);
    }

    #[inline(always)]
    fn end_word(&mut self, hash: u64, n_chars: usize, has_letter: bool, counts: &mut Counts) {
        self.hashes.push(hash);
        self.word_chars.push(n_chars as u32);
        counts.word_chars += n_chars;
        counts.alphabetic_words += usize::from(has_letter);
    }

    #[inline(always)]
    fn end_stop_word(&mut self, place: Option<usize>, counts: &mut Counts) {
        if let Some(found) = place.and_then(|place| self.stop.get_mut(place)) {
            *found = true;
            counts.stop_word_hits += 1;
        }
    }

    fn end_line(
        &mut self,
        text: &str,
        line: &mut Option<Stretch>,
        last: u16,
        has_javascript: bool,
        paragraph: &mut Option<Stretch>,
        counts: &mut Counts,
    ) {
        let Some(found) = line.take() else { return self.end_paragraph(text, paragraph.take(), counts) };
        let Some(line) = text.get(found.start..found.end) else { return };
        let n_chars = found.end_char - found.start_char;
        let ends = last & TERMINAL != 0;
        counts.lines += 1;
        counts.bullet_lines += usize::from(is_bullet(line, ends));
        counts.ellipsis_lines += usize::from(line.ends_with("...") || line.ends_with('…'));
        counts.terminal_lines += usize::from(ends);
        counts.short_lines += usize::from(n_chars < SHORT_LINE_CHARS);
        counts.javascript_lines += usize::from(has_javascript);
        if !self.lines.insert(xxh3_64(line.as_bytes())) {
            counts.duplicate_lines += 1;
            counts.duplicate_line_chars += n_chars;
        }
        let from = paragraph.unwrap_or(found);
        *paragraph = Some(Stretch { end: found.end, end_char: found.end_char, ..from });
    }

    fn end_paragraph(&mut self, text: &str, paragraph: Option<Stretch>, counts: &mut Counts) {
        let Some(found) = paragraph else { return };
        let Some(whole) = text.get(found.start..found.end) else { return };
        counts.paragraphs += 1;
        if !self.paragraphs.insert(xxh3_64(whole.as_bytes())) {
            counts.duplicate_paragraphs += 1;
            counts.duplicate_paragraph_chars += found.end_char - found.start_char;
        }
    }
}

#[inline(always)]
fn extend(line: &mut Option<Stretch>, token: &Token, end: usize, n_chars: usize) {
    debug_assert!(token.start < end);
    if let Some(line) = line {
        line.end = end;
        line.end_char = n_chars;
    }
}

/// What only few code points call for; `fold` is the length of the token's folded form.
#[inline]
fn look_closer(
    text: &str,
    token: &mut Token,
    at: usize,
    c: char,
    fold: usize,
    counts: &mut Counts,
    has_javascript: &mut bool,
) {
    let here = |from: usize, upto: usize| text.as_bytes().get(from..upto).unwrap_or_default();
    if c == '.' {
        token.dots += 1;
        if token.dots == 3 {
            token.ellipses += 1;
            token.dots = 0;
        }
        return;
    }
    token.dots = 0;
    match c {
        '#' => token.hashtags += 1,
        '…' => token.ellipses += 1,
        '{' | '}' => counts.curly_brackets += 1,
        '\u{fffd}' => counts.replacement_chars += 1,
        'j' | 'J' => *has_javascript |= here(at, at + 10).eq_ignore_ascii_case(b"javascript"),
        'p' | 'P' => {
            let start = at.saturating_sub("lorem i".len());
            counts.lorem_ipsum |= here(start, start + 11).eq_ignore_ascii_case(b"lorem ipsum");
        }
        '-' | '\'' | '\u{2019}' if token.core_start.is_some() && token.mark.is_none() => {
            token.mark = Some((at + c.len_utf8(), fold));
        }
        _ => {}
    }
}

/// Whether a line is an item of a list. A hyphen opens dialogue in half of Europe: it is a bullet where no sentence ends.
fn is_bullet(line: &str, ends_terminally: bool) -> bool {
    line.starts_with(['•', '‣', '⁃', '▪', '◦', '●', '*']) || (line.starts_with("- ") && !ends_terminally)
}
