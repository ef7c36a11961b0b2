//! Personal data with a form of its own: e-mail, IP address, IBAN, phone number. Looked for at anchors only: '@', ':' and digits.

use std::net::{Ipv4Addr, Ipv6Addr};
use std::ops::Range;

pub const KINDS: [&str; 4] = ["email", "ip", "iban", "phone"];
const PLACEHOLDERS: [&str; 4] = ["<EMAIL>", "<IP>", "<IBAN>", "<PHONE>"];
const EMAIL: usize = 0;
const IP: usize = 1;
const IBAN: usize = 2;
const PHONE: usize = 3;

/// Characters before the '@' (RFC 5321, section 4.5.3.1.1), bytes of a domain (4.5.3.1.2), characters of an IPv6 address.
const MAX_LOCAL: usize = 64;
const MAX_DOMAIN: usize = 253;
const MAX_IPV6: usize = 39;
/// Groups that a phone number may be written in.
const MAX_GROUPS: usize = 8;
/// Bytes before an address in which "IP" must stand.
const CONTEXT: usize = 40;

/// The redacted text (none: nothing was found) and how many of each kind were in it.
pub fn redact(text: &str, wanted: [bool; 4]) -> (Option<String>, [i32; 4]) {
    let mut counts = [0; 4];
    let mut out = String::new();
    let mut done = 0;
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let found = match byte {
            b'@' => email(text, at, done).map(|range| (EMAIL, range)),
            b':' => ipv6(text, at, done).map(|range| (IP, range)),
            b'0'..=b'9' => number(text, at, done),
            _ => None,
        };
        match found.filter(|(kind, _)| wanted.get(*kind).copied().unwrap_or(false)) {
            Some((kind, range)) => {
                out.push_str(text.get(done..range.start).unwrap_or(""));
                out.push_str(PLACEHOLDERS.get(kind).copied().unwrap_or(""));
                if let Some(count) = counts.get_mut(kind) {
                    *count += 1;
                }
                (done, at) = (range.end, range.end);
            }
            None if byte.is_ascii_digit() => {
                at += bytes.iter().skip(at).take_while(|b| b.is_ascii_digit()).count();
            }
            None => at += 1,
        }
    }
    if done == 0 && out.is_empty() {
        return (None, counts);
    }
    out.push_str(text.get(done..).unwrap_or(""));
    (Some(out), counts)
}

fn before(text: &str, at: usize) -> Option<char> {
    text.get(..at)?.chars().next_back()
}

fn after(text: &str, at: usize) -> Option<char> {
    text.get(at..)?.chars().next()
}

/// Spaces that stand between the groups of a number: also the narrow and the thin one of French and Hungarian typesetting.
fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\u{a0}' | '\u{202f}' | '\u{2009}')
}

fn is_hyphen(c: char) -> bool {
    matches!(c, '-' | '\u{2010}' | '\u{2011}')
}

fn is_local(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '.' | '_' | '%' | '+' | '-')
}

fn email(text: &str, at: usize, from: usize) -> Option<Range<usize>> {
    let local = text.get(from..at)?;
    let start = local.char_indices().rev().take(MAX_LOCAL + 1).take_while(|(_, c)| is_local(*c)).last();
    let start = start.map(|(i, _)| from + i)?;
    let start = start + text.get(start..at)?.find(char::is_alphanumeric)?;
    if at - start > MAX_LOCAL || text.get(start..at)?.ends_with('.') {
        return None;
    }
    let rest = text.get(at + 1..)?;
    let is_domain = |c: char| c.is_alphanumeric() || matches!(c, '.' | '-');
    let length: usize = rest.chars().take(MAX_DOMAIN + 1).take_while(|c| is_domain(*c)).map(char::len_utf8).sum();
    let domain = rest.get(..length)?.trim_end_matches(['.', '-']);
    let (name, top) = domain.rsplit_once('.')?;
    // Suffixes are joined by a hyphen: "anna@example.fi-osoite", "info@example.hu-ra".
    let top = if top.starts_with("xn--") { top } else { top.split('-').next()? };
    let domain = domain.get(..name.len() + 1 + top.len())?;
    let sound = !name.is_empty() && !name.starts_with(['.', '-']) && !domain.contains("..");
    let letters = top.chars().all(char::is_alphabetic) || top.starts_with("xn--");
    let top_level = top.chars().count() >= 2 && letters;
    (sound && domain.len() <= MAX_DOMAIN && top_level).then_some(start..at + 1 + domain.len())
}

