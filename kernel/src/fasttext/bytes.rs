//! Reads little-endian numbers from a model file, which may be cut or hostile: nothing is taken that is not there.

use crate::error::{KernelError, Result};

/// Training leaves weights of a few tens; with larger ones than this a score might not be a number.
const MAX_WEIGHT: f32 = 1e6;

/// The bytes of a model file that have not been read yet.
pub struct Bytes<'a>(pub &'a [u8]);

impl<'a> Bytes<'a> {
    /// The next `n` bytes.
    pub fn take(&mut self, n: usize) -> Result<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(n).ok_or_else(|| damaged("the file ends too early"))?;
        self.0 = rest;
        Ok(taken)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N]> {
        self.take(N)?.try_into().map_err(|_| damaged("the file ends too early"))
    }

    pub fn bool(&mut self) -> Result<bool> {
        Ok(self.array::<1>()? != [0])
    }

    pub fn i32(&mut self) -> Result<i32> {
        Ok(i32::from_le_bytes(self.array()?))
    }

    pub fn i64(&mut self) -> Result<i64> {
        Ok(i64::from_le_bytes(self.array()?))
    }

    pub fn f64(&mut self) -> Result<f64> {
        Ok(f64::from_le_bytes(self.array()?))
    }

    /// A 32-bit number that counts something.
    pub fn size32(&mut self) -> Result<usize> {
        usize::try_from(self.i32()?).map_err(|_| damaged("a size is negative"))
    }

    /// A 64-bit number that counts something.
    pub fn size64(&mut self) -> Result<usize> {
        usize::try_from(self.i64()?).map_err(|_| damaged("a size is negative"))
    }

    /// The next `n` weights.
    pub fn floats(&mut self, n: usize) -> Result<Vec<f32>> {
        let bytes = self.take(n.checked_mul(4).ok_or_else(|| damaged("a matrix is too large"))?)?;
        let mut floats = Vec::with_capacity(n);
        floats.extend(bytes.chunks_exact(4).filter_map(|four| four.try_into().ok()).map(f32::from_le_bytes));
        if floats.iter().any(|weight| weight.is_nan() || weight.abs() > MAX_WEIGHT) {
            return Err(damaged("a weight is no number, or too large"));
        }
        Ok(floats)
    }

    /// The bytes up to the next zero byte, which is passed over.
    pub fn until_zero(&mut self) -> Result<&'a [u8]> {
        let end = memchr::memchr(0, self.0).ok_or_else(|| damaged("a word does not end"))?;
        let word = self.take(end)?;
        self.take(1)?;
        Ok(word)
    }
}

/// The error of a file that is not what it should be.
pub fn damaged(what: &str) -> KernelError {
    KernelError::Value(format!("not a whole fastText model: {what}"))
}
