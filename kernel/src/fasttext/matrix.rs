//! The matrices of a model, dense or product-quantised; the latter are expanded when they are read.

use super::bytes::{damaged, Bytes};
use crate::error::Result;

const CENTROIDS: usize = 256;

/// Rows of `dim` floats.
pub struct Matrix {
    pub rows: usize,
    pub dim: usize,
    values: Vec<f32>,
}

impl Matrix {
    /// A matrix from the values of its rows.
    pub fn new(dim: usize, values: Vec<f32>) -> Self {
        Matrix { rows: values.len() / dim.max(1), dim, values }
    }

    /// One row; empty beyond the last.
    #[inline(always)]
    pub fn row(&self, row: usize) -> &[f32] {
        self.values.get(row * self.dim..(row + 1) * self.dim).unwrap_or_default()
    }

    /// Asks the CPU for a row that is read soon.
    #[inline(always)]
    pub fn prefetch(&self, row: usize) {
        #[cfg(target_arch = "x86_64")]
        for line in self.row(row).chunks(CACHE_LINE_FLOATS) {
            use std::arch::x86_64::{_mm_prefetch, _MM_HINT_T0};
            // SAFETY: a prefetch reads nothing that the program sees, and the address is that of a slice.
            unsafe { _mm_prefetch::<_MM_HINT_T0>(line.as_ptr().cast()) };
        }
        #[cfg(not(target_arch = "x86_64"))]
        let _ = row;
    }

    /// Adds rows to `sum` in their order, so that the sum is the same bits on every machine.
    pub fn add_rows(&self, rows: &[u32], sum: &mut [f32]) {
        #[cfg(target_arch = "x86_64")]
        if std::arch::is_x86_feature_detected!("avx2") {
            // SAFETY: the CPU has AVX2, which is all that this function asks for beyond `add_rows_plain`.
            return unsafe { self.add_rows_avx2(rows, sum) };
        }
        self.add_rows_plain(rows, sum);
    }

    #[cfg(target_arch = "x86_64")]
    #[target_feature(enable = "avx2")]
    unsafe fn add_rows_avx2(&self, rows: &[u32], sum: &mut [f32]) {
        self.add_rows_plain(rows, sum);
    }

    /// 16 dimensions at a time, so that their sums stay in registers while all rows pass.
    #[inline(always)]
    fn add_rows_plain(&self, rows: &[u32], sum: &mut [f32]) {
        for (number, sums) in sum.chunks_mut(BLOCK).enumerate() {
            let at = number * BLOCK;
            let rows = rows.iter().map(|row| *row as usize * self.dim + at);
            match <&mut [f32; BLOCK]>::try_from(&mut *sums) {
                Ok(sums) => {
                    let mut block = *sums;
                    for values in rows.filter_map(|at| self.values.get(at..)?.first_chunk::<BLOCK>()) {
                        block.iter_mut().zip(values).for_each(|(sum, value)| *sum += value);
                    }
                    *sums = block;
                }
                Err(_) => {
                    let width = sums.len();
                    for values in rows.filter_map(|at| self.values.get(at..at + width)) {
                        sums.iter_mut().zip(values).for_each(|(sum, value)| *sum += value);
                    }
                }
            }
        }
    }

    /// The same values by column.
    pub fn transposed(&self) -> Vec<f32> {
        (0..self.dim).flat_map(|at| self.values.iter().skip(at).step_by(self.dim.max(1)).copied()).collect()
    }

    /// Reads a dense matrix.
    pub fn dense(file: &mut Bytes<'_>) -> Result<Self> {
        let (rows, dim) = (file.size64()?, file.size64()?);
        let values = file.floats(rows.checked_mul(dim).ok_or_else(|| damaged("a matrix is too large"))?)?;
        Ok(Matrix { rows, dim, values })
    }

    /// Reads a product-quantised matrix and expands it.
    pub fn quantised(file: &mut Bytes<'_>) -> Result<Self> {
        let has_norms = file.bool()?;
        let (rows, dim) = (file.size64()?, file.size64()?);
        let n_codes = file.size32()?;
        let codes = file.take(n_codes)?;
        let quantiser = Quantiser::read(file)?;
        if quantiser.dim != dim
            || rows.checked_mul(quantiser.parts) != Some(n_codes)
            || dim > MAX_PART_DIM * quantiser.parts
        {
            return Err(damaged("the codes do not fit the matrix"));
        }
        let norms = if has_norms {
            let codes = file.take(rows)?;
            let quantiser = Quantiser::read(file)?;
            Some(
                codes
                    .iter()
                    .map(|code| quantiser.centroid(0, *code).first().copied().unwrap_or(0.0))
                    .collect::<Vec<_>>(),
            )
        } else {
            None
        };
        let mut values = Vec::with_capacity(rows * dim);
        for (row, codes) in codes.chunks_exact(quantiser.parts.max(1)).enumerate() {
            let norm = norms.as_ref().map_or(1.0, |norms| norms.get(row).copied().unwrap_or(0.0));
            for (part, code) in codes.iter().enumerate() {
                values.extend(quantiser.centroid(part, *code).iter().map(|value| norm * value));
            }
        }
        if values.len() != rows * dim {
            return Err(damaged("the codes do not fill the matrix"));
        }
        Ok(Matrix { rows, dim, values })
    }

    /// The product of a row and a vector.
    #[inline]
    pub fn dot(&self, row: usize, vector: &[f32]) -> f32 {
        self.row(row).iter().zip(vector).map(|(a, b)| a * b).sum()
    }
}

const CACHE_LINE_FLOATS: usize = 16;
const BLOCK: usize = 16;

/// A code stands for at most 16 floats (fastText's default is 2), so that a small file cannot ask for much memory.
const MAX_PART_DIM: usize = 16;

struct Quantiser {
    dim: usize,
    parts: usize,
    part_dim: usize,
    last_dim: usize,
    centroids: Vec<f32>,
}

impl Quantiser {
    fn read(file: &mut Bytes<'_>) -> Result<Self> {
        let (dim, parts, part_dim, last_dim) = (file.size32()?, file.size32()?, file.size32()?, file.size32()?);
        let whole = parts.checked_sub(1).and_then(|n| n.checked_mul(part_dim)).and_then(|n| n.checked_add(last_dim));
        if whole != Some(dim) || dim == 0 {
            return Err(damaged("a quantiser does not fit together"));
        }
        let n = dim.checked_mul(CENTROIDS).ok_or_else(|| damaged("a quantiser is too large"))?;
        Ok(Quantiser { dim, parts, part_dim, last_dim, centroids: file.floats(n)? })
    }

    fn centroid(&self, part: usize, code: u8) -> &[f32] {
        let dim = if part + 1 == self.parts { self.last_dim } else { self.part_dim };
        let start = part * CENTROIDS * self.part_dim + usize::from(code) * dim;
        self.centroids.get(start..start + dim).unwrap_or_default()
    }
}
