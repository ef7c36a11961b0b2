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
