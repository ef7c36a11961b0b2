//! JSON Lines for Python: runs of lines in, record batches and faults out, the GIL free.

use arrow::array::RecordBatch;
use arrow::pyarrow::PyArrowType;
use memchr::memchr_iter;
use pyo3::prelude::*;

use crate::jsonl::{Names, Place, Records};

pub fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_function(wrap_pyfunction!(line_ends, module)?)?;
    module.add_class::<JsonlRecords>()
}

/// How many LFs there are; `bytes.count` takes ten times as long.
#[pyfunction]
fn line_ends(run: &[u8]) -> usize {
    memchr_iter(b'\n', run).count()
}

/// line, code, field, found, at, names
type Fault = (i64, &'static str, Option<String>, &'static str, usize, Vec<String>);

/// Collects the records of the lines of one file until a chunk is full; the four are names of fields.
#[pyclass(module = "altedic._kernel")]
struct JsonlRecords(Records);

#[pymethods]
impl JsonlRecords {
    #[new]
    #[pyo3(signature = (*, path, text_field, id_field, url_field, acquired_field, max_rows, max_bytes))]
    fn new(
        path: String,
        text_field: String,
        id_field: Option<String>,
        url_field: Option<String>,
        acquired_field: Option<String>,
        max_rows: usize,
        max_bytes: usize,
    ) -> Self {
        let names = Names { text: text_field, id: id_field, url: url_field, acquired: acquired_field };
        JsonlRecords(Records::new(names, path, max_rows, max_bytes))
    }

    /// Reads a run of lines from a byte on, `line` is the number of the line that begins there. Gives where to go on
    /// after `take()` when the chunk is full, None at the end of the run.
    #[pyo3(signature = (run, *, start, line))]
    fn read(&mut self, py: Python<'_>, run: &[u8], start: usize, line: i64) -> Option<Place> {
        py.detach(|| self.0.read(run, (start, line)))
    }

    /// The rows (line, source_id, text, url, acquired) and faults collected; the next record begins a new chunk.
    fn take(&mut self) -> PyResult<(PyArrowType<RecordBatch>, Vec<Fault>)> {
        let (rows, faults) = self.0.take()?;
        let told = |one: crate::jsonl::Fault| (one.line, one.code, one.field, one.found, one.at, one.names);
        Ok((PyArrowType(rows), faults.into_iter().map(told).collect()))
    }
}
