//! The rows that every object has: cancelling, taking bytes, version, faults.

use std::env::consts::{ARCH, OS};

use serde_json::json;

use crate::context::Context;
use crate::dispatch::success;
use crate::language::Bilingual;
use crate::table::{Kind, Method, Param, Property, Returns};
use crate::value::Value;

/// The methods that follow a component's own.
pub(crate) const METHODS: &[Method<Context>] = &[
    Method {
        name: Bilingual::new("Cancel", "Отменить"),
        doc: Bilingual::new(
            "Ends the calls that other threads are waiting in; later calls are not touched.",
            "Прерывает вызовы, в которых ждут другие потоки; последующие вызовы не затрагивает.",
        ),
        params: &[],
        returns: Returns::Json,
        body: |context, _| {
            context.life.cancel();
            success(&json!({}))
        },
    },
    Method {
        name: Bilingual::new("TakeBytes", "ЗабратьДвоичныеДанные"),
        doc: Bilingual::new(
            "Gives received bytes and forgets them; the newest 256 results are kept.",
            "Возвращает полученные данные и забывает их; хранятся последние 256 результатов.",
        ),
        params: &[Param::required(
            Kind::Handle,
            Bilingual::new("Handle", "Номер"),
            Bilingual::new(
                "The value of \"data\" in a result.",
                "Значение \"data\" из результата.",
            ),
        )],
        returns: Returns::Bytes,
        body: |context, args| Ok(Value::Bytes(context.blobs.take(args.next()?)?)),
    },
];

/// The properties that follow a component's own.
pub(crate) const PROPERTIES: &[Property<Context>] = &[
    Property {
        name: Bilingual::new("Version", "Версия"),
        doc: Bilingual::new("The version of the add-in.", "Версия компоненты."),
        kind: Kind::Text,
        returns: Returns::Text,
        get: |_| Ok(Value::from(env!("CARGO_PKG_VERSION"))),
        set: None,
    },
    Property {
        name: Bilingual::new("LastError", "ПоследняяОшибка"),
        doc: Bilingual::new(
            "The error of the last call as JSON text, empty after a call that succeeded.",
            "Ошибка последнего вызова текстом JSON, пусто после успешного вызова.",
        ),
        kind: Kind::Text,
        returns: Returns::Text,
        get: |context| Ok(Value::Text(context.last_error())),
        set: None,
    },
    Property {
        name: Bilingual::new("RaiseExceptions", "ВызыватьИсключения"),
        doc: Bilingual::new(
            "Whether a failed call raises an exception in 1C; OneScript does not show them. False.",
            "Вызывать ли исключение 1С при ошибке; OneScript их не показывает. Ложь.",
        ),
        kind: Kind::Bool,
        returns: Returns::Bool,
        get: |context| Ok(Value::Bool(context.raises())),
        set: Some(|context, args| {
            context.set_raises(args.next()?);
            Ok(())
        }),
    },
    Property {
        name: Bilingual::new("Environment", "Среда"),
        doc: Bilingual::new(
            "Where the add-in runs, as JSON text, for a support request.",
            "Где работает компонента, текстом JSON, для обращения в поддержку.",
        ),
        kind: Kind::Text,
        returns: Returns::Text,
        get: |context| Ok(Value::Text(environment(context))),
        set: None,
    },
];

fn environment(context: &Context) -> String {
    let facts = context.platform();
    let json = json!({
        "version": env!("CARGO_PKG_VERSION"),
        "os": OS,
        "arch": ARCH,
        "capabilities": facts.capabilities,
        "platform_version": facts.version,
        "application": facts.application,
        "isolated": facts.isolated,
    });
    json.to_string()
}
