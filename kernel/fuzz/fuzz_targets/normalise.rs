#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| checks::normalise(&String::from_utf8_lossy(bytes)));
