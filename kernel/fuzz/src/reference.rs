//! The slow and simple versions of what the kernel computes: strings and maps instead of hashes, one pass for each question.

use std::collections::{HashMap, HashSet};

use unicode_normalization::char::is_combining_mark;
use unicode_normalization::UnicodeNormalization;
use xxhash_rust::xxh3::{xxh3_128, xxh3_64};

pub fn share(part: usize, whole: usize) -> f32 {
    if whole == 0 {
        0.0
    } else {
        (part as f64 / whole as f64) as f32
    }
}

/// The core of a token: from its first letter or digit to its last, with the marks on that.
fn core(token: &str) -> Option<String> {
    let chars: Vec<char> = token.chars().collect();
    let first = chars.iter().position(|c| c.is_alphanumeric())?;
    let mut end = chars.iter().rposition(|c| c.is_alphanumeric())? + 1;
    while end < chars.len() && is_combining_mark(chars[end]) {
        end += 1;
    }
    Some(chars[first..end].iter().collect())
}

pub fn words(text: &str) -> Vec<String> {
    text.split_whitespace().filter_map(core).collect()
}

fn fold(word: &str) -> String {
    word.chars().flat_map(char::to_lowercase).map(|c| if c == '\u{2019}' { '\'' } else { c }).collect()
}

/// Hashes or ellipses, whichever are more, in tokens that are more than their core.
pub fn symbols(text: &str) -> usize {
    let tokens = || text.split_whitespace().filter(|token| core(token).as_deref() != Some(token));
    let hashtags: usize = tokens().map(|token| token.matches('#').count()).sum();
    let ellipses: usize = tokens().map(|token| token.matches("...").count() + token.matches('…').count()).sum();
    hashtags.max(ellipses)
}

/// For every word that is in the set, or that begins with a clitic that is: the entry.
pub fn stop_word_hits(text: &str, set: &[&str]) -> Vec<String> {
    let set: HashSet<String> = set.iter().map(|entry| fold(entry)).collect();
    let hit = |token: &str| {
        let word = core(token)?;
        if set.contains(&fold(&word)) {
            return Some(fold(&word));
        }
        let after = token.split_once(&word).and_then(|(_, after)| after.chars().next());
        let with_mark: String = word.chars().chain(after).collect();
        let mark = with_mark.chars().position(|c| matches!(c, '-' | '\'' | '\u{2019}'))?;
        let clitic = fold(&with_mark.chars().take(mark + 1).collect::<String>());
        set.contains(&clitic).then_some(clitic)
    };
    text.split_whitespace().filter_map(hit).collect()
}

pub fn lines(text: &str) -> Vec<String> {
    text.split('\n').map(|line| line.trim().to_string()).filter(|line| !line.is_empty()).collect()
}

pub fn paragraphs(text: &str) -> Vec<String> {
    let mut found = vec![Vec::new()];
    for line in text.split('\n') {
        if line.trim().is_empty() {
            found.push(Vec::new());
        } else if let Some(last) = found.last_mut() {
            last.push(line);
        }
    }
    found.iter().map(|lines| lines.join("\n").trim().to_string()).filter(|lines| !lines.is_empty()).collect()
}

/// How many stood before, and their code points.
pub fn duplicates(blocks: &[String]) -> (usize, usize) {
    let again: Vec<&String> =
        blocks.iter().enumerate().filter(|(i, b)| blocks[..*i].contains(b)).map(|(_, b)| b).collect();
    (again.len(), again.iter().map(|block| block.chars().count()).sum())
}

pub fn ends_terminally(line: &str) -> bool {
    line.chars().last().is_some_and(|c| ".!?…;:\u{37e}·。\"'”’»«›“)]".contains(c))
}

pub fn is_bullet(line: &str) -> bool {
    line.chars().next().is_some_and(|c| "•‣⁃▪◦●*".contains(c)) || (line.starts_with("- ") && !ends_terminally(line))
}

/// Words as numbers, the same for the same folded word.
fn numbered(words: &[String]) -> Vec<usize> {
    let mut numbers = HashMap::new();
    words
        .iter()
        .map(|word| {
            let next = numbers.len();
            *numbers.entry(fold(word)).or_insert(next)
        })
        .collect()
}

fn chars(words: &[String]) -> usize {
    words.iter().map(|word| word.chars().count()).sum()
}

pub fn top_ngram_char_frac(words: &[String], n: usize) -> f32 {
    let numbers = numbered(words);
    // n-gram -> how often, and the characters of the first one.
    let mut grams: HashMap<&[usize], (usize, usize)> = HashMap::new();
    for (at, gram) in numbers.windows(n).enumerate() {
        grams.entry(gram).or_insert((0, chars(&words[at..at + n]))).0 += 1;
    }
    let most = grams.values().filter(|(count, _)| *count > 1).map(|(count, chars)| count * chars).max();
    share(most.unwrap_or(0), chars(words)).min(1.0)
}

pub fn dup_ngram_char_frac(words: &[String], n: usize) -> f32 {
    let numbers = numbered(words);
    let mut seen = HashSet::new();
    let (mut covered, mut at) = (0, 0);
    while at + n <= numbers.len() {
        if seen.insert(&numbers[at..at + n]) {
            at += 1;
        } else {
            covered += chars(&words[at..at + n]);
            at += n;
        }
    }
    share(covered, chars(words))
}

