//! BSL text and its syntax tree, by a grammar that is not ours.

use tree_sitter::{Node, Parser, Tree};

/// A text with its tree.
pub(crate) struct Source {
    text: String,
    tree: Tree,
}

impl Source {
    pub(crate) fn parse(text: &str) -> Self {
        let mut parser = Parser::new();
        parser.set_language(&tree_sitter_bsl::LANGUAGE.into()).unwrap();
        Self { text: text.to_owned(), tree: parser.parse(text, None).unwrap() }
    }

    pub(crate) fn root(&self) -> Node<'_> {
        self.tree.root_node()
    }

    pub(crate) fn text(&self, node: Node<'_>) -> &str {
        &self.text[node.byte_range()]
    }
}

/// `node` and everything below it, in the order of the text.
pub(crate) fn below(node: Node<'_>) -> Vec<Node<'_>> {
    let mut nodes = vec![node];
    for number in 0..node.child_count() {
        nodes.extend(node.child(number).into_iter().flat_map(below));
    }
    nodes
}

/// The children that are more than punctuation.
pub(crate) fn children(node: Node<'_>) -> Vec<Node<'_>> {
    let mut cursor = node.walk();
    node.named_children(&mut cursor).collect()
}

/// Where the text is no BSL.
pub(crate) fn faults(source: &Source) -> Vec<String> {
    let wrong = below(source.root()).into_iter().filter(|it| it.is_error() || it.is_missing());
    wrong.map(|it| format!("line {}: {it}", it.start_position().row + 1)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, line: Option<&str>) {
        let faults = faults(&Source::parse(text));
        match line {
            None => assert_eq!(faults, Vec::<String>::new(), "{text}"),
            Some(line) => assert!(faults.iter().any(|it| it.starts_with(line)), "{faults:?}"),
        }
    }

    #[test]
    fn a_missing_or_a_wrong_word_is_a_fault() {
        check("Function A()\n    Return 1;\nEndFunction\n", None);
        check(
            "Функция А()\n    Если 1 = 1 Тогда\n        Возврат 1;\nКонецФункции\n",
            Some("line 3: "),
        );
        check("Function A()\n    Return ?? 1;\nEndFunction\n", Some("line 2: "));
    }
}
