#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| checks::parts(&String::from_utf8_lossy(bytes)));
