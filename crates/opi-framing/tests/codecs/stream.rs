//! A stream that comes in pieces, and what a codec makes of it.

use opi_framing::{Codec, Error, Recovery};

/// What came out of a stream, in order.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Event {
    End(Result<Option<Vec<u8>>, Error>),
    Error(Error),
    Frame(Vec<u8>),
}

/// Everything that `wire` holds when it comes in pieces that end at `cuts`.
pub(crate) fn events(codec: &Codec, wire: &[u8], cuts: &[usize]) -> Vec<Event> {
    let mut receiver = Receiver::new(codec);
    let mut from = 0;
    for &cut in cuts.iter().chain([&wire.len()]) {
        receiver.receive(&wire[from..cut.max(from)]);
        from = cut.max(from);
    }
    receiver.end()
}

/// The payloads of a stream without errors.
#[track_caller]
pub(crate) fn frames(codec: &Codec, wire: &[u8], cuts: &[usize]) -> Vec<Vec<u8>> {
    let events = events(codec, wire, cuts).into_iter();
    events
        .filter_map(|event| match event {
            Event::Frame(payload) | Event::End(Ok(Some(payload))) => Some(payload),
            Event::End(Ok(None)) => None,
            wrong => panic!("{codec:?} {cuts:?}: {wrong:?}"),
        })
        .collect()
}

struct Receiver {
    decoder: opi_framing::Decoder,
    buffer: Vec<u8>,
    events: Vec<Event>,
    state: State,
    /// No frame may be whole before the buffer has so many bytes.
    needed: usize,
}

#[derive(PartialEq)]
enum State {
    Decoding,
    Recovering,
    Stopped,
}

impl Receiver {
    fn new(codec: &Codec) -> Self {
        let decoder = codec.decoder();
        Self { decoder, buffer: Vec::new(), events: Vec::new(), state: State::Decoding, needed: 0 }
    }

    fn receive(&mut self, piece: &[u8]) {
        self.buffer.extend_from_slice(piece);
        loop {
            let more = match self.state {
                State::Decoding => self.decode(),
                State::Recovering => self.recover(),
                State::Stopped => false,
            };
            if !more {
                return;
            }
        }
    }

    fn decode(&mut self) -> bool {
        match self.decoder.decode(&self.buffer) {
            Ok(Some(frame)) => {
                let most = self.decoder.codec().max().min(self.buffer.len());
                assert!((1..=most).contains(&frame.size()), "{frame:?}");
                assert!(self.needed <= self.buffer.len(), "{frame:?} before {}", self.needed);
                let payload = frame.payload(&self.buffer).to_vec();
                assert_eq!(
                    frame
                        .range()
                        .map(|it| self.buffer[it].to_vec())
                        .unwrap_or_else(|| payload.clone()),
                    payload
                );
                self.buffer.drain(..frame.size());
                self.events.push(Event::Frame(payload));
                self.needed = 0;
                true
            }
            Ok(None) => {
                assert!(self.decoder.missing() > 0);
                self.needed = self.buffer.len() + self.decoder.missing();
                false
            }
            Err(error) => {
                assert_eq!(self.decoder.decode(&self.buffer).as_ref(), Err(&error));
                self.events.push(Event::Error(error));
                self.state = State::Recovering;
                self.needed = 0;
                true
            }
        }
    }

    fn recover(&mut self) -> bool {
        let (skip, state) = match self.decoder.recover(&self.buffer) {
            Recovery::Skip(skip) => (skip, State::Decoding),
            Recovery::Wait(skip) => (skip, State::Recovering),
            _ => (0, State::Stopped),
        };
        self.buffer.drain(..skip);
        self.state = state;
        self.state == State::Decoding
    }

    fn end(mut self) -> Vec<Event> {
        let end = self.decoder.end(&self.buffer);
        self.events.push(Event::End(end.map(|frame| frame.map(|it| it.into_vec(&self.buffer)))));
        self.events
    }
}
