//! Lists of hosts without a proxy: no list and no host is a panic, and case means nothing.
#![no_main]

use libfuzzer_sys::fuzz_target;
use opi_net::Target;
use opi_proxy::Bypass;

// A host, a NUL, and a list.
fuzz_target!(|input: &[u8]| {
    let Ok(text) = str::from_utf8(input) else { return };
    let Some((host, list)) = text.split_once('\0') else { return };
    let bypass = Bypass::new(list);
    assert_eq!(bypass.to_string(), list);
    let Ok(target) = Target::new(host, 80) else { return };
    let covered = bypass.covers(&target);
    let upper = Target::new(&host.to_ascii_uppercase(), 80).map(|it| bypass.covers(&it));
    assert_eq!(upper, Ok(covered), "{host:?} {list:?}");
    // `<local>` is a word and no name, and zones have a case.
    if list.is_ascii() && !list.contains(['<', '%']) {
        assert_eq!(Bypass::new(&list.to_ascii_uppercase()).covers(&target), covered, "{list:?}");
    }
    // A host of a zone never matches as a name.
    if target.zone().is_some() {
        let bare = Target::new(target.host(), 80).expect("the host alone");
        assert_eq!(bypass.covers(&bare), covered);
    }
});
