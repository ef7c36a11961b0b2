//! What must hold of the kernel whatever it is given: each fuzz target is one of these six functions.

mod json_lines;
mod measure;
mod model;
mod normalise;
mod parts;
mod redact;
mod reference;
// The kernel's own tests, which run these checks too, do without serde_json.
#[cfg(fuzzing)]
mod serde_reference;

pub use json_lines::json_lines;
pub use measure::measure;
pub use model::model;
pub use normalise::normalise;
pub use parts::parts;
pub use redact::redact;
