//! From the hidden vector to the likeliest labels: hierarchical softmax, softmax, one-vs-all.

use super::bytes::{damaged, Bytes};
use super::heap::Best;
use super::matrix::Matrix;
use crate::error::Result;

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Loss {
    Hierarchical,
    Softmax,
    /// One logistic unit a label: negative sampling and one-vs-all.
    Logistic,
}

impl Loss {
    pub fn read(file: &mut Bytes<'_>) -> Result<Self> {
        match file.i32()? {
            1 => Ok(Loss::Hierarchical),
            2 | 4 => Ok(Loss::Logistic),
            3 => Ok(Loss::Softmax),
            _ => Err(damaged("its loss is unknown")),
        }
    }
}

/// The output matrix with the loss, and the tree of a hierarchical one.
pub struct Output {
    matrix: Matrix,
    /// The matrix by column, of losses that ask for all rows: what is added to all labels stands together.
    columns: Vec<f32>,
    loss: Loss,
    /// Children of the inner nodes; node `labels + i` is the i-th of them, smaller numbers are labels.
    tree: Vec<(usize, usize)>,
    labels: usize,
}

/// Buffers of one thread.
#[derive(Default)]
pub struct Ranking {
    /// The best, best first.
    pub best: Best,
    scores: Vec<f32>,
    stack: Vec<(f32, usize)>,
}

fn log(x: f64) -> f32 {
    (f64::from(x as f32) + 1e-5).ln() as f32
}

impl Output {
    pub fn new(matrix: Matrix, loss: Loss, counts: &[i64]) -> Result<Self> {
        let labels = counts.len();
        if matrix.rows < labels {
            return Err(damaged("the output has fewer rows than there are labels"));
        }
        if counts.iter().any(|count| !(0..NOT_YET).contains(count)) {
            return Err(damaged("the count of a label is out of range"));
        }
        let tree = if loss == Loss::Hierarchical { huffman(counts) } else { Vec::new() };
        let columns = if loss == Loss::Hierarchical { Vec::new() } else { matrix.transposed() };
        Ok(Output { matrix, columns, loss, tree, labels })
    }

    pub fn dim(&self) -> usize {
        self.matrix.dim
    }

    /// Puts the `k` likeliest labels into `ranking.best`.
    pub fn rank(&self, hidden: &[f32], k: usize, ranking: &mut Ranking) {
        ranking.best.clear();
        match self.loss {
            Loss::Hierarchical => self.descend(hidden, k, ranking),
            Loss::Softmax => {
                self.products(hidden, &mut ranking.scores);
                let most = ranking.scores.iter().copied().fold(f32::MIN, f32::max);
                ranking.scores.iter_mut().for_each(|score| *score = (*score - most).exp());
                let sum: f32 = ranking.scores.iter().sum();
                ranking.scores.iter_mut().for_each(|score| *score /= sum);
                keep_best(ranking, k);
            }
            Loss::Logistic => {
                self.products(hidden, &mut ranking.scores);
                ranking.scores.iter_mut().for_each(|score| *score = sigmoid_of_table(*score));
                keep_best(ranking, k);
            }
        }
        ranking.best.sort();
    }

    /// The label that `rank` with k = 1 puts first.
    pub fn likeliest(&self, hidden: &[f32], ranking: &mut Ranking) -> Option<usize> {
        if self.loss == Loss::Softmax {
            self.products(hidden, &mut ranking.scores);
            let (mut first, mut second, mut label) = (f32::MIN, f32::MIN, None);
            for (number, score) in ranking.scores.iter().enumerate() {
                if *score > first {
                    (first, second, label) = (*score, first, Some(number));
                } else {
                    second = second.max(*score);
                }
            }
            if first - second > CLEAR {
                return label;
            }
        }
        self.rank(hidden, 1, ranking);
        ranking.best.iter().next().map(|(_, label)| *label)
    }

    fn products(&self, hidden: &[f32], scores: &mut Vec<f32>) {
        scores.clear();
        scores.resize(self.labels, 0.0);
        #[cfg(target_arch = "x86_64")]
        if std::arch::is_x86_feature_detected!("avx2") {
            // SAFETY: the CPU has AVX2, which is all that this function asks for beyond `products_plain`.
            return unsafe { self.products_avx2(hidden, scores) };
        }
        self.products_plain(hidden, scores);
    }

