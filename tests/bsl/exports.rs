//! What modules export: the same names with the same parameters in every build.

use std::collections::BTreeMap;

use crate::files::Build;
use crate::routine::Routine;

/// The builds of one module, each with the next one.
pub(crate) fn pairs(builds: &[Build]) -> Vec<[&Build; 2]> {
    let mut pairs = Vec::new();
    for module in ["OPI_TCP", "HTTPConnector"] {
        let builds: Vec<_> = builds.iter().filter(|build| build.module() == module).collect();
        pairs.extend(builds.windows(2).map(|pair| [pair[0], pair[1]]));
    }
    assert_eq!(pairs.len(), 6);
    pairs
}

/// What one exports and the other does not, or not so.
pub(crate) fn differences(one: &[Routine], other: &[Routine]) -> Vec<String> {
    let (one, other) = (exported(one), exported(other));
    let names = one.keys().chain(other.keys());
    let differs = names.filter(|name| one.get(*name) != other.get(*name));
    differs.map(|name| format!("{name}: {:?} and {:?}", one.get(name), other.get(name))).collect()
}

/// How many parameters each takes at least and at most.
fn exported(routines: &[Routine]) -> BTreeMap<&str, (usize, usize)> {
    let exported = routines.iter().filter(|routine| routine.exported);
    exported.map(|it| (it.name.as_str(), (it.required, it.params.len()))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::routine::routines;
    use crate::syntax::Source;

    #[test]
    fn a_name_or_a_parameter_more_is_a_difference() {
        let of = |text: &str| routines(&Source::parse(text));
        let one = of("Function A(B) Export\nEndFunction\nFunction C()\nEndFunction");
        assert_eq!(
            differences(&one, &of("Функция А() КонецФункции")),
            ["a: Some((1, 1)) and None"]
        );
        let other = of("Function A(B = 1) Export\nEndFunction");
        assert_eq!(differences(&one, &other).len(), 2);
        assert!(differences(&one, &one).is_empty());
    }
}
