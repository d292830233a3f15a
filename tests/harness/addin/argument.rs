//! The arguments of one call: variants, and blocks that are exactly as long as they say.

use std::ffi::c_void;

use super::value::Value;
use super::variant::{BLOB, BOOL, Block, EMPTY, I4, PWSTR, R8, TM_TYPE, Union, Variant};

/// Variants that live as long as the call.
pub(super) struct Arguments {
    variants: Vec<Variant>,
    /// Units and bytes that variants point to.
    units: Vec<Box<[u16]>>,
    bytes: Vec<Box<[u8]>>,
}

impl Arguments {
    pub(super) fn new(values: &[Value]) -> Self {
        let mut arguments = Self { variants: Vec::new(), units: Vec::new(), bytes: Vec::new() };
        for value in values {
            let variant = arguments.variant(value);
            arguments.variants.push(variant);
        }
        arguments
    }

    /// The variants; NULL when there are none, as OneScript passes them.
    pub(super) fn as_mut_ptr(&mut self) -> *mut Variant {
        if self.variants.is_empty() { std::ptr::null_mut() } else { self.variants.as_mut_ptr() }
    }

    fn variant(&mut self, value: &Value) -> Variant {
        match value {
            Value::Undefined => Variant::of(EMPTY, 0),
            Value::Bool(flag) => with(BOOL, Union { flag: u8::from(*flag) }),
            Value::Int(number) => with(I4, Union { int: *number }),
            Value::Number(number) => with(R8, Union { real: *number }),
            Value::Text(text) => self.units(text.encode_utf16().collect()),
            Value::Wide(units) => self.units(units.clone().into()),
            Value::Bytes(bytes) => {
                let mut bytes: Box<[u8]> = bytes.clone().into();
                let variant = block(BLOB, bytes.as_mut_ptr().cast(), bytes.len());
                self.bytes.push(bytes);
                variant
            }
            Value::NullText => block(PWSTR, std::ptr::null_mut(), 0),
            Value::NullBytes => block(BLOB, std::ptr::null_mut(), 0),
            Value::Claimed { vt, len } => {
                let at = std::ptr::null_mut();
                with(*vt, Union { block: Block { at, len: *len } })
            }
            Value::Date([year, month, day, hour, minute, second]) => {
                let mut variant = Variant::of(TM_TYPE, 0);
                let parts = [*second, *minute, *hour, *day, month - 1, year - 1900];
                // SAFETY: `Variant::of` has written every number of the time.
                unsafe { variant.union.tm[..parts.len()].copy_from_slice(&parts) };
                variant
            }
            Value::Raw { vt, bits } => Variant::of(*vt, *bits),
        }
    }

    fn units(&mut self, mut units: Box<[u16]>) -> Variant {
        let variant = block(PWSTR, units.as_mut_ptr().cast(), units.len());
        self.units.push(units);
        variant
    }
}

fn with(vt: u16, union: Union) -> Variant {
    Variant { union, elements: 0, vt }
}

fn block(vt: u16, at: *mut c_void, len: usize) -> Variant {
    let len = u32::try_from(len).expect("an argument of 4 GiB");
    with(vt, Union { block: Block { at, len } })
}
