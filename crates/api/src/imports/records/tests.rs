use std::io::{Cursor, Read};

use super::*;

/// The line of every record, with its cells or its error code.
type Read1 = (u64, Result<Vec<String>, &'static str>);

fn read(text: &[u8], cells: usize) -> Vec<Read1> {
    read_from(Cursor::new(text), cells)
}

fn read_from(source: impl Read, cells: usize) -> Vec<Read1> {
    let mut reader = RecordReader::new(source, b',', Position { byte: 0, line: 1 }).expecting(cells);
    let (mut record, mut all) = (Record::default(), Vec::new());
    while let Some(outcome) = reader.next(&mut record).unwrap() {
        let cells = || record.cells().unwrap().into_iter().map(str::to_owned).collect();
        all.push((record.line, outcome.map(|()| cells()).map_err(RecordError::code)));
    }
    all
}

fn whole(line: u64, cells: &[&str]) -> Read1 {
    (line, Ok(cells.iter().map(|&cell| cell.to_owned()).collect()))
}

fn broken(line: u64) -> Read1 {
    (line, Err("broken_quoting"))
}

/// Returns one byte per read, so that every position is once the end of the buffer.
struct Slowly<'a>(&'a [u8]);

impl Read for Slowly<'_> {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        self.0.take(1).read(into).inspect(|read| self.0 = &self.0[*read..])
    }
}

#[test]
fn lines_are_those_of_an_editor() {
    let text = "a,b\nc,\"two\nlines\"\n\n\nd,e\n";
    let expected = [whole(1, &["a", "b"]), whole(2, &["c", "two\nlines"]), whole(6, &["d", "e"])];
    assert_eq!(read(text.as_bytes(), 2), expected);
    for end in ["\r\n", "\r"] {
        let text = text.replace('\n', end);
        let lines: Vec<u64> = read(text.as_bytes(), 2).iter().map(|(line, _)| *line).collect();
        assert_eq!(lines, [1, 2, 6], "{end:?}");
    }
}

#[test]
fn quotes_are_read_as_they_are_written() {
    for (text, cells) in [
        ("a,5\" disk,c", vec!["a", "5\" disk", "c"]),
        ("\"say \"\"hi\"\"\",\"\",\"a,b\"", vec!["say \"hi\"", "", "a,b"]),
        ("a, \"b, c\" ,d", vec!["a", "b, c", "d"]),
        ("a,\"b\" \t,d", vec!["a", "b", "d"]),
        ("a, \"b\" c,d", vec!["a", " \"b\" c", "d"]),
        ("a, b ,", vec!["a", " b ", ""]),
        ("a, \"b\"", vec!["a", "b"]),
        ("a, \"b", vec!["a", " \"b"]),
    ] {
        for text in [text.to_owned(), format!("{text}\n"), format!("{text}\r\n")] {
            assert_eq!(read(text.as_bytes(), 0), [whole(1, &cells)], "{text}");
            assert_eq!(read_from(Slowly(text.as_bytes()), 0), [whole(1, &cells)], "{text}");
        }
    }
}

#[test]
fn a_broken_quote_swallows_nothing() {
    for (text, expected) in [
        ("a,\"b\nc,d\ne,f\n", vec![broken(1), whole(2, &["c", "d"]), whole(3, &["e", "f"])]),
        ("a,\"b\" x\nc,d\n", vec![broken(1), whole(2, &["c", "d"])]),
        ("a,\"b\nc,\"d\"\ne,f\n", vec![broken(1), whole(2, &["c", "d"]), whole(3, &["e", "f"])]),
        // The remains of the broken record are not a record.
        ("a,\"b\nc\nd\" x\ne,f\n", vec![broken(1), broken(2), broken(3), whole(4, &["e", "f"])]),
        ("a,\"b \\\"c\\\" d\"\ne,f\n", vec![broken(1), whole(2, &["e", "f"])]),
        ("a,\"b", vec![broken(1)]),
    ] {
        assert_eq!(read(text.as_bytes(), 2), expected, "{text:?}");
        assert_eq!(read_from(Slowly(text.as_bytes()), 2), expected, "{text:?}");
    }
}

#[test]
fn a_record_beyond_its_budget_is_passed_over() {
    let commas = vec![b','; 5 << 20];
    let text = [b"a,", commas.as_slice(), b"\nb,c\n"].concat();
    assert_eq!(read(&text, 2), [(1, Err("too_many_cells")), whole(2, &["b", "c"])]);
    let long = [b"a,".to_vec(), vec![b'x'; 5 << 20], b"\nb,c\n".to_vec()].concat();
    assert_eq!(read(&long, 2), [(1, Err("row_too_long")), whole(2, &["b", "c"])]);
    let open = [b"a,\"".to_vec(), vec![b'x'; 5 << 20], b"\nb,c\n".to_vec()].concat();
    assert_eq!(read(&open, 2), [broken(1), whole(2, &["b", "c"])]);
}

#[test]
fn the_memory_does_not_grow_with_a_record() {
    let source = std::io::repeat(b',').take(200 << 20);
    let mut reader = RecordReader::new(source, b',', Position { byte: 0, line: 1 });
    let mut record = Record::default();
    assert_eq!(reader.next(&mut record).unwrap(), Some(Err(RecordError::TooManyCells)));
    assert_eq!(reader.next(&mut record).unwrap(), None);
    assert_eq!(reader.position().byte, 200 << 20);
    assert!(reader.buffer.len() <= 4 * MAX_RECORD_BYTES && record.ends.len() <= MAX_CELLS);
}

/// Each line opens a quote that the next one closes and opens again, so that the rest of the file looks like
/// one record from every line.
#[test]
fn quotes_that_never_come_to_an_end_are_not_read_over_and_over() {
    let line = format!("a\",\"{}\nb,{}\n", "x".repeat(600), "y".repeat(600));
    let text = line.repeat(2_000);
    let mut reader = RecordReader::new(text.as_bytes(), b',', Position { byte: 0, line: 1 }).expecting(2);
    let (mut record, mut read) = (Record::default(), 0);
    while reader.next(&mut record).unwrap().is_some() {
        read += 1;
    }
    assert_eq!(read, 4_000);
    assert!(reader.reread < text.len() as u64 + REREAD_BUDGET + MAX_RECORD_BYTES as u64);
}

#[test]
fn reading_goes_on_from_any_record() {
    let text = "a,b\r\n\r\n\"c\r\nd\",e\r\nf,\"g\nh,i\nj,k\n";
    let all = read(text.as_bytes(), 2);
    let mut reader = RecordReader::new(text.as_bytes(), b',', Position { byte: 0, line: 1 }).expecting(2);
    let mut record = Record::default();
    for read in 1..all.len() {
        let _ = reader.next(&mut record).unwrap();
        let mut rest = RecordReader::at(Cursor::new(text), b',', reader.position()).unwrap().expecting(2);
        let mut lines = Vec::new();
        while rest.next(&mut record).unwrap().is_some() {
            lines.push(record.line);
        }
        let expected: Vec<u64> = all[read..].iter().map(|(line, _)| *line).collect();
        assert_eq!(lines, expected);
    }
}

#[test]
fn bytes_that_are_no_text_are_noticed() {
    let mut reader = RecordReader::new(&b"a,\xff\n\xc3,\xa4\nb,c"[..], b',', Position::default());
    let mut record = Record::default();
    for expected in [None, None, Some(vec!["b", "c"])] {
        assert_eq!(reader.next(&mut record).unwrap(), Some(Ok(())));
        assert_eq!(record.cells(), expected);
    }
}
