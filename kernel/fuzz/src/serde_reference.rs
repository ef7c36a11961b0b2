//! What serde_json makes of a line of JSON. We differ, as Python's json does, in three things: half a surrogate pair in an
//! escape is a fault only in a string that is wanted; there is a depth (serde_json's is off); integers have a most of digits.

use _kernel::json::{NOT_FINITE, TOO_DEEP};
use serde_json::{Deserializer, Value};

use super::json_lines::Answer;

/// A line has serde_json's strings where it has a record, and a fault of the same kind where it has none.
pub fn agrees(line: &[u8], ours: &Answer, has_id: bool) {
    // With arbitrary_precision an object of this one name is a number.
    if line.windows(6).any(|part| part == b"$serde") {
        return;
    }
    match (parsed(line), ours) {
        (Err(problem), Err(fault)) => {
            let other = !["invalid_json", "invalid_utf8"].contains(&fault.code);
            assert!(!other || of_half_a_pair(&problem), "{fault:?}, but {problem}");
        }
        (Err(problem), Ok(_)) => assert!(of_half_a_pair(&problem), "a record, but {problem}"),
        (Ok(_), Err(fault)) if [TOO_DEEP, NOT_FINITE].contains(&fault.found) => {}
        (Ok(value), Err(fault)) => assert_eq!(record(&value, has_id), Err(fault.code)),
        (Ok(value), Ok([id, text, url, acquired])) => {
            let id = id.as_deref().filter(|_| has_id);
            assert_eq!(record(&value, has_id), Ok([id, text.as_deref(), url.as_deref(), acquired.as_deref()]));
        }
    }
}

fn parsed(line: &[u8]) -> serde_json::Result<Value> {
    let mut reader = Deserializer::from_slice(line);
    reader.disable_recursion_limit();
    let value = serde::Deserialize::deserialize(&mut reader)?;
    reader.end()?;
    Ok(value)
}

fn of_half_a_pair(problem: &serde_json::Error) -> bool {
    let problem = problem.to_string();
    problem.starts_with("lone leading surrogate") || problem.starts_with("unexpected end of hex escape")
}

/// source_id, text, url and acquired, or the code of the fault.
fn record(value: &Value, has_id: bool) -> Result<[Option<&str>; 4], &'static str> {
    let object = value.as_object().ok_or("not_an_object")?;
    let text = match object.get("text") {
        None | Some(Value::Null) => return Err("no_text_field"),
        Some(text) => text.as_str().ok_or("text_not_a_string")?,
    };
    let id = match object.get("id") {
        _ if !has_id => None,
        Some(Value::String(id)) if !id.is_empty() => Some(id.as_str()),
        Some(Value::Number(id)) if !id.as_str().contains(['.', 'e', 'E']) => {
            Some(id.as_str()).map(|id| if id == "-0" { "0" } else { id })
        }
        _ => return Err("no_id_field"),
    };
    let string = |name, code| match object.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(value) => value.as_str().map(Some).ok_or(code),
    };
    Ok([id, Some(text), string("url", "url_not_a_string")?, string("day", "bad_acquired")?])
}
