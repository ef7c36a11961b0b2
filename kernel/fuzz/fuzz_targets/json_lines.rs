#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| checks::json_lines(bytes));
