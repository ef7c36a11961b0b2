//! What can go wrong in the kernel, and which Python exception each becomes.

/// An error of the kernel; its text never holds a document's text.
#[derive(Debug)]
pub enum KernelError {
    /// An argument of the wrong Arrow type.
    Type(String),
    /// An argument out of its range, or arrays that do not fit together.
    Value(String),
}

pub type Result<T> = std::result::Result<T, KernelError>;

#[cfg(feature = "python")]
impl From<KernelError> for pyo3::PyErr {
    fn from(error: KernelError) -> Self {
        use pyo3::exceptions::{PyTypeError, PyValueError};
        match error {
            KernelError::Type(text) => PyTypeError::new_err(text),
            KernelError::Value(text) => PyValueError::new_err(text),
        }
    }
}

impl From<arrow::error::ArrowError> for KernelError {
    fn from(error: arrow::error::ArrowError) -> Self {
        KernelError::Value(format!("arrow: {error}"))
    }
}
