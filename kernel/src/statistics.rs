//! What the Gopher, C4 and FineWeb rules look at, with content hash and MinHash signature: one document at a time.

use xxhash_rust::xxh3::{xxh3_128, xxh3_64};

use crate::minhash::{shingles, Permutations};
use crate::normalise::nfc;
use crate::repetition::{HashesSeen, Repeats, Repetition};
use crate::script::Letters;
use crate::words::{clitic, code_points, core, hash, tokens};

pub const SHORT_LINE_CHARS: usize = 30;

/// The measures of one document; kernel/README.md defines each.
#[derive(Default, Clone)]
pub struct Measures {
    pub n_chars: i32,
    pub n_bytes: i32,
    pub n_words: i32,
    pub n_lines: i32,
    pub n_paragraphs: i32,
    pub mean_word_chars: f32,
    pub symbol_word_ratio: f32,
    pub alpha_word_frac: f32,
    pub bullet_line_frac: f32,
    pub ellipsis_line_frac: f32,
    pub terminal_line_frac: f32,
    pub short_line_frac: f32,
    pub newline_word_ratio: f32,
    pub stop_words: Option<i32>,
    pub stop_word_frac: Option<f32>,
    pub duplicate_line_frac: f32,
    pub duplicate_line_char_frac: f32,
    pub duplicate_paragraph_frac: f32,
    pub duplicate_paragraph_char_frac: f32,
    pub repetition: Repetition,
    pub curly_brackets: i32,
    pub lorem_ipsum: bool,
    pub javascript_lines: i32,
    pub replacement_chars: i32,
    pub mojibake_seqs: i32,
    pub script: &'static str,
    pub script_frac: f32,
    pub content_hash: [u8; 16],
    pub has_words: bool,
}

/// A document's word set: hashes of folded entries (`words::hash`).
pub type WordSet = std::collections::HashSet<u64>;

/// Buffers of one thread, used again for each document.
#[derive(Default)]
pub struct Measurer {
    fold: Vec<u8>,
    hashes: Vec<u64>,
    chars: Vec<u32>,
    canonical: Vec<u8>,
    lines: HashesSeen,
    paragraphs: HashesSeen,
    stop: HashesSeen,
    shingles: Vec<u32>,
    repeats: Repeats,
}

fn share(part: usize, whole: usize) -> f32 {
    if whole == 0 {
        0.0
    } else {
        (part as f64 / whole as f64) as f32
    }
}

impl Measurer {
    /// Measures a text and puts its MinHash signature into `signature` (untouched for a text without words).
    pub fn measure(
        &mut self,
        text: &str,
        set: Option<&WordSet>,
        permutations: &Permutations,
        shingle_words: usize,
        signature: &mut [u32],
    ) -> Measures {
        let mut m = Measures { n_bytes: text.len() as i32, ..Measures::default() };
        self.scan_chars(text, &mut m);
        self.scan_words(text, set, &mut m);
        self.scan_lines(text, &mut m);
        m.content_hash = self.content_hash(text);
        m.repetition = self.repeats.measure(&self.hashes, &self.chars);
        if !self.hashes.is_empty() {
            m.has_words = true;
            shingles(&self.hashes, shingle_words, &mut self.shingles);
            permutations.sign(&self.shingles, signature);
        }
        m
    }

    fn scan_chars(&mut self, text: &str, m: &mut Measures) {
        let mut letters = Letters::default();
        let (mut n_chars, mut before) = (0, ' ');
        for c in text.chars() {
            n_chars += 1;
            if c.is_ascii() {
                if c.is_ascii_alphabetic() {
                    letters.add(c);
                } else if c == '{' || c == '}' {
                    m.curly_brackets += 1;
                }
            } else {
                if is_mojibake_lead(before) && is_mojibake_follower(c) {
                    m.mojibake_seqs += 1;
                }
                if c.is_alphabetic() {
                    letters.add(c);
                } else if c == '\u{fffd}' {
                    m.replacement_chars += 1;
                }
            }
            before = c;
        }
        m.n_chars = n_chars;
        (m.script, m.script_frac) = letters.majority();
    }

