//! Strict JSON without building values: what a line holds and where its strings stand. Takes what Python's `json` takes
//! (but for NaN and Infinity), and says the same of what it refuses.

use std::borrow::Cow;

use memchr::memchr;

/// Arrays and objects within each other; Python's `json` takes about 970, fewer the deeper its caller is.
pub const MAX_DEPTH: usize = 900;
/// Python's limit for turning digits into an integer.
pub const MAX_INTEGER_DIGITS: usize = 4300;

pub const TOO_DEEP: &str = "nested too deep";
pub const NOT_FINITE: &str = "NaN, Infinity or a number of thousands of digits";

/// Why a line is no JSON, and at which byte.
#[derive(Debug, PartialEq, Eq)]
pub struct Wrong {
    pub what: &'static str,
    pub at: usize,
}

type Result<T> = std::result::Result<T, Wrong>;

fn wrong<T>(what: &'static str, at: usize) -> Result<T> {
    Err(Wrong { what, at })
}

/// A string between its quotation marks, its escapes checked but not replaced.
#[derive(Clone, Copy, Debug)]
pub struct Text<'a> {
    raw: &'a str,
    /// Bytes of UTF-8 without escapes.
    pub n_bytes: usize,
    /// Whether half a surrogate pair is among the escapes.
    pub has_half_pair: bool,
}

/// One JSON value.
#[derive(Clone, Copy, Debug)]
pub enum Value<'a> {
    Null,
    Boolean,
    Integer(&'a str),
    Float,
    String(Text<'a>),
    Array,
    Object,
}

impl Value<'_> {
    /// What to call it in a sentence.
    pub fn name(&self) -> &'static str {
        match self {
            Value::Null => "null",
            Value::Boolean => "a boolean",
            Value::Integer(_) | Value::Float => "a number",
            Value::String(_) => "a string",
            Value::Array => "an array",
            Value::Object => "an object",
        }
    }
}

/// The value that a line holds; `member` gets each name and value of it when it is an object, in order, doubles too.
/// None for a blank line.
pub fn parse<'a>(line: &'a str, mut member: impl FnMut(Text<'a>, Value<'a>)) -> Result<Option<Value<'a>>> {
    let mut scanner = Scanner { line, at: 0 };
    scanner.skip_space();
    let value = match scanner.peek() {
        None => return Ok(None),
        Some(b'{') => {
            scanner.members(1, &mut member)?;
            Value::Object
        }
        _ => scanner.value(1)?,
    };
    scanner.skip_space();
    match scanner.peek() {
        None => Ok(Some(value)),
        Some(_) => wrong("Extra data", scanner.at),
    }
}

struct Scanner<'a> {
    line: &'a str,
    at: usize,
}

impl<'a> Scanner<'a> {
    fn peek(&self) -> Option<u8> {
        self.line.as_bytes().get(self.at).copied()
    }

