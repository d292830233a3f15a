//! Statements.

use tree_sitter::Node;

use super::value::{Thrown, Value};
use super::{Frame, Machine};
use crate::syntax::{Source, children};

/// Where to go on.
pub(super) enum Flow {
    Break,
    Continue,
    Next,
    Return(Value),
}

type Step = Result<Flow, Thrown>;

/// The statements of a function.
pub(super) fn body(function: Node<'_>) -> Vec<Node<'_>> {
    statements(function)
}

fn statements(node: Node<'_>) -> Vec<Node<'_>> {
    children(node).into_iter().filter(|it| it.kind().ends_with("_statement")).collect()
}

impl Machine<'_> {
    pub(super) fn run(&self, text: &Source, nodes: &[Node<'_>], frame: &mut Frame) -> Step {
        for node in nodes {
            match self.step(text, *node, frame)? {
                Flow::Next => {}
                other => return Ok(other),
            }
        }
        Ok(Flow::Next)
    }

    fn step(&self, text: &Source, node: Node<'_>, frame: &mut Frame) -> Step {
        match node.kind() {
            "assignment_statement" => self.assign(text, node, frame),
            "call_statement" => {
                self.value(text, children(node)[0], frame)?;
                Ok(Flow::Next)
            }
            "return_statement" => match node.child_by_field_name("result") {
                Some(result) => Ok(Flow::Return(self.value(text, result, frame)?)),
                None => Ok(Flow::Return(Value::Undefined)),
            },
            "rise_error_statement" => {
                let inner = children(node).into_iter().rfind(|it| it.kind() != "RAISE_KEYWORD");
                let value = self.value(text, inner.unwrap(), frame)?;
                Err(Thrown::new(value.shown()))
            }
            "if_statement" => self.choose(text, node, frame),
            "for_each_statement" => self.each(text, node, frame),
            "while_statement" => {
                let condition = expression(node);
                while self.truth(text, condition, frame)? {
                    match self.run(text, &statements(node), frame)? {
                        Flow::Break => break,
                        Flow::Return(value) => return Ok(Flow::Return(value)),
                        Flow::Continue | Flow::Next => {}
                    }
                }
                Ok(Flow::Next)
            }
            "try_statement" => self.attempt(text, node, frame),
            "break_statement" => Ok(Flow::Break),
            "continue_statement" => Ok(Flow::Continue),
            "execute_statement" => self.execute(text, node, frame),
            other => Err(Thrown::new(format!("the statement {other} is not known here"))),
        }
    }

    fn assign(&self, text: &Source, node: Node<'_>, frame: &mut Frame) -> Step {
        let value = self.value(text, node.child_by_field_name("right").unwrap(), frame)?;
        let left = node.child_by_field_name("left").unwrap();
        if left.kind() == "identifier" {
            self.set(&text.text(left).to_lowercase(), value, frame);
            return Ok(Flow::Next);
        }
        let parts = children(left);
        let object = self.value(text, parts[0], frame)?;
        let name = Value::text(text.text(*parts.last().unwrap()));
        object.insert(name, value);
        Ok(Flow::Next)
    }

    pub(super) fn set(&self, name: &str, value: Value, frame: &mut Frame) {
        match self.module.borrow_mut().get_mut(name) {
            Some(variable) if !frame.contains_key(name) => *variable = value,
            _ => {
                frame.insert(name.to_owned(), value);
            }
        }
    }

    fn choose(&self, text: &Source, node: Node<'_>, frame: &mut Frame) -> Step {
        if self.truth(text, expression(node), frame)? {
            return self.run(text, &statements(node), frame);
        }
        for clause in children(node) {
            match clause.kind() {
                "elseif_clause" if self.truth(text, expression(clause), frame)? => {
                    return self.run(text, &statements(clause), frame);
                }
                "else_clause" => return self.run(text, &statements(clause), frame),
                _ => {}
            }
        }
        Ok(Flow::Next)
    }

    fn each(&self, text: &Source, node: Node<'_>, frame: &mut Frame) -> Step {
        let parts = children(node);
        let name = parts.iter().find(|it| it.kind() == "identifier").unwrap();
        let name = text.text(*name).to_lowercase();
        let items = match self.value(text, expression(node), frame)? {
            Value::Array(values) => values.borrow().clone(),
            Value::Structure(pairs) | Value::Map(pairs) => {
                let pairs = pairs.borrow();
                pairs.iter().map(|pair| Value::Member(pair.clone().into())).collect()
            }
            other => return Err(Thrown::new(format!("{other:?} is no collection"))),
        };
        for item in items {
            frame.insert(name.clone(), item);
            match self.run(text, &statements(node), frame)? {
                Flow::Break => break,
                Flow::Return(value) => return Ok(Flow::Return(value)),
                Flow::Continue | Flow::Next => {}
            }
        }
        Ok(Flow::Next)
    }

    fn attempt(&self, text: &Source, node: Node<'_>, frame: &mut Frame) -> Step {
        let except = children(node).into_iter().find(|it| it.kind() == "EXCEPT_KEYWORD");
        let except = except.unwrap().start_byte();
        let (tried, handler): (Vec<_>, Vec<_>) =
            statements(node).into_iter().partition(|it| it.start_byte() < except);
        match self.run(text, &tried, frame) {
            Err(Thrown(why)) => {
                frame.insert(CAUGHT.to_owned(), Value::ErrorInfo(why));
                self.run(text, &handler, frame)
            }
            flow => flow,
        }
    }

    /// Runs a text as statements among the variables of the function.
    fn execute(&self, text: &Source, node: Node<'_>, frame: &mut Frame) -> Step {
        let code = self.value(text, expression(node), frame)?.shown();
        let source = Source::parse(&code);
        self.run(&source, &statements(source.root()), frame)
    }
}

fn expression(node: Node<'_>) -> Node<'_> {
    children(node).into_iter().find(|it| it.kind() == "expression").unwrap()
}

/// The variable that holds what was caught; no program can name it.
pub(super) const CAUGHT: &str = "(caught)";
