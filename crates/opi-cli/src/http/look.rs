//! What standard output shows of a request and its answer, and how. Pure.

use super::pretty::Style;
use crate::args::{Pretty, ShownArgs};

/// What is shown, and how.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Look {
    pub(super) parts: Parts,
    pub(super) style: Style,
    /// Someone looks at it.
    pub(super) terminal: bool,
}

/// Which parts are shown.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(super) struct Parts {
    pub(super) request_head: bool,
    pub(super) request_body: bool,
    pub(super) head: bool,
    pub(super) body: bool,
    pub(super) times: bool,
}

/// Who reads standard output.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Reader {
    /// A program, or a file.
    Program,
    /// A terminal.
    Terminal,
    /// A terminal whose owner wants no colours.
    TerminalWithoutColours,
}

impl Look {
    /// What `args` ask for, and what suits the reader where they say nothing.
    pub(super) fn new(args: &ShownArgs, reader: Reader) -> Self {
        let terminal = reader != Reader::Program;
        let letters = args.print.as_deref().unwrap_or(if terminal { "hb" } else { "b" });
        let style = match args.pretty {
            Some(Pretty::All) => Style { lines: true, colours: true },
            Some(Pretty::Colors) => Style { lines: false, colours: true },
            Some(Pretty::Format) => Style { lines: true, colours: false },
            Some(Pretty::None) => Style::default(),
            None => Style { lines: terminal, colours: reader == Reader::Terminal },
        };
        Self { parts: Parts::of(letters), style, terminal }
    }
}

impl Parts {
    fn of(letters: &str) -> Self {
        let has = |letter: char| letters.contains(letter);
        Self {
            request_head: has('H'),
            request_body: has('B'),
            head: has('h'),
            body: has('b'),
            times: has('m'),
        }
    }
}

impl Reader {
    /// The reader of standard output; any text in NO_COLOR means that colours are not wanted
    /// (no-color.org), and so does a terminal that is called dumb.
    pub(super) fn of(terminal: bool, no_color: Option<&str>, term: Option<&str>) -> Self {
        let plain = no_color.is_some_and(|text| !text.is_empty()) || term == Some("dumb");
        match (terminal, plain) {
            (false, _) => Self::Program,
            (true, false) => Self::Terminal,
            (true, true) => Self::TerminalWithoutColours,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reader_is_told_by_the_terminal_and_the_environment() {
        for (terminal, no_color, term, expected) in [
            (false, None, None, Reader::Program),
            (false, Some("1"), None, Reader::Program),
            (true, None, Some("xterm"), Reader::Terminal),
            (true, Some(""), None, Reader::Terminal),
            (true, Some("1"), None, Reader::TerminalWithoutColours),
            (true, None, Some("dumb"), Reader::TerminalWithoutColours),
        ] {
            assert_eq!(Reader::of(terminal, no_color, term), expected);
        }
    }

    #[track_caller]
    fn check(
        print: Option<&str>,
        pretty: Option<Pretty>,
        reader: Reader,
        parts: &str,
        style: [bool; 2],
    ) {
        let args = ShownArgs { print: print.map(str::to_owned), pretty, ..ShownArgs::default() };
        let [lines, colours] = style;
        let terminal = reader != Reader::Program;
        let expected = Look { parts: Parts::of(parts), style: Style { lines, colours }, terminal };
        assert_eq!(Look::new(&args, reader), expected);
    }

    #[test]
    fn what_is_asked_for_wins_over_what_suits_the_reader() {
        check(None, None, Reader::Program, "b", [false, false]);
        check(None, None, Reader::Terminal, "hb", [true, true]);
        check(None, None, Reader::TerminalWithoutColours, "hb", [true, false]);
        check(Some("H"), None, Reader::Terminal, "H", [true, true]);
        check(Some(""), Some(Pretty::None), Reader::Terminal, "", [false, false]);
        check(None, Some(Pretty::All), Reader::Program, "b", [true, true]);
        check(None, Some(Pretty::Format), Reader::Terminal, "hb", [true, false]);
        check(None, Some(Pretty::Colors), Reader::TerminalWithoutColours, "hb", [false, true]);
    }
}
