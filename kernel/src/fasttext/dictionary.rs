//! The vocabulary of a model: which rows of the input matrix a token stands for.

use super::bytes::{damaged, Bytes};
use crate::error::Result;

pub const END: &[u8] = b"</s>";
pub const LABEL: &[u8] = b"__label__";
const FNV_START: u32 = 2_166_136_261;
const FNV_PRIME: u32 = 16_777_619;
const FREE: u32 = u32::MAX;

/// One byte more of fastText's FNV-1a, which takes bytes as signed.
#[inline(always)]
pub fn fnv(hash: u32, byte: u8) -> u32 {
    (hash ^ (byte as i8 as u32)).wrapping_mul(FNV_PRIME)
}

/// fastText's hash of a token.
#[inline]
pub fn hash(token: &[u8]) -> u32 {
    token.iter().fold(FNV_START, |hash, byte| fnv(hash, *byte))
}

/// Buffers of one thread: a word with its ends marked, and the hashes of its n-grams.
#[derive(Default)]
pub struct Buffers {
    marked: Vec<u8>,
    hashes: Vec<u32>,
}

/// Words, labels and buckets of n-grams.
pub struct Dictionary {
    pub n_words: usize,
    /// Of each label its name without the prefix and its count, most frequent first.
    pub labels: Vec<(String, i64)>,
    words: Vec<Vec<u8>>,
    /// Open addressing by hash: hashes, with the numbers of words and, after them, labels.
    table: Vec<(u32, u32)>,
    buckets: Buckets,
    min_chars: usize,
    max_chars: usize,
    pub word_ngrams: usize,
}

impl Dictionary {
    /// Reads the vocabulary; the lengths of n-grams come from the model's arguments.
    pub fn read(file: &mut Bytes<'_>, arguments: &super::Arguments) -> Result<Self> {
        let (size, n_words, n_labels) = (file.size32()?, file.size32()?, file.size32()?);
        file.i64()?;
        let n_pruned = file.i64()?;
        if n_words.checked_add(n_labels) != Some(size) {
            return Err(damaged("words and labels do not add up"));
        }
        let (mut words, mut labels) = (Vec::new(), Vec::new());
        for number in 0..size {
            let word = file.until_zero()?;
            let count = file.i64()?;
            let is_label = file.take(1)? == [1];
            if is_label != (number >= n_words) {
                return Err(damaged("labels stand among words"));
            }
            if is_label {
                let name = word.strip_prefix(LABEL).unwrap_or(word);
                labels.push((String::from_utf8_lossy(name).into_owned(), count));
            }
            words.push(word.to_vec());
        }
        let mut table = vec![(0, FREE); (size * 2).next_power_of_two()];
        for (number, word) in words.iter().enumerate() {
            let hashed = hash(word);
            let at = find(&table, &words, word, hashed);
            if let Some(slot) = table.get_mut(at) {
                *slot = (hashed, number as u32);
            }
        }
        let buckets = Buckets::read(file, arguments.buckets, n_pruned)?;
        let (min_chars, max_chars) = (arguments.min_chars, arguments.max_chars);
        Ok(Dictionary {
            n_words,
            labels,
            words,
            table,
            buckets,
            min_chars,
            max_chars,
            word_ngrams: arguments.word_ngrams,
        })
    }

    /// The rows of n-grams of words, which stand behind those of the words themselves.
    pub fn n_bucket_rows(&self) -> usize {
        self.buckets.n_rows()
    }

    /// Bucket rows in the order in which this dictionary numbers them, as the file numbers them.
    pub fn bucket_order(&self) -> &[u32] {
        &self.buckets.order
    }

    /// The number of a word or label.
    #[inline]
    pub fn number(&self, token: &[u8], hash: u32) -> Option<usize> {
        let (_, found) = self.table.get(find(&self.table, &self.words, token, hash)).copied()?;
        (found != FREE).then_some(found as usize)
    }

    /// Calls `found` with the row of every character n-gram of a word, its ends marked with < and >.
    #[inline(always)]
    pub fn character_ngrams(&self, word: &[u8], buffers: &mut Buffers, found: impl FnMut(usize)) {
        if self.max_chars == 0 || self.buckets.is_empty() {
            return;
        }
        let Buffers { marked, hashes } = buffers;
        marked.clear();
        marked.push(b'<');
        marked.extend_from_slice(word);
        marked.push(b'>');
        hashes.clear();
        if marked.is_ascii() {
            self.hash_ngrams(marked, |_| 1, hashes);
        } else {
            let width = |rest: &[u8]| 1 + rest.iter().skip(1).take_while(|byte| **byte & 0xc0 == 0x80).count();
            self.hash_ngrams(marked, width, hashes);
        }
        self.buckets.rows(hashes, self.n_words, found);
    }

    /// The hashes of the n-grams of characters; `width` is how many bytes the first character of some bytes has.
    #[inline(always)]
    fn hash_ngrams(&self, marked: &[u8], width: impl Fn(&[u8]) -> usize, hashes: &mut Vec<u32>) {
        let mut start = marked;
        while !start.is_empty() {
            let (mut hash, mut rest) = (FNV_START, start);
            for n in 1..=self.max_chars {
                let Some((character, more)) = rest.split_at_checked(width(rest)) else { break };
                hash = character.iter().fold(hash, |hash, byte| fnv(hash, *byte));
                rest = more;
                let is_end = n == 1 && (start.len() == marked.len() || rest.is_empty());
                if n >= self.min_chars && !is_end {
                    hashes.push(hash);
                }
                if rest.is_empty() {
                    break;
                }
            }
            start = start.get(width(start)..).unwrap_or_default();
        }
    }

