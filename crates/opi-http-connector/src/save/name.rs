//! The name of a file that a server proposes (RFC 6266), made harmless. Pure.

use http::HeaderMap;
use http::header::CONTENT_DISPOSITION;
use percent_encoding::percent_decode_str;
use url::Url;

use crate::parameters;

/// The name in the headers, else in the URL, else `download`.
pub(super) fn choose(headers: &HeaderMap, url: &Url) -> String {
    let told = headers.get(CONTENT_DISPOSITION).map(|it| readable(it.as_bytes()));
    let of_url = || {
        let last = url.path_segments()?.next_back()?;
        Some(percent_decode_str(last).decode_utf8_lossy().into_owned())
    };
    let told =
        told.as_deref().and_then(proposed).map(|it| harmless(&it)).filter(|it| !it.is_empty());
    let of_url = || of_url().map(|it| harmless(&it)).filter(|it| !it.is_empty());
    told.or_else(of_url).unwrap_or_else(|| "download".to_owned())
}

/// `filename*` where it can be read (RFC 8187), else `filename`.
fn proposed(disposition: &str) -> Option<String> {
    let extended = || {
        let value = parameters::find(disposition, "filename*")?;
        let (charset, rest) = value.split_once('\'')?;
        let (_language, encoded) = rest.split_once('\'')?;
        let bytes: Vec<u8> = percent_decode_str(encoded).collect();
        match charset.to_ascii_lowercase().as_str() {
            "utf-8" => String::from_utf8(bytes).ok(),
            "iso-8859-1" => Some(bytes.into_iter().map(char::from).collect()),
            _ => None,
        }
    };
    extended().or_else(|| parameters::find(disposition, "filename"))
}

/// UTF-8 where it is, else ISO-8859-1, in which every byte is a character.
fn readable(bytes: &[u8]) -> String {
    let latin = |_| bytes.iter().copied().map(char::from).collect();
    std::str::from_utf8(bytes).map_or_else(latin, str::to_owned)
}

/// A name that no system takes for anything but a file in the folder it is in.
fn harmless(name: &str) -> String {
    let base = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let letters = base.chars().filter(|it| !it.is_control() && !TURNS.contains(it));
    let kept: String = letters.map(|it| if "<>:\"|?*".contains(it) { '_' } else { it }).collect();
    let kept = kept.trim_start_matches([' ', '.']).trim_end_matches([' ', '.']);
    let stem = kept.split('.').next().unwrap_or_default().trim_end().to_ascii_uppercase();
    let prefix = if is_reserved(&stem) { "_" } else { "" };
    shortened(&format!("{prefix}{kept}"))
}

/// The names of devices in Windows.
fn is_reserved(stem: &str) -> bool {
    let numbered = |kind: &str| {
        let number = stem.strip_prefix(kind);
        number.is_some_and(|it| {
            it.chars().count() == 1 && it.chars().all(|it| "123456789¹²³".contains(it))
        })
    };
    ["AUX", "CON", "CONIN$", "CONOUT$", "NUL", "PRN"].contains(&stem)
        || numbered("COM")
        || numbered("LPT")
}

/// At most [`LONGEST`] bytes, with the extension where it is short.
fn shortened(name: &str) -> String {
    if name.len() <= LONGEST {
        return name.to_owned();
    }
    let dot = name.rfind('.').filter(|at| name.len() - at <= EXTENSION);
    let (stem, extension) = name.split_at(dot.unwrap_or(name.len()));
    let mut end = LONGEST - extension.len();
    while !stem.is_char_boundary(end) {
        end -= 1;
    }
    format!("{}{extension}", stem.get(..end).unwrap_or_default().trim_end_matches([' ', '.']))
}

/// Systems take 255 bytes; a number and the ending of a part must fit besides.
const LONGEST: usize = 200;

/// The longest extension that is kept, its dot included.
const EXTENSION: usize = 20;

/// Characters that turn the direction of writing, so that `exe` seems to be `txt`.
const TURNS: &[char] = &[
    '\u{200E}', '\u{200F}', '\u{202A}', '\u{202B}', '\u{202C}', '\u{202D}', '\u{202E}', '\u{2066}',
    '\u{2067}', '\u{2068}', '\u{2069}', '\u{FEFF}',
];

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    #[track_caller]
    fn check(disposition: &str, expected: &str) {
        let mut headers = HeaderMap::new();
        headers
            .insert(CONTENT_DISPOSITION, HeaderValue::from_bytes(disposition.as_bytes()).unwrap());
        let url = "http://h.test/a/from%20url.txt?x=y".parse().unwrap();
        assert_eq!(choose(&headers, &url), expected, "{disposition}");
    }

    #[test]
    fn the_name_is_read_in_every_form() {
        check("attachment; filename=plain.txt", "plain.txt");
        check("attachment; filename=\"two words.txt\"", "two words.txt");
        check("inline; filename=\"отчёт.pdf\"", "отчёт.pdf");
        check("attachment; filename=\"x.txt\"; filename*=UTF-8''%D0%B6%20.txt", "ж .txt");
        check("attachment; filename*=iso-8859-1'en'%A3.txt", "£.txt");
        check("attachment; filename=a.txt; filename*=UTF-8''%FF", "a.txt");
        check("attachment; filename=a.txt; filename*=koi8-r''%C1", "a.txt");
        check("attachment; filename=a.txt; filename*=broken", "a.txt");
        check("attachment", "from url.txt");
        check("attachment; filename=\"\"", "from url.txt");
    }

    #[test]
    fn a_name_stays_in_its_folder_and_is_one_everywhere() {
        check("x; filename=\"../../etc/passwd\"", "passwd");
        check("x; filename=\"..\\\\..\\\\evil.exe\"", "evil.exe");
        check("x; filename=\"/etc/\"", "from url.txt");
        check("x; filename=\"..\"", "from url.txt");
        check("x; filename=\".bashrc\"", "bashrc");
        check("x; filename=\"C:evil\"", "C_evil");
        check("x; filename=\"a.txt:stream\"", "a.txt_stream");
        check("x; filename*=UTF-8''a%00%0A%C2%85b", "ab");
        check("x; filename*=UTF-8''%E2%80%AEtxt.exe", "txt.exe");
        check("x; filename*=UTF-8''..%2F..%2Fx", "x");
        check("x; filename=\"a?*<>|b\"", "a_____b");
        check("x; filename=\"name. . \"", "name");
        for reserved in ["CON", "con.txt", "Aux", "LPT1.x.y", "COM9", "nul ", "CONIN$"] {
            check(&format!("x; filename=\"{reserved}\""), &format!("_{}", reserved.trim()));
        }
        check("x; filename=console", "console");
        check("x; filename=COM10", "COM10");
    }

    #[test]
    fn a_long_name_is_cut_between_characters_and_keeps_its_extension() {
        check(&format!("x; filename={}", "a".repeat(200)), &"a".repeat(200));
        check(&format!("x; filename={}.txt", "a".repeat(300)), &format!("{}.txt", "a".repeat(196)));
        check(
            &format!("x; filename=\"{}.txt\"", "ж".repeat(150)),
            &format!("{}.txt", "ж".repeat(98)),
        );
        check(&format!("x; filename=a.{}", "b".repeat(300)), &format!("a.{}", "b".repeat(198)));
    }

    #[test]
    fn an_answer_without_any_name_is_a_download() {
        for url in ["http://h.test/", "http://h.test/a/", "http://h.test/%2E%2E%2F"] {
            assert_eq!(choose(&HeaderMap::new(), &url.parse().unwrap()), "download", "{url}");
        }
    }
}
