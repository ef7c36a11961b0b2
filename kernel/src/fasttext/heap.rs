//! The best labels so far, in a heap that orders equal scores as the C++ library (libstdc++'s heap functions) does: the
//! logistic losses give equal scores often, and which label then comes first must be the library's choice.

/// A label and the logarithm of its probability, as fastText takes it: log(p + 1e-5).
pub type Scored = (f32, usize);

/// At most `k` labels with the highest scores; the lowest of them stands first until `sort`.
#[derive(Default)]
pub struct Best(Vec<Scored>);

impl Best {
    pub fn clear(&mut self) {
        self.0.clear();
    }

    pub fn len(&self) -> usize {
        self.0.len()
    }

    pub fn iter(&self) -> impl Iterator<Item = &Scored> {
        self.0.iter()
    }

    /// Whether a label with that score could not stay.
    pub fn is_beyond(&self, score: f32, k: usize) -> bool {
        self.0.len() == k && self.0.first().is_some_and(|lowest| score < lowest.0)
    }

    /// The lowest score, once there are `k` labels.
    pub fn lowest(&self, k: usize) -> Option<f32> {
        (self.0.len() == k).then(|| self.0.first().map(|lowest| lowest.0)).flatten()
    }

    /// Adds a label, and drops the lowest where there are more than `k`.
    pub fn push(&mut self, one: Scored, k: usize) {
        self.0.push(one);
        self.rise(self.0.len() - 1, one);
        if self.0.len() > k {
            self.sink_last(self.0.len());
            self.0.pop();
        }
    }

    /// Puts the highest score first.
    pub fn sort(&mut self) {
        for len in (2..=self.0.len()).rev() {
            self.sink_last(len);
        }
    }

    fn at(&self, place: usize) -> Scored {
        self.0.get(place).copied().unwrap_or_default()
    }

    fn put(&mut self, place: usize, one: Scored) {
        if let Some(slot) = self.0.get_mut(place) {
            *slot = one;
        }
    }

    /// `__push_heap`: moves a value up from a hole.
    fn rise(&mut self, mut hole: usize, one: Scored) {
        while hole > 0 && self.at((hole - 1) / 2).0 > one.0 {
            self.put(hole, self.at((hole - 1) / 2));
            hole = (hole - 1) / 2;
        }
        self.put(hole, one);
    }

    /// `__pop_heap`: the first of `len` goes to their end, the last of them into the heap of the others.
    fn sink_last(&mut self, len: usize) {
        let len = len - 1;
        let one = self.at(len);
        self.put(len, self.at(0));
        let (mut hole, mut child) = (0, 0);
        while child < len.saturating_sub(1) / 2 {
            child = 2 * (child + 1);
            if self.at(child).0 > self.at(child - 1).0 {
                child -= 1;
            }
            self.put(hole, self.at(child));
            hole = child;
        }
        if len.is_multiple_of(2) && len >= 2 && child == (len - 2) / 2 {
            child = 2 * child + 1;
            self.put(hole, self.at(child));
            hole = child;
        }
        self.rise(hole, one);
    }
}