    fn rest(&self) -> &'a [u8] {
        self.line.as_bytes().get(self.at..).unwrap_or_default()
    }

    fn skip_space(&mut self) {
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = self.peek() {
            self.at += 1;
        }
    }

    fn takes(&mut self, word: &str) -> bool {
        let found = self.rest().starts_with(word.as_bytes());
        self.at += if found { word.len() } else { 0 };
        found
    }

    /// The value that begins here, the `depth`-th within each other if it is an array or object.
    fn value(&mut self, depth: usize) -> Result<Value<'a>> {
        let begin = self.at;
        match self.peek() {
            Some(b'"') => self.string().map(Value::String),
            Some(b'{') => self.members(depth, &mut |_, _| ()).map(|()| Value::Object),
            Some(b'[') => self.elements(depth).map(|()| Value::Array),
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(b't') if self.takes("true") => Ok(Value::Boolean),
            Some(b'f') if self.takes("false") => Ok(Value::Boolean),
            Some(b'n') if self.takes("null") => Ok(Value::Null),
            Some(b'N') if self.takes("NaN") => wrong(NOT_FINITE, begin),
            Some(b'I') if self.takes("Infinity") => wrong(NOT_FINITE, begin),
            _ => wrong("Expecting value", begin),
        }
    }

    fn members(&mut self, depth: usize, member: &mut impl FnMut(Text<'a>, Value<'a>)) -> Result<()> {
        self.enter(depth)?;
        if self.takes("}") {
            return Ok(());
        }
        loop {
            if self.peek() != Some(b'"') {
                return wrong("Expecting property name enclosed in double quotes", self.at);
            }
            let name = self.string()?;
            self.skip_space();
            if !self.takes(":") {
                return wrong("Expecting ':' delimiter", self.at);
            }
            self.skip_space();
            let value = self.value(depth + 1)?;
            member(name, value);
            if self.ends("}")? {
                return Ok(());
            }
        }
    }

    fn elements(&mut self, depth: usize) -> Result<()> {
        self.enter(depth)?;
        if self.takes("]") {
            return Ok(());
        }
        loop {
            self.value(depth + 1)?;
            if self.ends("]")? {
                return Ok(());
            }
        }
    }

    fn enter(&mut self, depth: usize) -> Result<()> {
        if depth > MAX_DEPTH {
            return wrong(TOO_DEEP, self.at);
        }
        self.at += 1;
        self.skip_space();
        Ok(())
    }

    /// Whether the array or object ends after a value; false after a comma.
    fn ends(&mut self, bracket: &str) -> Result<bool> {
        self.skip_space();
        if self.takes(bracket) {
            return Ok(true);
        }
        if !self.takes(",") {
            return wrong("Expecting ',' delimiter", self.at);
        }
        self.skip_space();
        Ok(false)
    }

    fn digits(&mut self) -> usize {
        let n = self.rest().iter().take_while(|byte| byte.is_ascii_digit()).count();
        self.at += n;
        n
    }

    fn number(&mut self) -> Result<Value<'a>> {
        let begin = self.at;
        let minus = self.takes("-");
        let mut n_digits = 1;
        if !self.takes("0") {
            n_digits = self.digits();
        }
        if n_digits == 0 {
            return wrong(if minus && self.takes("Infinity") { NOT_FINITE } else { "Expecting value" }, begin);
        }
        let mut end = self.at;
        if self.takes(".") && self.digits() > 0 {
            end = self.at;
        }
        self.at = end;
        if self.takes("e") || self.takes("E") {
            let _ = self.takes("-") || self.takes("+");
            if self.digits() > 0 {
                end = self.at;
            }
        }
        self.at = end;
        let written = self.line.get(begin..end).unwrap_or_default();
        if !written.bytes().all(|byte| byte == b'-' || byte.is_ascii_digit()) {
            return Ok(Value::Float);
        }
        if n_digits > MAX_INTEGER_DIGITS {
            return wrong(NOT_FINITE, begin);
        }
        Ok(Value::Integer(if written == "-0" { "0" } else { written }))
    }

    fn string(&mut self) -> Result<Text<'a>> {
        let begin = self.at;
        self.at += 1;
        let (mut dropped, mut has_half_pair) = (0, false);
        loop {
            self.at += plain_bytes(self.rest());
            match self.peek() {
                Some(b'"') => break,
                Some(b'\\') => {}
                Some(_) => return wrong("Invalid control character at", self.at),
                None => return wrong(UNTERMINATED, begin),
            }
            let n_bytes = match escape(self.rest()) {
                Ok((Some(char), n_bytes)) => {
                    dropped += n_bytes - char.len_utf8();
                    n_bytes
                }
                Ok((None, n_bytes)) => {
                    has_half_pair = true;
                    n_bytes
                }
                Err(Wrong { what: UNTERMINATED, .. }) => return wrong(UNTERMINATED, begin),
                Err(Wrong { what, at }) => return wrong(what, self.at + at),
            };
            self.at += n_bytes;
            if n_bytes > 2 && self.at == self.line.len() {
                // So says Python of a line that ends in \uXXXX.
                return wrong(INVALID_UNICODE_ESCAPE, self.at - 5);
            }
        }
        let raw = self.line.get(begin + 1..self.at).unwrap_or_default();
        self.at += 1;
        Ok(Text { raw, n_bytes: raw.len() - dropped, has_half_pair })
    }
}

const UNTERMINATED: &str = "Unterminated string starting at";
const INVALID_UNICODE_ESCAPE: &str = "Invalid \\uXXXX escape";

