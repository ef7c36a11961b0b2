//! Overlap with benchmarks as Python sees it.

use std::sync::Arc;

use arrow::array::*;
use arrow::buffer::OffsetBuffer;
use arrow::datatypes::{DataType, Field, Fields, UInt16Type, UInt64Type};
use arrow::pyarrow::PyArrowType;
use pyo3::prelude::*;

use crate::error::{KernelError, Result};
use crate::overlap::{Filter, Finder, Overlap, Table, Words};
use crate::parallel::by_rows;
use crate::python::batch;
use crate::strings::Strings;

type Batch = PyArrowType<RecordBatch>;
type Column = PyArrowType<ArrayData>;

pub fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_class::<NgramTable>()?;
    module.add_function(wrap_pyfunction!(ngrams, module)?)
}

/// Of each text `ngrams`: the hashes of its n-grams of `most_words` folded words, in order; of a text with fewer, but at least
/// `least_words`, that of all its words; none of a shorter one. And `words`: how many words each of them has, 0 where there is
/// none. Nulls for a null text.
#[pyfunction]
#[pyo3(signature = (text, *, most_words, least_words))]
fn ngrams(py: Python<'_>, text: Strings, most_words: usize, least_words: usize) -> PyResult<Batch> {
    if least_words == 0 || least_words > most_words || most_words > MOST_WORDS {
        let wanted = format!("want 1 <= least_words <= most_words <= {MOST_WORDS}");
        return Err(KernelError::Value(format!("{wanted}, got {least_words} and {most_words}")).into());
    }
    let text = text.0;
    let (lists, words) = py.detach(|| {
        let (mut lists, mut numbers) = (ListBuilder::new(UInt64Builder::new()), UInt8Builder::new());
        let mut words = Words::default();
        for value in &text {
            words.read(value.unwrap_or_default());
            let n = if words.len() < least_words { 0 } else { words.len().min(most_words) };
            if n > 0 {
                words.ngrams(n).for_each(|hash| lists.values().append_value(hash));
            }
            lists.append(value.is_some());
            numbers.append_option(value.map(|_| n as u8));
        }
        (lists.finish(), numbers.finish())
    });
    Ok(batch(vec![("ngrams", Arc::new(lists)), ("words", Arc::new(words))])?)
}

/// An n-gram's number of words is a byte in a table; nobody wants more than a paragraph.
const MOST_WORDS: usize = 64;

/// The n-grams of benchmarks, in ascending order of their hashes; the arrays are used where they are, a mapped file too.
#[pyclass(frozen)]
pub struct NgramTable {
    hashes: UInt64Array,
    benchmarks: UInt16Array,
    filter: Filter,
}

#[pymethods]
impl NgramTable {
    /// `hashes` (uint64, ascending): of the n-grams; `benchmarks` (uint16): whose each is; `words`: the numbers of words that
    /// n-grams of the table have.
    #[new]
    #[pyo3(signature = (hashes, benchmarks, *, words))]
    fn new(py: Python<'_>, hashes: Column, benchmarks: Column, words: Vec<usize>) -> PyResult<Self> {
        let hashes: UInt64Array = primitive::<UInt64Type>(hashes.0, "hashes")?;
        let benchmarks: UInt16Array = primitive::<UInt16Type>(benchmarks.0, "benchmarks")?;
        if hashes.len() != benchmarks.len() {
            let found = format!("{} hashes and {} benchmarks", hashes.len(), benchmarks.len());
            return Err(KernelError::Value(format!("{found}: want as many of both")).into());
        }
        if let Some(wrong) = words.iter().find(|n| !(1..=MOST_WORDS).contains(*n)) {
            return Err(KernelError::Value(format!("n-grams of {wrong} words: want 1 to {MOST_WORDS}")).into());
        }
        let filter = py.detach(|| {
            let values = hashes.values();
            let ascending = values.iter().zip(values.iter().skip(1)).all(|(one, next)| one <= next);
            ascending.then(|| Filter::new(values, words))
        });
        let Some(filter) = filter else {
            return Err(KernelError::Value("the hashes of a table do not ascend".into()).into());
        };
        Ok(NgramTable { hashes, benchmarks, filter })
    }

    /// Of each text `ngrams` (int32): how many different n-grams of the table it has; and `spans`, where they are: a list of
    /// (start, end, benchmark), start and end in code points of the text, the end not in, ordered by benchmark and start; those
    /// of a benchmark that overlap or touch are one. Nulls for a null text.
    #[pyo3(signature = (text, *, threads = 1))]
    fn find(&self, py: Python<'_>, text: Strings, threads: usize) -> PyResult<Batch> {
        let text = text.0;
        let table = Table::new(self.hashes.values(), self.benchmarks.values());
        let parts = py.detach(|| {
            by_rows(&text, threads, |rows| {
                let (mut finder, mut overlaps) = (Finder::default(), Vec::new());
                let mut counts = Vec::with_capacity(rows.len());
                for row in rows {
                    let before = overlaps.len();
                    let found = text
                        .is_valid(row)
                        .then(|| table.find(text.value(row), &self.filter, &mut finder, &mut overlaps) as i32);
                    counts.push((found, overlaps.len() - before));
                }
                (counts, overlaps)
            })
        })?;
        let (mut counts, mut overlaps) = (Vec::with_capacity(text.len()), Vec::new());
        for (some, more) in parts {
            counts.extend(some);
            overlaps.extend(more);
        }
        let ngrams: Int32Array = counts.iter().map(|(found, _)| *found).collect();
        Ok(batch(vec![("ngrams", Arc::new(ngrams)), ("spans", Arc::new(spans(&counts, &overlaps)?))])?)
    }
}

fn spans(counts: &[(Option<i32>, usize)], overlaps: &[Overlap]) -> Result<ListArray> {
    let fields: Fields = [("start", DataType::Int32), ("end", DataType::Int32), ("benchmark", DataType::UInt16)]
        .into_iter()
        .map(|(name, kind)| Field::new(name, kind, true))
        .collect();
    let columns: Vec<ArrayRef> = vec![
        Arc::new(overlaps.iter().map(|one| Some(one.start as i32)).collect::<Int32Array>()),
        Arc::new(overlaps.iter().map(|one| Some(one.end as i32)).collect::<Int32Array>()),
        Arc::new(overlaps.iter().map(|one| Some(one.benchmark)).collect::<UInt16Array>()),
    ];
    let values = StructArray::try_new(fields, columns, None)?;
    let offsets = OffsetBuffer::from_lengths(counts.iter().map(|(_, n)| *n));
    let valid = counts.iter().map(|(found, _)| found.is_some()).collect::<Vec<bool>>();
    let field = Arc::new(Field::new("item", values.data_type().clone(), true));
    Ok(ListArray::try_new(field, offsets, Arc::new(values), Some(valid.into()))?)
}

fn primitive<T: arrow::datatypes::ArrowPrimitiveType>(data: ArrayData, name: &str) -> Result<PrimitiveArray<T>> {
    if data.data_type() != &T::DATA_TYPE || data.null_count() > 0 {
        let found = format!("{} with {} nulls", data.data_type(), data.null_count());
        return Err(KernelError::Type(format!("{name}: want {} without nulls, got {found}", T::DATA_TYPE)));
    }
    Ok(PrimitiveArray::from(data))
}