    fn scan_words(&mut self, text: &str, set: Option<&WordSet>, m: &mut Measures) {
        let Measurer { fold, hashes, chars, canonical, stop, .. } = self;
        hashes.clear();
        chars.clear();
        canonical.clear();
        stop.clear();
        let (mut alphabetic, mut hits, mut total_chars, mut hashtags, mut ellipses) = (0, 0, 0_usize, 0, 0);
        tokens(text, |token| {
            if !canonical.is_empty() {
                canonical.push(b' ');
            }
            canonical.extend_from_slice(token.as_bytes());
            let Some((word, after)) = core(token) else {
                hashtags += token.matches('#').count();
                ellipses += token.matches("...").count() + token.matches('…').count();
                return;
            };
            if word.len() != token.len() {
                hashtags += token.matches('#').count();
                ellipses += token.matches("...").count() + token.matches('…').count();
            }
            let n = code_points(word);
            let hashed = hash(word, fold);
            hashes.push(hashed);
            chars.push(n as u32);
            total_chars += n;
            alphabetic += usize::from(word.chars().any(char::is_alphabetic));
            if let Some(set) = set {
                let mut hit = None;
                if set.contains(&hashed) {
                    hit = Some(hashed);
                } else if !word.is_ascii() || word.contains(['-', '\'']) || !after.is_empty() {
                    // The mark may stand after the core: "ta'" is one token whose core is "ta".
                    let upto = word.len() + after.chars().next().map_or(0, char::len_utf8);
                    let start = token.find(word).unwrap_or(0);
                    let with_mark = token.get(start..start + upto).unwrap_or(word);
                    hit = clitic(with_mark).map(|prefix| hash(prefix, fold)).filter(|prefix| set.contains(prefix));
                }
                if let Some(found) = hit {
                    hits += 1;
                    stop.insert(found);
                }
            }
        });
        let n_words = hashes.len();
        m.n_words = n_words as i32;
        m.mean_word_chars = share(total_chars, n_words);
        m.symbol_word_ratio = share(hashtags.max(ellipses), n_words);
        m.alpha_word_frac = share(alphabetic, n_words);
        if set.is_some() {
            m.stop_words = Some(stop.len() as i32);
            m.stop_word_frac = Some(share(hits, n_words));
        }
    }

    fn scan_lines(&mut self, text: &str, m: &mut Measures) {
        self.lines.clear();
        self.paragraphs.clear();
        let (mut n, mut bullets, mut ellipses, mut terminal, mut short) = (0, 0, 0, 0, 0);
        let (mut duplicates, mut duplicate_chars) = (0, 0);
        let (mut paragraphs, mut duplicate_paragraphs, mut duplicate_paragraph_chars) = (0, 0, 0);
        let mut paragraph: Option<(usize, usize)> = None;
        let mut at = 0;
        for raw in text.split('\n') {
            let here = at..at + raw.len();
            at = here.end + 1;
            let line = raw.trim();
            if !line.is_empty() {
                n += 1;
                let chars = code_points(line);
                let ends = ends_terminally(line);
                bullets += usize::from(is_bullet(line, ends));
                ellipses += usize::from(line.ends_with("...") || line.ends_with('…'));
                terminal += usize::from(ends);
                short += usize::from(chars < SHORT_LINE_CHARS);
                if !self.lines.insert(xxh3_64(line.as_bytes())) {
                    duplicates += 1;
                    duplicate_chars += chars;
                }
                m.javascript_lines += i32::from(contains_folded(line, "javascript"));
                m.lorem_ipsum |= contains_folded(line, "lorem ipsum");
                paragraph = Some((paragraph.map_or(here.start, |(start, _)| start), here.end));
            }
            if line.is_empty() || here.end == text.len() {
                if let Some(whole) = paragraph.take().and_then(|(start, end)| text.get(start..end)) {
                    paragraphs += 1;
                    if !self.paragraphs.insert(xxh3_64(whole.trim().as_bytes())) {
                        duplicate_paragraphs += 1;
                        duplicate_paragraph_chars += code_points(whole.trim());
                    }
                }
            }
        }
        let n_chars = m.n_chars as usize;
        m.n_lines = n as i32;
        m.n_paragraphs = paragraphs as i32;
        m.bullet_line_frac = share(bullets, n);
        m.ellipsis_line_frac = share(ellipses, n);
        m.terminal_line_frac = share(terminal, n);
        m.short_line_frac = share(short, n);
        m.newline_word_ratio = share(n.saturating_sub(1), m.n_words as usize);
        m.duplicate_line_frac = share(duplicates, n);
        m.duplicate_line_char_frac = share(duplicate_chars, n_chars);
        m.duplicate_paragraph_frac = share(duplicate_paragraphs, paragraphs);
        m.duplicate_paragraph_char_frac = share(duplicate_paragraph_chars, n_chars);
    }

