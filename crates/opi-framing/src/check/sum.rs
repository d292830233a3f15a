//! The checks of the trade: XOR, sums and the CRCs that devices name.

use crc::{
    CRC_16_ARC, CRC_16_DNP, CRC_16_EN_13757, CRC_16_GENIBUS, CRC_16_IBM_3740, CRC_16_IBM_SDLC,
    CRC_16_KERMIT, CRC_16_MAXIM_DOW, CRC_16_MCRF4XX, CRC_16_MODBUS, CRC_16_SPI_FUJITSU, CRC_16_USB,
    CRC_16_XMODEM, CRC_32_ISCSI, CRC_32_ISO_HDLC, Crc,
};

/// How a check is computed.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Sum {
    /// CRC-16/ARC, also called IBM or LHA.
    Crc16Arc,
    /// CRC-16/SPI-FUJITSU, also called AUG-CCITT: as CCITT-FALSE from 0x1D0F.
    Crc16AugCcitt,
    /// CRC-16/IBM-3740, better known as CCITT-FALSE.
    Crc16CcittFalse,
    /// CRC-16/DNP.
    Crc16Dnp,
    /// CRC-16/EN-13757, of the wireless M-Bus.
    Crc16En13757,
    /// CRC-16/GENIBUS.
    Crc16Genibus,
    /// CRC-16/KERMIT, also called CCITT or V.41.
    Crc16Kermit,
    /// CRC-16/MAXIM-DOW.
    Crc16Maxim,
    /// CRC-16/MCRF4XX.
    Crc16Mcrf4xx,
    /// CRC-16/MODBUS.
    Crc16Modbus,
    /// CRC-16/USB.
    Crc16Usb,
    /// CRC-16/IBM-SDLC, also called X-25, HDLC or ISO/IEC 14443-3-B.
    Crc16X25,
    /// CRC-16/XMODEM, also called ZMODEM or ACORN.
    Crc16Xmodem,
    /// CRC-32/ISO-HDLC, the one of Ethernet and ZIP.
    Crc32,
    /// CRC-32/ISCSI, also called CRC-32C.
    Crc32c,
    /// The sum of the bytes, modulo 256.
    Sum,
    /// The sum of the bytes, modulo 65536.
    Sum16,
    /// What makes the sum of the bytes zero modulo 256: the LRC of Modbus ASCII.
    SumNegated,
    /// All bytes XORed: the LRC of STX/ETX protocols.
    Xor,
}

/// The facts of one check.
struct Row {
    name: &'static str,
    width: usize,
    of: fn(&[&[u8]]) -> u64,
}

impl Sum {
    /// Every check.
    pub const ALL: &[Self] = &[
        Self::Crc16Arc,
        Self::Crc16AugCcitt,
        Self::Crc16CcittFalse,
        Self::Crc16Dnp,
        Self::Crc16En13757,
        Self::Crc16Genibus,
        Self::Crc16Kermit,
        Self::Crc16Maxim,
        Self::Crc16Mcrf4xx,
        Self::Crc16Modbus,
        Self::Crc16Usb,
        Self::Crc16X25,
        Self::Crc16Xmodem,
        Self::Crc32,
        Self::Crc32c,
        Self::Sum,
        Self::Sum16,
        Self::SumNegated,
        Self::Xor,
    ];

    /// The name in the text form; never renamed once released.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.row().name
    }

    /// The bytes of its value.
    pub(crate) const fn width(self) -> usize {
        self.row().width
    }

    /// The value over all `parts` in turn.
    pub(crate) fn of(self, parts: &[&[u8]]) -> u64 {
        (self.row().of)(parts)
    }

    const fn row(self) -> Row {
        match self {
            Self::Crc16Arc => crc16("crc16-arc", |it| ARC.over(it)),
            Self::Crc16AugCcitt => crc16("crc16-aug-ccitt", |it| AUG_CCITT.over(it)),
            Self::Crc16CcittFalse => crc16("crc16-ccitt-false", |it| CCITT_FALSE.over(it)),
            Self::Crc16Dnp => crc16("crc16-dnp", |it| DNP.over(it)),
            Self::Crc16En13757 => crc16("crc16-en-13757", |it| EN_13757.over(it)),
            Self::Crc16Genibus => crc16("crc16-genibus", |it| GENIBUS.over(it)),
            Self::Crc16Kermit => crc16("crc16-kermit", |it| KERMIT.over(it)),
            Self::Crc16Maxim => crc16("crc16-maxim", |it| MAXIM.over(it)),
            Self::Crc16Mcrf4xx => crc16("crc16-mcrf4xx", |it| MCRF4XX.over(it)),
            Self::Crc16Modbus => crc16("crc16-modbus", |it| MODBUS.over(it)),
            Self::Crc16Usb => crc16("crc16-usb", |it| USB.over(it)),
            Self::Crc16X25 => crc16("crc16-x25", |it| X25.over(it)),
            Self::Crc16Xmodem => crc16("crc16-xmodem", |it| XMODEM.over(it)),
            Self::Crc32 => Row { name: "crc32", width: 4, of: |it| ISO_HDLC.over(it) },
            Self::Crc32c => Row { name: "crc32c", width: 4, of: |it| ISCSI.over(it) },
            Self::Sum => Row { name: "sum", width: 1, of: |it| sum(it) & 0xFF },
            Self::Sum16 => Row { name: "sum16", width: 2, of: |it| sum(it) & 0xFFFF },
            Self::SumNegated => {
                Row { name: "sum-negated", width: 1, of: |it| sum(it).wrapping_neg() & 0xFF }
            }
            Self::Xor => Row { name: "xor", width: 1, of: xor },
        }
    }
}

