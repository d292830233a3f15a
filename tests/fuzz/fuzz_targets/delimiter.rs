//! The delimiter in pieces against the plainest search there is.
#![no_main]

use libfuzzer_sys::fuzz_target;
use opi_framing::Delimiter;

// The first byte is how long the delimiter is, the second how long the pieces are.
fuzz_target!(|input: &[u8]| {
    let [size, piece, rest @ ..] = input else { return };
    let Some((end, data)) = rest.split_at_checked(usize::from(*size)) else { return };
    let Ok(mut delimiter) = Delimiter::new(end) else { return };
    let expected = data.windows(end.len()).position(|it| it == end).map(|at| at + end.len());
    let piece = usize::from(*piece).max(1);
    let ends = (0..data.len()).step_by(piece).chain([data.len()]);
    let found = ends.filter_map(|end| delimiter.find(&data[..end])).next();
    assert_eq!(found, expected);
});
