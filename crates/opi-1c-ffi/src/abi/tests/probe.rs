//! A class with everything that a real one should never do.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, Weak};

use opi::net::Phase;

use super::mirror;
use crate::context::Context;
use crate::dispatch::Component;
use crate::fault::Fault;
use crate::language::Bilingual;
use crate::runtime::OwnRuntime;
use crate::table::{Kind, Method, Param, Preset, Property, Returns};
use crate::value::Value;

pub(super) struct Probe {
    context: Arc<Context>,
    runtime: OwnRuntime,
    facts: Arc<Facts>,
    bomb: AtomicBool,
}

/// What a test may know about a probe from outside.
#[derive(Default)]
pub(super) struct Facts {
    waiting: Mutex<usize>,
    more: Condvar,
}

impl Facts {
    /// Returns when this many calls wait.
    pub(super) fn until(&self, count: usize) {
        let waiting = self.waiting.lock().unwrap();
        drop(self.more.wait_while(waiting, |waiting| *waiting < count).unwrap());
    }
}

/// The facts of the probe behind `object`.
pub(super) fn waiting(object: &mirror::Object) -> Arc<Facts> {
    alive(object).upgrade().unwrap()
}

/// The same, without keeping them.
pub(super) fn alive(object: &mirror::Object) -> Weak<Facts> {
    let Ok(mirror::Value::Text(number)) = object.get("Number") else { panic!() };
    let known = KNOWN.lock().unwrap();
    known[number.parse::<usize>().unwrap()].clone()
}

static KNOWN: Mutex<Vec<Weak<Facts>>> = Mutex::new(Vec::new());

const NAME: Bilingual = Bilingual::new("Value", "Значение");

impl Component for Probe {
    const CLASS: (&'static str, Bilingual) = ("Probe", NAME);
    const METHODS: &'static [Method<Self>] = &[
        Method {
            name: Bilingual::new("EchoText", "ЭхоТекста"),
            doc: NAME,
            params: &[Param::required(Kind::Text, NAME, NAME)],
            returns: Returns::Text,
            body: |_, args| Ok(Value::Text(args.next()?)),
        },
        Method {
            name: Bilingual::new("EchoBytes", "ЭхоДанных"),
            doc: NAME,
            params: &[Param::required(Kind::Data, NAME, NAME)],
            returns: Returns::Bytes,
            body: |_, args| Ok(Value::Bytes(args.next()?)),
        },
        Method {
            name: Bilingual::new("Number", "Число"),
            doc: NAME,
            params: &[Param::required(Kind::Text, NAME, NAME)],
            returns: Returns::Text,
            body: |_, args| Ok(Value::Int(args.next::<String>()?.parse().unwrap())),
        },
        Method {
            name: Bilingual::new("Panic", "Паника"),
            doc: NAME,
            params: &[Param::optional(Kind::Text, NAME, NAME, Preset::Text("boom"))],
            returns: Returns::Text,
            body: |_, args| panic!("{}", args.next::<String>()?),
        },
        Method {
            name: Bilingual::new("PanicWhenDropped", "ПаникаПриУдалении"),
            doc: NAME,
            params: &[],
            returns: Returns::Json,
            body: |probe, _| {
                probe.bomb.store(true, Ordering::SeqCst);
                crate::dispatch::success(&serde_json::json!({}))
            },
        },
        Method {
            name: Bilingual::new("Wait", "Ждать"),
            doc: NAME,
            params: &[Param::required(Kind::Milliseconds, NAME, NAME)],
            returns: Returns::Json,
            body: |probe, args| {
                let deadline = probe.context.life.deadline(args.next()?);
                probe.runtime.run(async {
                    *probe.facts.waiting.lock().unwrap() += 1;
                    probe.facts.more.notify_all();
                    let never = std::future::pending::<Value>();
                    deadline.run(Phase::Idle, never).await.map_err(Fault::from)
                })
            },
        },
    ];
    const PROPERTIES: &'static [Property<Self>] = &[
        Property {
            name: Bilingual::new("Number", "Номер"),
            doc: NAME,
            kind: Kind::Text,
            returns: Returns::Text,
            get: |probe| {
                let mut known = KNOWN.lock().unwrap();
                known.push(Arc::downgrade(&probe.facts));
                Ok(Value::Text((known.len() - 1).to_string()))
            },
            set: None,
        },
        Property {
            name: Bilingual::new("Explosive", "Взрывчатое"),
            doc: NAME,
            kind: Kind::Text,
            returns: Returns::Text,
            get: |_| panic!("boom"),
            set: None,
        },
    ];

    fn new(context: Arc<Context>) -> Self {
        let runtime = OwnRuntime::default();
        Self { context, runtime, facts: Arc::default(), bomb: AtomicBool::new(false) }
    }

    fn close(&self) {
        self.runtime.close();
    }
}

impl Drop for Probe {
    fn drop(&mut self) {
        assert!(!self.bomb.load(Ordering::SeqCst), "boom");
    }
}
