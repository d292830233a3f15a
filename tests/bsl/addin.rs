//! Calls on objects of the add-in, against the rows of its table.

use opi_1c_ffi::{Bilingual, ComponentInfo, Kind, Language, OptionRow, components};

use crate::platform;
use crate::routine::{Inserted, Member, Routine};

/// How many calls and properties of the add-in were seen, and what is wrong with them.
///
/// A variable that is somewhere given an object of the add-in stands for its class everywhere in
/// the module. Methods of other objects must be methods of the platform, so none is overlooked.
pub(crate) fn check(routines: &[Routine], language: Language) -> (usize, Vec<String>) {
    let mut seen = 0;
    let mut complaints = Vec::new();
    for member in routines.iter().flat_map(|routine| &routine.members) {
        let classes = classes(&member.of, routines);
        if classes.is_empty() {
            complaints.extend(stranger(member, language));
            continue;
        }
        seen += 1;
        complaints.extend(classes.iter().filter_map(|class| wrong(member, class, language)));
    }
    (seen, complaints)
}

fn classes(name: &str, routines: &[Routine]) -> Vec<&'static ComponentInfo> {
    let mut objects = routines.iter().flat_map(|routine| &routine.objects);
    match objects.find(|(object, _)| object == name) {
        Some((_, class)) => components().iter().filter(|it| it.class() == class).collect(),
        // The parameter that takes an object of any class.
        None if ["addinobject", "объекткомпоненты"].contains(&name) => {
            components().iter().collect()
        }
        // What is given by a function, or comes to one as a parameter.
        None if HTTP.contains(&name) => {
            components().iter().filter(|it| it.class() == "HTTPConnector").collect()
        }
        None => Vec::new(),
    }
}

/// The function that gives the object for calls which send nothing, and the session's object.
const HTTP: [&str; 4] = ["connector", "tools", "инструменты", "коннектор"];

fn wrong(member: &Member, class: &ComponentInfo, language: Language) -> Option<String> {
    let Member { name, arguments, line, .. } = member;
    let class_name = class.class();
    let is_named = |names: Bilingual| names.text(language) == name;
    let Some(arguments) = arguments else {
        let known = class.properties().iter().any(|it| is_named(it.name));
        return (!known).then(|| format!("line {line}: {class_name} has no property {name}"));
    };
    let methods = class.methods();
    let Some(method) = methods.iter().find(|it| is_named(it.name)) else {
        return Some(format!("line {line}: {class_name} has no method {name}"));
    };
    let required = method.params.iter().rposition(|it| it.default.is_none());
    let bounds = required.map_or(0, |last| last + 1)..=method.params.len();
    let fits = bounds.contains(arguments);
    (!fits).then(|| format!("line {line}: {name} takes {bounds:?} arguments, not {arguments}"))
}

/// Keys that are inserted into options of the add-in and that no method takes.
pub(crate) fn unknown_options(routines: &[Routine]) -> (usize, Vec<String>) {
    let options: Vec<&str> = components().iter().flat_map(options).collect();
    let inserted = routines.iter().flat_map(|routine| &routine.inserted);
    let inserted = inserted.filter(|it| OPTIONS.contains(&it.of.as_str()));
    let unknown = inserted.clone().filter(|it| !options.contains(&it.key.as_str()));
    let complaint =
        |it: &Inserted| format!("line {}: no method takes the option {}", it.line, it.key);
    (inserted.count(), unknown.map(complaint).collect())
}

/// The variables in which the modules gather options, in both languages.
const OPTIONS: [&str; 12] = [
    "limits",
    "пределы",
    "settings",
    "настройки",
    "calloptions",
    "параметрывызова",
    "tooloptions",
    "параметрыинструмента",
    "policy",
    "правила",
    "sent",
    "отправляемый",
];

fn options(class: &ComponentInfo) -> Vec<&'static str> {
    let methods = class.methods();
    let params = methods.iter().flat_map(|method| method.params);
    let rows = params.filter_map(|param| match param.kind {
        Kind::Options(rows) => Some(rows),
        _ => None,
    });
    rows.flatten().flat_map(|row| names(row)).collect()
}

/// The name of an option, and those of the options within it.
fn names(row: &'static OptionRow) -> Vec<&'static str> {
    let inner = match row.kind {
        Kind::Objects(rows) | Kind::Options(rows) => rows,
        _ => &[],
    };
    inner.iter().flat_map(|row| names(row)).chain([row.name.en]).collect()
}

fn stranger(member: &Member, language: Language) -> Option<String> {
    let Member { of, name, arguments, line } = member;
    let known = arguments.is_none() || platform::is_method(name, language);
    (!known).then(|| format!("line {line}: {of}.{name} is neither of the add-in nor the platform"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::routine::routines;
    use crate::syntax::Source;

    #[track_caller]
    fn complaint(line: &str, expected: &str) {
        let text = format!(
            "Procedure A(Connection)\nNew_ = 1;\n{line}\nEndProcedure\n\
             Procedure B()\nConnection = NewAddInObject(\"TCPClient\");\nEndProcedure"
        );
        let (_, complaints) = check(&routines(&Source::parse(&text)), Language::English);
        assert_eq!(complaints.join("; "), expected, "{line}");
    }

    #[test]
    fn what_the_table_does_not_have_is_refused() {
        complaint("Connection.Send(1, 2);", "");
        complaint("X = Connection.LastError;", "");
        complaint("Connection.Sent(1);", "line 3: TCPClient has no method Sent");
        complaint("Connection.Отправить(1);", "line 3: TCPClient has no method Отправить");
        complaint("X = Connection.LastFault;", "line 3: TCPClient has no property LastFault");
        complaint("Connection.Send();", "line 3: Send takes 1..=2 arguments, not 0");
        complaint("Connection.Send(1, 2, 3);", "line 3: Send takes 1..=2 arguments, not 3");
        complaint("X.Y();", "line 3: x.Y is neither of the add-in nor the platform");
        complaint("AddInObject.TakeBytes(1);", "");
    }
    #[test]
    fn an_option_that_no_method_takes_is_refused() {
        let text = "Procedure A(B)\nSettings.Insert(\"tls\", 1);\nSettings.Insert(\"tsl\", 1);\n\
                    B.Insert(\"x\");\nEndProcedure";
        let (seen, complaints) = unknown_options(&routines(&Source::parse(text)));
        assert_eq!(
            (seen, &complaints[..]),
            (2, &["line 3: no method takes the option tsl".into()][..])
        );
    }
}
