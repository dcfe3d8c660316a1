//! Detects by their first bytes files that are not CSV.

use super::file::FileError;

/// Signatures of compressed files: gzip, bzip2, xz, 7-Zip, Zstandard, RAR.
const COMPRESSED: [&[u8]; 6] =
    [b"\x1f\x8b", b"BZh", b"\xfd7zXZ\0", b"7z\xbc\xaf\x27\x1c", b"\x28\xb5\x2f\xfd", b"Rar!\x1a"];
/// Signature of a compound file, such as an old Excel workbook.
const COMPOUND: &[u8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";
/// Signature of a ZIP archive.
const ZIP: &[u8] = b"PK\x03\x04";
/// Names in a ZIP archive that identify a workbook of Excel, LibreOffice or Numbers.
const WORKBOOK: [&[u8]; 4] =
    [b"xl/", b"[Content_Types].xml", b"vnd.oasis.opendocument", b"Index/Document.iwa"];

/// The reason why a file is not CSV, if its first bytes show it.
pub(super) fn refuse(start: &[u8]) -> Option<FileError> {
    if start.starts_with(ZIP) {
        let is_workbook = WORKBOOK.iter().any(|name| contains(start, name));
        return Some(if is_workbook { FileError::Spreadsheet } else { FileError::Compressed });
    }
    if start.starts_with(COMPOUND) {
        return Some(FileError::Spreadsheet);
    }
    if COMPRESSED.iter().any(|magic| start.starts_with(magic)) {
        return Some(FileError::Compressed);
    }
    let text = start.strip_prefix("\u{FEFF}".as_bytes()).unwrap_or(start).trim_ascii_start();
    let word = text[..text.len().min(16)].to_ascii_lowercase();
    if word.starts_with(b"begin:vcard") {
        return Some(FileError::Vcard);
    }
    if ["<!doctype", "<html", "<?xml", "<table"].iter().any(|tag| word.starts_with(tag.as_bytes())) {
        return Some(FileError::Markup);
    }
    is_json(text).then_some(FileError::Json)
}

/// Whether a text starts like JSON: an object, or an array.
fn is_json(text: &[u8]) -> bool {
    let (bracket, rest) = match text {
        [first @ (b'{' | b'['), rest @ ..] => (*first, rest.trim_ascii_start()),
        _ => return false,
    };
    match rest.first() {
        Some(b'"') => true,
        Some(b'}') => bracket == b'{',
        // A header may be in brackets: "[Email],[Name]".
        Some(b'{' | b'[' | b']') => bracket == b'[',
        _ => false,
    }
}

fn contains(bytes: &[u8], part: &[u8]) -> bool {
    memchr::memmem::find(bytes, part).is_some()
}

#[cfg(test)]
mod tests {
    use super::{FileError, refuse};

    #[test]
    fn other_formats_are_recognised_by_their_start() {
        let code = |start: &[u8]| refuse(start).as_ref().map(|error: &FileError| error.code().as_str());
        for (start, expected) in [
            (&b"PK\x03\x04..[Content_Types].xml"[..], Some("file_spreadsheet")),
            (b"PK\x03\x04..contacts.csv", Some("file_compressed")),
            (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", Some("file_spreadsheet")),
            (b"\x1f\x8b\x08", Some("file_compressed")),
            (b"\xef\xbb\xbf [ {\"email\": 1}]", Some("file_json")),
            (b"{\n  \"contacts\": []}", Some("file_json")),
            (b"[Email],[Name]\n", None),
            (b"{Email},Name\n", None),
            (b"BEGIN:VCARD\r\n", Some("file_vcard")),
            (b"\n<!DOCTYPE html>", Some("file_markup")),
            (b"Email,Name\n", None),
            (b"", None),
        ] {
            assert_eq!(code(start), expected, "{start:?}");
        }
    }
}