/// How many bytes come before the next quotation mark, backslash or control character.
fn plain_bytes(bytes: &[u8]) -> usize {
    let special = |byte: &u8| *byte == b'"' || *byte == b'\\' || *byte < 0x20;
    // In text that is mostly escapes there is nothing between them.
    if bytes.first().is_some_and(special) {
        return 0;
    }
    let mut n = 0;
    for block in bytes.chunks(32) {
        // Without a branch for each byte: the compiler makes vector instructions of it.
        if block.iter().fold(false, |any, byte| any | special(byte)) {
            return n + block.iter().position(special).unwrap_or_default();
        }
        n += block.len();
    }
    n
}

/// The character (None: half a surrogate pair) and the bytes of the escape that stands at the beginning.
fn escape(bytes: &[u8]) -> Result<(Option<char>, usize)> {
    let simple = match bytes.get(1) {
        None => return wrong(UNTERMINATED, 0),
        Some(b'u') => None,
        Some(b'n') => Some('\n'),
        Some(b't') => Some('\t'),
        Some(b'r') => Some('\r'),
        Some(b'b') => Some('\u{8}'),
        Some(b'f') => Some('\u{c}'),
        Some(same @ (b'"' | b'\\' | b'/')) => Some(char::from(*same)),
        Some(_) => return wrong("Invalid \\escape", 0),
    };
    if simple.is_some() {
        return Ok((simple, 2));
    }
    let Some(first) = unit(bytes, 2) else { return wrong(INVALID_UNICODE_ESCAPE, 1) };
    if (0xD800..0xDC00).contains(&first) && bytes.get(6..8) == Some(b"\\u") {
        let Some(second) = unit(bytes, 8) else { return wrong(INVALID_UNICODE_ESCAPE, 7) };
        if (0xDC00..0xE000).contains(&second) {
            return Ok((char::from_u32(0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00)), 12));
        }
    }
    Ok((char::from_u32(first), 6))
}

/// The four hexadecimal digits from `at`.
fn unit(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..at + 4)?.iter().try_fold(0, |unit, digit| Some((unit << 4) | char::from(*digit).to_digit(16)?))
}

/// A part of a string: characters as they stand, one that was escaped, or half a surrogate pair.
enum Piece<'a> {
    Plain(&'a str),
    Escaped(char),
    HalfPair,
}

impl<'a> Text<'a> {
    /// The string in pieces without escapes.
    fn pieces(&self, mut take: impl FnMut(Piece<'a>)) {
        let mut rest = self.raw;
        while !rest.is_empty() {
            if rest.starts_with('\\') {
                // There is no error: the scanner has seen this escape.
                let Ok((char, n_bytes)) = escape(rest.as_bytes()) else { break };
                take(char.map_or(Piece::HalfPair, Piece::Escaped));
                rest = rest.get(n_bytes..).unwrap_or_default();
            } else {
                let n_bytes = memchr(b'\\', rest.as_bytes()).unwrap_or(rest.len());
                take(Piece::Plain(rest.get(..n_bytes).unwrap_or_default()));
                rest = rest.get(n_bytes..).unwrap_or_default();
            }
        }
    }

    /// The string without escapes, a zero character for half a surrogate pair.
    pub fn decoded(&self) -> Cow<'a, str> {
        if self.n_bytes == self.raw.len() && !self.has_half_pair {
            return Cow::Borrowed(self.raw);
        }
        let mut text = String::with_capacity(self.n_bytes);
        self.pieces(|piece| match piece {
            Piece::Plain(plain) => text.push_str(plain),
            Piece::Escaped(char) => text.push(char),
            Piece::HalfPair => text.push('\0'),
        });
        Cow::Owned(text)
    }

    /// How many characters come before the first half of a surrogate pair.
    pub fn chars_before_half_pair(&self) -> usize {
        let (mut n_chars, mut found) = (0, false);
        self.pieces(|piece| match piece {
            _ if found => {}
            Piece::Plain(plain) => n_chars += plain.chars().count(),
            Piece::Escaped(_) => n_chars += 1,
            Piece::HalfPair => found = true,
        });
        n_chars
    }
}
