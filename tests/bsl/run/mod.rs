//! Runs a module as OneScript would, with the real add-in: as much of the language as the modules use.
//!
//! Written from the language's description and not from the modules, so that a wrong word in a
//! module is an error here as it is there.

mod expressions;
mod functions;
mod json;
mod objects;
mod statements;
pub(crate) mod value;

use std::cell::RefCell;
use std::collections::HashMap;

use harness::addin::Host;
use opi_1c_ffi::{ComponentInfo, Language, components};
use tree_sitter::Node;

use self::statements::Flow;
use self::value::{Thrown, Value};
use crate::syntax::{Source, below, children};

/// A module that can be called.
pub(crate) struct Machine<'run> {
    source: &'run Source,
    host: &'run Host,
    pub(crate) language: Language,
    functions: HashMap<String, Node<'run>>,
    module: RefCell<HashMap<String, Value>>,
    words: HashMap<String, String>,
}

/// The variables of a running function, in lower case.
type Frame = HashMap<String, Value>;

type Outcome = Result<Value, Thrown>;

impl<'run> Machine<'run> {
    pub(crate) fn new(source: &'run Source, host: &'run Host, language: Language) -> Self {
        let is_routine =
            |it: &Node<'_>| matches!(it.kind(), "function_definition" | "procedure_definition");
        let routines = below(source.root()).into_iter().filter(is_routine);
        let named = |it: Node<'run>| {
            (source.text(it.child_by_field_name("name").unwrap()).to_lowercase(), it)
        };
        let functions = routines.map(named).collect();
        let variables = crate::routine::variables(source);
        let module = variables.into_iter().map(|name| (name, Value::Undefined)).collect();
        Self { source, host, language, functions, module: RefCell::new(module), words: words() }
    }

    /// Calls a function of the module; what is left out takes its default.
    pub(crate) fn call(&self, name: &str, given: &[Value]) -> Outcome {
        let (value, _) = self.invoke(&name.to_lowercase(), given)?;
        Ok(value)
    }

    /// The value, and what the parameters are at the end.
    fn invoke(&self, name: &str, given: &[Value]) -> Result<(Value, Vec<Value>), Thrown> {
        let Some(node) = self.functions.get(name) else {
            return Err(Thrown::new(format!("{name} is defined nowhere")));
        };
        let params = children(node.child_by_field_name("parameters").unwrap());
        if given.len() > params.len() {
            return Err(Thrown::new(format!("{name} takes {} arguments", params.len())));
        }
        let (mut frame, mut names) = (Frame::new(), Vec::new());
        for (number, param) in params.iter().enumerate() {
            let of = |field| param.child_by_field_name(field);
            let param_name = self.source.text(of("name").unwrap()).to_lowercase();
            let value = match (given.get(number), of("def")) {
                (Some(value), _) if !matches!(value, Value::Omitted) => value.clone(),
                (_, Some(default)) => self.constant(self.source, default)?,
                _ => return Err(Thrown::new(format!("{name} needs {param_name}"))),
            };
            frame.insert(param_name.clone(), value);
            names.push((param_name, of("val").is_some()));
        }
        let flow = self.run(self.source, &statements::body(*node), &mut frame)?;
        let value = match flow {
            Flow::Return(value) => value,
            _ => Value::Undefined,
        };
        let left = names.into_iter().zip(given).map(|((name, by_value), given)| {
            if by_value { given.clone() } else { frame[&name].clone() }
        });
        Ok((value, left.collect()))
    }

    /// The English word, in lower case, for a word of the platform in either language.
    fn english(&self, word: &str) -> String {
        let word = word.to_lowercase();
        self.words.get(&word).cloned().unwrap_or(word)
    }
}

/// Russian words of the platform with their English ones.
fn words() -> HashMap<String, String> {
    let rows = include_str!("../../codegen/templates/names.txt").lines();
    let rows = rows.filter(|row| !row.is_empty() && !row.starts_with('#'));
    let pairs = rows.filter_map(|row| row.split_once(' '));
    let lower =
        |(en, ru): (&str, &str)| (ru.to_lowercase(), en.trim_start_matches('.').to_lowercase());
    // Members such as Close have their words from the table of the add-in.
    let methods = components().iter().flat_map(ComponentInfo::methods).map(|it| it.name);
    let of_addin = methods.map(|it| (it.ru.to_lowercase(), it.en.to_lowercase()));
    of_addin.chain(pairs.map(lower)).collect()
}
