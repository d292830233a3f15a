//! The reference of kinds, settings and presets, made of their rows.

use std::fmt::{self, Write};

use crate::Codec;

impl Codec {
    /// The tables of kinds, settings and presets of the text form, in Markdown.
    #[must_use]
    pub fn reference() -> String {
        let mut page = String::new();
        // Text can always be written to.
        let _infallible = write(&mut page).is_err();
        page
    }
}

fn write(page: &mut String) -> fmt::Result {
    kinds(page)?;
    settings(page)?;
    presets(page)
}

fn kinds(page: &mut String) -> fmt::Result {
    page.push_str("| kind | what ends a frame | settings besides `max` |\n|---|---|---|\n");
    for kind in Codec::KINDS {
        let names: Vec<_> = kind.settings.iter().map(|name| format!("`{name}`")).collect();
        writeln!(page, "| `{}` | {} | {} |", kind.name, kind.meaning[0], names.join(", "))?;
    }
    Ok(())
}

fn settings(page: &mut String) -> fmt::Result {
    page.push_str("\n| setting | meaning | value | default |\n|---|---|---|---|\n");
    for setting in Codec::SETTINGS {
        let own = Codec::KINDS.iter().filter_map(|kind| {
            let (_, value) = kind.defaults.iter().find(|(name, _)| *name == setting.name)?;
            Some(format!("`{value}` of `{}`", kind.name))
        });
        let default = setting.default.map(|value| format!("`{value}`"));
        let defaults: Vec<_> = default.into_iter().chain(own).collect();
        let (name, meaning, accepts) = (setting.name, setting.meaning[0], setting.accepts);
        writeln!(page, "| `{name}` | {meaning} | {accepts} | {} |", defaults.join(", "))?;
    }
    Ok(())
}

fn presets(page: &mut String) -> fmt::Result {
    page.push_str("\n| preset | frames | described in | its own text form |\n|---|---|---|---|\n");
    for preset in Codec::PRESETS {
        let text = Codec::preset(preset.name).map(|codec| codec.to_json()).unwrap_or_default();
        let (name, meaning, source) = (preset.name, preset.meaning[0], preset.source);
        writeln!(page, "| `{name}` | {meaning} | {source} | `{text}` |")?;
    }
    Ok(())
}
