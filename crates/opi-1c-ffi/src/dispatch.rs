//! From a number and values to the row of a method, its body, and an answer.

use std::sync::Arc;
use std::time::Duration;

use serde::Serialize;

use crate::argument::Args;
use crate::builtin;
use crate::context::{Context, Platform, Raised};
use crate::fault::{Fault, FaultKind};
use crate::guard;
use crate::table::{ComponentInfo, Method, MethodInfo, Param, Property, PropertyInfo};
use crate::value::Value;

/// A class of the add-in: its rows, and what its objects are made of.
pub(crate) trait Component: Send + Sync + Sized + 'static {
    /// Names the class and says what it is for; rows come from the constants below.
    const CLASS: (&'static str, crate::language::Bilingual);
    /// Its own methods.
    const METHODS: &'static [Method<Self>];
    /// Its own properties.
    const PROPERTIES: &'static [Property<Self>];

    /// Makes the component of a new object; nothing is opened or started yet.
    fn new(context: Arc<Context>) -> Self;

    /// Lets go of connections and threads; no call is running, none will follow.
    fn close(&self);
}

/// What the rest of the crate knows about the class `C`.
pub(crate) const fn info<C: Component>() -> ComponentInfo {
    ComponentInfo {
        class: C::CLASS.0,
        doc: C::CLASS.1,
        methods: || {
            let own = C::METHODS.iter().map(Method::info);
            own.chain(builtin::METHODS.iter().map(Method::info)).collect()
        },
        properties: || {
            let own = C::PROPERTIES.iter().map(Property::info);
            own.chain(builtin::PROPERTIES.iter().map(Property::info)).collect()
        },
        create: |platform| Arc::new(Shell::<C>::new(platform)),
    }
}

/// An object, whatever its class.
pub(crate) trait Object: Send + Sync {
    /// The name of the class.
    fn class(&self) -> &'static str;

    /// Settings and state.
    fn context(&self) -> &Context;

    /// The row of method `number`; numbers start at 0 and have no gap.
    fn method(&self, number: usize) -> Option<MethodInfo>;

    /// The row of property `number`; numbers start at 0 and have no gap.
    fn property(&self, number: usize) -> Option<PropertyInfo>;

    /// Calls method `number`; `given` may be longer than the method has parameters.
    fn call(&self, number: usize, given: &mut [Value]) -> Result<Value, Raised>;

    /// Reads property `number`.
    fn get(&self, number: usize) -> Result<Value, Raised>;

    /// Sets property `number`.
    fn set(&self, number: usize, value: Value) -> Result<(), Raised>;

    /// Records that the platform gave no memory for a result.
    fn out_of_memory(&self);

    /// Ends running calls, refuses later ones, and lets go of everything held. May be repeated.
    fn close(&self);
}

/// A component and what every object has.
pub(crate) struct Shell<C> {
    context: Arc<Context>,
    component: C,
}

impl<C: Component> Shell<C> {
    pub(crate) fn new(platform: Arc<dyn Platform>) -> Self {
        let context = Arc::new(Context::new(platform));
        let component = C::new(Arc::clone(&context));
        Self { context, component }
    }

    fn invoke(&self, number: usize, given: &mut [Value]) -> Result<Value, Fault> {
        match C::METHODS.get(number) {
            Some(row) => invoke(row, &self.component, given),
            None => match builtin::METHODS.get(number - C::METHODS.len()) {
                Some(row) => invoke(row, &*self.context, given),
                None => Err(Fault::of(FaultKind::Number)),
            },
        }
    }

    /// What every object has can be read even when the object is closed or broken.
    fn read(&self, number: usize) -> Result<Value, Fault> {
        match C::PROPERTIES.get(number) {
            Some(row) => self.context.run(|| (row.get)(&self.component)),
            None => match builtin::PROPERTIES.get(number - C::PROPERTIES.len()) {
                Some(row) => self.context.run_always(|| (row.get)(&self.context)),
                None => Err(Fault::of(FaultKind::Number)),
            },
        }
    }

