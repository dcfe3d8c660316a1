//! In which encoding a file is, and the way from there to UTF-8.
//!
//! A file that is not UTF-8 is rewritten as UTF-8 once, so that positions in it are stable and an
//! import can go on where it stopped.

use std::{
    fs::File,
    io::{BufReader, BufWriter, Read, Write as _},
    path::{Path, PathBuf},
};

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{
    CoderResult, Encoding, MACINTOSH, REPLACEMENT, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252, X_USER_DEFINED,
};

use super::{
    file::{FileError, SAMPLE_BYTES},
    formats,
};

/// How much of what is not ASCII the detector is given.
const DETECTED_BYTES: usize = 4 << 20;
/// Bytes that are read at a time.
const CHUNK: usize = 1 << 20;

/// The encoding of a file.
#[derive(Clone, Copy, Debug)]
pub(super) struct Recognised {
    /// The encoding.
    pub(super) encoding: &'static Encoding,
    /// Whether its bytes allow others as well.
    pub(super) is_guess: bool,
}

impl Recognised {
    fn sure(encoding: &'static Encoding) -> Self {
        Self { encoding, is_guess: false }
    }
}

/// The encoding of a name: any that browsers know.
#[must_use]
pub(super) fn known(name: &str) -> Option<&'static Encoding> {
    let encoding = Encoding::for_label(name.trim().as_bytes())?;
    (![REPLACEMENT, X_USER_DEFINED].contains(&encoding)).then_some(encoding)
}

/// Recognises the encoding of a file: by its byte order mark, by its name, or by its bytes.
///
/// # Errors
/// When the file is empty, of another format, or cannot be read; when there is no encoding of the name.
pub(super) fn recognise(path: &Path, asked: Option<&str>) -> Result<Recognised, FileError> {
    let mut sample = Vec::new();
    File::open(path)?.take(SAMPLE_BYTES as u64).read_to_end(&mut sample)?;
    if sample.is_empty() {
        return Err(FileError::Empty);
    }
    if let Some(error) = formats::refuse(&sample) {
        return Err(error);
    }
    if let Some((encoding, _)) = Encoding::for_bom(&sample) {
        return Ok(Recognised::sure(encoding));
    }
    if let Some(name) = asked {
        let encoding = known(name).ok_or_else(|| FileError::UnknownEncoding(name.to_owned()))?;
        return Ok(Recognised::sure(encoding));
    }
    if sample.contains(&0)
        && let Some(encoding) = utf16(&sample)?
    {
        return Ok(Recognised::sure(encoding));
    }
    let is_control = |byte: &&u8| **byte < 32 && !matches!(**byte, b'\n' | b'\r' | b'\t' | 0x1b);
    if sample.iter().filter(is_control).count() > sample.len() / 50 {
        return Err(FileError::NotText);
    }
    if is_mostly_utf8(path)? { Ok(Recognised::sure(UTF_8)) } else { guess(path) }
}

/// UTF-16 without a mark: every other byte of mostly ASCII text is zero.
fn utf16(sample: &[u8]) -> Result<Option<&'static Encoding>, FileError> {
    let zeros = |odd: usize| sample.iter().skip(odd).step_by(2).filter(|byte| **byte == 0).count();
    let half = sample.len() / 2;
    match (zeros(0), zeros(1)) {
        (even, odd) if even > half / 2 && odd < half / 20 => Ok(Some(UTF_16BE)),
        (even, odd) if odd > half / 2 && even < half / 20 => Ok(Some(UTF_16LE)),
        // A stray zero spoils its row, not the file.
        (even, odd) if even + odd > sample.len() / 100 => Err(FileError::NotText),
        _ => Ok(None),
    }
}

/// The encoding that fits the bytes best. Several may fit, so that it stays a guess.
fn guess(path: &Path) -> Result<Recognised, FileError> {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Allow);
    let mut file = File::open(path)?;
    let mut chunk = vec![0; CHUNK];
    let (mut fed, mut marks) = (0, MacMarks::default());
    while fed < DETECTED_BYTES {
        let read = file.read(&mut chunk)?;
        detector.feed(&chunk[..read], read == 0);
        if read == 0 {
            break;
        }
        if !chunk[..read].is_ascii() {
            fed += read;
            marks.look(&chunk[..read]);
        }
    }
    let encoding = detector.guess(None, Utf8Detection::Deny);
    let encoding = if encoding == WINDOWS_1252 && marks.is_macintosh() { MACINTOSH } else { encoding };
    Ok(Recognised { encoding, is_guess: true })
}

