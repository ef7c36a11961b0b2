//! String arrays as they come from Python: checked here, once and fast, because the kernel relies on valid UTF-8.

use arrow::array::{ArrayData, StringArray};
use arrow::datatypes::DataType;
use arrow::pyarrow::FromPyArrowUnchecked;
use pyo3::prelude::*;

use crate::error::{KernelError, Result};

/// A string array of valid UTF-8.
pub struct Strings(pub StringArray);

impl FromPyObject<'_, '_> for Strings {
    type Error = PyErr;

    fn extract(value: Borrowed<'_, '_, PyAny>) -> PyResult<Self> {
        // SAFETY: what arrow would check is checked by `strings`, before anything looks into the data; arrow's own check
        // of the text takes ten times as long.
        let data = unsafe { ArrayData::from_pyarrow_bound_unchecked(&value)? };
        Ok(Strings(strings(data)?))
    }
}

fn strings(data: ArrayData) -> Result<StringArray> {
    if data.data_type() != &DataType::Utf8 {
        return Err(KernelError::Type(format!("want a string array, got {}; cast it first", data.data_type())));
    }
    // Sizes of the buffers and their relation to length and offset; of the nulls, their count.
    data.validate()?;
    data.validate_nulls()?;
    let array = StringArray::from(data);
    let ends = array.value_offsets();
    let (first, last) = (ends.first().copied().unwrap_or(0), ends.last().copied().unwrap_or(0));
    let ascending = ends.iter().zip(ends.iter().skip(1)).all(|(start, end)| start <= end);
    let text = usize::try_from(first).ok().zip(usize::try_from(last).ok());
    let text = text.filter(|_| ascending).and_then(|(first, last)| array.values().get(first..last));
    let Some(text) = text else { return Err(KernelError::Value("the offsets of a string array are damaged".into())) };
    let Ok(text) = simdutf8::basic::from_utf8(text) else {
        return Err(KernelError::Value("a string array holds bytes that are not UTF-8".into()));
    };
    let cut = ends.iter().any(|end| !text.is_char_boundary((end - first) as usize));
    if cut {
        return Err(KernelError::Value("the offsets of a string array cut a character".into()));
    }
    Ok(array)
}