    fn write(&self, number: usize, value: Value) -> Result<(), Fault> {
        match C::PROPERTIES.get(number) {
            Some(row) => assign(row, &self.component, value),
            None => match builtin::PROPERTIES.get(number - C::PROPERTIES.len()) {
                Some(row) => assign(row, &*self.context, value),
                None => Err(Fault::of(FaultKind::Number)),
            },
        }
    }
}

impl<C: Component> Object for Shell<C> {
    fn class(&self) -> &'static str {
        C::CLASS.0
    }

    fn context(&self) -> &Context {
        &self.context
    }

    fn method(&self, number: usize) -> Option<MethodInfo> {
        let builtin = || builtin::METHODS.get(number - C::METHODS.len()).map(Method::info);
        C::METHODS.get(number).map(Method::info).or_else(builtin)
    }

    fn property(&self, number: usize) -> Option<PropertyInfo> {
        let builtin = || builtin::PROPERTIES.get(number - C::PROPERTIES.len()).map(Property::info);
        C::PROPERTIES.get(number).map(Property::info).or_else(builtin)
    }

    fn call(&self, number: usize, given: &mut [Value]) -> Result<Value, Raised> {
        let outcome = self.context.run(|| self.invoke(number, given));
        // Taking the bytes that came with a fault does not make the fault go away.
        if outcome.is_ok() && number < C::METHODS.len() {
            self.context.forget();
        }
        self.context.answer(C::CLASS.0, outcome)
    }

    fn get(&self, number: usize) -> Result<Value, Raised> {
        self.read(number).map_err(|fault| self.context.raised(C::CLASS.0, fault))
    }

    fn set(&self, number: usize, value: Value) -> Result<(), Raised> {
        let outcome = self.context.run(|| self.write(number, value));
        outcome.map_err(|fault| self.context.raised(C::CLASS.0, fault))
    }

    fn out_of_memory(&self) {
        let _raised = self.context.raised(C::CLASS.0, Fault::of(FaultKind::Memory));
    }

    fn close(&self) {
        self.context.life.close(PATIENCE);
        // A component that panics here has nothing left to let go of.
        let _panicked = guard::run(|| self.component.close()).is_err();
    }
}

/// The answer of a call that succeeded: `result` and then `facts`, which must be an object.
pub(crate) fn success(facts: &impl Serialize) -> Result<Value, Fault> {
    let facts = serde_json::to_string(facts).unwrap_or_default();
    match facts.strip_prefix('{') {
        Some("}") => Ok(Value::from(r#"{"result":true}"#)),
        Some(rest) => Ok(Value::Text(format!(r#"{{"result":true,{rest}"#))),
        None => Err(Fault::new(FaultKind::Internal, "the facts of an answer are no object")),
    }
}

fn invoke<C>(row: &Method<C>, on: &C, given: &mut [Value]) -> Result<Value, Fault> {
    let most = row.params.len();
    let least = row.params.iter().rposition(is_required).map_or(0, |last| last + 1);
    if (least..=most).contains(&given.len()) {
        return (row.body)(on, &mut Args::new(row.params, given));
    }
    let names: Vec<_> = row.params.iter().map(|param| param.name.en).collect();
    let takes = if least == most { most.to_string() } else { format!("{least} to {most}") };
    let (name, count, names) = (row.name.en, given.len(), names.join(", "));
    let message = format!("{name} takes {takes} arguments ({names}), got {count}");
    Err(Fault::new(FaultKind::ArgumentCount, message))
}

fn is_required(param: &Param) -> bool {
    param.default.is_none()
}

fn assign<C>(row: &Property<C>, on: &C, value: Value) -> Result<(), Fault> {
    let Some(set) = row.set else {
        let message = format!("the property {} can only be read", row.name.en);
        return Err(Fault::new(FaultKind::ReadOnly, message));
    };
    set(on, &mut Args::new(&[row.as_param()], &mut [value]))
}

/// How long closing waits for running calls; they are ended at once, so this is for a call that
/// computes.
const PATIENCE: Duration = Duration::from_millis(900);