/// Signs of Mac Roman, which the detector does not know: browsers never meet it. Its letters with
/// accents are where Windows has punctuation, and it has punctuation where Windows has such letters.
#[derive(Default)]
struct MacMarks {
    letters_of_mac: usize,
    letters_of_windows: usize,
}

impl MacMarks {
    fn look(&mut self, bytes: &[u8]) {
        for pair in bytes.windows(2).filter(|pair| pair[0].is_ascii_alphabetic()) {
            match pair[1] {
                0x81 | 0x83..=0x90 | 0x98..=0x9d | 0x9f => self.letters_of_mac += 1,
                0xc0.. => self.letters_of_windows += 1,
                _ => {}
            }
        }
    }

    fn is_macintosh(&self) -> bool {
        self.letters_of_mac > 0 && self.letters_of_windows == 0
    }
}

/// Whether the bytes beyond ASCII read as UTF-8 more often than not. A single broken row in a UTF-8
/// file then stays a broken row, instead of spoiling all others.
fn is_mostly_utf8(path: &Path) -> Result<bool, FileError> {
    let mut reader = BufReader::with_capacity(CHUNK, File::open(path)?);
    let (mut sequences, mut errors) = (0_u64, 0_u64);
    let mut chunk = vec![0; CHUNK];
    let mut kept = 0;
    loop {
        let read = reader.read(&mut chunk[kept..])?;
        if read == 0 {
            return Ok(errors <= sequences);
        }
        let mut rest = &chunk[..kept + read];
        loop {
            match std::str::from_utf8(rest) {
                Ok(text) => {
                    sequences += non_ascii(text);
                    rest = &[];
                    break;
                }
                Err(error) => {
                    let (valid, after) = rest.split_at(error.valid_up_to());
                    sequences += std::str::from_utf8(valid).map_or(0, non_ascii);
                    rest = after;
                    match error.error_len() {
                        None => break, // a sequence that goes on in the next chunk
                        Some(length) => {
                            errors += 1;
                            rest = &rest[length..];
                        }
                    }
                }
            }
        }
        let tail = rest.to_vec();
        kept = tail.len();
        chunk[..kept].copy_from_slice(&tail);
    }
}

fn non_ascii(text: &str) -> u64 {
    if text.is_ascii() { 0 } else { text.chars().filter(|c| !c.is_ascii()).count() as u64 }
}

/// The file as it was sent, before it was rewritten as UTF-8.
pub(super) fn original(path: &Path) -> PathBuf {
    let original = path.with_extension("original");
    if original.exists() { original } else { path.to_owned() }
}

/// The length of the byte order mark of UTF-8, if the file starts with it.
pub(super) fn bom_length(path: &Path) -> std::io::Result<u64> {
    let mut start = Vec::new();
    File::open(path)?.take(3).read_to_end(&mut start)?;
    Ok(if start == "\u{FEFF}".as_bytes() { 3 } else { 0 })
}

/// Rewrites the file as UTF-8, by way of a second file, so that a kill leaves either.
pub(super) fn rewrite(path: &Path, encoding: &'static Encoding) -> std::io::Result<()> {
    let target = path.with_extension("utf8");
    let mut reader = BufReader::with_capacity(1 << 18, File::open(path)?);
    let mut writer = BufWriter::with_capacity(1 << 18, File::create(&target)?);
    // A mark shows the next look that this is UTF-8, whatever it was.
    writer.write_all("\u{FEFF}".as_bytes())?;
    let mut decoder = encoding.new_decoder_with_bom_removal();
    let mut input = vec![0; 1 << 16];
    let mut output = vec![0; 1 << 18];
    loop {
        let read = reader.read(&mut input)?;
        let last = read == 0;
        let mut consumed = 0;
        loop {
            let (result, used, written, _) =
                decoder.decode_to_utf8(&input[consumed..read], &mut output, last);
            consumed += used;
            writer.write_all(&output[..written])?;
            if result == CoderResult::InputEmpty {
                break;
            }
        }
        if last {
            break;
        }
    }
    writer.into_inner().map_err(std::io::IntoInnerError::into_error)?.sync_all()?;
    // The file as it was sent is kept as well: it may have another encoding than it seems.
    let original = path.with_extension("original");
    if !original.exists() {
        std::fs::hard_link(path, &original).or_else(|_| std::fs::copy(path, &original).map(drop))?;
    }
    std::fs::rename(&target, path)
}
