//! Names that are read: parameters, variables that were assigned, and those of the platform.

use opi_1c_ffi::Language;

use crate::platform;
use crate::routine::Routine;

/// Names that are read and mean nothing.
pub(crate) fn unassigned(
    routines: &[Routine],
    module: &[String],
    language: Language,
) -> Vec<String> {
    let mut complaints = Vec::new();
    for Routine { name: routine, params, assigned, read, .. } in routines {
        let known = |name: &String| {
            params.contains(name) || assigned.contains(name) || module.contains(name)
        };
        for (name, line) in read.iter().filter(|(name, _)| !known(name)) {
            if !platform::is_value(name, language) {
                complaints.push(format!("line {line}: {routine} reads {name}, which is nothing"));
            }
        }
        // OneScript would assign to the platform's own value instead of a variable.
        let taken = assigned.iter().filter(|name| platform::is_value(name, language));
        complaints.extend(taken.map(|name| format!("{routine} assigns {name} of the platform")));
    }
    complaints
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::routine::routines;
    use crate::syntax::Source;

    #[test]
    fn a_name_that_was_never_assigned_is_refused() {
        let text = "Function A(B)\nC = B + Chars.LF;\nReturn C + D;\nEndFunction";
        let complaints = unassigned(&routines(&Source::parse(text)), &[], Language::English);
        assert_eq!(complaints, ["line 3: a reads d, which is nothing"]);
    }

    #[test]
    fn a_variable_named_as_a_value_of_the_platform_is_refused() {
        let source = Source::parse("Процедура А()\nСимволы = 1;\nКонецПроцедуры");
        let complaints = unassigned(&routines(&source), &[], Language::Russian);
        assert_eq!(complaints, ["а assigns символы of the platform"]);
    }
}
