//! Splits a batch over threads, by bytes of text; the result does not depend on how many there are.

use std::ops::Range;

use arrow::array::{Array, StringArray};

use crate::error::{KernelError, Result};

/// Runs `work` on consecutive ranges of rows, one a thread, and returns the answers in row order.
pub fn by_rows<T, F>(text: &StringArray, threads: usize, work: F) -> Result<Vec<T>>
where
    T: Send,
    F: Fn(Range<usize>) -> T + Sync,
{
    let ranges = split(text, threads);
    if ranges.len() <= 1 {
        return Ok(ranges.into_iter().map(work).collect());
    }
    std::thread::scope(|scope| {
        let running: Vec<_> = ranges.into_iter().map(|range| scope.spawn(|| work(range))).collect();
        running
            .into_iter()
            .map(|thread| thread.join().map_err(|_| KernelError::Value("a kernel thread failed".into())))
            .collect()
    })
}

fn split(text: &StringArray, threads: usize) -> Vec<Range<usize>> {
    let rows = text.len();
    let total: usize = (0..rows).map(|row| text.value_length(row) as usize + 1).sum();
    let target = total / threads.max(1) + 1;
    let mut ranges = Vec::new();
    let (mut start, mut bytes) = (0, 0);
    for row in 0..rows {
        bytes += text.value_length(row) as usize + 1;
        if bytes >= target {
            ranges.push(start..row + 1);
            (start, bytes) = (row + 1, 0);
        }
    }
    if start < rows || ranges.is_empty() {
        ranges.push(start..rows);
    }
    ranges
}
