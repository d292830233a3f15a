//! Properties: cuts change nothing, what is written is read, and nothing panics.

use opi_framing::{
    Check, Codec, Delimited, Endian, Fix, Fixed, Framing, Includes, Keep, Length, OctetCount,
    Place, Sum, Varint,
};
use proptest::{collection::vec, prelude::*, sample::select};

use crate::{
    composed::{codec, df1, hdlc, slip},
    stream::{Event, events},
};

/// Every preset and kind, with the default limit and with a small one.
pub(crate) fn codecs() -> Vec<Codec> {
    let presets = Codec::PRESETS.iter().map(|it| Codec::preset(it.name).unwrap());
    let composed = kinds().into_iter().map(codec).chain([df1(), hdlc(b""), hdlc(b"\x7E"), slip()]);
    let all: Vec<Codec> = presets.chain(composed).collect();
    let small = all.iter().flat_map(|codec| codec.clone().at_most(40)).collect::<Vec<_>>();
    [all, small].concat()
}

fn kinds() -> Vec<Framing> {
    let hex = Check::new(Sum::Sum16).endian(Endian::Ascii).place(Place::BeforeEnd);
    let length = Length::new(2).offset(3).start("\x02");
    vec![
        Delimited::new("aab").into(),
        Delimited::new("\r\n").keep(Keep::Frame).into(),
        Delimited::new("\x03\x04").start("\x01\x02").into(),
        Delimited::new("\n").check(Check::new(Sum::Crc16Modbus)).into(),
        Delimited::stx_etx(hex).into(),
        Delimited::stx_etx(Check::new(Sum::Crc32)).keep(Keep::Frame).into(),
        Fix::new("A").keep(Keep::Frame).into(),
        Fixed::new(5).into(),
        Length::new(1).endian(Endian::Ascii).into(),
        Length::new(3).endian(Endian::Ascii).includes(Includes::Itself).into(),
        Length::new(8).into(),
        length.clone().includes(Includes::Header).endian(Endian::Little).into(),
        length.adjust(-3).keep(Keep::Frame).into(),
        OctetCount::new().into(),
        OctetCount::new().keep(Keep::Frame).into(),
        Varint::new().into(),
        Varint::new().keep(Keep::Frame).into(),
    ]
}

/// Bytes that mean something to some codec, more often than others.
fn byte() -> impl Strategy<Value = u8> {
    let marks = b"\x00\x01\x02\x03\x04\x05\x0A\x0B\x0D\x10\x1C\x20\x5D\x5E\x7D\x7E\xC0\xDB\xDC\xDDab0123458=FIX.9";
    prop_oneof![4 => select(marks.as_slice()), 1 => any::<u8>()]
}

/// A stream of good frames with noise in it.
fn wire(codec: Codec) -> impl Strategy<Value = (Codec, Vec<u8>)> {
    let part = (vec(byte(), 0..20), vec(byte(), 0..4), 0..3_u8);
    vec(part, 0..8).prop_map(move |parts| {
        let mut wire = Vec::new();
        for (payload, noise, choice) in parts {
            let size = wire.len();
            let _refused = codec.encode(&payload, &mut wire).is_err();
            match choice {
                0 => wire.extend(noise),
                1 if wire.len() > size => drop(wire.pop()),
                _ => {}
            }
        }
        (codec.clone(), wire)
    })
}

fn cuts(size: usize) -> impl Strategy<Value = Vec<usize>> {
    vec(0..=size, 0..12).prop_map(|mut cuts| {
        cuts.sort_unstable();
        cuts
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn cuts_change_nothing(
        (codec, wire, cuts) in select(codecs())
            .prop_flat_map(wire)
            .prop_flat_map(|(codec, wire)| (Just(codec), Just(wire.clone()), cuts(wire.len())))
    ) {
        let whole = events(&codec, &wire, &[]);
        let each: Vec<usize> = (0..wire.len()).collect();
        prop_assert_eq!(&events(&codec, &wire, &cuts), &whole, "{:?}", codec);
        prop_assert_eq!(&events(&codec, &wire, &each), &whole, "{:?}", codec);
    }

    #[test]
    fn what_is_written_is_read(codec in select(codecs()), payloads in vec(vec(byte(), 0..30), 1..5)) {
        let (mut wire, mut sent) = (Vec::new(), Vec::new());
        for payload in payloads {
            let from = wire.len();
            if codec.encode(&payload, &mut wire).is_ok() {
                // The length that a frame is given with does not count.
                let filled = matches!(codec.framing(), Framing::Length(_)) && payload.len() == wire.len() - from;
                sent.push(Event::Frame(if filled { wire[from..].to_vec() } else { payload }));
            }
        }
        sent.push(Event::End(Ok(None)));
        prop_assert_eq!(events(&codec, &wire, &[]), sent, "{:?} {:?}", codec, wire);
    }

    #[test]
    fn noise_is_no_panic(codec in select(codecs()), wire in vec(byte(), 0..200)) {
        let _any = events(&codec, &wire, &[]);
    }
}