fn ipv6(text: &str, at: usize, from: usize) -> Option<Range<usize>> {
    let part = |c: &u8| c.is_ascii_hexdigit() || *c == b':';
    let head = text.as_bytes().get(from..at)?;
    // One character more than an address can have: a longer run is none, and is not looked at again and again.
    let start = at - head.iter().rev().take(MAX_IPV6 + 1).take_while(|c| part(c)).count();
    let length = text.as_bytes().get(start..)?.iter().take(MAX_IPV6 + 2).take_while(|c| part(c)).count();
    let found = text.get(start..start + length)?.trim_end_matches(':');
    let groups = found.split(':').filter(|group| !group.is_empty()).count();
    let bounded = !before(text, start).is_some_and(char::is_alphanumeric)
        && !after(text, start + found.len()).is_some_and(char::is_alphanumeric);
    let fits = found.len() <= MAX_IPV6 && bounded && groups >= 3;
    (fits && found.parse::<Ipv6Addr>().is_ok()).then_some(start..start + found.len())
}

fn number(text: &str, at: usize, from: usize) -> Option<(usize, Range<usize>)> {
    if let Some(range) = iban(text, at, from) {
        return Some((IBAN, range));
    }
    let previous = if at > from { before(text, at) } else { None };
    if previous.is_some_and(|c| c.is_alphanumeric() || matches!(c, '_' | '#')) {
        return None;
    }
    if let Some(range) = ipv4(text, at, from, previous) {
        return Some((IP, range));
    }
    phone(text, at, from, previous).map(|range| (PHONE, range))
}

fn ipv4(text: &str, at: usize, from: usize, previous: Option<char>) -> Option<Range<usize>> {
    let earlier = || at.checked_sub(1).filter(|at| *at > from).and_then(|at| before(text, at));
    let goes_on = match previous {
        Some('.' | '-') => true,
        // The host of a URL, not a path or a fraction.
        Some('/') => earlier() != Some('/'),
        // "IP:203.0.113.7" and ::ffff:203.0.113.7, not a time or a ratio.
        Some(':') => earlier().is_some_and(|c| c.is_ascii_digit()),
        _ => false,
    };
    if goes_on {
        return None;
    }
    let rest = text.get(at..)?;
    let length = rest.find(|c: char| !(c.is_ascii_digit() || c == '.')).unwrap_or(rest.len());
    let found = rest.get(..length)?.trim_end_matches('.');
    let bounded = !after(text, at + found.len()).is_some_and(|c| c.is_alphanumeric() || c == '-');
    let address: Ipv4Addr = found.parse().ok()?;
    // "3.1.4.2" is a section of a law or a version far more often than a host: 97.8 % of the addresses have another octet.
    let numbering = address.octets().iter().all(|octet| (1..100).contains(octet)) && !said_to_be_ip(text, at);
    (bounded && !numbering).then_some(at..at + found.len())
}

/// Whether the last few words before `at` speak of IP.
fn said_to_be_ip(text: &str, at: usize) -> bool {
    let start = (at.saturating_sub(CONTEXT)..at).find(|start| text.is_char_boundary(*start)).unwrap_or(at);
    let words = text.get(start..at).unwrap_or_default().split_whitespace().rev().take(3);
    words.into_iter().any(|word| word.get(..2).is_some_and(|start| start.eq_ignore_ascii_case("ip")))
}

