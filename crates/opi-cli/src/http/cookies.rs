//! The file in which cookies stay from one command to the next.

use std::path::Path;
use std::time::SystemTime;

use opi::http::{CookieChoice, CookieFile, Cookies};

use crate::failure::{ErrorKind, Failure};

/// Takes over what is in the file; one that is not there yet has no cookies.
///
/// # Errors
///
/// It cannot be read, or is no file of cookies.
pub(super) fn load(cookies: &Cookies, path: &Path) -> Result<(), Failure> {
    if path.exists() {
        cookies.load(path, form(path), SystemTime::now())?;
        return Ok(());
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    if folder.is_some_and(|folder| !folder.is_dir()) {
        let message = format!("{}: there is no such folder for cookies", path.display());
        return Err(Failure::new(ErrorKind::File, message));
    }
    Ok(())
}

/// Writes the cookies to the file, those of the session among them: the next command goes on
/// with them.
///
/// # Errors
///
/// The file cannot be written.
pub(super) fn save(cookies: &Cookies, path: &Path) -> Result<(), Failure> {
    Ok(cookies.save(path, form(path), CookieChoice::All, SystemTime::now())?)
}

fn form(path: &Path) -> CookieFile {
    let ending = path.extension().and_then(|it| it.to_str());
    match ending {
        Some(ending) if ending.eq_ignore_ascii_case("json") => CookieFile::Json,
        _ => CookieFile::Netscape,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ending_says_how_cookies_are_written() {
        for (name, expected) in [
            ("jar.json", CookieFile::Json),
            ("jar.JSON", CookieFile::Json),
            ("cookies.txt", CookieFile::Netscape),
            ("jar", CookieFile::Netscape),
        ] {
            assert_eq!(form(Path::new(name)), expected, "{name}");
        }
    }
}
