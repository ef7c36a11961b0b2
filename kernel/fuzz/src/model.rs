//! A fastText model in hostile bytes: refused, or it ranks labels that it has.

use std::collections::HashSet;

use _kernel::fasttext::{Model, Predictor};

/// The words and labels of the seeds, scripts, marked ends, an end of line.
const TEXTS: [&str; 4] = ["", "a b ħobż", "__label__mt ж \u{301} </s> a\0b\nγάλα 😀", "il-ħobż frisk u l-ilma a a b"];

/// A model is refused, or gives each text at most k of its labels, best first, each time the same.
pub fn model(bytes: &[u8]) {
    let Ok(model) = Model::read(bytes) else { return };
    let mut used = Predictor::default();
    for text in TEXTS {
        for k in [0, 1, 3, 1_000] {
            predict(&model, text, k, &mut used);
        }
    }
    parts(&model, &mut used);
    // One word, all n-grams.
    predict(&model, &"ħoż".repeat(3_000), 1, &mut used);
}

/// What is left of a document when its parts have been asked for is nothing.
fn parts(model: &Model, used: &mut Predictor) {
    for part in TEXTS {
        let label = model.predict_part(part, used);
        assert!(label.is_none_or(|label| label < model.labels().count()), "a label that there is");
    }
    model.predict_whole(2, used);
    model.predict_whole(2, used);
    assert!(used.ranking.best.iter().next().is_none(), "no parts, no labels");
}

fn predict(model: &Model, text: &str, k: usize, used: &mut Predictor) {
    let known = model.predict(&[text, "", text], k, used);
    assert_eq!(known, text.chars().any(char::is_alphabetic), "known by its letters");
    let found: Vec<(f32, usize)> = used.ranking.best.iter().copied().collect();
    let n_labels = model.labels().count();
    assert!(found.len() <= k.min(n_labels), "{} labels of {n_labels}, k = {k}", found.len());
    assert!(found.iter().all(|(_, label)| *label < n_labels), "labels that there are");
    assert_eq!(found.iter().map(|(_, label)| label).collect::<HashSet<_>>().len(), found.len(), "each once");
    assert!(found.iter().all(|(score, _)| score.is_finite()), "scores are numbers");
    assert!(found.windows(2).all(|two| two[0].0 >= two[1].0), "best first");

    let mut fresh = Predictor::default();
    model.predict(&[text, "", text], k, &mut fresh);
    let bits = |found: &(f32, usize)| (found.0.to_bits(), found.1);
    assert!(fresh.ranking.best.iter().map(bits).eq(found.iter().map(bits)), "a used predictor keeps nothing");
}
