//! A user of moto who may do everything, made once for all tests: moto counts the calls that it lets in without a signature.

use opi_auth::AwsV4;
use opi_http_connector::{Request, Session, SessionConfig};
use tokio::sync::OnceCell;

use crate::servers::{soon, url};

/// Keys of one user.
#[derive(Clone, Debug)]
pub(crate) struct Keys {
    pub(crate) access: String,
    secret: String,
}

impl Keys {
    /// For one service.
    pub(crate) fn of(&self, service: &str) -> AwsV4 {
        self.with_secret(&self.secret, service)
    }

    /// The same user with another secret.
    pub(crate) fn with_secret(&self, secret: &str, service: &str) -> AwsV4 {
        AwsV4::new(&*self.access, secret, "us-east-1", service)
    }
}

/// The keys of the one user.
pub(crate) async fn keys() -> Keys {
    static KEYS: OnceCell<Keys> = OnceCell::const_new();
    KEYS.get_or_init(make).await.clone()
}

/// What is in the first element `name` of an answer.
pub(crate) fn part(answer: &str, name: &str) -> String {
    let rest = answer.split_once(&format!("<{name}>")).map_or("", |(_, rest)| rest);
    rest.split('<').next().unwrap().to_owned()
}

async fn make() -> Keys {
    let session = Session::new(SessionConfig::new());
    let reset = Request::post(&url("http", "moto", "/moto-api/reset-auth")).unwrap();
    let reset = session.send(reset.body("3".to_owned()), &soon()).await.unwrap();
    assert_eq!(reset.status(), 200);
    let user = format!("opi-{}", std::process::id());
    let call = |action| [("Action", action), ("Version", "2010-05-08"), ("UserName", &*user)];
    ask(&session, &call("CreateUser")).await;
    let made = ask(&session, &call("CreateAccessKey")).await;
    let policy =
        r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}"#;
    let allowed = [("PolicyName", "all"), ("PolicyDocument", policy)];
    ask(&session, &[call("PutUserPolicy").as_slice(), &allowed].concat()).await;
    Keys { access: part(&made, "AccessKeyId"), secret: part(&made, "SecretAccessKey") }
}

/// One call of IAM, which must be answered.
async fn ask(session: &Session, fields: &[(&str, &str)]) -> String {
    let boot = AwsV4::new("boot", "boot", "us-east-1", "iam");
    let request = Request::post(&url("http", "moto", "/")).unwrap();
    let request = request.form(fields.iter().copied()).auth(boot);
    let answer = session.send(request, &soon()).await.unwrap();
    let text = answer.text().unwrap().into_owned();
    assert_eq!(answer.status(), 200, "{text}");
    text
}
