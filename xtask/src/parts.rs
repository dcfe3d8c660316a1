//! Cuts the WebAssembly of the web app into parts, which browsers fetch when they need them: along
//! the functions that crates/web/src/pages/parts.rs declares (ADR 10).
//!
//! Trunk builds the app in one piece. Here the same program is taken as the linker left it, cut,
//! and goes the rest of the way again: through wasm-bindgen and wasm-opt, under the names that
//! trunk gave.

use std::collections::HashMap;
use std::ffi::OsStr;
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::Path;

use wasm_split_cli_support::{Options, transform};

use crate::setup::WASM_TARGET;
use crate::shell::{Result, capture, run};
use crate::workspace;

/// The script that fetches the parts, as the first part imports it.
const LOADER: &str = "./parts.js";

/// The files that a part consists of; some belong to several parts.
pub(crate) type Part = Vec<String>;

/// Puts the parts into the place of the app in one piece. Hands over what is not fetched at once.
pub(crate) fn cut(dist: &Path) -> Result<Vec<Part>> {
    let name = app_name(dist)?;
    let target = workspace::target_directory()?;
    let place = target.join("web-parts");
    if place.exists() {
        fs::remove_dir_all(&place).map_err(|error| failed(&place, "removed", &error))?;
    }
    let linked = target.join(WASM_TARGET).join("wasm-release/fanbase-web.wasm");
    let linked = fs::read(&linked).map_err(|error| failed(&linked, "read", &error))?;
    let first = place.join("first.wasm");
    let script = format!("./{name}.js");
    let mut options = Options::new(&linked);
    options.output_dir = &place;
    options.main_out_path = &first;
    options.main_module = &script;
    options.link_name = LOADER;
    let split = transform(options).map_err(|error| format!("The web app could not be cut: {error:#}."))?;
    bind(&first, &name, dist)?;
    optimise(&dist.join(format!("{name}_bg.wasm")))?;
    let mut loader = read(&place.join(LOADER))?;
    let mut names = HashMap::new();
    for file in split.split_modules {
        optimise(&file)?;
        let (stem, name) = publish(&file, dist)?;
        loader = loader.replace(&format!("\"./{stem}.wasm\""), &format!("\"./{name}\""));
        names.insert(stem, name);
    }
    let loader_name = hashed("parts", loader.as_bytes(), "js");
    write(&dist.join(&loader_name), loader.as_bytes())?;
    let script = dist.join(format!("{name}.js"));
    // Where it is fetched from, and not what the WebAssembly calls it.
    let from = |name: &str| format!("from \"{name}\"");
    let text = read(&script)?.replace(&from(LOADER), &from(&format!("./{loader_name}")));
    write(&script, text.as_bytes())?;
    let published = |stems: Vec<String>| stems.iter().filter_map(|stem| names.get(stem).cloned()).collect();
    Ok(split.prefetch_map.into_values().map(published).collect())
}

/// What trunk calls the app: `fanbase-web-<hash>`.
fn app_name(dist: &Path) -> Result<String> {
    let entries = fs::read_dir(dist).map_err(|error| failed(dist, "read", &error))?;
    let names = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    let mut names = names.filter_map(|name| Some(name.strip_suffix("_bg.wasm")?.to_owned()));
    names.next().ok_or_else(|| format!("There is no WebAssembly in {}.", dist.display()))
}

fn bind(first: &Path, name: &str, dist: &Path) -> Result<()> {
    run(workspace::command("wasm-bindgen")?
        .args(["--target", "web", "--no-typescript", "--keep-lld-exports", "--out-name", name, "--out-dir"])
        .arg(dist)
        .arg(first))
}

/// Makes a part smaller. What the tool says of the names of functions, which it does not know and
/// drops, is of no interest.
fn optimise(file: &Path) -> Result<()> {
    capture(
        workspace::command("wasm-opt")?
            .args([
                "-Oz",
                "--enable-bulk-memory",
                "--enable-nontrapping-float-to-int",
                "--enable-sign-ext",
                "--enable-mutable-globals",
                "--enable-reference-types",
                "--enable-multivalue",
            ])
            .arg(file)
            .arg("-o")
            .arg(file),
    )
    .map(|_| ())
}

/// Puts a file of a part beside the app; its name without and with its hash.
fn publish(file: &Path, dist: &Path) -> Result<(String, String)> {
    let bytes = fs::read(file).map_err(|error| failed(file, "read", &error))?;
    let stem = file.file_stem().and_then(OsStr::to_str).unwrap_or_default();
    let name = hashed(stem, &bytes, "wasm");
    write(&dist.join(&name), &bytes)?;
    Ok((stem.to_owned(), name))
}

/// A name that changes with the content.
fn hashed(stem: &str, bytes: &[u8], ending: &str) -> String {
    let mut hasher = DefaultHasher::new();
    bytes.hash(&mut hasher);
    format!("{stem}-{:016x}.{ending}", hasher.finish())
}

fn read(path: &Path) -> Result<String> {
    fs::read_to_string(path).map_err(|error| failed(path, "read", &error))
}

fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    fs::write(path, bytes).map_err(|error| failed(path, "written", &error))
}

fn failed(path: &Path, done: &str, error: &std::io::Error) -> String {
    format!("{} could not be {done}: {error}.", path.display())
}
