//! The order of the server's areas: an area uses only those below it.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

/// The layers from top to bottom. Areas of one layer do not use each other, except in the first and the
/// last layer.
const FLOORS: [&[&str]; 12] = [
    &["main", "lib", "startup", "routes", "openapi", "cli", "system", "telemetry", "web_app", "floors"],
    &["jobs"],
    &["webhooks"],
    &["imports", "insights"],
    &["sales"],
    &["accounts"],
    &["audience"],
    &["auth"],
    &["http"],
    &["db"],
    &["app_state"],
    &["client_network", "clock", "config", "error", "request_context", "sample", "secrets", "tls"],
];

/// The state is composed of types of most areas, and passed to handlers of most areas: the only
/// remaining cycle.
const ANYWHERE: &str = "app_state";

#[test]
fn areas_use_only_areas_below_them() {
    let floor: BTreeMap<&str, usize> = FLOORS
        .iter()
        .enumerate()
        .flat_map(|(floor, areas)| areas.iter().map(move |area| (*area, floor)))
        .collect();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut upward = Vec::new();
    for file in sources(&root) {
        let path = file.strip_prefix(&root).unwrap();
        let area = path.iter().next().unwrap().to_str().unwrap().trim_end_matches(".rs");
        if [ANYWHERE, "floors"].contains(&area) {
            continue;
        }
        let text = fs::read_to_string(&file).unwrap();
        // Tests at the end of a file may use any area.
        let code = text.split("#[cfg(test)]\nmod ").next().unwrap();
        for used in areas_of(code).filter(|used| *used != ANYWHERE && *used != area) {
            let (from, to) = (floor.get(area), floor.get(used));
            assert!(from.is_some() && to.is_some(), "{area} or {used} has no floor");
            let is_ends = [Some(&0), Some(&(FLOORS.len() - 1))].contains(&from) && from == to;
            if from >= to && !is_ends {
                upward.push(format!("{} uses {used}", path.display()));
            }
        }
    }
    assert!(upward.is_empty(), "{upward:#?}");
}

/// The first segments of all paths that start with `crate::`, including braces.
fn areas_of(code: &str) -> impl Iterator<Item = &str> {
    code.match_indices("crate::").flat_map(|(at, prefix)| {
        let rest = &code[at + prefix.len()..];
        let mut areas = Vec::new();
        if let Some(tree) = rest.strip_prefix('{') {
            let (mut depth, mut begins) = (0, true);
            for (at, letter) in tree.char_indices() {
                match letter {
                    '{' => depth += 1,
                    '}' if depth == 0 => break,
                    '}' => depth -= 1,
                    ',' if depth == 0 => begins = true,
                    _ if letter.is_whitespace() => {}
                    _ if begins && depth == 0 => {
                        areas.push(word(&tree[at..]));
                        begins = false;
                    }
                    _ => {}
                }
            }
        } else {
            areas.push(word(rest));
        }
        areas
    })
}

fn word(text: &str) -> &str {
    text.split(|letter: char| !letter.is_alphanumeric() && letter != '_').next().unwrap_or_default()
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries
        .flat_map(|path| if path.is_dir() { sources(&path) } else { vec![path] })
        .filter(|path| path.extension().is_some_and(|kind| kind == "rs"))
        .collect()
}

#[test]
fn the_tree_of_a_use_is_read() {
    let code = "use crate::{\n    db::{Db, sql::Sql},\n    error::ApiError,\n};\nfn f() -> crate::http::X {}";
    assert_eq!(areas_of(code).collect::<Vec<_>>(), ["db", "error", "http"]);
}
