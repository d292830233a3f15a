//! Rules about size: how long a file and a function may be. Tests do not count.

use proc_macro2::Span;
use syn::{
    Attribute, Block, File, ImplItemFn, Item, ItemFn, ItemMod, TraitItemFn, visit, visit::Visit,
};

use super::Complaint;

/// A file has at most [`FILE_LINES`] lines that are not tests.
pub(super) fn long_file(path: &str, text: &str) -> Vec<Complaint> {
    if is_test_file(path) {
        return Vec::new();
    }
    let tests: usize = match syn::parse_file(text) {
        Ok(file) => file.items.iter().filter_map(test_lines).sum(),
        Err(_) => 0,
    };
    let lines = text.lines().count().saturating_sub(tests);
    if lines <= FILE_LINES {
        return Vec::new();
    }
    vec![Complaint::new(path, 0, format!("{lines} lines without tests; the limit is {FILE_LINES}"))]
}

/// A function has at most [`FUNCTION_LINES`] lines between its braces.
pub(super) fn long_function(path: &str, text: &str) -> Vec<Complaint> {
    let file: File = match syn::parse_file(text) {
        Ok(file) if !is_test_file(path) => file,
        _ => return Vec::new(),
    };
    let mut functions = Functions { path, complaints: Vec::new() };
    functions.visit_file(&file);
    functions.complaints
}

const FILE_LINES: usize = 600;
const FUNCTION_LINES: usize = 60;

struct Functions<'a> {
    path: &'a str,
    complaints: Vec<Complaint>,
}

impl Functions<'_> {
    fn measure(&mut self, name: &syn::Ident, block: &Block) {
        let braces = block.brace_token.span;
        let lines = lines(braces.open(), braces.close()).saturating_sub(2);
        if lines > FUNCTION_LINES {
            let what = format!("`{name}` has {lines} lines; the limit is {FUNCTION_LINES}");
            self.complaints.push(Complaint::new(self.path, name.span().start().line, what));
        }
    }
}

impl<'ast> Visit<'ast> for Functions<'_> {
    fn visit_impl_item_fn(&mut self, function: &'ast ImplItemFn) {
        self.measure(&function.sig.ident, &function.block);
        visit::visit_impl_item_fn(self, function);
    }

    fn visit_item_fn(&mut self, function: &'ast ItemFn) {
        self.measure(&function.sig.ident, &function.block);
        visit::visit_item_fn(self, function);
    }

    fn visit_item_mod(&mut self, module: &'ast ItemMod) {
        if !module.attrs.iter().any(is_cfg_test) {
            visit::visit_item_mod(self, module);
        }
    }

    fn visit_trait_item_fn(&mut self, function: &'ast TraitItemFn) {
        if let Some(block) = &function.default {
            self.measure(&function.sig.ident, block);
        }
        visit::visit_trait_item_fn(self, function);
    }
}

fn test_lines(item: &Item) -> Option<usize> {
    match item {
        Item::Mod(ItemMod { attrs, content: Some((braces, _)), .. }) => {
            let attribute = attrs.iter().find(|attribute| is_cfg_test(attribute))?;
            Some(lines(attribute.pound_token.span, braces.span.close()))
        }
        _ => None,
    }
}

fn is_cfg_test(attribute: &Attribute) -> bool {
    attribute.path().is_ident("cfg")
        && attribute.parse_args::<syn::Ident>().is_ok_and(|condition| condition == "test")
}

fn is_test_file(path: &str) -> bool {
    path.ends_with("/tests.rs")
}

fn lines(first: Span, last: Span) -> usize {
    last.end().line - first.start().line + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn function(lines: usize) -> String {
        format!("fn f() {{\n{}}}\n", "    g();\n".repeat(lines))
    }

    #[track_caller]
    fn check(complaints: &[Complaint], expected: &[&str]) {
        let found: Vec<&str> = complaints.iter().map(|complaint| complaint.what.as_str()).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn a_file_is_refused_one_line_past_the_limit() {
        check(&long_file("a.rs", &"\n".repeat(600)), &[]);
        check(
            &long_file("a.rs", &"\n".repeat(601)),
            &["601 lines without tests; the limit is 600"],
        );
    }

    #[test]
    fn tests_do_not_make_a_file_long() {
        let tests = format!("#[cfg(test)]\nmod tests {{\n{}}}\n", "\n".repeat(900));
        check(&long_file("a.rs", &format!("{}{tests}", "\n".repeat(600))), &[]);
        check(&long_file("a/tests.rs", &"\n".repeat(900)), &[]);
        check(
            &long_file("a.rs", &format!("{}{tests}", "\n".repeat(601))),
            &["601 lines without tests; the limit is 600"],
        );
    }

    #[test]
    fn a_function_is_refused_one_line_past_the_limit() {
        check(&long_function("a.rs", &function(60)), &[]);
        check(&long_function("a.rs", &function(61)), &["`f` has 61 lines; the limit is 60"]);
        let method = format!("impl A {{\n{}}}\n", function(61));
        check(&long_function("a.rs", &method), &["`f` has 61 lines; the limit is 60"]);
        let default = format!("trait A {{\n{}}}\n", function(61));
        check(&long_function("a.rs", &default), &["`f` has 61 lines; the limit is 60"]);
    }

    #[test]
    fn a_long_test_is_not_a_long_function() {
        check(
            &long_function("a.rs", &format!("#[cfg(test)]\nmod tests {{\n{}}}\n", function(90))),
            &[],
        );
    }
}
