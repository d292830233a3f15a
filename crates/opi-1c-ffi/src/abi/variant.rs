//! `tVariant`: its layout, reading what the host passed, writing what it gets.

use std::ffi::{c_int, c_void};
use std::mem::{offset_of, size_of};
use std::slice;

use bytes::Bytes;

use super::memory::Memory;
use super::text;
use crate::value::{Date, Value};

/// A value as the platform passes it.
#[repr(C)]
#[derive(Clone, Copy)]
pub(super) struct Variant {
    data: Data,
    elements: u32,
    /// The type; any number may stand here, so it is never a Rust enum.
    vt: u16,
}

#[repr(C)]
#[derive(Clone, Copy)]
union Data {
    i1: i8,
    ui1: u8,
    i2: i16,
    ui2: u16,
    i4: i32,
    ui4: u32,
    i8: i64,
    ui8: u64,
    r4: f32,
    r8: f64,
    tm: Tm,
    bytes: Buffer<u8>,
    wide: Buffer<u16>,
    _pointer: *mut c_void,
}

/// A block and the number of its elements, a terminating zero not counted.
#[repr(C)]
#[derive(Clone, Copy)]
struct Buffer<T> {
    at: *mut T,
    len: u32,
}

/// `struct tm` of the C library.
#[repr(C)]
#[derive(Clone, Copy)]
struct Tm {
    second: c_int,
    minute: c_int,
    hour: c_int,
    day: c_int,
    /// 0 is January.
    month: c_int,
    /// 0 is 1900.
    year: c_int,
    week_day: c_int,
    year_day: c_int,
    summer_time: c_int,
    #[cfg(not(windows))]
    zone: Zone,
}

#[cfg(not(windows))]
#[repr(C)]
#[derive(Clone, Copy)]
struct Zone {
    offset: std::ffi::c_long,
    name: *const std::ffi::c_char,
}

impl Variant {
    const EMPTY: Self = Self { data: Data { i8: 0 }, elements: 0, vt: EMPTY };
}

/// Reads the variant at `from`; NULL reads as nothing.
///
/// # Safety
///
/// `from` is NULL, or points to a variant whose data is what its type says.
pub(super) unsafe fn read(from: *const Variant) -> Value {
    if from.is_null() {
        return Value::Empty;
    }
    // SAFETY: the caller promises a variant there; every bit pattern is one.
    let Variant { data, vt, .. } = unsafe { from.read() };
    // Below, a field is read only where the type says that it is the one that was written.
    match vt {
        EMPTY | NULL => Value::Empty,
        // SAFETY: the type says so; every bit pattern is a number.
        I1 => Value::Int(unsafe { data.i1 }.into()),
        // SAFETY: the type says so; every bit pattern is a number.
        UI1 => Value::Int(unsafe { data.ui1 }.into()),
        // SAFETY: the type says so; every bit pattern is a number.
        I2 => Value::Int(unsafe { data.i2 }.into()),
        // SAFETY: the type says so; every bit pattern is a number.
        UI2 => Value::Int(unsafe { data.ui2 }.into()),
        // SAFETY: the type says so; every bit pattern is a number.
        I4 | INT | ERROR | HRESULT => Value::Int(unsafe { data.i4 }.into()),
        // SAFETY: the type says so; every bit pattern is a number.
        UI4 | UINT => Value::Int(unsafe { data.ui4 }.into()),
        // SAFETY: the type says so; every bit pattern is a number.
        I8 => Value::Int(unsafe { data.i8 }),
        // SAFETY: the type says so; every bit pattern is a number.
        UI8 => match i64::try_from(unsafe { data.ui8 }) {
            Ok(number) => Value::Int(number),
            Err(_) => Value::Unknown(vt),
        },
        // SAFETY: the type says so; every bit pattern is a number.
        R4 => Value::Float(unsafe { data.r4 }.into()),
        // SAFETY: the type says so; every bit pattern is a number.
        R8 => Value::Float(unsafe { data.r8 }),
        // SAFETY: the type says so; any byte but 0 is true, so it is not read as a Rust bool.
        BOOL => Value::Bool(unsafe { data.ui1 } != 0),
        // SAFETY: the type says so; every bit pattern is a time.
        TM => Value::Date(date(unsafe { data.tm })),
        PWSTR => {
            // SAFETY: the type says so.
            let buffer = unsafe { data.wide };
            // SAFETY: the block is the host's, which does not touch it until the call ends.
            text::from_wide(unsafe { elements(buffer) })
        }
        BLOB => {
            // SAFETY: the type says so.
            let buffer = unsafe { data.bytes };
            // SAFETY: the block is the host's, which does not touch it until the call ends.
            Value::Bytes(Bytes::copy_from_slice(unsafe { elements(buffer) }))
        }
        _ => Value::Unknown(vt),
    }
}

