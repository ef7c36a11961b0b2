//! MinHash signatures over shingles of word hashes, and the bands of a signature.

use crate::repetition::mix;

/// The permutations x -> a*x + b (mod 2^32, a odd) of a signature; always the same for a size.
pub struct Permutations {
    a: Vec<u32>,
    b: Vec<u32>,
}

impl Permutations {
    /// `n` permutations, drawn by splitmix64 from a fixed seed.
    pub fn new(n: usize) -> Self {
        let mut state = 0x616c_7465_6469_6331_u64;
        let mut next = || {
            state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
            mix(state)
        };
        let a = (0..n).map(|_| (next() >> 32) as u32 | 1).collect();
        let b = (0..n).map(|_| (next() >> 32) as u32).collect();
        Permutations { a, b }
    }

    /// Puts the minimum of every permutation over all shingles into `signature`.
    pub fn sign(&self, shingles: &[u32], signature: &mut [u32]) {
        #[cfg(target_arch = "x86_64")]
        if std::arch::is_x86_feature_detected!("avx2") {
            // SAFETY: the CPU has AVX2, which is all that this function asks for beyond `sign_plain`.
            return unsafe { self.sign_avx2(shingles, signature) };
        }
        self.sign_plain(shingles, signature);
    }

    #[cfg(target_arch = "x86_64")]
    #[target_feature(enable = "avx2")]
    unsafe fn sign_avx2(&self, shingles: &[u32], signature: &mut [u32]) {
        self.sign_plain(shingles, signature);
    }

    #[inline(always)]
    pub(crate) fn sign_plain(&self, shingles: &[u32], signature: &mut [u32]) {
        // A block of permutations at a time, so that its minima stay in registers while all shingles pass.
        let blocks = signature.chunks_mut(BLOCK).zip(self.a.chunks(BLOCK)).zip(self.b.chunks(BLOCK));
        for ((signature, a), b) in blocks {
            match (<&mut [u32; BLOCK]>::try_from(&mut *signature), a.try_into(), b.try_into()) {
                (Ok(signature), Ok(a), Ok(b)) => sign_block(shingles, a, b, signature),
                _ => {
                    signature.fill(u32::MAX);
                    for x in shingles {
                        least(*x, a, b, signature);
                    }
                }
            }
        }
    }
}

/// How many permutations are worked on at a time: two registers of eight; the default 112 is seven times that.
const BLOCK: usize = 16;

#[inline(always)]
fn sign_block(shingles: &[u32], a: &[u32; BLOCK], b: &[u32; BLOCK], signature: &mut [u32; BLOCK]) {
    let mut minima = [u32::MAX; BLOCK];
    for x in shingles {
        least(*x, a, b, &mut minima);
    }
    *signature = minima;
}

#[inline(always)]
fn least(x: u32, a: &[u32], b: &[u32], minima: &mut [u32]) {
    for ((least, a), b) in minima.iter_mut().zip(a).zip(b) {
        *least = (*least).min(a.wrapping_mul(x).wrapping_add(*b));
    }
}

/// The shingles of `width` consecutive words, 32 bits each; fewer words make one shingle of all of them.
pub fn shingles(words: &[u64], width: usize, out: &mut Vec<u32>) {
    out.clear();
    let width = width.clamp(1, words.len().max(1));
    out.extend(words.windows(width).map(|window| {
        let hash = window.iter().fold(0_u64, |hash, word| mix(hash.rotate_left(5) ^ word));
        (hash >> 32) as u32
    }));
}

/// 64-bit hashes of the `bands` bands of a signature, each mixed with its number.
pub fn bands(signature: &[u32], bands: usize, out: &mut Vec<u64>) {
    let rows = (signature.len() / bands.max(1)).max(1);
    for (number, band) in signature.chunks_exact(rows).take(bands).enumerate() {
        out.push(band.iter().fold(mix(number as u64 + 1), |hash, row| mix(hash ^ u64::from(*row))));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fast_way_gives_the_plain_ways_signatures() {
        let words: Vec<u64> = (0..300).map(mix).collect();
        for (size, n) in [(1, 1), (15, 2), (16, 7), (112, 300), (130, 0)] {
            let mut found = Vec::new();
            shingles(words.get(..n).unwrap_or_default(), 5, &mut found);
            let (mut fast, mut plain) = (vec![0; size], vec![0; size]);
            Permutations::new(size).sign(&found, &mut fast);
            Permutations::new(size).sign_plain(&found, &mut plain);
            assert_eq!(fast, plain);
        }
    }
}
