//! Lines as Python sees them.

use std::sync::Arc;

use arrow::array::*;
use arrow::datatypes::DataType;
use arrow::pyarrow::PyArrowType;
use pyo3::prelude::*;

use crate::error::{KernelError, Result};
use crate::lines::{without, Canonical};
use crate::python::{batch, replaced};
use crate::strings::Strings;
use crate::words::code_points;

type Batch = PyArrowType<RecordBatch>;
type Column = PyArrowType<ArrayData>;

pub fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_function(wrap_pyfunction!(line_hashes, module)?)?;
    module.add_function(wrap_pyfunction!(without_lines, module)?)
}

/// Of each text the hashes of its lines that have so many code points, in order; null for a null text.
#[pyfunction]
#[pyo3(signature = (text, *, min_chars))]
fn line_hashes(py: Python<'_>, text: Strings, min_chars: usize) -> Column {
    let text = text.0;
    let lists = py.detach(|| {
        let (mut lists, mut canonical) = (ListBuilder::new(UInt64Builder::new()), Canonical::default());
        for value in &text {
            for line in value.unwrap_or_default().split('\n') {
                if let Some(hash) = canonical.hash(line, min_chars) {
                    lists.values().append_value(hash);
                }
            }
            lists.append(value.is_some());
        }
        lists.finish()
    });
    PyArrowType(lists.into_data())
}

/// The texts without the lines whose hashes (`line_hashes`, with the same `min_chars`) are in their list of `drop`; and how many
/// lines and code points that took (int32), with the line ends and blank lines that went with them. Nulls for a null text.
#[pyfunction]
#[pyo3(signature = (text, drop, *, min_chars))]
fn without_lines(py: Python<'_>, text: Strings, drop: Column, min_chars: usize) -> PyResult<Batch> {
    let text = text.0;
    let lists = lists_of_hashes(drop.0, text.len())?;
    let found = py.detach(|| {
        let (mut canonical, mut out, mut hashes) = (Canonical::default(), String::new(), Vec::new());
        let mut found = Vec::with_capacity(text.len());
        for (value, list) in text.iter().zip(lists.iter()) {
            hashes.clear();
            if let Some(list) = list {
                hashes.extend_from_slice(list.as_primitive::<arrow::datatypes::UInt64Type>().values());
            }
            hashes.sort_unstable();
            found.push(value.map(|value| {
                let dropped = without(value, &hashes, min_chars, &mut canonical, &mut out);
                let chars = if dropped == 0 { 0 } else { code_points(value) - code_points(&out) };
                ((dropped > 0).then(|| out.clone()), dropped as i32, chars as i32)
            }));
        }
        found
    });
    let changed = found.iter().enumerate().filter_map(|(row, one)| Some((row, one.as_ref()?.0.as_deref()?)));
    let lines: Int32Array = found.iter().map(|one| one.as_ref().map(|(_, lines, _)| *lines)).collect();
    let chars: Int32Array = found.iter().map(|one| one.as_ref().map(|(_, _, chars)| *chars)).collect();
    let columns: Vec<(&str, ArrayRef)> =
        vec![("text", Arc::new(replaced(text, changed))), ("lines", Arc::new(lines)), ("chars", Arc::new(chars))];
    Ok(batch(columns)?)
}

fn lists_of_hashes(data: ArrayData, rows: usize) -> Result<ListArray> {
    let fits = matches!(data.data_type(), DataType::List(field) if field.data_type() == &DataType::UInt64);
    if !fits || data.len() != rows {
        let found = format!("{} of {}", data.len(), data.data_type());
        return Err(KernelError::Type(format!("drop: want {rows} lists of uint64, got {found}")));
    }
    Ok(ListArray::from(data))
}
