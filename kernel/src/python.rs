//! The functions that Python sees.

use std::sync::Arc;

use arrow::array::*;
use arrow::datatypes::{DataType, Field, Schema};
use arrow::pyarrow::PyArrowType;
use pyo3::prelude::*;
use xxhash_rust::xxh3::Xxh3;

use crate::components::components;
use crate::error::{KernelError, Result};
use crate::minhash::{bands, Permutations};
use crate::parallel::by_rows;
use crate::statistics::{Measurer, Measures};
use crate::strings::Strings;
use crate::words::{WordSet, MAX_WORD_SET};
use crate::{normalise as norm, pii, words as w};

type Batch = PyArrowType<RecordBatch>;
type Column = PyArrowType<ArrayData>;

pub fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_class::<crate::python_fasttext::LanguageModel>()?;
    module.add_function(wrap_pyfunction!(crate::python_fasttext::fold_words, module)?)?;
    module.add_function(wrap_pyfunction!(normalise, module)?)?;
    module.add_function(wrap_pyfunction!(words, module)?)?;
    module.add_function(wrap_pyfunction!(measure, module)?)?;
    module.add_function(wrap_pyfunction!(doc_ids, module)?)?;
    module.add_function(wrap_pyfunction!(redact_pii, module)?)?;
    module.add_function(wrap_pyfunction!(connected_components, module)?)?;
    module.add_function(wrap_pyfunction!(signature_similarity, module)?)?;
    module.add_function(wrap_pyfunction!(band_hashes, module)?)
}

pub fn batch(columns: Vec<(&str, ArrayRef)>) -> Result<Batch> {
    let fields: Vec<Field> =
        columns.iter().map(|(name, column)| Field::new(*name, column.data_type().clone(), true)).collect();
    let arrays = columns.into_iter().map(|(_, column)| column).collect();
    Ok(PyArrowType(RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays)?))
}

/// `text`: the texts in NFC with LF line ends and without control characters, the very same array if none needs anything.
/// `control_chars`: how many control characters that are neither tabs nor breaks each had; null for a null text.
#[pyfunction]
#[pyo3(signature = (text, *, threads = 1))]
fn normalise(py: Python<'_>, text: Strings, threads: usize) -> PyResult<Batch> {
    let text = text.0;
    let parts = py.detach(|| {
        by_rows(&text, threads, |rows| {
            rows.map(|row| text.is_valid(row).then(|| norm::normalise(text.value(row)))).collect::<Vec<_>>()
        })
    })?;
    let found: Vec<_> = parts.into_iter().flatten().collect();
    let changed = found.iter().enumerate().filter_map(|(row, one)| Some((row, one.as_ref()?.0.as_deref()?)));
    let control_chars: Int32Array = found.iter().map(|one| one.as_ref().map(|(_, n)| *n)).collect();
    Ok(batch(vec![("text", Arc::new(replaced(text, changed))), ("control_chars", Arc::new(control_chars))])?)
}

/// The texts with those of some rows (ascending) replaced; the very same array if there are none.
pub fn replaced<'a>(text: StringArray, changed: impl Iterator<Item = (usize, &'a str)>) -> StringArray {
    let mut changed = changed.peekable();
    if changed.peek().is_none() {
        return text;
    }
    let mut out = StringBuilder::with_capacity(text.len(), text.value_data().len());
    for (row, value) in text.iter().enumerate() {
        match changed.next_if(|(at, _)| *at == row) {
            Some((_, clean)) => out.append_value(clean),
            None => out.append_option(value),
        }
    }
    out.finish()
}

/// The word cores of each text, in order.
#[pyfunction]
fn words(text: Strings) -> PyResult<Column> {
    let text = text.0;
    let mut out = ListBuilder::new(StringBuilder::new());
    for value in &text {
        if let Some(value) = value {
            w::tokens(value, |token| {
                if let Some((core, _)) = w::core(token) {
                    out.values().append_value(core);
                }
            });
        }
        out.append(value.is_some());
    }
    Ok(PyArrowType(out.finish().into_data()))
}

