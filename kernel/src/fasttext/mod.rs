//! fastText's supervised models: reads `.bin` and `.ftz` files and predicts labels as the library does.

mod bytes;
mod dictionary;
mod heap;
mod matrix;
mod output;

use crate::chars::{chars, LETTER, WHITE};
use crate::error::Result;
use bytes::{damaged, Bytes};
use dictionary::{hash, Buffers, Dictionary, END, LABEL};
use matrix::Matrix;
pub use output::Ranking;
use output::{Loss, Output};

const MAGIC: i32 = 793_712_314;
const SUPERVISED: i32 = 3;
/// The longest n-grams, of characters and of words, that a model may ask for (fastText's defaults are 6 and 1), so that a
/// small file cannot ask for much memory.
const MAX_NGRAM: usize = 64;

/// What of a model's training arguments prediction depends on.
pub struct Arguments {
    dim: usize,
    word_ngrams: usize,
    buckets: usize,
    min_chars: usize,
    max_chars: usize,
}

/// A model, ready to predict.
pub struct Model {
    dictionary: Dictionary,
    input: Matrix,
    output: Output,
}

/// Buffers of one thread.
#[derive(Default)]
pub struct Predictor {
    /// The likeliest labels of the last text, best first, as logarithms.
    pub ranking: Ranking,
    hidden: Vec<f32>,
    whole: Vec<f32>,
    whole_rows: usize,
    /// Buffers of `Model::sum`: hashes of the tokens, and the rows of them and their n-grams.
    hashes: Vec<u32>,
    rows: Vec<u32>,
    buffers: Buffers,
}

impl Model {
    /// The model in the bytes of a file.
    pub fn read(file: &[u8]) -> Result<Self> {
        let file = &mut Bytes(file);
        if file.i32()? != MAGIC {
            return Err(damaged("it begins otherwise"));
        }
        let version = file.i32()?;
        let dim = file.size32()?;
        for _ in 0..4 {
            file.i32()?; // window, epochs, smallest count, negative samples
        }
        let word_ngrams = file.size32()?;
        let loss = Loss::read(file)?;
        if file.i32()? != SUPERVISED {
            return Err(damaged("it is not a supervised one"));
        }
        let (buckets, min_chars, max_chars) = (file.size32()?, file.size32()?, file.size32()?);
        file.i32()?;
        file.f64()?; // rate of updates, threshold of sampling
        let max_chars = if version == 11 { 0 } else { max_chars };
        if word_ngrams.max(max_chars) > MAX_NGRAM {
            return Err(damaged("its n-grams are too long"));
        }
        let arguments = Arguments { dim, word_ngrams, buckets, min_chars, max_chars };
        let dictionary = Dictionary::read(file, &arguments)?;
        let quantised = file.bool()?;
        let input = if quantised { Matrix::quantised(file)? } else { Matrix::dense(file)? };
        let output = if file.bool()? && quantised { Matrix::quantised(file)? } else { Matrix::dense(file)? };
        let counts: Vec<i64> = dictionary.labels.iter().map(|(_, count)| *count).collect();
        let output = Output::new(output, loss, &counts)?;
        // Without a row there are no weights, and any dimension would fit.
        if input.dim != arguments.dim || output.dim() != arguments.dim || arguments.dim == 0 || counts.is_empty() {
            return Err(damaged("its matrices do not fit together"));
        }
        let input = in_order_of_buckets(input, &dictionary)?;
        Ok(Model { dictionary, input, output })
    }

    /// The labels' names, by number.
    pub fn labels(&self) -> impl Iterator<Item = &str> {
        self.dictionary.labels.iter().map(|(name, _)| name.as_str())
    }

    /// Ranks the `k` likeliest labels of the tokens of some pieces of text as if they stood on one line; false, and none,
    /// where there is no letter in them.
    pub fn predict(&self, pieces: &[&str], k: usize, with: &mut Predictor) -> bool {
        with.ranking.best.clear();
        let table = chars();
        if !pieces.iter().any(|piece| piece.chars().any(|c| table.class(c) & LETTER != 0)) {
            return false;
        }
        let rows = self.sum(pieces, with);
        if rows > 0 {
            self.output.rank(mean(&mut with.hidden, rows), k, &mut with.ranking);
        }
        true
    }

