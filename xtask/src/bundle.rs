//! What browsers download of the web app: compressed once, when it is built, and within a budget.

use std::collections::HashMap;
use std::ffi::OsStr;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use brotli::enc::BrotliEncoderParams;
use flate2::Compression;
use flate2::write::GzEncoder;

use crate::parts::Part;
use crate::shell::Result;

/// What can be made smaller.
const KINDS: [&str; 5] = ["css", "html", "js", "svg", "wasm"];

/// What scripts and WebAssembly of the first page may come to together, in bytes.
const FIRST_PAGE: Sizes = Sizes { plain: usize::MAX, gzip: 450 * 1024, brotli: 375 * 1024 };
/// The same for any page.
const ANY_PAGE: Sizes = Sizes { plain: usize::MAX, gzip: 600 * 1024, brotli: 500 * 1024 };

/// Bytes, as they are and compressed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Sizes {
    plain: usize,
    gzip: usize,
    brotli: usize,
}

impl Sizes {
    fn add(&mut self, other: Self) {
        self.plain += other.plain;
        self.gzip += other.gzip;
        self.brotli += other.brotli;
    }

    /// The larger of both, each way of compressing for itself.
    fn max(self, other: Self) -> Self {
        Self {
            plain: self.plain.max(other.plain),
            gzip: self.gzip.max(other.gzip),
            brotli: self.brotli.max(other.brotli),
        }
    }

    fn is_within(self, budget: Self) -> bool {
        self.plain <= budget.plain && self.gzip <= budget.gzip && self.brotli <= budget.brotli
    }

    /// Against a budget, in a line.
    fn describe(self, budget: Self) -> String {
        let kib = |bytes: usize| bytes as f64 / 1024.0;
        format!(
            "{:.1} KiB; with gzip {:.1} of {:.0} KiB, with brotli {:.1} of {:.0} KiB",
            kib(self.plain),
            kib(self.gzip),
            kib(budget.gzip),
            kib(self.brotli),
            kib(budget.brotli)
        )
    }
}

/// What the largest page downloads: what comes first, and the largest of the parts.
fn largest_page(files: &HashMap<String, Sizes>, parts: &[Part]) -> (Sizes, Sizes) {
    let in_part = |name: &String| parts.iter().any(|part| part.contains(name));
    let first = sum(files.iter().filter(|(name, _)| !in_part(name)).map(|(_, sizes)| *sizes));
    let part = |part: &Part| sum(part.iter().filter_map(|name| files.get(name)).copied());
    let largest = parts.iter().map(part).fold(Sizes::default(), Sizes::max);
    (first, sum([first, largest]))
}

fn sum(sizes: impl IntoIterator<Item = Sizes>) -> Sizes {
    sizes.into_iter().fold(Sizes::default(), |mut sum, sizes| {
        sum.add(sizes);
        sum
    })
}

/// Writes `<file>.gz` and `<file>.br` beside each file that was built, which the server passes on
/// as they are. Says what scripts and WebAssembly come to, and fails if that is too much.
pub(crate) fn finish(dist: &Path, parts: &[Part]) -> Result<()> {
    let mut code = HashMap::new();
    for file in files(dist)? {
        let Some(kind) = file.extension().and_then(OsStr::to_str).filter(|kind| KINDS.contains(kind)) else {
            continue;
        };
        let sizes = compress(&file)?;
        if matches!(kind, "js" | "wasm") {
            let name = file.file_name().and_then(OsStr::to_str).unwrap_or_default();
            code.insert(name.to_owned(), sizes);
        }
    }
    let (first, page) = largest_page(&code, parts);
    println!("Scripts and WebAssembly of the first page: {}.", first.describe(FIRST_PAGE));
    println!("Of the largest page: {}.", page.describe(ANY_PAGE));
    if first.is_within(FIRST_PAGE) && page.is_within(ANY_PAGE) {
        return Ok(());
    }
    Err("The web app is too large to download; crates/web/README.md says what keeps it small.".to_owned())
}

fn files(directory: &Path) -> Result<Vec<PathBuf>> {
    let failed = |error| format!("{} could not be read: {error}.", directory.display());
    let entries = fs::read_dir(directory).map_err(failed)?;
    entries.map(|entry| entry.map(|entry| entry.path()).map_err(failed)).collect()
}

fn compress(file: &Path) -> Result<Sizes> {
    let plain = fs::read(file).map_err(|error| format!("{} could not be read: {error}.", file.display()))?;
    let gzip =
        gzipped(&plain).map_err(|error| format!("{} could not be compressed: {error}.", file.display()))?;
    let brotli =
        brotlied(&plain).map_err(|error| format!("{} could not be compressed: {error}.", file.display()))?;
    for (bytes, ending) in [(&gzip, ".gz"), (&brotli, ".br")] {
        let mut path = file.as_os_str().to_owned();
        path.push(ending);
        fs::write(&path, bytes)
            .map_err(|error| format!("{} could not be written: {error}.", Path::new(&path).display()))?;
    }
    Ok(Sizes { plain: plain.len(), gzip: gzip.len(), brotli: brotli.len() })
}

fn gzipped(bytes: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes)?;
    encoder.finish()
}

fn brotlied(mut bytes: &[u8]) -> std::io::Result<Vec<u8>> {
    let parameters =
        BrotliEncoderParams { quality: 11, lgwin: 24, size_hint: bytes.len(), ..Default::default() };
    let mut compressed = Vec::new();
    brotli::BrotliCompress(&mut bytes, &mut compressed, &parameters)?;
    Ok(compressed)
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    #[test]
    fn what_is_compressed_can_be_read_again() {
        let text = "Fanbase. ".repeat(500).into_bytes();
        let mut read = Vec::new();
        flate2::read::GzDecoder::new(gzipped(&text).expect("it is compressed").as_slice())
            .read_to_end(&mut read)
            .expect("it is gzip");
        assert_eq!(read, text);
        let mut read = Vec::new();
        let compressed = brotlied(&text).expect("it is compressed");
        brotli::BrotliDecompress(&mut compressed.as_slice(), &mut read).expect("it is brotli");
        assert_eq!(read, text);
        assert!(compressed.len() < 100);
    }

    #[test]
    fn a_page_is_what_comes_first_and_its_own_part() {
        let sizes = |plain| Sizes { plain, gzip: plain, brotli: plain };
        let files = [("app", 1_000), ("start", 1), ("shared", 20), ("a", 300), ("b", 290), ("c", 305)];
        let files = files.map(|(name, plain)| (name.to_owned(), sizes(plain))).into();
        let part = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        let parts = [part(&["a"]), part(&["b", "shared"]), part(&["c"])];
        assert_eq!(largest_page(&files, &parts), (sizes(1_001), sizes(1_311)));
    }

    #[test]
    fn either_way_of_compressing_counts() {
        let sizes = |gzip, brotli| Sizes { plain: 1_000_000, gzip, brotli };
        assert!(sizes(450 * 1024, 375 * 1024).is_within(FIRST_PAGE));
        assert!(!sizes(450 * 1024 + 1, 0).is_within(FIRST_PAGE));
        assert!(!sizes(0, 375 * 1024 + 1).is_within(FIRST_PAGE));
    }
}
