//! Overlap with benchmark texts: n-grams of folded words, looked up in a table of those that benchmarks have.
//!
//! Word: maximal run of letters, digits and the combining marks after them. All else stands between words (punctuation,
//! hyphens, apostrophes, spaces), but for format characters, which are not there (UAX #29, WB4): so il-ktieb, il‑ktieb and
//! il- ktieb are the same two words. Folded: lower-cased code point by code point, final ς as σ.

use xxhash_rust::xxh3::xxh3_64;

use crate::chars::{chars, ALPHANUMERIC, MARK};
use crate::repetition::mix;

/// Calls `found` with the hash of every folded word and where it begins and ends, in code points.
pub fn folded_words(text: &str, fold: &mut Vec<u8>, mut found: impl FnMut(u64, u32, u32)) {
    let table = chars();
    fold.clear();
    let (mut start, mut end) = (0, 0);
    for (at, c) in (0_u32..).zip(text.chars()) {
        let class = table.class(c);
        if class & ALPHANUMERIC != 0 || (class & MARK != 0 && !fold.is_empty()) {
            if fold.is_empty() {
                start = at;
            }
            table.fold(if c == 'ς' { 'σ' } else { c }, fold);
            end = at + 1;
        } else if !fold.is_empty() && !is_format(c) {
            found(xxh3_64(fold), start, end);
            fold.clear();
        }
    }
    if !fold.is_empty() {
        found(xxh3_64(fold), start, end);
    }
}

/// Soft hyphen, zero width joiner and non-joiner, word joiner.
fn is_format(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200c}' | '\u{200d}' | '\u{2060}')
}

/// Odd, so that every word's place counts.
const BASE: u64 = 0x9e37_79b9_7f4a_7c15;

/// The words of one text, and hashes of any n of them in a row in constant time (a polynomial of the words' hashes, mod 2^64,
/// mixed with n). Used again for each text.
pub struct Words {
    /// The polynomial of all words before each word, and of all.
    sums: Vec<u64>,
    places: Vec<(u32, u32)>,
    fold: Vec<u8>,
}

impl Default for Words {
    fn default() -> Self {
        Words { sums: vec![0], places: Vec::new(), fold: Vec::new() }
    }
}

impl Words {
    /// Takes the words of a text in place of those of the one before.
    pub fn read(&mut self, text: &str) {
        self.sums.truncate(1);
        self.places.clear();
        let mut sum = 0_u64;
        folded_words(text, &mut self.fold, |hash, start, end| {
            sum = sum.wrapping_mul(BASE).wrapping_add(hash);
            self.sums.push(sum);
            self.places.push((start, end));
        });
    }

    /// How many words there are.
    pub fn len(&self) -> usize {
        self.places.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// The hashes of all n-grams of n words, in order.
    pub fn ngrams(&self, n: usize) -> impl Iterator<Item = u64> + '_ {
        let power = (0..n).fold(1_u64, |power, _| power.wrapping_mul(BASE));
        let ends = self.sums.get(n..).unwrap_or_default();
        self.sums.iter().zip(ends).map(move |(start, end)| mix(end.wrapping_sub(start.wrapping_mul(power)) ^ n as u64))
    }

    /// The code points from the beginning of one word to the end of the n-th from it on.
    fn span(&self, first: usize, n: usize) -> Option<(u32, u32)> {
        Some((self.places.get(first)?.0, self.places.get(first + n - 1)?.1))
    }
}

/// How many bits of the filter there are for each n-gram: one in sixteen of other text is looked up in the table for nothing.
const BITS_A_NGRAM: usize = 16;

/// The n-grams of benchmarks: hashes in ascending order, and of which benchmark each is; one that several have is there
/// several times.
pub struct Table<'a> {
    hashes: &'a [u64],
    benchmarks: &'a [u16],
}

/// What tells most n-grams that no benchmark has, and how many words n-grams may have.
pub struct Filter {
    bits: Vec<u64>,
    lengths: Vec<usize>,
}

impl Filter {
    /// Of the hashes of a table; `lengths`: the numbers of words of its n-grams.
    pub fn new(hashes: &[u64], lengths: Vec<usize>) -> Self {
        let mut bits = vec![0_u64; (hashes.len() * BITS_A_NGRAM / 64).next_power_of_two()];
        let mask = bits.len() - 1;
        for hash in hashes {
            if let Some(word) = bits.get_mut((hash >> 6) as usize & mask) {
                *word |= 1 << (hash & 63);
            }
        }
        Filter { bits, lengths }
    }

    #[inline(always)]
    fn may_hold(&self, hash: u64) -> bool {
        let word = self.bits.get((hash >> 6) as usize & (self.bits.len() - 1));
        word.is_some_and(|word| word >> (hash & 63) & 1 != 0)
    }
}

/// A stretch of a text, in code points, that a benchmark has too.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Overlap {
    pub benchmark: u16,
    pub start: u32,
    pub end: u32,
}

/// Buffers of one thread.
#[derive(Default)]
pub struct Finder {
    words: Words,
    ngrams: Vec<u64>,
}

impl<'a> Table<'a> {
    /// A table of hashes in ascending order and as many numbers of benchmarks.
    pub fn new(hashes: &'a [u64], benchmarks: &'a [u16]) -> Self {
        Table { hashes, benchmarks }
    }

    /// Appends where a text overlaps with which benchmark, ordered by benchmark and place, n-grams that overlap or touch each
    /// other as one; returns how many different n-grams of the table the text has.
    pub fn find(&self, text: &str, filter: &Filter, finder: &mut Finder, overlaps: &mut Vec<Overlap>) -> usize {
        let Finder { words, ngrams } = finder;
        words.read(text);
        ngrams.clear();
        let from = overlaps.len();
        for &n in &filter.lengths {
            for (first, hash) in words.ngrams(n).enumerate().filter(|(_, hash)| filter.may_hold(*hash)) {
                let place = self.hashes.partition_point(|other| *other < hash);
                let same = self.hashes.iter().skip(place).take_while(|other| **other == hash).count();
                let Some((start, end)) = words.span(first, n).filter(|_| same > 0) else { continue };
                ngrams.push(hash);
                let benchmarks = self.benchmarks.iter().skip(place).take(same);
                overlaps.extend(benchmarks.map(|benchmark| Overlap { benchmark: *benchmark, start, end }));
            }
        }
        merge(overlaps, from);
        ngrams.sort_unstable();
        ngrams.dedup();
        ngrams.len()
    }
}

/// Joins those from a place on that overlap or touch each other and are of the same benchmark.
fn merge(overlaps: &mut Vec<Overlap>, from: usize) {
    if let Some(own) = overlaps.get_mut(from..) {
        own.sort_unstable();
    }
    let mut own = overlaps.split_off(from).into_iter();
    let Some(mut now) = own.next() else { return };
    for next in own {
        if next.benchmark == now.benchmark && next.start <= now.end {
            now.end = now.end.max(next.end);
        } else {
            overlaps.push(std::mem::replace(&mut now, next));
        }
    }
    overlaps.push(now);
}
