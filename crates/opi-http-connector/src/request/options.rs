//! What one request wants of its exchange.

use std::ops::RangeInclusive;

use crate::progress::Report;
use crate::{Progress, Request};

impl Request {
    /// Makes an answer whose status lies outside `statuses` an error, which keeps the answer and
    /// the first 64 KiB of its body ([`Error::answer`](crate::Error::answer)). Redirects that are
    /// followed are not answers. Default: every status is an answer.
    pub fn expect_status(self, statuses: RangeInclusive<u16>) -> Self {
        Self { expect_status: Some(statuses), ..self }
    }

    /// As [`Self::expect_status`] with 200 to 299.
    pub fn expect_success(self) -> Self {
        self.expect_status(200..=299)
    }

    /// Calls `report` for each piece of the bodies that go up and down, on the thread that sends;
    /// it should not take long. Default: nobody is told.
    pub fn progress(self, report: impl Fn(Progress) + Send + Sync + 'static) -> Self {
        Self { progress: Some(Report::new(report)), ..self }
    }

    /// Sends the names of this request's headers in the letters in which they were given, for
    /// servers that know `SOAPAction` and not `Soapaction`. Default: the first letter of each word
    /// is a capital one; no server that keeps to RFC 9110 section 5.1 can tell.
    pub fn keep_header_case(self) -> Self {
        Self { keep_case: true, ..self }
    }
}
