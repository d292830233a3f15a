//! Functions and procedures of a module: what they take, call, read and assign.

use std::collections::BTreeSet;

use tree_sitter::Node;

use crate::syntax::{Source, below, children};

/// A function or a procedure; names are in lower case, since BSL has no letter case.
#[derive(Debug)]
pub(crate) struct Routine {
    pub(crate) name: String,
    pub(crate) exported: bool,
    pub(crate) params: Vec<String>,
    /// How many parameters have no default.
    pub(crate) required: usize,
    pub(crate) calls: Vec<Call>,
    pub(crate) members: Vec<Member>,
    pub(crate) assigned: BTreeSet<String>,
    pub(crate) read: Vec<(String, usize)>,
    pub(crate) inserted: Vec<Inserted>,
    /// Variables that were given a new object of the add-in, with its class.
    pub(crate) objects: Vec<(String, String)>,
}

/// A call of a function by its name alone.
#[derive(Debug)]
pub(crate) struct Call {
    pub(crate) name: String,
    pub(crate) arguments: usize,
    pub(crate) line: usize,
}

/// What stands after the dot; the letter case is kept.
#[derive(Debug)]
pub(crate) struct Member {
    /// The last word before the dot, in lower case.
    pub(crate) of: String,
    pub(crate) name: String,
    /// How many arguments, when it is called.
    pub(crate) arguments: Option<usize>,
    pub(crate) line: usize,
}

/// A key that is a text, put into a collection.
#[derive(Debug)]
pub(crate) struct Inserted {
    pub(crate) of: String,
    pub(crate) key: String,
    pub(crate) line: usize,
}

/// Every function and procedure.
pub(crate) fn routines(source: &Source) -> Vec<Routine> {
    let is_routine =
        |node: &Node<'_>| matches!(node.kind(), "function_definition" | "procedure_definition");
    below(source.root()).into_iter().filter(is_routine).map(|it| routine(source, it)).collect()
}

/// The variables of a module itself, which stand before everything else; in lower case.
pub(crate) fn variables(source: &Source) -> Vec<String> {
    let declared = children(source.root()).into_iter().filter(|it| it.kind() == "var_definition");
    declared.flat_map(children).map(|it| source.text(it).to_lowercase()).collect()
}

fn routine(source: &Source, node: Node<'_>) -> Routine {
    let name = source.text(node.child_by_field_name("name").unwrap()).to_lowercase();
    let params = node.child_by_field_name("parameters").map(children).unwrap_or_default();
    let mut routine = Routine {
        name,
        exported: node.child_by_field_name("export").is_some(),
        required: params.iter().filter(|it| it.child_by_field_name("def").is_none()).count(),
        params: params.iter().map(|it| named(source, *it)).collect(),
        calls: Vec::new(),
        members: Vec::new(),
        assigned: BTreeSet::new(),
        read: Vec::new(),
        inserted: Vec::new(),
        objects: Vec::new(),
    };
    for node in below(node) {
        routine.note(source, node);
    }
    routine
}

impl Routine {
    fn note(&mut self, source: &Source, node: Node<'_>) {
        let line = node.start_position().row + 1;
        match (node.kind(), node.parent().map(|it| it.kind()), node.prev_named_sibling()) {
            ("method_call", _, before) if before.is_none_or(|it| it.kind() != "access") => {
                self.calls.push(Call { name: named(source, node), arguments: given(node), line });
            }
            ("method_call", _, Some(of)) => {
                let name = source.text(node.child_by_field_name("name").unwrap()).to_owned();
                let (of, arguments) = (last_word(source, of), Some(given(node)));
                if let (true, Some(key)) = (INSERT.contains(&&*name), first_text(source, node)) {
                    self.inserted.push(Inserted { of: of.clone(), key, line });
                }
                self.members.push(Member { of, name, arguments, line });
            }
            ("property", _, Some(of)) => {
                let (of, name) = (last_word(source, of), source.text(node).to_owned());
                self.members.push(Member { of, name, arguments: None, line });
            }
            ("assignment_statement", ..) => self.assignment(source, node),
            ("identifier", Some("for_each_statement"), _) => {
                self.assigned.insert(source.text(node).to_lowercase());
            }
            ("identifier", Some("expression" | "access" | "index"), _) => {
                self.read.push((source.text(node).to_lowercase(), line));
            }
            _ => {}
        }
    }

    fn assignment(&mut self, source: &Source, node: Node<'_>) {
        let (left, right) = (node.child_by_field_name("left"), node.child_by_field_name("right"));
        let left = left.filter(|it| it.kind() == "identifier");
        let Some(left) = left.map(|it| source.text(it).to_lowercase()) else { return };
        for call in right.into_iter().flat_map(below).filter(|it| it.kind() == "method_call") {
            if MAKERS.contains(&named(source, call).as_str()) {
                let class = source.text(call.child_by_field_name("arguments").unwrap());
                let class = class.trim_matches(['(', ')', '"']).to_owned();
                self.objects.push((left.clone(), class));
            }
        }
        self.assigned.insert(left);
    }
}

/// The function of a module that makes an object of the add-in, in both languages.
const MAKERS: [&str; 2] = ["newaddinobject", "новыйобъекткомпоненты"];

/// The method that puts a value under a key, in both languages.
const INSERT: [&str; 2] = ["Insert", "Вставить"];

/// The first argument, when it is a plain text.
fn first_text(source: &Source, call: Node<'_>) -> Option<String> {
    let first = children(call.child_by_field_name("arguments")?).into_iter().next()?;
    let text = source.text(first).strip_prefix('"')?.strip_suffix('"')?;
    Some(text.to_owned())
}

fn named(source: &Source, node: Node<'_>) -> String {
    source.text(node.child_by_field_name("name").unwrap()).to_lowercase()
}

fn given(call: Node<'_>) -> usize {
    call.child_by_field_name("arguments").map_or(0, |it| children(it).len())
}

/// The name right before a dot: of a variable, a field or a function.
fn last_word(source: &Source, access: Node<'_>) -> String {
    let last = children(access).pop().unwrap_or(access);
    let last = last.child_by_field_name("name").unwrap_or(last);
    source.text(last).to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "Function A(Val B, C = 1) Export
        D = NewAddInObject(\"TCPClient\");
        For Each E In B.F(1, , 2).G Do
            H(E, C.I);
        EndDo;
    EndFunction";

    #[test]
    fn everything_that_matters_is_found() {
        let [routine] = &routines(&Source::parse(TEXT))[..] else { panic!("expected one") };
        assert_eq!((routine.name.as_str(), routine.exported, routine.required), ("a", true, 1));
        assert_eq!(routine.params, ["b", "c"]);
        let calls: Vec<_> = routine.calls.iter().map(|it| (&*it.name, it.arguments)).collect();
        assert_eq!(calls, [("newaddinobject", 1), ("h", 2)]);
        let members = routine.members.iter().map(|it| (&*it.of, &*it.name, it.arguments));
        let expected = [("b", "F", Some(3)), ("f", "G", None), ("c", "I", None)];
        assert!(expected.iter().all(|it| members.clone().any(|member| member == *it)));
        assert_eq!(members.count(), 3);
        assert!(routine.assigned.iter().eq(["d", "e"]));
        assert_eq!(routine.objects, [("d".to_owned(), "TCPClient".to_owned())]);
        let read: Vec<_> = routine.read.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(read, ["b", "e", "c"]);
    }
}