/// Writes `value` to `to`, with blocks from `memory`; gives whether there was memory for it.
///
/// # Safety
///
/// `to` points to a variant that nobody else uses and that owns no block.
pub(super) unsafe fn write(to: *mut Variant, value: &Value, memory: Option<Memory>) -> bool {
    let made = make(value, memory);
    // SAFETY: the caller promises a variant of ours to write to.
    unsafe { to.write(made.unwrap_or(Variant::EMPTY)) };
    made.is_some()
}

fn make(value: &Value, memory: Option<Memory>) -> Option<Variant> {
    let (vt, data) = match value {
        Value::Bool(flag) => (BOOL, Data { ui1: u8::from(*flag) }),
        Value::Bytes(bytes) => (BLOB, Data { bytes: buffer(memory?.copy_bytes(bytes)?) }),
        Value::Date(date) => (PWSTR, Data { wide: buffer(memory?.copy_text(&date.to_string())?) }),
        Value::Empty | Value::IllFormed(_) | Value::Unknown(_) => (EMPTY, Data { i8: 0 }),
        Value::Float(number) => (R8, Data { r8: *number }),
        Value::Int(number) => match i32::try_from(*number) {
            Ok(number) => (I4, Data { i4: number }),
            // Hosts know no wider whole number.
            Err(_) => (R8, Data { r8: *number as f64 }),
        },
        Value::Text(text) => (PWSTR, Data { wide: buffer(memory?.copy_text(text)?) }),
    };
    Some(Variant { data, elements: 0, vt })
}

fn buffer<T>((at, len): (*mut T, u32)) -> Buffer<T> {
    Buffer { at, len }
}

/// # Safety
///
/// The block holds `len` elements, or is NULL, and stays as it is while the slice is used.
unsafe fn elements<'call, T: Copy>(buffer: Buffer<T>) -> &'call [T] {
    if buffer.at.is_null() {
        return &[];
    }
    // SAFETY: not NULL, and the caller promises the elements; a u32 is never more than a usize.
    unsafe { slice::from_raw_parts(buffer.at, buffer.len as usize) }
}

fn date(tm: Tm) -> Date {
    let Tm { second, minute, hour, day, month, year, .. } = tm;
    let (year, month) = (year.saturating_add(1900), month.saturating_add(1));
    Date { year, month, day, hour, minute, second }
}

const EMPTY: u16 = 0;
const NULL: u16 = 1;
const I2: u16 = 2;
const I4: u16 = 3;
const R4: u16 = 4;
const R8: u16 = 5;
const TM: u16 = 7;
const ERROR: u16 = 10;
const BOOL: u16 = 11;
const I1: u16 = 13;
const UI1: u16 = 14;
const UI2: u16 = 15;
const UI4: u16 = 16;
const I8: u16 = 17;
const UI8: u16 = 18;
const INT: u16 = 19;
const UINT: u16 = 20;
const HRESULT: u16 = 21;
const PWSTR: u16 = 22;
const BLOB: u16 = 23;

// The platform's own layouts; a difference would read the type from the wrong place.
#[cfg(all(not(windows), target_pointer_width = "64"))]
const LAYOUT: [usize; 3] = [56, 60, 64];
#[cfg(windows)]
const LAYOUT: [usize; 3] = [40, 44, 48];
#[cfg(all(not(windows), target_pointer_width = "32"))]
const LAYOUT: [usize; 3] = [44, 48, 52];
const _: () = assert!(offset_of!(Variant, elements) == LAYOUT[0]);
const _: () = assert!(offset_of!(Variant, vt) == LAYOUT[1]);
const _: () = assert!(size_of::<Variant>() == LAYOUT[2]);