    /// The likeliest label of a part of a text, as `predict` gives it; the part is remembered for `predict_whole`. None
    /// where the model knows nothing of it.
    pub fn predict_part(&self, part: &str, with: &mut Predictor) -> Option<usize> {
        let rows = self.sum(&[part], with);
        let Predictor { ranking, hidden, whole, whole_rows, .. } = with;
        whole.resize(self.input.dim, 0.0);
        whole.iter_mut().zip(hidden.iter()).for_each(|(sum, value)| *sum += value);
        *whole_rows += rows;
        (rows > 0).then(|| self.output.likeliest(mean(hidden, rows), ranking)).flatten()
    }

    /// Ranks the `k` likeliest labels of all parts since the last call, as if they stood on one line.
    pub fn predict_whole(&self, k: usize, with: &mut Predictor) {
        with.ranking.best.clear();
        if with.whole_rows > 0 {
            self.output.rank(mean(&mut with.whole, with.whole_rows), k, &mut with.ranking);
        }
        with.whole.clear();
        with.whole_rows = 0;
    }

    /// Puts the sum of the rows of some pieces into `hidden` and returns how many there are.
    fn sum(&self, pieces: &[&str], with: &mut Predictor) -> usize {
        let Predictor { hidden, hashes, rows, buffers, .. } = with;
        hashes.clear();
        rows.clear();
        let words = pieces.iter().flat_map(|piece| Tokens(piece));
        for token in words.chain(std::iter::once(END)) {
            self.rows_of(token, hashes, rows, buffers);
            if token == END {
                break;
            }
        }
        self.dictionary.token_ngrams(hashes, |row| self.found(row, rows));
        hidden.clear();
        hidden.resize(self.input.dim, 0.0);
        self.input.add_rows(rows, hidden);
        rows.len()
    }

    #[inline]
    fn rows_of(&self, token: &[u8], hashes: &mut Vec<u32>, rows: &mut Vec<u32>, buffers: &mut Buffers) {
        let hashed = hash(token);
        let number = self.dictionary.number(token, hashed);
        let is_label = number.map_or_else(|| token.starts_with(LABEL), |number| number >= self.dictionary.n_words);
        if is_label {
            return;
        }
        hashes.push(hashed);
        if let Some(number) = number {
            self.found(number, rows);
        }
        if token != END {
            self.dictionary.character_ngrams(token, buffers, |row| self.found(row, rows));
        }
    }

    /// Notes a row, and has it fetched: the matrix is larger than a core's caches, and all rows are noted before one is added.
    #[inline(always)]
    fn found(&self, row: usize, rows: &mut Vec<u32>) {
        self.input.prefetch(row);
        rows.push(row as u32);
    }
}

/// Turns a sum of rows into their mean.
fn mean(sum: &mut [f32], rows: usize) -> &[f32] {
    let share = 1.0 / rows as f32;
    sum.iter_mut().for_each(|value| *value *= share);
    sum
}

/// Tokens as fastText splits them: at white space, here all of Unicode's, and at zero bytes.
struct Tokens<'a>(&'a str);

impl<'a> Iterator for Tokens<'a> {
    type Item = &'a [u8];

    #[inline]
    fn next(&mut self) -> Option<&'a [u8]> {
        let table = chars();
        let parts = |c: char| c == '\0' || table.class(c) & WHITE != 0;
        let rest = self.0.trim_start_matches(parts);
        let end = rest.find(parts).unwrap_or(rest.len());
        let (token, rest) = rest.split_at_checked(end)?;
        self.0 = rest;
        (!token.is_empty()).then_some(token.as_bytes())
    }
}

/// The rows of words, then those of n-grams in the order in which the dictionary numbers them.
fn in_order_of_buckets(input: Matrix, dictionary: &Dictionary) -> Result<Matrix> {
    let n_words = dictionary.n_words;
    if input.rows < n_words + dictionary.n_bucket_rows() {
        return Err(damaged("the input has fewer rows than there are words and buckets"));
    }
    let order = dictionary.bucket_order();
    if order.is_empty() {
        return Ok(input);
    }
    let mut values = Vec::with_capacity((n_words + order.len()) * input.dim);
    for row in (0..n_words).chain(order.iter().map(|row| n_words + *row as usize)) {
        values.extend_from_slice(input.row(row));
    }
    Ok(Matrix::new(input.dim, values))
}
