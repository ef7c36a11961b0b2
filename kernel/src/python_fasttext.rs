//! The language model as Python sees it.

use std::path::PathBuf;
use std::sync::Arc;

use arrow::array::*;
use arrow::buffer::OffsetBuffer;
use arrow::datatypes::Field;
use arrow::pyarrow::PyArrowType;
use pyo3::exceptions::PyOSError;
use pyo3::prelude::*;

use crate::error::KernelError;
use crate::fasttext::{Model, Predictor, Ranking};
use crate::fold::fold;
use crate::parallel::by_rows;
use crate::parts;
use crate::python::batch;
use crate::script::Letters;
use crate::strings::Strings;
use crate::windows::windows;

/// A fastText model of labels, read from a `.bin` or `.ftz` file.
#[pyclass(frozen)]
pub struct LanguageModel(Model);

#[pymethods]
impl LanguageModel {
    #[new]
    fn new(path: PathBuf) -> PyResult<Self> {
        let file =
            std::fs::read(&path).map_err(|problem| PyOSError::new_err(format!("{}: {problem}", path.display())))?;
        let model = Model::read(&file).map_err(|problem| match problem {
            KernelError::Value(what) => KernelError::Value(format!("{}: {what}", path.display())),
            other => other,
        })?;
        Ok(LanguageModel(model))
    }

    /// The labels, without fastText's prefix; `predict` gives their places here.
    #[getter]
    fn labels(&self) -> Vec<String> {
        self.0.labels().map(String::from).collect()
    }

    /// Of each text the places of its `k` likeliest labels, best first, and their probabilities, as two columns of lists:
    /// `label` (int32) and `score` (float32). Null for a null text and for one without letters.
    ///
    /// Looks at `window_chars` code points of a text, its beginning, middle and end in equal parts, or at all where these have
    /// no letter; None: at all.
    #[pyo3(signature = (text, *, k, window_chars = None, threads = 1))]
    fn predict(
        &self,
        py: Python<'_>,
        text: Strings,
        k: usize,
        window_chars: Option<usize>,
        threads: usize,
    ) -> PyResult<PyArrowType<RecordBatch>> {
        let text = text.0;
        let parts = py.detach(|| {
            by_rows(&text, threads, |rows| {
                let (mut predictor, mut found) = (Predictor::default(), Ranked::default());
                for row in rows {
                    let value = if text.is_valid(row) { text.value(row) } else { "" };
                    let pieces = window_chars.map_or([value, "", ""], |chars| windows(value, chars));
                    // A table may fill the windows of a text that has words elsewhere.
                    let known = self.0.predict(&pieces, k, &mut predictor)
                        || pieces != [value, "", ""] && self.0.predict(&[value], k, &mut predictor);
                    found.push(known.then_some(&predictor.ranking));
                }
                found
            })
        })?;
        let mut all = Ranked::default();
        parts.into_iter().for_each(|part| all.append(part));
        Ok(batch(all.columns()?)?)
    }

    /// Of each text, folded (`fold`), what `predict` gives and its parts: `part_label` (list of int32), the likeliest label of
    /// each, and `part_letters` (list of int32), how many letters it has; and `script`, the one most letters are in (ISO 15924,
    /// "Zzzz" for the lesser ones, "Zyyy" without letters). The lists are null for a null text and for one without letters.
    ///
    /// Parts are `windows` windows of `window_bytes` bytes of UTF-8, spread evenly; or all lines of a text that has no more
    /// than that, and of every text where `windows` is 0; lines with few letters go together.
    #[pyo3(signature = (text, *, k, windows = 6, window_bytes = 160, threads = 1))]
    fn identify(
        &self,
        py: Python<'_>,
        text: Strings,
        k: usize,
        windows: usize,
        window_bytes: usize,
        threads: usize,
    ) -> PyResult<PyArrowType<RecordBatch>> {
        let text = text.0;
        let found = py.detach(|| {
            by_rows(&text, threads, |rows| {
                let (mut predictor, mut found) = (Predictor::default(), Identified::default());
                let mut pieces = Vec::new();
                for row in rows {
                    let value = if text.is_valid(row) { text.value(row) } else { "" };
                    let before = found.labels.len();
                    let mut scripts = Letters::default();
                    pieces.clear();
                    parts::windows(value, windows, window_bytes, |part| pieces.push(part));
                    found.judge(&self.0, &pieces, &mut predictor, &mut scripts);
                    // A table may fill the windows of a text that has words elsewhere.
                    if found.labels.len() == before {
                        pieces.clear();
                        parts::lines(value, |part| pieces.push(part));
                        found.judge(&self.0, &pieces, &mut predictor, &mut scripts);
                    }
                    self.0.predict_whole(k, &mut predictor);
                    found.lengths.push(found.labels.len() - before);
                    found.whole.push((found.labels.len() > before).then_some(&predictor.ranking));
                    found.scripts.push(scripts.majority().0);
                }
                found
            })
        })?;
        let mut all = Identified::default();
        found.into_iter().for_each(|part| all.append(part));
        Ok(batch(all.columns()?)?)
    }
}

