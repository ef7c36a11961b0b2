//! Repetition of n-grams of words (Gopher, arXiv 2112.11446, table A1), counted on hashes and pruned.

use std::collections::HashSet;
use std::hash::{BuildHasherDefault, Hasher};

/// Keys are hashes already.
#[derive(Default)]
pub struct Identity(u64);

impl Hasher for Identity {
    fn finish(&self) -> u64 {
        self.0
    }
    fn write(&mut self, _: &[u8]) {}
    fn write_u64(&mut self, value: u64) {
        self.0 = value;
    }
}

pub type HashesSeen = HashSet<u64, BuildHasherDefault<Identity>>;

pub const TOP: [usize; 3] = [2, 3, 4];
pub const DUPLICATED: [usize; 6] = [5, 6, 7, 8, 9, 10];

/// splitmix64's finaliser.
#[inline(always)]
pub fn mix(mut x: u64) -> u64 {
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

/// Shares of word characters in repeated n-grams.
#[derive(Default, Clone, Copy)]
pub struct Repetition {
    /// Count x characters of the n-gram for which that is most, among those that occur twice; n = 2, 3, 4.
    pub top: [f32; 3],
    /// Characters of n-grams that were there before, counted without overlap; n = 5..10.
    pub duplicated: [f32; 6],
}

/// An n-gram that may repeat: the word it begins with, its hash, and its slot in the table of counts.
#[derive(Default, Clone, Copy)]
struct Gram {
    at: u32,
    slot: u32,
    hash: u64,
}

/// Count and first place of an n-gram; a count of 0 is a free slot.
#[derive(Default, Clone, Copy)]
struct Slot {
    hash: u64,
    count: u32,
    first: u32,
}

/// How many bits there are for each 2-gram: one in sixteen that do not repeat is taken for one that does, until counted.
const BITS_A_GRAM: usize = 16;

/// Of 64 hashes, which were seen and which again.
#[derive(Default, Clone, Copy)]
struct Seen {
    once: u64,
    again: u64,
}

/// Buffers of one thread.
#[derive(Default)]
pub struct Repeats {
    seen: Vec<Seen>,
    alive: Vec<Gram>,
    slots: Vec<Slot>,
    /// Code points of all words before each word, and of all.
    ends: Vec<u32>,
}

impl Repeats {
    /// Repetition in a text given as hashes and characters of its words.
    ///
    /// An n-gram can repeat only where its first and last (n-1)-gram do, so each level looks at what the one before left.
    pub fn measure(&mut self, hashes: &[u64], chars: &[u32]) -> Repetition {
        let mut found = Repetition::default();
        self.ends.clear();
        self.ends.push(0);
        let mut total = 0;
        self.ends.extend(chars.iter().map(|n| {
            total += n;
            total
        }));
        if total == 0 {
            return found;
        }
        self.begin(hashes);
        for n in 2..=10 {
            if n > 2 {
                self.extend(hashes, n);
            }
            self.keep_repeated();
            if self.alive.is_empty() {
                break;
            }
            if let Some(slot) = TOP.iter().position(|top| *top == n).and_then(|i| found.top.get_mut(i)) {
                *slot = (self.most_chars(n) as f64 / f64::from(total)).min(1.0) as f32;
            }
            let level = DUPLICATED.iter().position(|level| *level == n);
            if let Some(slot) = level.and_then(|i| found.duplicated.get_mut(i)) {
                *slot = (self.duplicated_chars(n) as f64 / f64::from(total)) as f32;
            }
        }
        found
    }

    /// Leaves in `alive` the 2-grams that may repeat: in two sets of bits by hash, those seen and those seen again. Most
    /// words end here, before any table of counts.
    fn begin(&mut self, hashes: &[u64]) {
        let hash = |pair: &[u64]| match pair {
            [first, second] => mix(first.rotate_left(7) ^ second),
            _ => 0,
        };
        let n_words = (hashes.len() * BITS_A_GRAM / 64).next_power_of_two();
        self.seen.clear();
        self.seen.resize(n_words, Seen::default());
        let place = |hash: u64| ((hash >> 6) as usize & (n_words - 1), 1 << (hash & 63));
        for pair in hashes.windows(2) {
            let (word, bit) = place(hash(pair));
            if let Some(seen) = self.seen.get_mut(word) {
                seen.again |= seen.once & bit;
                seen.once |= bit;
            }
        }
        // Written without a branch: which ones stay, nothing can predict.
        self.alive.clear();
        self.alive.resize(hashes.len(), Gram::default());
        let mut kept = 0;
        for (at, pair) in hashes.windows(2).enumerate() {
            let hash = hash(pair);
            let (word, bit) = place(hash);
            if let Some(free) = self.alive.get_mut(kept) {
                *free = Gram { at: at as u32, slot: 0, hash };
            }
            kept += usize::from(self.seen.get(word).is_some_and(|seen| seen.again & bit != 0));
        }
        self.alive.truncate(kept);
    }

    /// Makes n-grams of the living (n-1)-grams: each goes on by a word where the one that begins a word later lives too.
    fn extend(&mut self, hashes: &[u64], n: usize) {
        let mut kept = 0;
        for place in 0..self.alive.len() {
            let (Some(&gram), next) = (self.alive.get(place), self.alive.get(place + 1)) else { continue };
            let follows = next.is_some_and(|next| next.at == gram.at + 1);
            if let (true, Some(word)) = (follows, hashes.get(gram.at as usize + n - 1)) {
                if let Some(free) = self.alive.get_mut(kept) {
                    *free = Gram { hash: mix(gram.hash.rotate_left(7) ^ word), ..gram };
                    kept += 1;
                }
            }
        }
        self.alive.truncate(kept);
    }

    /// Leaves in `alive` only n-grams that occur twice, each with its slot.
    fn keep_repeated(&mut self) {
        let size = (self.alive.len() * 2).next_power_of_two();
        let mask = size - 1;
        self.slots.clear();
        self.slots.resize(size, Slot::default());
        for gram in &mut self.alive {
            let mut at = gram.hash as usize & mask;
            while let Some(slot) = self.slots.get_mut(at) {
                if slot.count == 0 {
                    *slot = Slot { hash: gram.hash, count: 1, first: gram.at };
                    break;
                }
                if slot.hash == gram.hash {
                    slot.count += 1;
                    break;
                }
                at = (at + 1) & mask;
            }
            gram.slot = at as u32;
        }
        let slots = &self.slots;
        self.alive.retain(|gram| slots.get(gram.slot as usize).is_some_and(|slot| slot.count > 1));
    }

    /// The most characters that one n-gram has in all its places together.
    fn most_chars(&self, n: usize) -> u64 {
        let all = self.alive.iter().map(|gram| {
            let slot = self.slots.get(gram.slot as usize).copied().unwrap_or_default();
            // Only the first place of an n-gram: the words of the others may differ in length when hashes collide.
            if slot.first == gram.at {
                u64::from(slot.count) * self.width_chars(gram.at, n)
            } else {
                0
            }
        });
        all.max().unwrap_or(0)
    }

    /// Characters of n-grams that were there before, counted without overlap from the left.
    fn duplicated_chars(&mut self, n: usize) -> u64 {
        const SEEN: u32 = u32::MAX;
        let (mut covered, mut free_from) = (0, 0);
        for place in 0..self.alive.len() {
            let Some(&gram) = self.alive.get(place) else { continue };
            if gram.at < free_from {
                continue;
            }
            let Some(slot) = self.slots.get_mut(gram.slot as usize) else { continue };
            if slot.count == SEEN {
                covered += self.width_chars(gram.at, n);
                free_from = gram.at + n as u32;
            } else {
                slot.count = SEEN;
            }
        }
        covered
    }

    fn width_chars(&self, at: u32, n: usize) -> u64 {
        let end = self.ends.get(at as usize + n).copied().unwrap_or(0);
        u64::from(end.saturating_sub(self.ends.get(at as usize).copied().unwrap_or(0)))
    }
}
