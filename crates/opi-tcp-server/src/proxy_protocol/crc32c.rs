//! CRC-32C, the checksum of a header of version 2 (RFC 3720 appendix B.4).

/// The checksum of the bytes of all `parts`, one after another.
pub(super) fn crc32c(parts: [&[u8]; 3]) -> u32 {
    let bytes = parts.into_iter().flatten();
    !bytes.fold(u32::MAX, |crc, &byte| {
        let mut crc = crc ^ u32::from(byte);
        for _ in 0..8 {
            let odd = crc & 1 == 1;
            crc = (crc >> 1) ^ if odd { POLYNOMIAL } else { 0 };
        }
        crc
    })
}

/// Castagnoli's polynomial, its bits reversed.
const POLYNOMIAL: u32 = 0x82F6_3B78;

#[cfg(test)]
mod tests {
    use super::crc32c;

    #[test]
    fn the_check_values_of_the_standard() {
        assert_eq!(crc32c([b"1234", b"", b"56789"]), 0xE306_9283);
        assert_eq!(crc32c([&[0; 32], b"", b""]), 0x8A91_36AA);
        assert_eq!(crc32c([&[0xFF; 32], b"", b""]), 0x62A8_AB43);
    }
}