/// Texts as `LanguageModel.identify` reads them: their words in lower case; null for null.
#[pyfunction]
pub fn fold_words(text: Strings) -> PyArrowType<ArrayData> {
    let mut out = StringBuilder::new();
    let mut folded = String::new();
    for value in &text.0 {
        folded.clear();
        out.append_option(value.map(|value| {
            fold(value, &mut folded, &mut Letters::default());
            folded.trim_end()
        }));
    }
    PyArrowType(out.finish().into_data())
}

type Columns = Vec<(&'static str, ArrayRef)>;

/// Labels with their scores, a list a text.
#[derive(Default)]
struct Ranked {
    valid: Vec<bool>,
    lengths: Vec<usize>,
    labels: Vec<i32>,
    scores: Vec<f32>,
}

impl Ranked {
    /// Adds a text; None: one without letters.
    fn push(&mut self, ranking: Option<&Ranking>) {
        let before = self.labels.len();
        if let Some(ranking) = ranking {
            self.labels.extend(ranking.best.iter().map(|(_, label)| *label as i32));
            self.scores.extend(ranking.best.iter().map(|(score, _)| score.exp().min(1.0)));
        }
        self.valid.push(ranking.is_some());
        self.lengths.push(self.labels.len() - before);
    }

    fn append(&mut self, other: Ranked) {
        self.valid.extend(other.valid);
        self.lengths.extend(other.lengths);
        self.labels.extend(other.labels);
        self.scores.extend(other.scores);
    }

    fn columns(self) -> Result<Columns, KernelError> {
        let labels = Arc::new(Int32Array::from(self.labels));
        let scores = Arc::new(Float32Array::from(self.scores));
        let list = |values: ArrayRef| lists(values, &self.lengths, &self.valid);
        Ok(vec![("label", list(labels)?), ("score", list(scores)?)])
    }
}

/// What `identify` finds: of each text its labels and its parts.
#[derive(Default)]
struct Identified {
    whole: Ranked,
    scripts: Vec<&'static str>,
    lengths: Vec<usize>,
    labels: Vec<i32>,
    letters: Vec<i32>,
    folded: String,
}

impl Identified {
    /// Adds the parts of a text that have letters.
    fn judge(&mut self, model: &Model, parts: &[&str], predictor: &mut Predictor, scripts: &mut Letters) {
        for part in parts {
            self.folded.clear();
            let letters = fold(part, &mut self.folded, scripts);
            if let Some(label) = (letters > 0).then(|| model.predict_part(&self.folded, predictor)).flatten() {
                self.labels.push(label as i32);
                self.letters.push(letters as i32);
            }
        }
    }

    fn append(&mut self, other: Identified) {
        self.whole.append(other.whole);
        self.scripts.extend(other.scripts);
        self.lengths.extend(other.lengths);
        self.labels.extend(other.labels);
        self.letters.extend(other.letters);
    }

    fn columns(self) -> Result<Columns, KernelError> {
        let list = |values: Vec<i32>| lists(Arc::new(Int32Array::from(values)), &self.lengths, &self.whole.valid);
        let script = Arc::new(StringArray::from_iter_values(self.scripts));
        let parts = vec![("part_label", list(self.labels)?), ("part_letters", list(self.letters)?), ("script", script)];
        Ok(self.whole.columns()?.into_iter().chain(parts).collect())
    }
}

fn lists(values: ArrayRef, lengths: &[usize], valid: &[bool]) -> Result<ArrayRef, KernelError> {
    let field = Arc::new(Field::new("item", values.data_type().clone(), true));
    let offsets = OffsetBuffer::<i32>::from_lengths(lengths.iter().copied());
    Ok(Arc::new(ListArray::try_new(field, offsets, values, Some(valid.to_vec().into()))?))
}
