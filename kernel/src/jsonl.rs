//! JSON Lines into columns: the four strings of each record that we need, and what is wrong with the lines that have none.

use std::collections::HashSet;
use std::fmt::Write;
use std::sync::Arc;

use arrow::array::{ArrayRef, Int64Builder, RecordBatch, StringBuilder};
use arrow::datatypes::{DataType, Field, Schema};
use memchr::memchr;
use xxhash_rust::xxh3::xxh3_64;

use crate::error::Result;
use crate::json::{parse, Text, Value, NOT_FINITE, TOO_DEEP};

/// A missing text is told with the names of so many fields that are there, each cut to so many characters.
const MAX_NAMES: usize = 10;
const MAX_NAME_CHARS: usize = 40;

/// The names of the fields to read; without one for ids they are made of path and line.
pub struct Names {
    pub text: String,
    pub id: Option<String>,
    pub url: Option<String>,
    pub acquired: Option<String>,
}

/// Why a line is no record. Holds names of fields and positions, never a value.
#[derive(Debug, PartialEq, Eq)]
pub struct Fault {
    pub line: i64,
    pub code: &'static str,
    /// The field at fault.
    pub field: Option<String>,
    /// What was found: the type of a value, or what is wrong with the JSON.
    pub found: &'static str,
    /// invalid_utf8: the byte; invalid_json, invalid_unicode: the character; a missing text: how many fields there are.
    pub at: usize,
    /// The first names of fields of a record without text.
    pub names: Vec<String>,
}

/// Where to go on in a run of lines: a byte, and the number of the line that begins there.
pub type Place = (usize, i64);

/// Collects records until a chunk is full.
pub struct Records {
    names: Names,
    path: String,
    max_rows: usize,
    max_bytes: usize,
    columns: Columns,
    faults: Vec<Fault>,
}

#[derive(Default)]
struct Columns {
    n_rows: usize,
    n_bytes: usize,
    line: Int64Builder,
    source_id: StringBuilder,
    text: StringBuilder,
    url: StringBuilder,
    acquired: StringBuilder,
}

enum Id<'a> {
    Text(Text<'a>),
    Digits(&'a str),
    Line,
}

struct Record<'a> {
    text: Text<'a>,
    id: Id<'a>,
    url: Option<Text<'a>>,
    acquired: Option<Text<'a>>,
}

impl Records {
    /// Chunks end before more than so many rows or faults, and before more than so many bytes of strings.
    pub fn new(names: Names, path: String, max_rows: usize, max_bytes: usize) -> Records {
        Records { names, path, max_rows, max_bytes, columns: Columns::default(), faults: Vec::new() }
    }

    /// Reads lines of a run from a place on; gives the place of the first that does not fit into the chunk, None at the end.
    pub fn read(&mut self, run: &[u8], place: Place) -> Option<Place> {
        let (mut begin, mut number) = place;
        while let Some(rest) = run.get(begin..) {
            let line = memchr(b'\n', rest).and_then(|end| rest.get(..end)).unwrap_or(rest);
            if !line.is_empty() && !self.read_line(line, number) {
                return Some((begin, number));
            }
            begin += line.len() + 1;
            number += 1;
        }
        None
    }

    /// What has been collected; the next record begins a new chunk.
    pub fn take(&mut self) -> Result<(RecordBatch, Vec<Fault>)> {
        let faults = std::mem::take(&mut self.faults);
        Ok((std::mem::take(&mut self.columns).finish()?, faults))
    }

    /// False when the chunk must be taken before this line.
    fn read_line(&mut self, line: &[u8], number: i64) -> bool {
        let fault = match self.names.record(line, number) {
            Ok(None) => return true,
            Ok(Some(record)) => {
                let n_bytes = record.n_bytes(&self.path);
                let fits =
                    self.has_room() && (self.columns.n_rows == 0 || self.columns.n_bytes + n_bytes <= self.max_bytes);
                if fits {
                    self.columns.push(record, number, &self.path, n_bytes);
                }
                return fits;
            }
            Err(fault) => fault,
        };
        if !self.has_room() {
            return false;
        }
        self.faults.push(fault);
        true
    }

    fn has_room(&self) -> bool {
        self.columns.n_rows < self.max_rows && self.faults.len() < self.max_rows
    }
}

impl Columns {
    fn push(&mut self, record: Record<'_>, number: i64, path: &str, n_bytes: usize) {
        self.n_rows += 1;
        self.n_bytes += n_bytes;
        self.line.append_value(number);
        match record.id {
            Id::Text(text) => self.source_id.append_value(text.decoded()),
            Id::Digits(digits) => self.source_id.append_value(digits),
            Id::Line => {
                // It goes to memory and cannot fail.
                let _ = write!(self.source_id, "{path}#{number}");
                self.source_id.append_value("");
            }
        }
        self.text.append_value(record.text.decoded());
        self.url.append_option(record.url.map(|text| text.decoded()));
        self.acquired.append_option(record.acquired.map(|text| text.decoded()));
    }

