//! Finding a marker in 64 MiB that come in pieces: opi against the least code that can do it.
#![expect(clippy::unwrap_used, reason = "a bench may end")]
#![forbid(unsafe_code)]

use memchr::{memchr_iter, memmem};
use opi_benches::{Contest, Metric, Report};
use opi_framing::Delimiter;

const MIB: usize = 64;
const SIZE: usize = MIB << 20;

fn main() {
    let mut report = Report::from_arguments("delimiter");
    for (marker, piece) in [(1, 1024), (16, 1024), (1, 65_536), (16, 65_536)] {
        // The last byte of the marker is nowhere else.
        let marker = ["-".repeat(marker - 1), "\n".to_owned()].concat();
        let mut data = vec![b'x'; SIZE];
        data.extend_from_slice(marker.as_bytes());
        let name = format!("delimiter_64mib_{}byte_{piece}", marker.len());
        let outcome = Contest::new(&name, "us a MiB")
            .entrant("memchr of the last byte", MIB, || last_byte(&data, marker.as_bytes(), piece))
            .entrant("opi, in pieces", MIB, || in_pieces(&data, marker.as_bytes(), piece))
            .entrant("memmem over the whole", MIB, || memmem::find(&data, marker.as_bytes()))
            // 5 GB a second.
            .limit("34", Metric::Cpu, "opi, in pieces", 1_048_576.0 / 5_000.0)
            .run(report.rounds(9));
        report.add(&outcome);
    }
    report.finish(env!("CARGO_TARGET_TMPDIR"));
}

fn in_pieces(data: &[u8], marker: &[u8], piece: usize) -> Option<usize> {
    let mut delimiter = Delimiter::new(marker).unwrap();
    ends(data, piece).filter_map(|end| delimiter.find(&data[..end])).next()
}

/// Fast as long as the last byte is rare.
fn last_byte(data: &[u8], marker: &[u8], piece: usize) -> Option<usize> {
    let (last, mut from) = (*marker.last()?, 0);
    ends(data, piece).find_map(|end| {
        let mut ends = memchr_iter(last, &data[from..end]).map(|at| from + at + 1);
        let found = ends.find(|end| data[..*end].ends_with(marker));
        from = end;
        found
    })
}

fn ends(data: &[u8], piece: usize) -> impl Iterator<Item = usize> + use<> {
    let size = data.len();
    (piece..size).step_by(piece).chain([size])
}
