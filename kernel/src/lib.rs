//! The Python surface of the kernel: Arrow in, Arrow out, the GIL free. Knows nothing of Beam, languages or licences.
#![deny(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

pub mod chars;
pub mod components;
pub mod error;
pub mod fasttext;
pub mod json;
pub mod jsonl;
pub mod minhash;
pub mod normalise;
pub mod parallel;
pub mod pii;
pub mod repetition;
pub mod scan;
pub mod script;
pub mod statistics;
pub mod windows;
pub mod words;

mod python;
mod python_fasttext;
mod python_jsonl;
mod strings;

use pyo3::prelude::*;

#[pymodule]
fn _kernel(module: &Bound<'_, PyModule>) -> PyResult<()> {
    python::register(module)?;
    python_jsonl::register(module)
}
