//! The generated BSL modules: they parse, both languages agree, and every call has something behind it.
#![forbid(unsafe_code)]
