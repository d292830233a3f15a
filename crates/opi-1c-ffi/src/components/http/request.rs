//! A request from the arguments and options of a call.

use bytes::Bytes;
use opi::auth::{Authorization, basic, bearer};
use opi::http::Request;
use serde_json::Value as Json;

use super::connector::redirects;
use super::{FORM, HEADERS, JSON, PASSWORD, QUERY, TOKEN, USER};
use crate::fault::{Fault, FaultKind};
use crate::options::Options;

type Texts = Vec<(String, String)>;

pub(super) fn request(
    body: Bytes,
    method: &str,
    url: &str,
    options: &mut Options,
) -> Result<Request, Fault> {
    let mut request = Request::new(method, url)?;
    for (name, value) in options.take::<Texts>(&QUERY)?.unwrap_or_default() {
        request = request.query(&name, &value);
    }
    for (name, value) in options.take::<Texts>(&HEADERS)?.unwrap_or_default() {
        request = request.header(&name, &value)?;
    }
    if let Some(redirects) = redirects(options)? {
        request = request.redirects(redirects);
    }
    if let Some(authorization) = authorization(options)? {
        request = request.authorize(&authorization);
    }
    match (body, options.take::<Json>(&JSON)?, options.take::<Texts>(&FORM)?) {
        (body, None, None) if body.is_empty() => Ok(request),
        (body, None, None) => Ok(request.body(body)),
        (body, Some(json), None) if body.is_empty() => Ok(request.json(&json)?),
        (body, None, Some(form)) if body.is_empty() => {
            let fields = form.iter().map(|(name, value)| (name.as_str(), value.as_str()));
            Ok(request.form(fields))
        }
        _ => Err(Fault::new(
            FaultKind::Option,
            format!("{JSON}, {FORM}: give one of them, or the parameter Body (Тело)"),
        )),
    }
}

fn authorization(options: &mut Options) -> Result<Option<Authorization>, Fault> {
    let user = options.take::<String>(&USER)?;
    let password = options.take::<String>(&PASSWORD)?;
    match (user, password, options.take::<String>(&TOKEN)?) {
        (None, None, None) => Ok(None),
        (Some(user), password, None) => Ok(Some(basic(&user, &password.unwrap_or_default())?)),
        (None, None, Some(token)) => Ok(Some(bearer(&token)?)),
        (None, Some(_), None) => {
            Err(Fault::new(FaultKind::Option, format!("{PASSWORD}: give it together with {USER}")))
        }
        _ => Err(Fault::new(FaultKind::Option, format!("{TOKEN}: give either it or {USER}"))),
    }
}
