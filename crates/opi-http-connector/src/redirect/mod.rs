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
/// 301 and 302 turn POST into GET and 303 turns all but HEAD into GET, as browsers do; 307 and 308
/// keep method and body; `policy` may say otherwise. Credentials, cookies and a host set by hand
/// and client certificates stay with their origin.
pub(crate) fn next(
    request: &Request,
    policy: RedirectPolicy,
    status: StatusCode,
    headers: &HeaderMap,
) -> Result<Option<Request>, Error> {
    let rule = RedirectStatus::of(status).map(|status| (status, policy.rule_of(status)));
    let Some(location) = location::only(headers)? else { return Ok(None) };
    let Some(method) = rule.and_then(|(status, rule)| method(status, rule, &request.method)) else {
        return Ok(None);
    };
    let url = location::resolve(&request.url, location.as_bytes())?;
    if policy.refuses(&request.url, &url) {
        return Err(Error::new(ErrorKind::InsecureRedirect));
    }
    moved(request, method, url).map(Some)
}

/// The method of the request that follows; none when the answer is the caller's.
fn method(status: RedirectStatus, rule: RedirectRule, before: &Method) -> Option<Method> {
    use RedirectStatus::{Found302, MovedPermanently301, SeeOther303};
    let get = match (rule, status) {
        (RedirectRule::Return, _) => return None,
        (RedirectRule::Keep, _) => false,
        (RedirectRule::Get, _) | (_, SeeOther303) => before != Method::HEAD,
        (_, Found302 | MovedPermanently301) => before == Method::POST,
        _ => false,
    };
    Some(if get { Method::GET } else { before.clone() })
}

fn moved(request: &Request, method: Method, url: Url) -> Result<Request, Error> {
    let mut next = Request { method, url, ..request.clone() };
    if next.method != request.method {
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
