//! `LocaleBase` and `UserLanguageBase`: the language of hints.

use std::ffi::c_void;

use super::entry::entries;
use super::object::{LOCALE, USER_LANGUAGE};
use super::text;
use crate::language::Language;

/// The slot after the destructors, in both.
#[repr(C)]
pub(super) struct Slots {
    set: unsafe extern "system" fn(*mut c_void, *const u16),
}

pub(super) const LOCALE_SLOTS: Slots = Slots { set: set_locale };
pub(super) const USER_LANGUAGE_SLOTS: Slots = Slots { set: set_user_language };

entries! { LOCALE;
    /// Takes the locale of the platform, for example `ru_RU`.
    fn set_locale(instance, code: *const u16) -> (), or (), {
        // SAFETY: NULL, or a text with a zero at the end.
        let code = unsafe { text::terminated(code) };
        if let Some(code) = code {
            instance.object.context().language.of_locale(Language::of_code(&code));
        }
    }
}

entries! { USER_LANGUAGE;
    /// Takes the language of the user, for example `ru`.
    fn set_user_language(instance, code: *const u16) -> (), or (), {
        // SAFETY: NULL, or a text with a zero at the end.
        let code = unsafe { text::terminated(code) };
        if let Some(code) = code {
            instance.object.context().language.of_user(Language::of_code(&code));
        }
    }
}
