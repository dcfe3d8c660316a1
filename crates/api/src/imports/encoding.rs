//! Detects a file's encoding and converts the file to UTF-8.
//!
//! A file in another encoding is rewritten as UTF-8 once, so that byte positions in it are stable and an
//! import can be resumed.

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

/// Maximum number of non-ASCII bytes given to the detector.
const DETECTED_BYTES: usize = 4 << 20;
/// Bytes per read.
const CHUNK: usize = 1 << 20;

/// A detected encoding.
#[derive(Clone, Copy, Debug)]
pub(super) struct Recognised {
    /// The encoding.
    pub(super) encoding: &'static Encoding,
    /// Whether the bytes also fit other encodings.
    pub(super) is_guess: bool,
}

impl Recognised {
    fn sure(encoding: &'static Encoding) -> Self {
        Self { encoding, is_guess: false }
    }
}

/// Looks up an encoding by its label, as in the WHATWG Encoding Standard.
#[must_use]
pub(super) fn known(name: &str) -> Option<&'static Encoding> {
    let encoding = Encoding::for_label(name.trim().as_bytes())?;
    (![REPLACEMENT, X_USER_DEFINED].contains(&encoding)).then_some(encoding)
}

/// Determines the encoding of a file: by its byte order mark, by the requested name, or by detection.
///
/// # Errors
/// `FileError` when the file is empty, of another format or unreadable, or when the requested encoding is
/// unknown.
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

/// Detects UTF-16 without a byte order mark: every other byte of mostly ASCII text is zero.
fn utf16(sample: &[u8]) -> Result<Option<&'static Encoding>, FileError> {
    let zeros = |odd: usize| sample.iter().skip(odd).step_by(2).filter(|byte| **byte == 0).count();
    let half = sample.len() / 2;
    match (zeros(0), zeros(1)) {
        (even, odd) if even > half / 2 && odd < half / 20 => Ok(Some(UTF_16BE)),
        (even, odd) if odd > half / 2 && even < half / 20 => Ok(Some(UTF_16LE)),
        // A stray zero byte makes its row invalid, not the file.
        (even, odd) if even + odd > sample.len() / 100 => Err(FileError::NotText),
        _ => Ok(None),
    }
}

/// The encoding that fits the bytes best. Others may fit too, so that the result is marked as a guess.
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

/// Evidence of Mac Roman, which the detector does not support. Mac Roman has accented letters where Windows
/// code pages have punctuation, and the reverse.
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

/// Whether most non-ASCII sequences are valid UTF-8. A single broken row in a UTF-8 file then stays one
/// broken row, instead of corrupting all others.
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

/// The file as uploaded, before its conversion to UTF-8.
pub(super) fn original(path: &Path) -> PathBuf {
    let original = path.with_extension("original");
    if original.exists() { original } else { path.to_owned() }
}

/// The length of the UTF-8 byte order mark, if the file starts with one.
pub(super) fn bom_length(path: &Path) -> std::io::Result<u64> {
    let mut start = Vec::new();
    File::open(path)?.take(3).read_to_end(&mut start)?;
    Ok(if start == "\u{FEFF}".as_bytes() { 3 } else { 0 })
}

/// Rewrites the file as UTF-8 by way of a second file, so that a crash leaves one of the two intact.
pub(super) fn rewrite(path: &Path, encoding: &'static Encoding) -> std::io::Result<()> {
    let target = path.with_extension("utf8");
    let mut reader = BufReader::with_capacity(1 << 18, File::open(path)?);
    let mut writer = BufWriter::with_capacity(1 << 18, File::create(&target)?);
    // The byte order mark identifies the file as UTF-8 from now on.
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
    // The uploaded file is kept too, since the detected encoding may be wrong.
    let original = path.with_extension("original");
    if !original.exists() {
        std::fs::hard_link(path, &original).or_else(|_| std::fs::copy(path, &original).map(drop))?;
    }
    std::fs::rename(&target, path)
}
