//! The Python surface of the kernel: Arrow in, Arrow out, the GIL free. Knows nothing of Beam, languages or licences.
#![deny(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
#![deny(clippy::indexing_slicing, clippy::string_slice, clippy::get_unwrap, clippy::unreachable, clippy::todo)]
#![deny(clippy::undocumented_unsafe_blocks)]
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing))]

pub mod chars;
pub mod components;
pub mod error;
pub mod fasttext;
pub mod fold;
pub mod json;
pub mod jsonl;
pub mod lines;
pub mod minhash;
pub mod normalise;
pub mod overlap;
pub mod parallel;
pub mod parts;
pub mod pii;
pub mod repetition;
pub mod scan;
pub mod script;
pub mod statistics;
pub mod windows;
pub mod words;

#[cfg(feature = "python")]
mod python;
#[cfg(feature = "python")]
mod python_fasttext;
#[cfg(feature = "python")]
mod python_jsonl;
#[cfg(feature = "python")]
mod python_lines;
#[cfg(feature = "python")]
mod python_overlap;
#[cfg(feature = "python")]
mod strings;

#[cfg(feature = "python")]
#[pyo3::pymodule]
fn _kernel(module: &pyo3::Bound<'_, pyo3::types::PyModule>) -> pyo3::PyResult<()> {
    python::register(module)?;
    python_jsonl::register(module)?;
    python_lines::register(module)?;
    python_overlap::register(module)
}
