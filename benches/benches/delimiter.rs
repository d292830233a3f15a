//! Finding a marker in 16 MiB that come in pieces: opi against the least code that can do it.
#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a bench prints and may end")]
#![forbid(unsafe_code)]

use memchr::memmem;
use opi_benches::Contest;
use opi_framing::Delimiter;

const SIZE: usize = 16 * 1024 * 1024;

fn main() {
    for (marker, piece) in [("\n", 1024), ("----------------", 1024), ("\n", 65_536)] {
        let mut data = vec![b'x'; SIZE];
        data.extend_from_slice(marker.as_bytes());
        let name = format!("delimiter_16mib_{}byte_{piece}", marker.len());
        let table = Contest::new(&name)
            .entrant("memmem over the whole", || memmem::find(&data, marker.as_bytes()))
            .entrant("opi, in pieces", || in_pieces(&data, marker, piece))
            .run(9);
        println!("{table}");
    }
}

fn in_pieces(data: &[u8], marker: &str, piece: usize) -> Option<usize> {
    let mut delimiter = Delimiter::new(marker).unwrap();
    let ends = (piece..data.len()).step_by(piece).chain([data.len()]);
    ends.filter_map(|end| delimiter.find(&data[..end])).next()
}
