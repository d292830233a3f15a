//! Redirects.

use std::num::NonZeroUsize;

use opi_http_connector::{Reason, Redirects};

use super::setting::{encrypted, get, plain, request, sent, session};
use crate::servers::soon;

/// `/redirect-to` of httpbin, with where it leads.
fn leading(to: &str, status: &str) -> opi_http_connector::Request {
    get(&plain("/redirect-to")).query("url", to).query("status_code", status)
}

#[tokio::test]
async fn a_046_a_permanent_redirect_to_another_origin_is_followed() {
    let answer = sent(leading(&encrypted("/get"), "301")).await;
    assert_eq!((answer.status().as_u16(), answer.url().as_str()), (200, &*encrypted("/get")));

    let target = encrypted("/anything");
    let post = request("POST", &plain("/redirect-to")).query("url", &target);
    let post = post.query("status_code", "301").form([("field", "value")]);
    let answer = sent(post).await;
    let hop = &answer.history()[0];
    assert_eq!((hop.method.as_str(), hop.reason), ("POST", Reason::Redirect));
    // As browsers do: 301 turns a POST into a GET, and its body is gone.
    let seen = answer.json().unwrap();
    assert_eq!((&seen["method"], &seen["data"]), (&"GET".into(), &"".into()));
    assert!(seen["form"].as_object().unwrap().is_empty() && seen["url"] == target, "{seen}");
    assert!(seen["headers"]["Content-Type"].is_null(), "{seen}");
}

#[tokio::test]
async fn a_049_relative_redirects_are_followed() {
    let answer = sent(get(&encrypted("/relative-redirect/6"))).await;
    assert_eq!((answer.status().as_u16(), answer.history().len()), (200, 6));
    assert_eq!(answer.json().unwrap()["url"], encrypted("/get"));
}

#[tokio::test]
async fn a_050_absolute_redirects_are_followed() {
    let answer = sent(get(&plain("/absolute-redirect/6"))).await;
    assert_eq!((answer.status().as_u16(), answer.history().len()), (200, 6));
    assert_eq!(answer.json().unwrap()["url"], plain("/get"));
}

#[tokio::test]
async fn a_051_thirty_redirects_are_followed_and_no_more() {
    let answer = sent(get(&plain("/redirect/30"))).await;
    assert_eq!((answer.status().as_u16(), answer.history().len()), (200, 30));
    let error = session().send(get(&plain("/redirect/31")), &soon()).await.unwrap_err();
    assert_eq!(error.code(), "http_too_many_redirects");
    let few = get(&plain("/redirect/2")).redirects(Redirects::Follow(NonZeroUsize::MIN));
    let error = session().send(few, &soon()).await.unwrap_err();
    assert_eq!(error.code(), "http_too_many_redirects");
}

#[tokio::test]
async fn a_052_a_redirect_is_returned_when_it_is_not_to_be_followed() {
    let request = leading(&plain("/get"), "307").redirects(Redirects::Return);
    let answer = sent(request).await;
    assert_eq!((answer.status().as_u16(), answer.history().len()), (307, 0));
    assert_eq!(answer.headers()["location"], plain("/get"));
}

#[tokio::test]
async fn a_053_the_port_of_a_redirect_is_kept() {
    let target = encrypted("/anything");
    let answer = sent(leading(&target, "307")).await;
    assert_eq!((answer.status().as_u16(), answer.url().as_str()), (200, &*target));
    assert_eq!(answer.json().unwrap()["url"], target);
}