/// Sizes, quality statistics, script, content hash and MinHash signature of each text; nulls for a null text.
#[pyfunction]
#[pyo3(signature = (text, *, word_set = None, word_sets = vec![], num_hashes = 112, shingle_words = 5, threads = 1))]
fn measure(
    py: Python<'_>,
    text: Strings,
    word_set: Option<Column>,
    word_sets: Vec<Vec<String>>,
    num_hashes: usize,
    shingle_words: usize,
    threads: usize,
) -> PyResult<Batch> {
    let text = text.0;
    if num_hashes == 0 || shingle_words == 0 {
        return Err(KernelError::Value("num_hashes and shingle_words must be at least 1".into()).into());
    }
    let which = word_set.map(|set| of_int16(set.0, text.len())).transpose()?;
    if let Some(unknown) = which.iter().flatten().flatten().find(|set| *set >= 0 && *set as usize >= word_sets.len()) {
        return Err(KernelError::Value(format!("word_set {unknown}: there are {} word_sets", word_sets.len())).into());
    }
    if word_sets.iter().any(|set| set.len() > MAX_WORD_SET) {
        return Err(KernelError::Value(format!("a word set has more than {MAX_WORD_SET} words")).into());
    }
    let mut fold = Vec::new();
    let sets: Vec<WordSet> =
        word_sets.iter().map(|set| set.iter().map(|word| w::hash(word, &mut fold)).collect()).collect();
    let permutations = Permutations::new(num_hashes);
    let parts = py.detach(|| {
        by_rows(&text, threads, |rows| {
            let mut measurer = Measurer::default();
            let mut measures = Vec::with_capacity(rows.len());
            let mut signatures = vec![0_u32; rows.len() * num_hashes];
            for (row, signature) in rows.zip(signatures.chunks_exact_mut(num_hashes)) {
                if text.is_null(row) {
                    measures.push(None);
                    continue;
                }
                let number = which.as_ref().filter(|which| which.is_valid(row)).map(|which| which.value(row));
                let set = number.and_then(|number| usize::try_from(number).ok()).and_then(|number| sets.get(number));
                measures.push(Some(measurer.measure(text.value(row), set, &permutations, shingle_words, signature)));
            }
            (measures, signatures)
        })
    })?;
    let mut measures = Vec::with_capacity(text.len());
    let mut signatures = Vec::with_capacity(text.len() * num_hashes);
    for (some, more) in parts {
        measures.extend(some);
        signatures.extend(more);
    }
    Ok(measured(&measures, signatures, num_hashes)?)
}

fn of_int16(data: ArrayData, rows: usize) -> Result<Int16Array> {
    if data.data_type() != &DataType::Int16 || data.len() != rows {
        return Err(KernelError::Type(format!(
            "word_set: want {rows} values of int16, got {} of {}",
            data.len(),
            data.data_type()
        )));
    }
    Ok(Int16Array::from(data))
}

