//! Repetition of n-grams of words (Gopher, arXiv 2112.11446, table A1), counted on hashes and pruned.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};
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
type Counted = HashMap<u64, (u32, u32), BuildHasherDefault<Identity>>;

pub const TOP: [usize; 3] = [2, 3, 4];
pub const DUPLICATED: [usize; 6] = [5, 6, 7, 8, 9, 10];

/// splitmix64's finaliser.
#[inline]
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

/// Buffers of one thread.
#[derive(Default)]
pub struct Repeats {
    alive: Vec<(u32, u64)>,
    counted: Counted,
    seen: HashesSeen,
}

impl Repeats {
    /// Repetition in a text given as hashes and characters of its words.
    ///
    /// An n-gram can repeat only where its first and last (n-1)-gram do, so each level looks at what the one before left.
    pub fn measure(&mut self, hashes: &[u64], chars: &[u32]) -> Repetition {
        let mut found = Repetition::default();
        let total: u64 = chars.iter().map(|n| u64::from(*n)).sum();
        if total == 0 {
            return found;
        }
        let width_chars =
            |at: u32, n: usize| -> u64 { chars.iter().skip(at as usize).take(n).map(|c| u64::from(*c)).sum() };
        self.alive.clear();
        self.alive.extend(hashes.iter().enumerate().map(|(at, hash)| (at as u32, mix(*hash))));
        self.keep_repeated();
        for n in 2..=10 {
            // Extend every living (n-1)-gram by the next word, where the (n-1)-gram one further on lives too.
            let mut kept = 0;
            for place in 0..self.alive.len() {
                let (Some(&(at, hash)), next) = (self.alive.get(place), self.alive.get(place + 1)) else { continue };
                let follows = next.is_some_and(|(other, _)| *other == at + 1);
                if let (true, Some(word)) = (follows, hashes.get(at as usize + n - 1)) {
                    if let Some(slot) = self.alive.get_mut(kept) {
                        *slot = (at, mix(hash.rotate_left(7) ^ word));
                        kept += 1;
                    }
                }
            }
            self.alive.truncate(kept);
            self.keep_repeated();
            if self.alive.is_empty() {
                break;
            }
            if let Some(slot) = TOP.iter().position(|top| *top == n).and_then(|i| found.top.get_mut(i)) {
                let most = self.counted.values().filter(|(count, _)| *count > 1);
                let most = most.map(|(count, at)| u64::from(*count) * width_chars(*at, n)).max().unwrap_or(0);
                *slot = (most as f64 / total as f64).min(1.0) as f32;
            }
            let level = DUPLICATED.iter().position(|level| *level == n);
            if let Some(slot) = level.and_then(|i| found.duplicated.get_mut(i)) {
                self.seen.clear();
                let (mut covered, mut free_from) = (0, 0);
                for (at, hash) in &self.alive {
                    if *at >= free_from && !self.seen.insert(*hash) {
                        covered += width_chars(*at, n);
                        free_from = at + n as u32;
                    }
                }
                *slot = (covered as f64 / total as f64) as f32;
            }
        }
        found
    }

    /// Leaves in `alive` only n-grams that occur twice; `counted` has count and first place of each.
    fn keep_repeated(&mut self) {
        self.counted.clear();
        for (at, hash) in &self.alive {
            match self.counted.entry(*hash) {
                Entry::Occupied(mut there) => there.get_mut().0 += 1,
                Entry::Vacant(free) => {
                    free.insert((1, *at));
                }
            }
        }
        let counted = &self.counted;
        self.alive.retain(|(_, hash)| counted.get(hash).is_some_and(|(count, _)| *count > 1));
    }
}