pub fn content_hash(text: &str) -> [u8; 16] {
    let composed: String = text.nfc().collect();
    xxh3_128(composed.split_whitespace().collect::<Vec<_>>().join(" ").as_bytes()).to_be_bytes()
}

/// Lead bytes of UTF-8 for European scripts, read as Latin-1, before continuation bytes read as Latin-1 or CP1252.
pub fn mojibake_seqs(text: &str) -> usize {
    let follows =
        |c: char| ('\u{80}'..='\u{9f}').contains(&c) || "¢£¤¥¦§¨©ª¬®¯±²³µ¶¸¹º¼½¾€‚ƒ„†‡ˆ‰Š‹ŒŽ•˜™š›œžŸ".contains(c);
    text.chars().zip(text.chars().skip(1)).filter(|(lead, c)| "ÃÂÄÅÎÏÐÑâ".contains(*lead) && follows(*c)).count()
}

const SCRIPTS: [(&str, &[(u32, u32)]); 7] = [
    ("Latn", &[(0, 0x2af), (0x1e00, 0x1eff)]),
    ("Grek", &[(0x370, 0x3ff), (0x1f00, 0x1fff)]),
    ("Cyrl", &[(0x400, 0x52f)]),
    ("Arab", &[(0x600, 0x6ff), (0x750, 0x77f)]),
    ("Hebr", &[(0x590, 0x5ff)]),
    ("Hani", &[(0x3400, 0x9fff)]),
    ("Geor", &[(0x10a0, 0x10ff)]),
];

/// The script of most letters, the first of the table where two have as many, and its share of them.
pub fn script(text: &str) -> (&'static str, f32) {
    let script_of = |c: char| {
        let holds = |ranges: &[(u32, u32)]| ranges.iter().any(|(low, high)| (*low..=*high).contains(&(c as u32)));
        SCRIPTS.iter().find(|(_, ranges)| holds(ranges)).map_or("Zzzz", |(name, _)| name)
    };
    let found: Vec<&str> = text.chars().filter(|c| c.is_alphabetic()).map(script_of).collect();
    let count = |name: &str| found.iter().filter(|there| **there == name).count();
    let mut most = ("Zyyy", 0);
    for name in SCRIPTS.iter().map(|(name, _)| *name).chain(["Zzzz"]) {
        if count(name) > most.1 {
            most = (name, count(name));
        }
    }
    (most.0, share(most.1, found.len()))
}

fn mix(x: u64) -> u64 {
    let x = (x ^ x >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let x = (x ^ x >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ x >> 31
}

pub fn signature<const N: usize>(words: &[String], shingle_words: usize) -> [u32; N] {
    let hashes: Vec<u64> = words.iter().map(|word| xxh3_64(fold(word).as_bytes())).collect();
    let shingles: HashSet<u32> = hashes
        .windows(shingle_words.min(hashes.len()))
        .map(|window| (window.iter().fold(0_u64, |hash, word| mix(hash.rotate_left(5) ^ word)) >> 32) as u32)
        .collect();
    let draw = |number: usize| {
        let state = (number as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15).wrapping_add(0x616c_7465_6469_6331);
        (mix(state) >> 32) as u32
    };
    std::array::from_fn(|i| {
        let (a, b) = (draw(i) | 1, draw(N + i));
        shingles.iter().map(|x| a.wrapping_mul(*x).wrapping_add(b)).min().unwrap_or(u32::MAX)
    })
}

pub fn bands(signature: &[u32], bands: usize) -> Vec<u64> {
    let rows = signature.len() / bands;
    (0..bands)
        .map(|band| {
            let rows = &signature[band * rows..(band + 1) * rows];
            rows.iter().fold(mix(band as u64 + 1), |hash, row| mix(hash ^ u64::from(*row)))
        })
        .collect()
}

pub fn is_foreign(c: char) -> bool {
    ((c as u32) < 0x20 && c != '\t' && c != '\n') || "\u{7f}\u{85}\u{feff}\u{fffe}\u{ffff}".contains(c)
}

pub fn control_chars(text: &str) -> usize {
    let breaks = "\t\n\r\u{b}\u{c}\u{1c}\u{1d}\u{1e}\u{85}";
    text.chars().filter(|c| c.is_control() && !breaks.contains(*c)).count()
}

pub fn without_foreign(text: &str) -> String {
    let text =
        text.replace("\r\n", "\n").replace(['\r', '\u{b}', '\u{c}', '\u{1c}', '\u{1d}', '\u{1e}', '\u{85}'], "\n");
    text.replace(is_foreign, "")
}

/// Whether `redacted` is `text` with some of its parts replaced by placeholders: all between them stands in `text`, in order.
pub fn only_replaced(text: &str, redacted: &str) -> bool {
    let mut kept = vec![redacted];
    for placeholder in ["<EMAIL>", "<IP>", "<IBAN>", "<PHONE>"] {
        kept = kept.into_iter().flat_map(|part| part.split(placeholder)).collect();
    }
    let (Some(first), Some(last)) = (kept.first(), kept.last()) else { return false };
    let mut rest = text;
    for part in &kept {
        let Some(at) = rest.find(part) else { return false };
        rest = &rest[at + part.len()..];
    }
    text.starts_with(first) && text.ends_with(last)
}
