//! Who asks, from the options.

use opi::auth::{AwsHash, AwsHeaders, AwsRules, AwsStreams, AwsToken, AwsV4, Bearer, Login, basic};
use opi::http::{Auth, Request};

use crate::fault::{Fault, FaultKind};
use crate::language::Bilingual;
use crate::options::Options;
use crate::table::{Kind, OptionRow};

/// The request with what the options say about who asks.
pub(super) fn authorized(request: Request, options: &mut Options) -> Result<Request, Fault> {
    Ok(auth(options)?.into_iter().fold(request, Request::auth))
}

/// Who asks, when the options say it.
pub(super) fn auth(options: &mut Options) -> Result<Option<Auth>, Fault> {
    let outer = who(options)?;
    let Some(mut given) = options.take_options(&AUTH)? else {
        return scheme("basic", outer, &mut Options::default());
    };
    if outer.is_given() {
        let either = format!("{AUTH}: give either it or {USER}, {PASSWORD}, {TOKEN}");
        return Err(Fault::new(FaultKind::Option, either));
    }
    let name = given.take::<String>(&TYPE)?.unwrap_or_else(|| "basic".to_owned());
    let inner = who(&mut given)?;
    if !inner.is_given() && name.eq_ignore_ascii_case("basic") {
        return Err(wrong(&USER, "the type basic needs it"));
    }
    scheme(&name.to_ascii_lowercase(), inner, &mut given)
}

/// A user with a password, and a token.
#[derive(Debug)]
struct Who {
    user: Option<String>,
    password: Option<String>,
    token: Option<String>,
}

impl Who {
    fn is_given(&self) -> bool {
        self.user.is_some() || self.password.is_some() || self.token.is_some()
    }
}

fn who(options: &mut Options) -> Result<Who, Fault> {
    let (user, password) = (options.take(&USER)?, options.take(&PASSWORD)?);
    Ok(Who { user, password, token: options.take(&TOKEN)? })
}

fn scheme(name: &str, who: Who, options: &mut Options) -> Result<Option<Auth>, Fault> {
    let auth = match (name, who) {
        ("basic", Who { user: None, password: None, token: None }) => return Ok(None),
        ("basic", Who { user: Some(user), password, token: None }) => {
            // What cannot be sent is told at once and not by the first request.
            basic(&user, password.as_deref().unwrap_or_default())?;
            Login::basic(user, password.unwrap_or_default()).into()
        }
        ("digest", Who { user: Some(user), password, token: None }) => {
            Login::digest(user, password.unwrap_or_default()).into()
        }
        ("basic" | "bearer", Who { user: None, password: None, token: Some(token) }) => {
            Bearer::new(&token)?.into()
        }
        ("aws4-hmac-sha256", Who { user: None, password: None, token: None }) => {
            aws(options)?.into()
        }
        ("none", Who { user: None, password: None, token: None }) => Auth::none(),
        ("basic" | "digest", Who { user: None, password: Some(_), token: None }) => {
            return Err(wrong(&PASSWORD, format!("give it together with {USER}")));
        }
        ("basic", _) => return Err(wrong(&TOKEN, format!("give either it or {USER}"))),
        ("bearer", _) => return Err(wrong(&TOKEN, "the type bearer needs it, and no user")),
        ("digest", _) => return Err(wrong(&USER, "the type digest needs it, and no token")),
        ("none", _) => return Err(wrong(&TYPE, "none takes neither user nor token")),
        ("aws4-hmac-sha256", _) => {
            return Err(wrong(&TYPE, "aws4-hmac-sha256 needs keys, and neither user nor token"));
        }
        _ => {
            let expected = "expected basic, digest, bearer, aws4-hmac-sha256 or none";
            return Err(wrong(&TYPE, expected));
        }
    };
    Ok(Some(auth))
}

fn aws(options: &mut Options) -> Result<AwsV4, Fault> {
    let mut needed = |row: &OptionRow| {
        let given = options.take::<String>(row)?;
        given.ok_or_else(|| wrong(row, "the type aws4-hmac-sha256 needs it"))
    };
    let (key, secret) = (needed(&ACCESS_KEY_ID)?, needed(&SECRET_KEY)?);
    let (service, region) = (needed(&SERVICE)?, needed(&REGION)?);
    let mut keys = AwsV4::new(key, secret, region, service);
    if let Some(token) = options.take::<String>(&SESSION_TOKEN)? {
        keys = keys.session_token(token);
    }
    for (row, choices) in AWS {
        let Some(name) = options.take::<String>(row)? else { continue };
        let choice = choices.iter().find(|(known, _)| *known == name);
        let [(first, _), (second, _)] = choices;
        let (_, set) = choice.ok_or_else(|| {
            wrong(row, format_args!("expected {first} or {second}, got {name:?}"))
        })?;
        keys = set(keys);
    }
    Ok(keys)
}

