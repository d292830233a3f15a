//! The `Content-Type` of a form: the caller's, as far as it is of such a form, with the right boundary.

use http::HeaderValue;

use crate::parameters;

/// The type with `boundary`: `own` as far as it is `multipart/…`, else `multipart/form-data`.
pub(crate) fn content_type(own: Option<&HeaderValue>, boundary: &str) -> HeaderValue {
    let own = own.and_then(|it| it.to_str().ok()).unwrap_or_default();
    let mut head = parameters::head(own);
    let mut kept = String::new();
    if head.starts_with("multipart/") {
        for (name, value) in parameters::all(own).filter(|(name, _)| name != "boundary") {
            kept = format!("{kept}; {name}={}", parameters::quoted(&value));
        }
    } else {
        "multipart/form-data".clone_into(&mut head);
    }
    let whole = format!("{head}{kept}; boundary={boundary}");
    let plain = || HeaderValue::from_str(&format!("multipart/form-data; boundary={boundary}"));
    let value = HeaderValue::from_str(&whole).or_else(|_| plain());
    value.unwrap_or_else(|_| HeaderValue::from_static("multipart/form-data"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(own: Option<&'static str>, expected: &str) {
        let own = own.map(HeaderValue::from_static);
        assert_eq!(content_type(own.as_ref(), "B"), expected, "{own:?}");
    }

    #[test]
    fn the_boundary_is_always_right_and_the_rest_the_callers() {
        check(None, "multipart/form-data; boundary=B");
        check(Some("multipart/form-data"), "multipart/form-data; boundary=B");
        check(Some("multipart/form-data; boundary=mine"), "multipart/form-data; boundary=B");
        check(
            Some("Multipart/Mixed; a=b; boundary=\"x;y\"; c=\"d e\""),
            "multipart/mixed; a=b; c=\"d e\"; boundary=B",
        );
        check(Some("application/json"), "multipart/form-data; boundary=B");
        check(Some(""), "multipart/form-data; boundary=B");
    }
}