/// Characters of an IBAN by country (ISO 13616 registry).
fn iban_chars(country: &[u8]) -> Option<usize> {
    Some(match country {
        b"NO" => 15,
        b"BE" => 16,
        b"DK" | b"FI" | b"NL" => 18,
        b"SI" => 19,
        b"AT" | b"EE" | b"LT" | b"LU" => 20,
        b"HR" | b"LV" | b"LI" | b"CH" => 21,
        b"BG" | b"DE" | b"GB" | b"IE" | b"ME" | b"RS" => 22,
        b"CZ" | b"ES" | b"RO" | b"SE" | b"SK" | b"AD" => 24,
        b"PT" => 25,
        b"IS" => 26,
        b"FR" | b"GR" | b"IT" | b"SM" | b"MC" => 27,
        b"CY" | b"HU" | b"PL" => 28,
        b"MT" => 31,
        _ => return None,
    })
}

fn iban(text: &str, at: usize, from: usize) -> Option<Range<usize>> {
    let start = at.checked_sub(2).filter(|start| *start >= from)?;
    let wanted = iban_chars(text.as_bytes().get(start..at)?)?;
    if before(text, start).is_some_and(char::is_alphanumeric) {
        return None;
    }
    let mut compact = Vec::with_capacity(wanted);
    let (mut end, mut gap) = (start, false);
    for (i, c) in text.get(start..)?.char_indices() {
        if compact.len() == wanted {
            break;
        }
        if c.is_ascii_uppercase() || c.is_ascii_digit() {
            compact.push(c);
            (end, gap) = (start + i + 1, false);
        } else if (is_space(c) || is_hyphen(c)) && !gap {
            gap = true;
        } else {
            break;
        }
    }
    let bounded = !after(text, end).is_some_and(char::is_alphanumeric);
    (compact.len() == wanted && bounded && mod_97(&compact) == 1).then_some(start..end)
}

/// ISO 7064 mod 97-10 of an IBAN with its first four characters at the end; 1 for a sound one.
fn mod_97(iban: &[char]) -> u32 {
    let moved = iban.iter().skip(4).chain(iban.iter().take(4));
    moved.fold(0, |rest, c| match c.to_digit(36) {
        Some(digit) if digit > 9 => (rest * 100 + digit) % 97,
        Some(digit) => (rest * 10 + digit) % 97,
        None => rest,
    })
}

/// A phone number that begins with the digits at `at`: +CC or 00CC with 8 to 15 digits, or 0 and 9 to 11 digits in groups.
fn phone(text: &str, at: usize, from: usize, previous: Option<char>) -> Option<Range<usize>> {
    let plus = previous == Some('+');
    let open = previous == Some('(');
    if matches!(previous, Some('.' | ',' | '/' | '-' | ':')) {
        return None;
    }
    // Groups that go on from other digits belong to a longer number: an account, an ISBN.
    if previous.is_some_and(char::is_whitespace) && text.get(..at).is_some_and(ends_with_digit_and_space) {
        return None;
    }
    let mut groups: Vec<usize> = vec![0];
    let mut separators: Vec<char> = Vec::new();
    let (mut end, mut waiting) = (at, String::new());
    for (i, c) in text.get(at..)?.char_indices() {
        if c.is_ascii_digit() {
            if !waiting.is_empty() {
                separators.extend(waiting.trim().chars().next().or(Some(' ')));
                waiting.clear();
                groups.push(0);
            }
            if let Some(last) = groups.last_mut() {
                *last += 1;
            }
            end = at + i + 1;
        } else if is_space(c) || is_hyphen(c) || matches!(c, '/' | '.' | '(' | ')') {
            if groups.len() > MAX_GROUPS {
                return None;
            }
            if waiting.chars().count() == 3 {
                break;
            }
            waiting.push(c);
        } else {
            break;
        }
    }
    let digits: usize = groups.iter().sum();
    if after(text, end).is_some_and(|c| c.is_alphanumeric() || c == '%') {
        return None;
    }
    let begins = text.get(at..)?;
    let international = plus || (begins.starts_with("00") && !begins.starts_with("000"));
    if international {
        let first = if plus { begins.chars().next() } else { begins.chars().nth(2) };
        let sound = first.is_some_and(|c| ('1'..='9').contains(&c)) && groups.iter().all(|n| *n <= 12);
        let enough = if plus { 8..=15 } else { 10..=17 };
        let start = at - usize::from(plus);
        let start = if start > from && before(text, start) == Some('(') { start - 1 } else { start };
        return (sound && enough.contains(&digits)).then_some(start..end);
    }
    let grouped = groups.len() >= 2 && groups.len() <= 6 && groups.iter().all(|n| (2..=8).contains(n));
    let slashes = separators.iter().filter(|c| **c == '/').count();
    let plain = !separators.contains(&'.') && slashes <= 1 && groups.first().is_some_and(|n| (2..=5).contains(n));
    let national = begins.starts_with('0') && (9..=11).contains(&digits) && grouped && plain;
    let start = if open && at > from { at - 1 } else { at };
    national.then_some(start..end)
}