type Choice = (&'static str, fn(AwsV4) -> AwsV4);

/// What of signing can be chosen between two ways.
const AWS: &[(&OptionRow, [Choice; 2])] = &[
    (&RULES, [("general", |it| it.rules(AwsRules::General)), ("s3", |it| it.rules(AwsRules::S3))]),
    (
        &SIGNED_HEADERS,
        [("usual", |it| it.headers(AwsHeaders::Usual)), ("all", |it| it.headers(AwsHeaders::All))],
    ),
    (
        &BODY_HASH,
        [("sent", |it| it.hash(AwsHash::Sent)), ("hidden", |it| it.hash(AwsHash::Hidden))],
    ),
    (
        &STREAMS,
        [
            ("unsigned", |it| it.streams(AwsStreams::Unsigned)),
            ("signed", |it| it.streams(AwsStreams::Signed)),
        ],
    ),
    (
        &TOKEN_IS,
        [
            ("signed", |it| it.token_is(AwsToken::Signed)),
            ("added", |it| it.token_is(AwsToken::Added)),
        ],
    ),
];

fn wrong(row: &OptionRow, why: impl std::fmt::Display) -> Fault {
    Fault::new(FaultKind::Option, format!("{row}: {why}"))
}

pub(super) const USER: OptionRow = OptionRow::new(
    Kind::Text,
    Bilingual::new("user", "Пользователь"),
    Bilingual::new("The user of Basic authentication.", "Пользователь для входа Basic."),
);

pub(super) const PASSWORD: OptionRow = OptionRow::new(
    Kind::Text,
    Bilingual::new("password", "Пароль"),
    Bilingual::new("The password of that user. Empty.", "Пароль этого пользователя. Пусто."),
);

pub(super) const TOKEN: OptionRow = OptionRow::new(
    Kind::Text,
    Bilingual::new("token", "Токен"),
    Bilingual::new("The token of Bearer authentication.", "Токен для входа Bearer."),
);

pub(super) const AUTH: OptionRow = OptionRow::new(
    Kind::Options(AUTH_OPTIONS),
    Bilingual::new("auth", "Аутентификация"),
    Bilingual::new("Who asks.", "Кто обращается."),
);

const AUTH_OPTIONS: &[&OptionRow] = &[
    &TYPE,
    &USER,
    &PASSWORD,
    &TOKEN,
    &ACCESS_KEY_ID,
    &SECRET_KEY,
    &SERVICE,
    &REGION,
    &SESSION_TOKEN,
    &TOKEN_IS,
    &RULES,
    &SIGNED_HEADERS,
    &BODY_HASH,
    &STREAMS,
];

const TYPE: OptionRow = OptionRow::new(
    Kind::Text,
    Bilingual::new("type", "Тип"),
    Bilingual::new(
        "basic, digest, bearer, aws4-hmac-sha256, or none: nothing is shown, whatever the session \
         would show; in any letter case. basic.",
        "basic, digest, bearer, aws4-hmac-sha256 или none - не показывать ничего, что бы ни показала \
         сессия; в любом регистре. basic.",
    ),
);

const ACCESS_KEY_ID: OptionRow = OptionRow::new(
    Kind::Text,
    Bilingual::new("access_key_id", "ИдентификаторКлючаДоступа"),
    Bilingual::new("The name of the key of AWS.", "Имя ключа AWS."),
);

const SECRET_KEY: OptionRow = OptionRow::new(
    Kind::Text,
    Bilingual::new("secret_key", "СекретныйКлюч"),
    Bilingual::new("The secret key of AWS.", "Секретный ключ AWS."),
);

const SERVICE: OptionRow = OptionRow::new(
    Kind::Text,
    Bilingual::new("service", "Сервис"),
    Bilingual::new("The service of AWS, for example s3.", "Сервис AWS, например s3."),
);

const REGION: OptionRow = OptionRow::new(
    Kind::Text,
    Bilingual::new("region", "Регион"),
    Bilingual::new("The region of AWS.", "Регион AWS."),
);

const SESSION_TOKEN: OptionRow = OptionRow::new(
    Kind::Text,
    Bilingual::new("session_token", "ТокенСессии"),
    Bilingual::new(
        "The token of a temporary key of AWS. None.",
        "Токен временного ключа AWS. Нет.",
    ),
);

const TOKEN_IS: OptionRow = OptionRow::new(
    Kind::Text,
    Bilingual::new("session_token_is", "ТокенСессииПодписан"),
    Bilingual::new(
        "How that token takes part: signed, or added after signing. signed.",
        "Как участвует этот токен: signed - подписан, added - добавлен после подписи. signed.",
    ),
);

const RULES: OptionRow = OptionRow::new(
    Kind::Text,
    Bilingual::new("rules", "ПравилаПодписи"),
    Bilingual::new(
        "How the path is signed: s3, as the key is named, or general. By the service.",
        "Как подписывается путь: s3 - как назван ключ, или general. По сервису.",
    ),
);

const SIGNED_HEADERS: OptionRow = OptionRow::new(
    Kind::Text,
    Bilingual::new("signed_headers", "ПодписанныеЗаголовки"),
    Bilingual::new(
        "Which headers are signed besides Host: usual, or all. usual.",
        "Какие заголовки подписывать кроме Host: usual - обычные, all - все. usual.",
    ),
);

const BODY_HASH: OptionRow = OptionRow::new(
    Kind::Text,
    Bilingual::new("body_hash", "ХешТела"),
    Bilingual::new(
        "Whether the hash of the body is sent or hidden, signed only. sent.",
        "Отправлять ли хеш тела: sent - да, hidden - только подписать. sent.",
    ),
);

const STREAMS: OptionRow = OptionRow::new(
    Kind::Text,
    Bilingual::new("streams", "Потоки"),
    Bilingual::new(
        "How a body from a file is signed: signed, chunk by chunk, for S3 alone, or unsigned, over \
         https alone. unsigned.",
        "Как подписывается тело из файла: signed - по частям, только для S3; unsigned - никак, только \
         по https. unsigned.",
    ),
);