    /// Calls `found` with the row of every n-gram of words, given the hashes of all tokens.
    pub fn token_ngrams(&self, hashes: &[u32], mut found: impl FnMut(usize)) {
        if self.word_ngrams < 2 || self.buckets.is_empty() {
            return;
        }
        // fastText keeps the hashes as signed numbers.
        let signed = |hash: &u32| *hash as i32 as i64 as u64;
        for (at, first) in hashes.iter().enumerate() {
            let mut hash = signed(first);
            for next in hashes.iter().skip(at + 1).take(self.word_ngrams - 1) {
                hash = hash.wrapping_mul(116_049_371).wrapping_add(signed(next));
                if let Some(row) = self.buckets.row(hash) {
                    found(self.n_words + row);
                }
            }
        }
    }
}

#[inline]
fn find(table: &[(u32, u32)], words: &[Vec<u8>], token: &[u8], hash: u32) -> usize {
    let mask = table.len() - 1;
    let mut at = hash as usize & mask;
    while let Some((there, number)) = table.get(at).filter(|(_, number)| *number != FREE) {
        if *there == hash && words.get(*number as usize).is_some_and(|word| word == token) {
            break;
        }
        at = (at + 1) & mask;
    }
    at
}

/// Which buckets have a row. A pruned model keeps few: a bit for each bucket, and how many stand before each 64 of them,
/// make a miss cheap; rows are numbered in the order of their buckets.
struct Buckets {
    n: u64,
    /// For remainders by n without a division (Lemire, Kaser and Kurz 2019, arXiv 1902.01961).
    inverse: u64,
    bits: Vec<u64>,
    before: Vec<u32>,
    order: Vec<u32>,
    pruned: bool,
}

const MAX_BUCKETS: usize = 1 << 28;

impl Buckets {
    fn read(file: &mut Bytes<'_>, n: usize, n_pruned: i64) -> Result<Self> {
        let n_kept = usize::try_from(n_pruned).unwrap_or(0);
        if n > MAX_BUCKETS || n_kept > n {
            return Err(damaged("there are too many buckets"));
        }
        let pruned = n_pruned >= 0;
        let mut kept = Vec::new();
        for _ in 0..n_kept {
            let (bucket, row) = (file.size32()?, file.i32()?);
            if bucket >= n || row < 0 || row as usize >= n_kept {
                return Err(damaged("a bucket is out of range"));
            }
            kept.push((bucket, row as u32));
        }
        kept.sort_unstable();
        let mut bits = vec![0_u64; if pruned { n.div_ceil(64) } else { 0 }];
        for (bucket, _) in &kept {
            if let Some(word) = bits.get_mut(bucket / 64) {
                *word |= 1 << (bucket % 64);
            }
        }
        let mut sum = 0;
        let mut before = Vec::with_capacity(bits.len());
        for word in &bits {
            before.push(sum);
            sum += word.count_ones();
        }
        if sum as usize != kept.len() {
            return Err(damaged("a bucket is there twice"));
        }
        let inverse = u64::MAX.checked_div(n as u64).unwrap_or(0).wrapping_add(1);
        Ok(Buckets {
            n: n as u64,
            inverse,
            bits,
            before,
            order: kept.into_iter().map(|(_, row)| row).collect(),
            pruned,
        })
    }

    fn is_empty(&self) -> bool {
        self.n_rows() == 0
    }

    fn n_rows(&self) -> usize {
        if self.pruned {
            self.order.len()
        } else {
            self.n as usize
        }
    }

    /// Calls `found` with the rows of those hashes that have one, in order, after `first`; the hashes are overwritten.
    #[inline(always)]
    fn rows(&self, hashes: &mut [u32], first: usize, mut found: impl FnMut(usize)) {
        if !self.pruned {
            hashes.iter().for_each(|hash| found(first + self.bucket(*hash) as usize));
            return;
        }
        // Most are missing. Without a branch on that lookups overlap: those found are gathered at the front.
        let mut kept = 0;
        for at in 0..hashes.len() {
            let bucket = self.bucket(hashes.get(at).copied().unwrap_or(0));
            if let Some(place) = hashes.get_mut(kept) {
                *place = bucket;
            }
            let word = self.bits.get(bucket as usize / 64).copied().unwrap_or(0);
            kept += (word >> (bucket % 64) & 1) as usize;
        }
        hashes
            .iter()
            .take(kept)
            .filter_map(|bucket| self.row_of(u64::from(*bucket)))
            .for_each(|row| found(first + row));
    }

    #[inline(always)]
    fn bucket(&self, hash: u32) -> u32 {
        let fraction = self.inverse.wrapping_mul(u64::from(hash));
        ((u128::from(fraction) * u128::from(self.n)) >> 64) as u32
    }

    /// The row of a hash.
    #[inline]
    fn row(&self, hash: u64) -> Option<usize> {
        let bucket = hash % self.n;
        if self.pruned {
            self.row_of(bucket)
        } else {
            Some(bucket as usize)
        }
    }

    /// The row of a bucket of a pruned model.
    #[inline(always)]
    fn row_of(&self, bucket: u64) -> Option<usize> {
        let (word, before) = (self.bits.get(bucket as usize / 64)?, self.before.get(bucket as usize / 64)?);
        let bit = 1_u64 << (bucket % 64);
        (word & bit != 0).then(|| *before as usize + (word & (bit - 1)).count_ones() as usize)
    }
}
