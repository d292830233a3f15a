//! What `HTTPConnector` does without a server: URLs, HMAC, gzip, JSON, XML, texts.

mod documents;
mod rows;
mod values;

pub(super) use self::rows::{
    EXCEPTION_TEXT, GIVE_BYTES, HMAC, PARSE_URL, READ_DATE, READ_GZIP, READ_JSON, READ_TEXT,
    READ_XML, STATUS_CODES, WRITE_GZIP, WRITE_JSON,
};
