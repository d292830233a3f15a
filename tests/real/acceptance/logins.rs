//! Who asks.

use opi_auth::Login;
use opi_http_connector::Request;
use serde_json::json;

use super::setting::{encrypted, get, plain, request, sent, told};
use crate::moto;
use crate::servers::{port, url};

fn basic() -> Request {
    get(&encrypted("/basic-auth/user/pass"))
}

/// That the login is right, and that without it or with another the server refuses.
async fn let_in(request: Request) {
    assert_eq!(told(request).await, json!({"authenticated": true, "user": "user"}));
    assert_eq!(sent(basic()).await.status(), 401);
}

#[tokio::test]
async fn a_036_a_login_in_the_url() {
    let path = format!("user:pass@localhost:{}/basic-auth/user/pass", port("httpbin-tls"));
    let_in(get(&format!("https://{path}"))).await;
    let wrong = format!("https://{}", path.replacen("pass", "wrong", 1));
    assert_eq!(sent(get(&wrong)).await.status(), 401);
}

#[tokio::test]
async fn a_037_a_user_and_a_password() {
    let_in(basic().authorize(&opi_auth::basic("user", "pass").unwrap())).await;
    let wrong = basic().authorize(&opi_auth::basic("user", "wrong").unwrap());
    assert_eq!(sent(wrong).await.status(), 401);
}

#[tokio::test]
async fn a_038_basic_by_its_name() {
    let_in(basic().auth(Login::basic("user", "pass"))).await;
    assert_eq!(sent(basic().auth(Login::basic("user", "wrong"))).await.status(), 401);
}

#[tokio::test]
async fn a_039_digest() {
    let request = || get(&encrypted("/digest-auth/auth/user/pass"));
    let right = told(request().auth(Login::digest("user", "pass"))).await;
    assert_eq!(right, json!({"authenticated": true, "user": "user"}));
    assert_eq!(sent(request().auth(Login::digest("user", "wrong"))).await.status(), 401);
}

#[tokio::test]
async fn a_040_digest_of_a_second_server_and_with_sha_256() {
    for page in [
        url("http", "apache-files", "/digest/page.txt"),
        plain("/digest-auth/auth/user/pass/SHA-256"),
    ] {
        let by = |password| get(&page).auth(Login::digest("user", password));
        assert_eq!(sent(by("pass")).await.status(), 200, "{page}");
        assert_eq!(sent(by("wrong")).await.status(), 401, "{page}");
    }
}

#[tokio::test]
async fn a_074_aws_lets_in_the_right_secret_and_no_other() {
    let keys = moto::keys().await;
    let bucket = url("http", "moto", &format!("/a-074-{}", std::process::id()));
    let queue = [("Action", "CreateQueue"), ("Version", "2012-11-05"), ("QueueName", "a-074")];
    let calls: [(&str, Request); 2] = [
        ("s3", request("PUT", &bucket)),
        ("sqs", request("POST", &url("http", "moto", "/")).form(queue)),
    ];
    for (service, call) in calls {
        let wrong = sent(call.clone().auth(keys.with_secret("wrong", service))).await;
        assert_eq!(wrong.status(), 403, "{service}");
        assert!(wrong.text().unwrap().contains("SignatureDoesNotMatch"), "{service}");
        let right = sent(call.auth(keys.of(service))).await;
        assert_eq!(right.status(), 200, "{service}: {:?}", right.text());
    }
}