    fn finish(mut self) -> Result<RecordBatch> {
        let columns: [(&str, ArrayRef); 5] = [
            ("line", Arc::new(self.line.finish())),
            ("source_id", Arc::new(self.source_id.finish())),
            ("text", Arc::new(self.text.finish())),
            ("url", Arc::new(self.url.finish())),
            ("acquired", Arc::new(self.acquired.finish())),
        ];
        let field = |name: &str, kind: &DataType| Field::new(name, kind.clone(), true);
        let schema =
            Schema::new(columns.iter().map(|(name, column)| field(name, column.data_type())).collect::<Vec<_>>());
        Ok(RecordBatch::try_new(Arc::new(schema), columns.into_iter().map(|(_, column)| column).collect())?)
    }
}

impl Record<'_> {
    fn n_bytes(&self, path: &str) -> usize {
        let id = match self.id {
            Id::Text(text) => text.n_bytes,
            Id::Digits(digits) => digits.len(),
            Id::Line => path.len() + 20,
        };
        id + self.text.n_bytes + [self.url, self.acquired].iter().flatten().map(|text| text.n_bytes).sum::<usize>()
    }
}

impl Names {
    /// The record in a line; None for a blank line.
    fn record<'a>(&self, line: &'a [u8], number: i64) -> std::result::Result<Option<Record<'a>>, Fault> {
        let fault = |code, field: Option<&String>, found, at| {
            let field = field.cloned();
            Fault { line: number, code, field, found, at, names: Vec::new() }
        };
        let Ok(line) = simdutf8::basic::from_utf8(line) else {
            let at = std::str::from_utf8(line).err().map_or(0, |error| error.valid_up_to());
            return Err(fault("invalid_utf8", None, "", at));
        };
        let (mut text, mut id, mut url, mut acquired) = (None, None, None, None);
        let parsed = parse(line, |name, value| {
            let name = name.decoded();
            // The last of several fields of the same name is the one that counts, as it is in Python.
            for (wanted, found) in [
                (Some(&self.text), &mut text),
                (self.id.as_ref(), &mut id),
                (self.url.as_ref(), &mut url),
                (self.acquired.as_ref(), &mut acquired),
            ] {
                if wanted.is_some_and(|wanted| *wanted == name) {
                    *found = Some(value);
                }
            }
        });
        match parsed {
            Ok(None) => return Ok(None),
            Ok(Some(Value::Object)) => {}
            Ok(Some(other)) => return Err(fault("not_an_object", None, other.name(), 0)),
            Err(wrong) => {
                let chars = line.get(..wrong.at).map_or(0, |before| before.chars().count());
                let at = if [TOO_DEEP, NOT_FINITE].contains(&wrong.what) { 0 } else { chars };
                return Err(fault("invalid_json", None, wrong.what, at));
            }
        }
        let name = Some(&self.text);
        let text = match text {
            Some(Value::String(text)) => text,
            Some(Value::Null) => return Err(fault("no_text_field", name, "null", 0)),
            Some(other) => return Err(fault("text_not_a_string", name, other.name(), 0)),
            None => {
                let (names, n_names) = names_of(line);
                return Err(Fault { names, ..fault("no_text_field", name, "missing", n_names) });
            }
        };
        let whole = |text: Text<'a>, name| match text.has_half_pair {
            true => Err(fault("invalid_unicode", name, "", text.chars_before_half_pair())),
            false => Ok(text),
        };
        let name = self.id.as_ref();
        let id = match id {
            _ if name.is_none() => Id::Line,
            Some(Value::Integer(digits)) => Id::Digits(digits),
            Some(Value::String(text)) if text.n_bytes == 0 && !text.has_half_pair => {
                return Err(fault("no_id_field", name, "an empty string", 0));
            }
            Some(Value::String(text)) => Id::Text(whole(text, name)?),
            Some(other) => return Err(fault("no_id_field", name, other.name(), 0)),
            None => return Err(fault("no_id_field", name, "missing", 0)),
        };
        let name = self.url.as_ref();
        let url = match url {
            None | Some(Value::Null) => None,
            Some(Value::String(text)) => Some(whole(text, name)?),
            Some(other) => return Err(fault("url_not_a_string", name, other.name(), 0)),
        };
        let name = self.acquired.as_ref();
        let acquired = match acquired {
            None | Some(Value::Null) => None,
            Some(Value::String(text)) if !text.has_half_pair => Some(text),
            Some(Value::String(_)) => return Err(fault("bad_acquired", name, "another string", 0)),
            Some(other) => return Err(fault("bad_acquired", name, other.name(), 0)),
        };
        Ok(Some(Record { text: whole(text, Some(&self.text))?, id, url, acquired }))
    }
}

/// The first names of the fields of an object, and how many different ones there are.
fn names_of(line: &str) -> (Vec<String>, usize) {
    let (mut names, mut seen) = (Vec::new(), HashSet::new());
    let _ = parse(line, |name, _| {
        let name = name.decoded();
        if seen.insert(xxh3_64(name.as_bytes())) && names.len() < MAX_NAMES {
            names.push(name.chars().take(MAX_NAME_CHARS).collect());
        }
    });
    (names, seen.len())
}