fn measured(rows: &[Option<Measures>], signatures: Vec<u32>, num_hashes: usize) -> Result<Batch> {
    let int = |get: &dyn Fn(&Measures) -> i32| -> ArrayRef {
        Arc::new(rows.iter().map(|row| row.as_ref().map(get)).collect::<Int32Array>())
    };
    let float = |get: &dyn Fn(&Measures) -> f32| -> ArrayRef {
        Arc::new(rows.iter().map(|row| row.as_ref().map(get)).collect::<Float32Array>())
    };
    let at = |values: &[f32], place: usize| values.get(place).copied().unwrap_or(0.0);
    let mut columns: Vec<(&str, ArrayRef)> = vec![
        ("n_chars", int(&|m| m.n_chars)),
        ("n_bytes", int(&|m| m.n_bytes)),
        ("n_words", int(&|m| m.n_words)),
        ("n_lines", int(&|m| m.n_lines)),
        ("n_paragraphs", int(&|m| m.n_paragraphs)),
        ("mean_word_chars", float(&|m| m.mean_word_chars)),
        ("symbol_word_ratio", float(&|m| m.symbol_word_ratio)),
        ("alpha_word_frac", float(&|m| m.alpha_word_frac)),
        ("bullet_line_frac", float(&|m| m.bullet_line_frac)),
        ("ellipsis_line_frac", float(&|m| m.ellipsis_line_frac)),
        ("terminal_line_frac", float(&|m| m.terminal_line_frac)),
        ("short_line_frac", float(&|m| m.short_line_frac)),
        ("newline_word_ratio", float(&|m| m.newline_word_ratio)),
        (
            "stop_words",
            Arc::new(rows.iter().map(|row| row.as_ref().and_then(|m| m.stop_words)).collect::<Int32Array>()),
        ),
        (
            "stop_word_frac",
            Arc::new(rows.iter().map(|row| row.as_ref().and_then(|m| m.stop_word_frac)).collect::<Float32Array>()),
        ),
        ("duplicate_line_frac", float(&|m| m.duplicate_line_frac)),
        ("duplicate_line_char_frac", float(&|m| m.duplicate_line_char_frac)),
        ("duplicate_paragraph_frac", float(&|m| m.duplicate_paragraph_frac)),
        ("duplicate_paragraph_char_frac", float(&|m| m.duplicate_paragraph_char_frac)),
        ("top_2gram_char_frac", float(&|m| at(&m.repetition.top, 0))),
        ("top_3gram_char_frac", float(&|m| at(&m.repetition.top, 1))),
        ("top_4gram_char_frac", float(&|m| at(&m.repetition.top, 2))),
    ];
    const DUPLICATED: [&str; 6] = [
        "dup_5gram_char_frac",
        "dup_6gram_char_frac",
        "dup_7gram_char_frac",
        "dup_8gram_char_frac",
        "dup_9gram_char_frac",
        "dup_10gram_char_frac",
    ];
    for (place, name) in DUPLICATED.into_iter().enumerate() {
        columns.push((name, float(&|m| at(&m.repetition.duplicated, place))));
    }
    let mut hashes = FixedSizeBinaryBuilder::with_capacity(rows.len(), 16);
    for row in rows {
        match row {
            Some(m) => hashes.append_value(m.content_hash)?,
            None => hashes.append_null(),
        }
    }
    let has_words = rows.iter().map(|row| row.as_ref().is_some_and(|m| m.has_words)).collect::<Vec<bool>>();
    let signature = FixedSizeListArray::try_new(
        Arc::new(Field::new("item", DataType::UInt32, true)),
        num_hashes as i32,
        Arc::new(UInt32Array::from(signatures)),
        Some(has_words.into()),
    )?;
    columns.extend([
        ("curly_brackets", int(&|m| m.curly_brackets)),
        (
            "lorem_ipsum",
            Arc::new(rows.iter().map(|row| row.as_ref().map(|m| m.lorem_ipsum)).collect::<BooleanArray>()) as ArrayRef,
        ),
        ("javascript_lines", int(&|m| m.javascript_lines)),
        ("replacement_chars", int(&|m| m.replacement_chars)),
        ("mojibake_seqs", int(&|m| m.mojibake_seqs)),
        (
            "script",
            Arc::new(rows.iter().map(|row| row.as_ref().map(|m| m.script)).collect::<StringArray>()) as ArrayRef,
        ),
        ("script_frac", float(&|m| m.script_frac)),
        ("content_hash", Arc::new(hashes.finish()) as ArrayRef),
        ("signature", Arc::new(signature) as ArrayRef),
    ]);
    batch(columns)
}

/// 32 hex digits for each source_id: xxh3-128 of the source's name, a zero byte and the id.
#[pyfunction]
#[pyo3(signature = (source_id, *, source))]
fn doc_ids(source_id: Strings, source: &str) -> PyResult<Column> {
    let ids = source_id.0;
    let mut hasher = Xxh3::new();
    let mut out = StringBuilder::with_capacity(ids.len(), ids.len() * 32);
    for id in &ids {
        out.append_option(id.map(|id| {
            hasher.reset();
            hasher.update(source.as_bytes());
            hasher.update(&[0]);
            hasher.update(id.as_bytes());
            format!("{:032x}", hasher.digest128())
        }));
    }
    Ok(PyArrowType(out.finish().into_data()))
}

/// The texts with personal data of the wanted kinds replaced, and the counts of each kind.
#[pyfunction]
#[pyo3(signature = (text, *, kinds = vec!["email".into(), "ip".into(), "iban".into(), "phone".into()], threads = 1))]
fn redact_pii(py: Python<'_>, text: Strings, kinds: Vec<String>, threads: usize) -> PyResult<Batch> {
    let text = text.0;
    if let Some(unknown) = kinds.iter().find(|kind| !pii::KINDS.contains(&kind.as_str())) {
        return Err(KernelError::Value(format!("unknown kind '{unknown}'; there are {:?}", pii::KINDS)).into());
    }
    let wanted = pii::KINDS.map(|kind| kinds.iter().any(|given| given == kind));
    let parts = py.detach(|| {
        by_rows(&text, threads, |rows| {
            rows.map(|row| text.is_valid(row).then(|| pii::redact(text.value(row), wanted))).collect::<Vec<_>>()
        })
    })?;
    let found: Vec<_> = parts.into_iter().flatten().collect();
    let changed = found.iter().enumerate().filter_map(|(row, one)| Some((row, one.as_ref()?.0.as_deref()?)));
    let mut columns: Vec<(&str, ArrayRef)> = vec![("text", Arc::new(replaced(text, changed)))];
    for (place, kind) in pii::KINDS.into_iter().enumerate() {
        let counts: Int32Array =
            found.iter().map(|one| one.as_ref().and_then(|(_, counts)| counts.get(place).copied())).collect();
        columns.push((kind, Arc::new(counts)));
    }
    Ok(batch(columns)?)
}