    #[cfg(target_arch = "x86_64")]
    #[target_feature(enable = "avx2")]
    unsafe fn products_avx2(&self, hidden: &[f32], scores: &mut [f32]) {
        self.products_plain(hidden, scores);
    }

    #[inline(always)]
    fn products_plain(&self, hidden: &[f32], scores: &mut [f32]) {
        for (column, value) in self.columns.chunks_exact(self.matrix.rows.max(1)).zip(hidden) {
            scores.iter_mut().zip(column).for_each(|(score, weight)| *score += weight * value);
        }
    }

    /// Depth first, left first, leaving out what cannot be among the best.
    fn descend(&self, hidden: &[f32], k: usize, ranking: &mut Ranking) {
        let lowest = log(0.0);
        ranking.stack.clear();
        ranking.stack.push((0.0, (2 * self.labels).saturating_sub(2)));
        while let Some((score, node)) = ranking.stack.pop() {
            if score < lowest || ranking.best.is_beyond(score, k) {
                continue;
            }
            let Some(inner) = node.checked_sub(self.labels) else {
                ranking.best.push((score, node), k);
                continue;
            };
            let Some(&(left, right)) = self.tree.get(inner) else { continue };
            let product = self.matrix.dot(inner, hidden);
            let right_share = (1.0 / f64::from(1.0 + (-product).exp())) as f32;
            ranking.stack.push((score + log(f64::from(right_share)), right));
            ranking.stack.push((score + log(1.0 - f64::from(right_share)), left));
        }
    }
}

/// Scores of a softmax that differ by more lead to different logarithms, so which label is first is decided.
const CLEAR: f32 = 1e-3;

/// Logarithms that differ by this are different as f32 too: they are above -12.
const APART: f64 = 1e-5;

fn keep_best(ranking: &mut Ranking, k: usize) {
    // Below this no score can stay: most need no logarithm.
    let mut least = f64::MIN;
    for (label, score) in ranking.scores.iter().enumerate() {
        if f64::from(*score) < least {
            continue;
        }
        let score = log(f64::from(*score));
        if !ranking.best.is_beyond(score, k) {
            ranking.best.push((score, label), k);
            if let Some(lowest) = ranking.best.lowest(k) {
                least = (f64::from(lowest) - APART).exp() - 1e-5;
            }
        }
    }
}

/// fastText looks the logistic function up in 512 steps from -8 to 8.
fn sigmoid_of_table(x: f32) -> f32 {
    if x < -8.0 {
        0.0
    } else if x > 8.0 {
        1.0
    } else {
        let step = ((x + 8.0) * 512.0 / 8.0 / 2.0) as i64;
        let x = (step * 16) as f32 / 512.0 - 8.0;
        (1.0 / f64::from(1.0 + (-x).exp())) as f32
    }
}

/// fastText's count of a node that is not made yet; all labels must have less, or the tree would bite its tail.
const NOT_YET: i64 = 1_000_000_000_000_000;

/// Children of the inner nodes of the Huffman tree over labels sorted by falling count, built as fastText builds it.
fn huffman(counts: &[i64]) -> Vec<(usize, usize)> {
    let n = counts.len();
    let mut all: Vec<i64> = counts.to_vec();
    all.resize((2 * n).saturating_sub(1), NOT_YET);
    let (mut leaf, mut node) = (n, n);
    let mut tree = Vec::with_capacity(n.saturating_sub(1));
    for at in n..all.len() {
        let mut next = || {
            let count = |place: usize| all.get(place).copied().unwrap_or(NOT_YET);
            if leaf > 0 && count(leaf - 1) < count(node) {
                leaf -= 1;
                leaf
            } else {
                node += 1;
                node - 1
            }
        };
        let (left, right) = (next(), next());
        let sum = all.get(left).copied().unwrap_or(0).saturating_add(all.get(right).copied().unwrap_or(0));
        tree.push((left, right));
        if let Some(count) = all.get_mut(at) {
            *count = sum;
        }
    }
    tree
}
