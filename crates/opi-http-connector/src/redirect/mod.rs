//! Where a redirect leads, and with what. Pure; nothing is sent here.

mod location;
mod policy;
mod strip;

use http::{HeaderMap, Method, StatusCode};
use url::Url;

use crate::address::origin;
use crate::{Body, Error, ErrorKind, Request};

pub use policy::{Downgrade, RedirectPolicy, RedirectRule, RedirectStatus};

/// The request that a redirect asks for (RFC 9110 section 15.4); nothing when it is none.
///
/// 301 and 302 turn POST into GET and 303 turns all but HEAD into GET, as browsers do; what 303
/// leads to is fetched and has no body; 307 and 308 keep method and body; `policy` may say otherwise. Credentials, cookies and a host set by hand
/// and client certificates stay with their origin.
pub(crate) fn next(
    request: &Request,
    policy: RedirectPolicy,
    status: StatusCode,
    headers: &HeaderMap,
) -> Result<Option<Request>, Error> {
    let rule = RedirectStatus::of(status).map(|status| (status, policy.rule_of(status)));
    let Some(location) = location::only(headers)? else { return Ok(None) };
    let follows = rule.and_then(|(status, rule)| method(status, rule, &request.method));
    let Some((method, body)) = follows else { return Ok(None) };
    let url = location::resolve(&request.url, location.as_bytes())?;
    if policy.refuses(&request.url, &url) {
        return Err(Error::new(ErrorKind::InsecureRedirect));
    }
    moved(request, (method, body), url).map(Some)
}

/// What becomes of the body.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Luggage {
    Kept,
    Left,
}

/// The method of the request that follows, and its body; none when the answer is the caller's.
fn method(
    status: RedirectStatus,
    rule: RedirectRule,
    before: &Method,
) -> Option<(Method, Luggage)> {
    use RedirectStatus::{Found302, MovedPermanently301, SeeOther303};
    let get = match (rule, status) {
        (RedirectRule::Return, _) => return None,
        (RedirectRule::Keep, _) => false,
        (RedirectRule::Get, _) | (_, SeeOther303) => true,
        (_, Found302 | MovedPermanently301) => before == Method::POST,
        _ => false,
    };
    Some(match get {
        true if before == Method::HEAD => (Method::HEAD, Luggage::Left),
        true => (Method::GET, Luggage::Left),
        false => (before.clone(), Luggage::Kept),
    })
}

fn moved(request: &Request, (method, body): (Method, Luggage), url: Url) -> Result<Request, Error> {
    let mut next = Request { method, url, ..request.clone() };
    if body == Luggage::Left {
        next.body = Body::empty();
        strip::remove(&mut next.headers, strip::OF_THE_BODY);
    } else if !next.body.is_replayable() {
        let detail = "body: it can be read once, and the redirect needs it again";
        return Err(Error::new(ErrorKind::BodyRead).detail(detail));
    }
    if origin(&next.url)? != origin(&request.url)? {
        strip::remove(&mut next.headers, strip::OF_THE_ORIGIN);
        strip::remove_sensitive(&mut next.headers);
        next.detour = next.detour.of_a_stranger();
        next = next.without_auth();
    }
    Ok(next)
}

#[cfg(test)]
mod tests;
