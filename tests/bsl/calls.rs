//! Calls by name alone: of the module's own functions, or of the platform's.

use opi_1c_ffi::Language;

use crate::files::Host;
use crate::platform;
use crate::routine::{Call, Routine};

/// Calls of what is neither, or with another number of arguments; and what is defined twice.
pub(crate) fn unknown(routines: &[Routine], language: Language, host: Host) -> Vec<String> {
    let calls = routines.iter().flat_map(|routine| &routine.calls);
    let mut complaints: Vec<_> =
        calls.filter_map(|call| wrong(call, routines, language, host)).collect();
    for (number, Routine { name, .. }) in routines.iter().enumerate() {
        if routines[..number].iter().any(|before| before.name == *name) {
            complaints.push(format!("{name} is defined twice"));
        }
    }
    complaints
}

fn wrong(call: &Call, routines: &[Routine], language: Language, host: Host) -> Option<String> {
    let Call { name, arguments, line } = call;
    let own = routines.iter().find(|it| it.name == *name);
    let bounds = match own {
        Some(routine) => Some(routine.required..=routine.params.len()),
        None => platform::function(name, language, host),
    };
    match bounds {
        None => Some(format!("line {line}: {name} is defined nowhere")),
        Some(bounds) if bounds.contains(arguments) => None,
        Some(bounds) => {
            Some(format!("line {line}: {name} takes {bounds:?} arguments, not {arguments}"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::routine::routines;
    use crate::syntax::Source;

    #[track_caller]
    fn check(line: &str, language: Language, host: Host, expected: &str) {
        let text = format!("Function A(B, C = 1)\n{line}\nEndFunction");
        let complaints = unknown(&routines(&Source::parse(&text)), language, host);
        assert_eq!(complaints.join("; "), expected, "{line}");
    }

    #[test]
    fn a_call_of_nothing_is_refused() {
        let (en, ru) = (Language::English, Language::Russian);
        check("A(1); A(1, 2); StrLen(\"\");", en, Host::Enterprise, "");
        check("Nowhere();", en, Host::Enterprise, "line 2: nowhere is defined nowhere");
        check("A();", en, Host::Enterprise, "line 2: a takes 1..=2 arguments, not 0");
        check("StrLen();", en, Host::Enterprise, "line 2: strlen takes 1..=1 arguments, not 0");
        check("СтрДлина(1);", ru, Host::OneScript, "");
        check("СтрДлина(1);", en, Host::OneScript, "line 2: стрдлина is defined nowhere");
        check("CurrentScript();", en, Host::OneScript, "");
        check("EndFunction Function a()", en, Host::OneScript, "a is defined twice");
        let complaint = "line 2: currentscript is defined nowhere";
        check("CurrentScript();", en, Host::Enterprise, complaint);
    }
}
