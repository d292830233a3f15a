//! Codecs that have a name.

use crate::{
    Check, Codec, Delimited, Error, Fix, Forms, Framing, Includes, Keep, Length, OctetCount, Sum,
};

/// A codec that has a name: one row of [`Codec::PRESETS`].
#[non_exhaustive]
#[derive(Clone, Copy, Debug)]
pub struct Preset {
    /// The name in the text form; never renamed once released.
    pub name: &'static str,
    /// What it is for, in English and in Russian.
    pub meaning: [&'static str; 2],
    /// Where the format is described.
    pub source: &'static str,
    /// The most bytes of a frame, when the format has a limit of its own.
    pub max: Option<usize>,
    framing: fn() -> Framing,
}

impl Codec {
    /// Every preset, in alphabetical order.
    pub const PRESETS: &[Preset] = PRESETS;

    /// The codec with a name.
    ///
    /// ```
    /// use opi_framing::Codec;
    ///
    /// let mut wire = Vec::new();
    /// Codec::preset("syslog")?.encode(b"<34>1 - - - - - -", &mut wire)?;
    /// assert_eq!(wire, b"17 <34>1 - - - - - -");
    /// # Ok::<(), opi_framing::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`BadOption`](crate::ErrorKind::BadOption): there is no preset of that name; the message
    /// lists those there are.
    pub fn preset(name: &str) -> Result<Self, Error> {
        let Some(preset) = PRESETS.iter().find(|preset| preset.name == name) else {
            let names: Vec<_> = PRESETS.iter().map(|preset| preset.name).collect();
            let expected = format_args!("one of {}", names.join(", "));
            return Err(Error::option("preset", expected, format_args!("{name:?}")));
        };
        Self::new((preset.framing)())?.at_most(preset.max.unwrap_or(Self::MAX))
    }
}

const PRESETS: &[Preset] = &[
    Preset {
        name: "crlf",
        meaning: ["lines that end with CR LF", "строки, которые кончаются CR LF"],
        source: "RFC 5321 section 2.3.8",
        max: None,
        framing: || Delimited::new(b"\r\n").into(),
    },
    Preset {
        name: "fix",
        meaning: [
            "FIX messages, body length and checksum verified",
            "сообщения FIX, длина тела и сумма проверяются",
        ],
        source: "FIX tagvalue encoding",
        max: None,
        framing: || Fix::new(Fix::BEGIN).into(),
    },
    Preset {
        name: "iso8583-2",
        meaning: [
            "ISO 8583 messages behind 2 bytes of length",
            "сообщения ISO 8583 с длиной в 2 байтах",
        ],
        source: "ISO 8583 over TCP, as acquirers agree",
        max: None,
        framing: || Length::new(2).into(),
    },
    Preset {
        name: "iso8583-4",
        meaning: [
            "ISO 8583 messages behind 4 bytes of length",
            "сообщения ISO 8583 с длиной в 4 байтах",
        ],
        source: "ISO 8583 over TCP, as acquirers agree",
        max: None,
        framing: || Length::new(4).into(),
    },
    Preset {
        name: "lines",
        meaning: [
            "lines that end with LF; a CR before it stays",
            "строки, которые кончаются LF; CR перед ним остаётся",
        ],
        source: "POSIX.1 section 3.206",
        max: None,
        framing: || Delimited::new(b"\n").into(),
    },
    Preset {
        name: "mllp",
        meaning: ["HL7 messages between VT and FS CR", "сообщения HL7 между VT и FS CR"],
        source: "HL7 MLLP release 1",
        max: None,
        framing: || Delimited::new(b"\x1C\r").start(b"\x0B").into(),
    },
    Preset {
        name: "modbus-tcp",
        meaning: [
            "Modbus TCP; the payload is the whole frame, its length is written in",
            "Modbus TCP; данные — кадр целиком, длина в нём заполняется",
        ],
        source: "MODBUS Messaging on TCP/IP 1.0b section 3.1.3",
        max: Some(260),
        framing: || Length::new(2).offset(4).keep(Keep::Frame).into(),
    },
    Preset {
        name: "nul-json",
        meaning: ["JSON texts that end with NUL", "тексты JSON, которые кончаются NUL"],
        source: "POS terminals' JSON protocols",
        max: None,
        framing: || Delimited::new(b"\0").into(),
    },
    Preset {
        name: "smpp",
        meaning: [
            "SMPP PDUs; the payload is what follows command_length",
            "PDU SMPP; данные — то, что следует за command_length",
        ],
        source: "SMPP 3.4 section 3.2",
        max: None,
        framing: || Length::new(4).includes(Includes::Itself).into(),
    },
    Preset {
        name: "stx-etx-lrc",
        meaning: [
            "STX, text, ETX and the XOR of text and ETX",
            "STX, текст, ETX и XOR текста и ETX",
        ],
        source: "ISO 1745 with the check of ISO 1155",
        max: None,
        framing: || Delimited::stx_etx(Check::new(Sum::Xor)).into(),
    },
    Preset {
        name: "syslog",
        meaning: [
            "syslog, counted or in lines; written counted",
            "syslog со счётчиком байтов или строками; пишется со счётчиком",
        ],
        source: "RFC 6587 section 3.4",
        max: None,
        framing: || OctetCount::new().forms(Forms::Either).into(),
    },
    Preset {
        name: "tpkt",
        meaning: ["packets of ISO transport over TCP", "пакеты ISO поверх TCP"],
        source: "RFC 1006 section 6",
        max: None,
        framing: || Length::new(2).offset(2).start(b"\x03").includes(Includes::Header).into(),
    },
];
