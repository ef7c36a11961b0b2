//! Scripts: which one the letters of a text are in (ISO 15924).

const NAMES: [&str; 8] = ["Latn", "Grek", "Cyrl", "Arab", "Hebr", "Hani", "Geor", "Zzzz"];

/// Counts of letters by script.
#[derive(Default, Clone, Copy)]
pub struct Letters([u32; NAMES.len()]);

/// The number (0..8) of the script that a letter belongs to; of anything else it means nothing.
pub fn number(c: char) -> u16 {
    match c as u32 {
        0..=0x24f | 0x1e00..=0x1eff | 0x250..=0x2af => 0,
        0x370..=0x3ff | 0x1f00..=0x1fff => 1,
        0x400..=0x52f => 2,
        0x600..=0x6ff | 0x750..=0x77f => 3,
        0x590..=0x5ff => 4,
        0x3400..=0x9fff => 5,
        0x10a0..=0x10ff => 6,
        _ => 7,
    }
}

impl Letters {
    /// Counts `n` letters of the script with that number.
    #[inline]
    pub fn add(&mut self, number: u16, n: u32) {
        if let Some(count) = self.0.get_mut(usize::from(number & 7)) {
            *count += n;
        }
    }

    /// The script of most letters and its share of them; "Zyyy" and 0 without letters.
    pub fn majority(&self) -> (&'static str, f32) {
        let total: u32 = self.0.iter().sum();
        let mut best = ("Zyyy", 0);
        for (name, count) in NAMES.iter().zip(self.0) {
            if count > best.1 {
                best = (name, count);
            }
        }
        (best.0, if total == 0 { 0.0 } else { best.1 as f32 / total as f32 })
    }
}