    /// xxh3-128 of the NFC text with white space runs as one space; `canonical` has it when the text is NFC.
    fn content_hash(&mut self, text: &str) -> [u8; 16] {
        if let Some(composed) = nfc(text) {
            self.canonical.clear();
            let canonical = &mut self.canonical;
            tokens(&composed, |token| {
                if !canonical.is_empty() {
                    canonical.push(b' ');
                }
                canonical.extend_from_slice(token.as_bytes());
            });
        }
        xxh3_128(&self.canonical).to_be_bytes()
    }
}

/// Whether a line ends a sentence; closing quotes and brackets after the mark are looked through and count themselves.
fn ends_terminally(line: &str) -> bool {
    line.ends_with(|c| {
        matches!(
            c,
            '.' | '!'
                | '?'
                | '…'
                | ';'
                | ':'
                | '\u{37e}'
                | '·'
                | '。'
                | '"'
                | '\''
                | '”'
                | '’'
                | '»'
                | '«'
                | '›'
                | '“'
                | ')'
                | ']'
        )
    })
}

/// Whether a line is an item of a list. A hyphen opens dialogue in half of Europe: it is a bullet where no sentence ends.
fn is_bullet(line: &str, ends_terminally: bool) -> bool {
    line.starts_with(['•', '‣', '⁃', '▪', '◦', '●', '*']) || (line.starts_with("- ") && !ends_terminally)
}

fn contains_folded(line: &str, needle: &str) -> bool {
    let (hay, needle) = (line.as_bytes(), needle.as_bytes());
    let Some(first) = needle.first() else { return true };
    memchr::memchr2_iter(*first, first.to_ascii_uppercase(), hay)
        .any(|at| hay.get(at..at + needle.len()).is_some_and(|found| found.eq_ignore_ascii_case(needle)))
}

/// First bytes of two- and three-byte UTF-8 as Latin-1 shows them.
fn is_mojibake_lead(c: char) -> bool {
    matches!(c, 'Ã' | 'Â' | 'Ä' | 'Å' | 'Î' | 'Ï' | 'Ð' | 'Ñ' | 'â')
}

/// Continuation bytes as Latin-1 or CP1252 shows them, but for those that may follow a letter in sound text: quotes,
/// dashes, ellipsis, guillemets, middle dot, degree, no-break space, soft hyphen, inverted marks.
fn is_mojibake_follower(c: char) -> bool {
    matches!(c, '\u{80}'..='\u{9f}' | '¢'..='ª' | '¬' | '®' | '¯' | '±'..='³' | 'µ' | '¶' | '¸'..='º' | '¼'..='¾')
        || matches!(
            c,
            '€' | '‚'
                | 'ƒ'
                | '„'
                | '†'
                | '‡'
                | 'ˆ'
                | '‰'
                | 'Š'
                | '‹'
                | 'Œ'
                | 'Ž'
                | '•'
                | '˜'
                | '™'
                | 'š'
                | '›'
                | 'œ'
                | 'ž'
                | 'Ÿ'
        )
}
