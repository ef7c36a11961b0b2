//! The language model as Python sees it.

use std::path::PathBuf;
use std::sync::Arc;

use arrow::array::*;
use arrow::buffer::{OffsetBuffer, ScalarBuffer};
use arrow::datatypes::{DataType, Field, Schema};
use arrow::pyarrow::PyArrowType;
use pyo3::exceptions::PyOSError;
use pyo3::prelude::*;

use crate::error::KernelError;
use crate::fasttext::{Model, Predictor};
use crate::parallel::by_rows;
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
    /// Looks at `window_chars` code points of a text, its beginning, middle and end in equal parts; None: at all.
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
                let mut predictor = Predictor::default();
                let mut found = Found::default();
                for row in rows {
                    let known = text.is_valid(row) && {
                        let value = text.value(row);
                        let pieces = window_chars.map_or([value, "", ""], |chars| windows(value, chars));
                        self.0.predict(&pieces, k, &mut predictor)
                    };
                    found.valid.push(known);
                    if known {
                        let best = &predictor.ranking.best;
                        found.labels.extend(best.iter().map(|(_, label)| *label as i32));
                        found.scores.extend(best.iter().map(|(score, _)| score.exp().min(1.0)));
                    }
                    found.lengths.push(if known { predictor.ranking.best.len() } else { 0 });
                }
                found
            })
        })?;
        let mut all = Found::default();
        for part in parts {
            all.valid.extend(part.valid);
            all.lengths.extend(part.lengths);
            all.labels.extend(part.labels);
            all.scores.extend(part.scores);
        }
        Ok(all.columns().map(PyArrowType)?)
    }
}

#[derive(Default)]
struct Found {
    valid: Vec<bool>,
    lengths: Vec<usize>,
    labels: Vec<i32>,
    scores: Vec<f32>,
}

impl Found {
    fn columns(self) -> Result<RecordBatch, KernelError> {
        let offsets = OffsetBuffer::<i32>::from_lengths(self.lengths);
        let list = |values: ArrayRef, offsets| {
            let field = Arc::new(Field::new("item", values.data_type().clone(), true));
            ListArray::try_new(field, offsets, values, Some(self.valid.clone().into()))
        };
        let labels = list(Arc::new(Int32Array::new(ScalarBuffer::from(self.labels), None)), offsets.clone())?;
        let scores = list(Arc::new(Float32Array::new(ScalarBuffer::from(self.scores), None)), offsets)?;
        let field = |name, kind: &DataType| Field::new(name, kind.clone(), true);
        let schema = Schema::new(vec![field("label", labels.data_type()), field("score", scores.data_type())]);
        Ok(RecordBatch::try_new(Arc::new(schema), vec![Arc::new(labels), Arc::new(scores)])?)
    }
}
