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
        Ok(Output { matrix, loss, tree, labels })
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

    fn products(&self, hidden: &[f32], scores: &mut Vec<f32>) {
        scores.clear();
        scores.extend((0..self.labels).map(|row| self.matrix.dot(row, hidden)));
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

fn keep_best(ranking: &mut Ranking, k: usize) {
    for (label, score) in ranking.scores.iter().enumerate() {
        let score = log(f64::from(*score));
        if !ranking.best.is_beyond(score, k) {
            ranking.best.push((score, label), k);
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