const fn crc16(name: &'static str, of: fn(&[&[u8]]) -> u64) -> Row {
    Row { name, width: 2, of }
}

fn sum(parts: &[&[u8]]) -> u64 {
    let bytes = parts.iter().copied().flatten();
    bytes.fold(0, |sum: u64, byte| sum.wrapping_add(u64::from(*byte)))
}

fn xor(parts: &[&[u8]]) -> u64 {
    parts.iter().copied().flatten().fold(0, |xor, byte| xor ^ u64::from(*byte))
}

/// A CRC of any width over parts.
trait Over {
    fn over(&self, parts: &[&[u8]]) -> u64;
}

impl Over for Crc<u16> {
    fn over(&self, parts: &[&[u8]]) -> u64 {
        let mut digest = self.digest();
        parts.iter().for_each(|part| digest.update(part));
        digest.finalize().into()
    }
}

impl Over for Crc<u32> {
    fn over(&self, parts: &[&[u8]]) -> u64 {
        let mut digest = self.digest();
        parts.iter().for_each(|part| digest.update(part));
        digest.finalize().into()
    }
}

static ARC: Crc<u16> = Crc::<u16>::new(&CRC_16_ARC);
static AUG_CCITT: Crc<u16> = Crc::<u16>::new(&CRC_16_SPI_FUJITSU);
static CCITT_FALSE: Crc<u16> = Crc::<u16>::new(&CRC_16_IBM_3740);
static DNP: Crc<u16> = Crc::<u16>::new(&CRC_16_DNP);
static EN_13757: Crc<u16> = Crc::<u16>::new(&CRC_16_EN_13757);
static GENIBUS: Crc<u16> = Crc::<u16>::new(&CRC_16_GENIBUS);
static ISCSI: Crc<u32> = Crc::<u32>::new(&CRC_32_ISCSI);
static ISO_HDLC: Crc<u32> = Crc::<u32>::new(&CRC_32_ISO_HDLC);
static KERMIT: Crc<u16> = Crc::<u16>::new(&CRC_16_KERMIT);
static MAXIM: Crc<u16> = Crc::<u16>::new(&CRC_16_MAXIM_DOW);
static MCRF4XX: Crc<u16> = Crc::<u16>::new(&CRC_16_MCRF4XX);
static MODBUS: Crc<u16> = Crc::<u16>::new(&CRC_16_MODBUS);
static USB: Crc<u16> = Crc::<u16>::new(&CRC_16_USB);
static X25: Crc<u16> = Crc::<u16>::new(&CRC_16_IBM_SDLC);
static XMODEM: Crc<u16> = Crc::<u16>::new(&CRC_16_XMODEM);

#[cfg(test)]
mod tests {
    use super::*;

    /// The value over the nine digits that CRC catalogs test with.
    #[track_caller]
    fn check(sum: Sum, expected: u64) {
        assert_eq!(sum.of(&[b"123456789"]), expected, "{}", sum.name());
        assert_eq!(sum.of(&[b"1234", b"", b"56789"]), expected, "{} in parts", sum.name());
        assert!(expected >> (8 * sum.width()) == 0, "{}", sum.name());
    }

    #[test]
    fn checks_have_the_values_of_the_catalogs() {
        let values = [
            0xBB3D,
            0xE5CC,
            0x29B1,
            0xEA82,
            0xC2B7,
            0xD64E,
            0x2189,
            0x44C2,
            0x6F91,
            0x4B37,
            0xB4C8,
            0x906E,
            0x31C3,
            0xCBF4_3926,
            0xE306_9283,
            0xDD,
            0x01DD,
            0x23,
            0x31,
        ];
        assert_eq!(values.len(), Sum::ALL.len());
        for (sum, value) in Sum::ALL.iter().zip(values) {
            check(*sum, value);
        }
    }
}
