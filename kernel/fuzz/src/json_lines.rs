//! A file of JSON Lines: every line that is not blank is a record or a fault, whatever the chunks and runs it is read in.

use _kernel::jsonl::{Fault, Names, Place, Records};
use arrow::array::{Array, AsArray, RecordBatch};
use arrow::datatypes::Int64Type;

const PATH: &str = "ħobż.jsonl";

/// source_id, text, url and acquired of a line, or why it has none.
pub type Answer = Result<[Option<String>; 4], Fault>;

/// Each line has the one answer that it has alone and among others, in small chunks and large; serde_json's where it has one.
pub fn json_lines(bytes: &[u8]) {
    for id in [Some("id"), None] {
        let whole = read(records(id, usize::MAX, usize::MAX), &[bytes]);
        let blank = |line: &[u8]| line.iter().all(|byte| b" \t\r".contains(byte));
        let lines = || bytes.split(|byte| *byte == b'\n').zip(1_i64..);
        let numbers: Vec<i64> = lines().filter(|(line, _)| !blank(line)).map(|(_, number)| number).collect();
        assert_eq!(
            whole.iter().map(|(number, _)| *number).collect::<Vec<_>>(),
            numbers,
            "a record or a fault for each line"
        );

        for (max_rows, max_bytes) in [(1, 0), (2, 50), (3, usize::MAX), (usize::MAX, 100)] {
            assert_eq!(read(records(id, max_rows, max_bytes), &[bytes]), whole, "chunks of {max_rows}, {max_bytes}");
        }
        let runs: Vec<&[u8]> = bytes.split_inclusive(|byte| *byte == b'\n').collect();
        assert_eq!(read(records(id, 2, usize::MAX), &runs), whole, "line by line");

        #[cfg(fuzzing)]
        for ((line, _), (_, answer)) in lines().filter(|(line, _)| !blank(line)).zip(&whole) {
            super::serde_reference::agrees(line, answer, id.is_some());
        }
    }
}

struct Limited {
    records: Records,
    max_rows: usize,
    max_bytes: usize,
}

fn records(id: Option<&str>, max_rows: usize, max_bytes: usize) -> Limited {
    let name = |name: &str| Some(name.to_string());
    let names = Names { text: "text".to_string(), id: id.and_then(name), url: name("url"), acquired: name("day") };
    Limited { records: Records::new(names, PATH.to_string(), max_rows, max_bytes), max_rows, max_bytes }
}

/// The answers for the lines of some runs, by the numbers of the lines.
fn read(mut limited: Limited, runs: &[&[u8]]) -> Vec<(i64, Answer)> {
    let mut found = Vec::new();
    let mut line = 1;
    for run in runs {
        let mut place: Place = (0, line);
        while let Some(next) = limited.records.read(run, place) {
            let before = found.len();
            limited.take(&mut found);
            assert!(next > place || found.len() > before, "reading goes on");
            place = next;
        }
        line += run.iter().filter(|byte| **byte == b'\n').count() as i64;
    }
    limited.take(&mut found);
    found.sort_by_key(|(number, _)| *number);
    found
}

impl Limited {
    fn take(&mut self, found: &mut Vec<(i64, Answer)>) {
        let (rows, faults) = self.records.take().expect("what was read is a record batch");
        assert!(
            rows.num_rows() <= self.max_rows && faults.len() <= self.max_rows,
            "a chunk has too many rows or faults"
        );
        let n_bytes: usize = (0..rows.num_rows()).flat_map(|row| strings(&rows, row)).flatten().map(|s| s.len()).sum();
        assert!(n_bytes <= self.max_bytes || rows.num_rows() == 1, "a chunk has too many bytes");
        let numbers = rows.column(0).as_primitive::<Int64Type>();
        found.extend((0..rows.num_rows()).map(|row| (numbers.value(row), Ok(strings(&rows, row)))));
        found.extend(faults.into_iter().map(|fault| (fault.line, Err(fault))));
    }
}

fn strings(rows: &RecordBatch, row: usize) -> [Option<String>; 4] {
    [1, 2, 3, 4].map(|column| {
        let column = rows.column(column).as_string::<i32>();
        column.is_valid(row).then(|| column.value(row).to_string())
    })
}
