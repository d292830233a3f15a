//! The kinds of the text form, one row each.

use std::time::Duration;

use super::{fields::Fields, word::Escapes};
use crate::{
    Check, Delimited, Error, Escape, Fix, Fixed, Framing, Idle, Length, OctetCount, Varint,
};

/// A kind of the text form: one row of [`Codec::KINDS`](crate::Codec::KINDS).
#[non_exhaustive]
#[derive(Clone, Copy, Debug)]
pub struct Kind {
    /// Its name; never renamed once released.
    pub name: &'static str,
    /// What ends a frame, in English and in Russian.
    pub meaning: [&'static str; 2],
    /// The settings it takes besides `max`.
    pub settings: &'static [&'static str],
    /// Where its defaults differ from those of the settings: name and value as JSON.
    pub defaults: &'static [(&'static str, &'static str)],
    pub(super) read: fn(&Fields) -> Result<Framing, Error>,
    /// None for the framings of other kinds.
    pub(super) write: fn(&Framing, &mut Fields) -> Option<()>,
}

pub(super) const KINDS: &[Kind] = &[
    Kind {
        name: "delimiter",
        meaning: ["bytes that end a frame", "байты, которыми кончается кадр"],
        settings: DELIMITED,
        defaults: &[],
        read: read_delimited,
        write: write_delimited,
    },
    Kind {
        name: "fix",
        meaning: ["FIX's length and checksum", "длина и сумма FIX"],
        settings: &["begin", "keep"],
        defaults: &[],
        read: |fields| Ok(Fix::new(fields.text("begin")?).keep(fields.word("keep")?).into()),
        write: |framing, fields| {
            let Framing::Fix(it) = framing else { return None };
            fields.put_text("begin", &it.begin);
            fields.put_word("keep", &it.keep);
            Some(())
        },
    },
    Kind {
        name: "fixed",
        meaning: ["a size that all frames have", "размер, общий для всех кадров"],
        settings: &["size"],
        defaults: &[],
        read: |fields| Ok(Fixed::new(fields.size("size")?).into()),
        write: |framing, fields| {
            let Framing::Fixed(it) = framing else { return None };
            fields.put_size("size", it.size);
            Some(())
        },
    },
    Kind {
        name: "idle",
        meaning: ["silence; the caller watches the time", "тишина; за временем следит программа"],
        settings: &["gap_ms"],
        defaults: &[],
        read: |fields| {
            let milliseconds = fields.size("gap_ms")?;
            let gap = u64::try_from(milliseconds).map_or(Duration::MAX, Duration::from_millis);
            Ok(Idle::new(gap).into())
        },
        write: |framing, fields| {
            let Framing::Idle(it) = framing else { return None };
            // At most an hour.
            fields.put_size("gap_ms", it.gap.as_millis() as usize);
            Some(())
        },
    },
    Kind {
        name: "length",
        meaning: ["a length in a header", "длина в заголовке"],
        settings: &["width", "endian", "offset", "includes", "adjust", "start", "keep"],
        defaults: &[],
        read: read_length,
        write: write_length,
    },
    Kind {
        name: "octet_count",
        meaning: ["a decimal length and a space in front", "десятичная длина и пробел впереди"],
        settings: &["forms", "keep"],
        defaults: &[],
        read: |fields| {
            let counted = OctetCount::new().forms(fields.word("forms")?);
            Ok(counted.keep(fields.word("keep")?).into())
        },
        write: |framing, fields| {
            let Framing::OctetCount(it) = framing else { return None };
            fields.put_word("forms", &it.forms);
            fields.put_word("keep", &it.keep);
            Some(())
        },
    },
    Kind {
        name: "stx_etx",
        meaning: [
            "ETX, with a check: as delimiter, with defaults of its own",
            "ETX, с контрольной суммой: как delimiter, со своими умолчаниями",
        ],
        settings: DELIMITED,
        defaults: &[("start", "\"02\""), ("end", "\"03\""), ("check", "\"xor\"")],
        read: read_delimited,
        write: write_delimited,
    },
    Kind {
        name: "varint",
        meaning: ["a LEB128 length in front", "длина LEB128 впереди"],
        settings: &["keep"],
        defaults: &[],
        read: |fields| Ok(Varint::new().keep(fields.word("keep")?).into()),
        write: |framing, fields| {
            let Framing::Varint(it) = framing else { return None };
            fields.put_word("keep", &it.keep);
            Some(())
        },
    },
];

