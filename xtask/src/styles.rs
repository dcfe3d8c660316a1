//! One style sheet in the place of many: trunk copies each file of `styles/`, and a browser that is
//! far away would wait for thirty of them before it draws anything.

use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::Path;

use crate::shell::Result;

/// Joins the style sheets that the page links, in their order, and links what came of it instead.
pub(crate) fn join(dist: &Path) -> Result<()> {
    let page = dist.join("index.html");
    let html = read(&page)?;
    let names = linked(&html);
    let mut styles = String::new();
    for name in &names {
        styles += &read(&dist.join(name))?;
        styles.push('\n');
    }
    let mut hasher = DefaultHasher::new();
    styles.hash(&mut hasher);
    let joined = format!("styles-{:016x}.css", hasher.finish());
    write(&dist.join(&joined), &styles)?;
    write(&page, &relinked(&html, &joined))?;
    for name in names {
        let path = dist.join(name);
        fs::remove_file(&path)
            .map_err(|error| format!("{} could not be removed: {error}.", path.display()))?;
    }
    Ok(())
}

/// The name in a line that links a style sheet, as trunk writes it.
fn link(line: &str) -> Option<&str> {
    line.trim().strip_prefix("<link rel=\"stylesheet\" href=\"/")?.strip_suffix("\"/>")
}

fn linked(html: &str) -> Vec<&str> {
    html.lines().filter_map(link).collect()
}

/// The page with one link where the first of many was.
fn relinked(html: &str, name: &str) -> String {
    let mut is_linked = false;
    let mut lines: Vec<String> = Vec::new();
    for line in html.lines() {
        if link(line).is_none() {
            lines.push(line.to_owned());
        } else if !is_linked {
            is_linked = true;
            lines.push(format!("    <link rel=\"stylesheet\" href=\"/{name}\"/>"));
        }
    }
    lines.join("\n")
}

fn read(path: &Path) -> Result<String> {
    fs::read_to_string(path).map_err(|error| format!("{} could not be read: {error}.", path.display()))
}

fn write(path: &Path, text: &str) -> Result<()> {
    fs::write(path, text).map_err(|error| format!("{} could not be written: {error}.", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_of_the_links_becomes_the_only_one() {
        let html = "<head>\n    <link rel=\"icon\" href=\"/a.svg\"/>\n    <link rel=\"stylesheet\" href=\"/a-1.css\"/>\n    \
                    <link rel=\"stylesheet\" href=\"/b-2.css\"/>\n</head>";
        assert_eq!(linked(html), ["a-1.css", "b-2.css"]);
        assert_eq!(
            relinked(html, "c.css"),
            "<head>\n    <link rel=\"icon\" href=\"/a.svg\"/>\n    <link rel=\"stylesheet\" href=\"/c.css\"/>\n</head>"
        );
    }
}
