//! Files and tests that the documents name exist.

use std::{
    fs,
    path::{Path, PathBuf},
};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// The documents at the top of the repository, in `docs` and of the crates.
fn documents() -> Vec<PathBuf> {
    let root = root();
    let mut folders = vec![root.clone(), root.join("docs"), root.join("docs/adr")];
    folders.extend(fs::read_dir(root.join("crates")).unwrap().map(|entry| entry.unwrap().path()));
    let files = folders.iter().flat_map(|folder| fs::read_dir(folder).unwrap());
    let paths = files.map(|entry| entry.unwrap().path());
    paths.filter(|path| path.extension().is_some_and(|extension| extension == "md")).collect()
}

/// What `](` and `)` enclose, without the part of the page.
fn links(document: &str) -> impl Iterator<Item = &str> {
    let targets = document.split("](").skip(1).filter_map(|rest| rest.split_once(')'));
    targets.map(|(target, _)| target.split('#').next().unwrap_or_default())
}

#[test]
fn every_relative_link_leads_to_a_file() {
    let mut followed = 0;
    for document in documents() {
        let text = fs::read_to_string(&document).unwrap();
        for link in links(&text).filter(|link| !link.is_empty() && !link.contains("://")) {
            let target = document.parent().unwrap().join(link);
            assert!(target.exists(), "{}: there is no {link}", document.display());
            followed += 1;
        }
    }
    assert!(followed > 50, "{followed} links");
}

/// The last column of the tables names files, each followed by its tests.
#[test]
fn every_test_of_a_threat_exists() {
    let security = fs::read_to_string(root().join("SECURITY.md")).unwrap();
    let mut tests = 0;
    for row in security.lines().filter(|line| line.starts_with('|')) {
        let mut file = None;
        let last = row.trim_end_matches('|').rsplit('|').next().unwrap_or_default();
        for name in last.split('`').skip(1).step_by(2) {
            if name.contains('/') {
                let source = fs::read_to_string(root().join(name));
                file = Some((name, source.unwrap_or_else(|error| panic!("{name}: {error}"))));
            } else {
                let (path, source) = file.as_ref().unwrap_or_else(|| panic!("no file before {name}"));
                let is_there = source.contains(&format!("fn {name}("));
                assert!(is_there, "{path} has no test {name}; does SECURITY.md name an old place?");
                tests += 1;
            }
        }
    }
    assert!(tests > 20, "{tests} tests");
}