const DELIMITED: &[&str] = &[
    "start",
    "end",
    "check",
    "check_covers",
    "check_endian",
    "check_place",
    "escape",
    "escape_byte",
    "escape_mask",
    "escape_pairs",
    "keep",
];

fn read_delimited(fields: &Fields) -> Result<Framing, Error> {
    let delimited = Delimited::new(fields.bytes("end")?)
        .start(fields.bytes("start")?)
        .escape(read_escape(fields)?)
        .keep(fields.word("keep")?);
    let Some(sum) = fields.word("check")? else {
        let names = ["check_covers", "check_endian", "check_place"];
        fields.idle(&names, "a `check` besides")?;
        return Ok(delimited.into());
    };
    let check = Check::new(sum)
        .covers(fields.word("check_covers")?)
        .endian(fields.word("check_endian")?)
        .place(fields.word("check_place")?);
    Ok(delimited.check(check).into())
}

fn read_escape(fields: &Fields) -> Result<Escape, Error> {
    let (byte, mask, pairs) = ("escape_byte", "escape_mask", "escape_pairs");
    Ok(match fields.word("escape")? {
        plain @ (Escapes::Dle | Escapes::None) => {
            fields.idle(&[byte, mask, pairs], "the `escape` xor or pairs besides")?;
            if plain == Escapes::Dle { Escape::Dle } else { Escape::None }
        }
        Escapes::Pairs => {
            fields.idle(&[mask], "the `escape` xor besides")?;
            Escape::Pairs { escape: fields.byte(byte)?, pairs: fields.pairs(pairs)? }
        }
        Escapes::Xor => {
            fields.idle(&[pairs], "the `escape` pairs besides")?;
            Escape::Xor { escape: fields.byte(byte)?, mask: fields.byte(mask)? }
        }
    })
}

fn write_delimited(framing: &Framing, fields: &mut Fields) -> Option<()> {
    let Framing::Delimited(it) = framing else { return None };
    fields.put_bytes("start", &it.start);
    fields.put_bytes("end", &it.end);
    fields.put_word("check", &it.check.map(|check| check.sum));
    if let Some(check) = it.check {
        fields.put_word("check_covers", &check.covers);
        fields.put_word("check_endian", &check.endian);
        fields.put_word("check_place", &check.place);
    }
    write_escape(&it.escape, fields);
    fields.put_word("keep", &it.keep);
    Some(())
}

fn write_escape(escape: &Escape, fields: &mut Fields) {
    match escape {
        Escape::Dle => fields.put_word("escape", &Escapes::Dle),
        Escape::None => fields.put_word("escape", &Escapes::None),
        Escape::Pairs { escape, pairs } => {
            fields.put_word("escape", &Escapes::Pairs);
            fields.put_bytes("escape_byte", &[*escape]);
            let pairs: Vec<u8> = pairs.iter().flat_map(|(byte, code)| [*byte, *code]).collect();
            fields.put_bytes("escape_pairs", &pairs);
        }
        Escape::Xor { escape, mask } => {
            fields.put_word("escape", &Escapes::Xor);
            fields.put_bytes("escape_byte", &[*escape]);
            fields.put_bytes("escape_mask", &[*mask]);
        }
    }
}

fn read_length(fields: &Fields) -> Result<Framing, Error> {
    let length = Length::new(fields.size("width")?)
        .endian(fields.word("endian")?)
        .offset(fields.size("offset")?)
        .includes(fields.word("includes")?)
        .adjust(fields.number("adjust")?)
        .start(fields.bytes("start")?)
        .keep(fields.word("keep")?);
    Ok(length.into())
}

fn write_length(framing: &Framing, fields: &mut Fields) -> Option<()> {
    let Framing::Length(it) = framing else { return None };
    fields.put_size("width", it.width);
    fields.put_word("endian", &it.endian);
    fields.put_size("offset", it.offset);
    fields.put_word("includes", &it.includes);
    fields.put_number("adjust", it.adjust);
    fields.put_bytes("start", &it.start);
    fields.put_word("keep", &it.keep);
    Some(())
}