fn of_uint64(data: ArrayData) -> Result<UInt64Array> {
    match data.data_type() {
        DataType::UInt64 if data.null_count() > 0 => Err(KernelError::Value("nodes may not be null".into())),
        DataType::UInt64 => Ok(UInt64Array::from(data)),
        other => Err(KernelError::Type(format!("want a uint64 array, got {other}"))),
    }
}

/// All nodes of the links a-b, ascending, each with the smallest node of its component as `root`.
#[pyfunction]
fn connected_components(py: Python<'_>, a: Column, b: Column) -> PyResult<Batch> {
    let (a, b) = (of_uint64(a.0)?, of_uint64(b.0)?);
    if a.len() != b.len() {
        return Err(KernelError::Value(format!("a has {} values, b has {}", a.len(), b.len())).into());
    }
    let (nodes, roots) = py.detach(|| components(a.values(), b.values()));
    Ok(batch(vec![
        ("node", Arc::new(UInt64Array::from(nodes)) as ArrayRef),
        ("root", Arc::new(UInt64Array::from(roots)) as ArrayRef),
    ])?)
}

fn signatures(data: ArrayData) -> Result<(FixedSizeListArray, usize)> {
    let kind = data.data_type().clone();
    match &kind {
        DataType::FixedSizeList(field, size) if field.data_type() == &DataType::UInt32 && *size > 0 => {
            Ok((FixedSizeListArray::from(data), *size as usize))
        }
        other => Err(KernelError::Type(format!("want a fixed_size_list of uint32, got {other}"))),
    }
}

/// The 32-bit values of one row; empty for a null row.
fn row_values(list: &FixedSizeListArray, row: usize) -> UInt32Array {
    if list.is_null(row) {
        return UInt32Array::from(Vec::<u32>::new());
    }
    UInt32Array::from(list.value(row).into_data())
}

/// Share of equal positions of two signatures, row by row, 0..1: an estimate of their Jaccard similarity; null for nulls.
#[pyfunction]
fn signature_similarity(py: Python<'_>, a: Column, b: Column) -> PyResult<Column> {
    let ((a, size), (b, other)) = (signatures(a.0)?, signatures(b.0)?);
    if a.len() != b.len() || size != other {
        let found = format!("{} signatures of {size} and {} of {other}", a.len(), b.len());
        return Err(KernelError::Value(format!("signatures do not fit together: {found}")).into());
    }
    let shares: Float32Array = py.detach(|| {
        (0..a.len())
            .map(|row| {
                (a.is_valid(row) && b.is_valid(row)).then(|| {
                    let (x, y) = (row_values(&a, row), row_values(&b, row));
                    let equal = x.values().iter().zip(y.values()).filter(|(x, y)| x == y).count();
                    equal as f32 / size as f32
                })
            })
            .collect()
    });
    Ok(PyArrowType(shares.into_data()))
}

/// `bands` 64-bit hashes of each signature, one a band; null for a null signature.
#[pyfunction]
#[pyo3(signature = (signature, *, bands))]
fn band_hashes(py: Python<'_>, signature: Column, bands: usize) -> PyResult<Column> {
    let (list, size) = signatures(signature.0)?;
    if bands == 0 || size % bands != 0 {
        return Err(KernelError::Value(format!("{size} hashes do not make {bands} bands of equal size")).into());
    }
    let hashes = py.detach(|| {
        let mut hashes = Vec::with_capacity(list.len() * bands);
        for row in 0..list.len() {
            if list.is_valid(row) {
                self::bands(row_values(&list, row).values(), bands, &mut hashes);
            } else {
                hashes.resize(hashes.len() + bands, 0);
            }
        }
        hashes
    });
    let field = Arc::new(Field::new("item", DataType::UInt64, true));
    let nulls = list.nulls().cloned();
    let out = FixedSizeListArray::try_new(field, bands as i32, Arc::new(UInt64Array::from(hashes)), nulls)
        .map_err(KernelError::from)?;
    Ok(PyArrowType(out.into_data()))
}
