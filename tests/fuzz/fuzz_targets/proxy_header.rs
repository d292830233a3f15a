//! A header of the PROXY protocol: no panic, and what is whole is the same however it is cut.
#![no_main]

use libfuzzer_sys::fuzz_target;
use opi_tcp_server::proxy_protocol::{LONGEST, parse};

fuzz_target!(|input: &[u8]| {
    let whole = parse(input);
    let Ok(Some(header)) = whole else { return };
    assert!(header.size <= input.len() && header.size <= LONGEST);
    // One byte less is not a header yet, and never an error.
    for end in [0, 1, header.size / 2, header.size - 1] {
        assert_eq!(parse(&input[..end]), Ok(None));
    }
    // What follows changes nothing.
    assert_eq!(parse(&input[..header.size]), whole);
});
