//! The log capture sees every level, every field, and only what it was put around.

use harness::LogCapture;
use tracing::{Instrument, debug, error, info_span, trace};

#[test]
fn every_level_and_field_is_captured() {
    let log = LogCapture::new();
    debug!("before");
    log.within(|| {
        trace!(secret = "hunter2", "sent");
        error!(code = ?Some(7), "failed");
    });
    debug!("after");
    let expected = "TRACE harness_tests::logs message=sent secret=hunter2\n\
                    ERROR harness_tests::logs message=failed code=Some(7)\n";
    assert_eq!(log.text(), expected);
}

#[tokio::test]
async fn futures_spans_and_threads_are_captured() {
    let log = LogCapture::new();
    let work = async {
        tokio::task::yield_now().await;
        tracing::Span::current().record("late", 2);
        debug!("inside");
    };
    log.around(async {
        work.instrument(info_span!("step", early = 1, late = tracing::field::Empty)).await;
    })
    .await;
    assert!(log.text().starts_with("INFO harness_tests::logs span=step early=1\n"));
    assert!(log.text().ends_with("DEBUG harness_tests::logs message=inside\n"));

    let log = LogCapture::new();
    let guard = log.on_this_thread();
    debug!("on this thread");
    drop(guard);
    debug!("no more");
    assert_eq!(log.text(), "DEBUG harness_tests::logs message=on this thread\n");
}