fn ends_with_digit_and_space(text: &str) -> bool {
    text.trim_end_matches(is_space).ends_with(|c: char| c.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn redacted(text: &str) -> String {
        redact(text, [true; 4]).0.unwrap_or_else(|| text.to_string())
    }

    #[test]
    fn personal_data_is_replaced() {
        for (text, want) in [
            ("Ikteb lil marija.borg@example.mt illum.", "Ikteb lil <EMAIL> illum."),
            ("από 192.168.1.77 ή 2001:db8::8a2e:370:7334, χθες", "από <IP> ή <IP>, χθες"),
            ("IP-osoite 80.12.34.56", "IP-osoite <IP>"),
            ("http://203.0.113.7/admin", "http://<IP>/admin"),
            ("IP:203.0.113.7", "IP:<IP>"),
            ("::ffff:192.0.2.128", "::ffff:<IP>"),
            ("Konto DE89 3704 0044 0532 0130 00.", "Konto <IBAN>."),
            ("IBAN MT84MALT011000012345MTLCAST001S", "IBAN <IBAN>"),
            ("Glaoigh ar +353 1 496 0123 inniu", "Glaoigh ar <PHONE> inniu"),
            ("Телефон: +359 2 981 1234.", "Телефон: <PHONE>."),
            ("Tél. 01 23 45 67 89, merci", "Tél. <PHONE>, merci"),
            ("Ruf (030) 901 820 an", "Ruf <PHONE> an"),
            ("Írjon az info.nagy@example.hu-ra ma", "Írjon az <EMAIL>-ra ma"),
            ("anna@example.fi-osoite ja x@example.xn--p1ai", "<EMAIL>-osoite ja <EMAIL>"),
            ("Tél. 01\u{202f}23\u{202f}45\u{202f}67\u{202f}89", "Tél. <PHONE>"),
            ("DE89\u{202f}3704\u{202f}0044\u{202f}0532\u{202f}0130\u{202f}00", "<IBAN>"),
        ] {
            assert_eq!(redacted(text), want);
        }
    }

    #[test]
    #[cfg_attr(miri, ignore = "20 MB of text take Miri hours")]
    fn long_runs_of_anchors_are_no_personal_data_and_come_to_an_end() {
        for piece in ["a:", ":", "(1) ", "1.2.3.4,", "1 ", "a@", "0", "a.", "00 ", "(0"] {
            let text = piece.repeat(2_000_000 / piece.len());
            assert_eq!(redact(&text, [true; 4]).0, None, "{piece:?}");
        }
    }

    #[test]
    fn other_numbers_stay() {
        for text in [
            "2024-05-12 12.05.2024 05/12/2024",
            "1914-1918 2016/679 1 234 567",
            "ISBN 978-3-16-148410-0 version 1.2.3.4.5",
            "DE89 3704 0044 0532 0130 01",
            "§ 5.2.1.3 ja 12.1.4.15 lõige",
            "12:30:45 @home a@b 3,14159265",
            "Art. 5 (1) 0,5 %",
        ] {
            assert_eq!(redacted(text), text);
        }
    }
}
