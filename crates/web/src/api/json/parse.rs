//! The text of JSON, read into a tree (RFC 8259).

use super::Json;

/// How deep values may lie within each other; what the API says is four deep.
const DEPTH: u8 = 64;

/// Reads a text that is one value.
pub(super) fn parse(text: &str) -> Option<Json> {
    let mut reader = Reader { bytes: text.as_bytes(), at: 0 };
    let value = reader.value(DEPTH)?;
    reader.blank();
    reader.peek().is_none().then_some(value)
}

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Reader<'_> {
    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn next(&mut self) -> Option<u8> {
        let byte = self.peek()?;
        self.at += 1;
        Some(byte)
    }

    fn blank(&mut self) {
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = self.peek() {
            self.at += 1;
        }
    }

    /// Goes past a mark, if it comes next.
    fn passes(&mut self, mark: u8) -> bool {
        self.blank();
        let is_next = self.peek() == Some(mark);
        self.at += usize::from(is_next);
        is_next
    }

    fn value(&mut self, depth: u8) -> Option<Json> {
        self.blank();
        match self.peek()? {
            b'{' => self.map(depth.checked_sub(1)?),
            b'[' => self.list(depth.checked_sub(1)?),
            b'"' => self.text().map(Json::Text),
            b'n' => self.word(b"null", Json::Null),
            b't' => self.word(b"true", Json::Bool(true)),
            b'f' => self.word(b"false", Json::Bool(false)),
            _ => self.number(),
        }
    }

    fn word(&mut self, word: &[u8], value: Json) -> Option<Json> {
        let is_next = self.bytes.get(self.at..)?.starts_with(word);
        self.at += word.len();
        is_next.then_some(value)
    }

    fn list(&mut self, depth: u8) -> Option<Json> {
        self.at += 1;
        let mut items = Vec::new();
        if self.passes(b']') {
            return Some(Json::List(items));
        }
        loop {
            items.push(self.value(depth)?);
            if self.passes(b']') {
                return Some(Json::List(items));
            }
            self.passes(b',').then_some(())?;
        }
    }

    fn map(&mut self, depth: u8) -> Option<Json> {
        self.at += 1;
        let mut entries = Vec::new();
        if self.passes(b'}') {
            return Some(Json::Map(entries));
        }
        loop {
            self.blank();
            let key = self.text()?;
            self.passes(b':').then_some(())?;
            entries.push((key, self.value(depth)?));
            if self.passes(b'}') {
                return Some(Json::Map(entries));
            }
            self.passes(b',').then_some(())?;
        }
    }

    fn number(&mut self) -> Option<Json> {
        let start = self.at;
        self.at += usize::from(self.peek() == Some(b'-'));
        let is_zero = self.peek() == Some(b'0');
        let digits = self.digits()?;
        if is_zero && digits > 1 {
            return None;
        }
        let whole = self.at;
        if self.peek() == Some(b'.') {
            self.at += 1;
            self.digits()?;
        }
        if let Some(b'e' | b'E') = self.peek() {
            self.at += 1;
            self.at += usize::from(matches!(self.peek(), Some(b'+' | b'-')));
            self.digits()?;
        }
        let number = std::str::from_utf8(self.bytes.get(start..whole)?).ok()?;
        // Less than nothing at all is no count either.
        let is_count = whole == self.at && number != "-0";
        Some(number.parse().ok().filter(|_| is_count).map_or(Json::Other, Json::Int))
    }

    /// Goes past digits, of which there is at least one.
    fn digits(&mut self) -> Option<usize> {
        let start = self.at;
        while self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
            self.at += 1;
        }
        (self.at > start).then_some(self.at - start)
    }

    fn text(&mut self) -> Option<String> {
        if self.next()? != b'"' {
            return None;
        }
        let mut text = Vec::new();
        loop {
            match self.next()? {
                b'"' => return String::from_utf8(text).ok(),
                b'\\' => {
                    let escaped = self.escaped()?;
                    text.extend_from_slice(escaped.encode_utf8(&mut [0; 4]).as_bytes());
                }
                // Control characters have to be escaped.
                0..=0x1f => return None,
                byte => text.push(byte),
            }
        }
    }

    fn escaped(&mut self) -> Option<char> {
        Some(match self.next()? {
            byte @ (b'"' | b'\\' | b'/') => char::from(byte),
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => return self.by_number(),
            _ => return None,
        })
    }

    /// A character by its number in UTF-16, which may take two.
    fn by_number(&mut self) -> Option<char> {
        let first = self.hex()?;
        if !(0xd800..0xdc00).contains(&first) {
            return char::from_u32(first);
        }
        if self.next()? != b'\\' || self.next()? != b'u' {
            return None;
        }
        let second = self.hex()?.checked_sub(0xdc00).filter(|low| *low < 0x400)?;
        char::from_u32(0x1_0000 + ((first - 0xd800) << 10) + second)
    }

    fn hex(&mut self) -> Option<u32> {
        let mut number = 0;
        for _ in 0..4 {
            number = number << 4 | char::from(self.next()?).to_digit(16)?;
        }
        Some(number)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    /// What `serde_json` makes of it, which sorts by keys.
    fn expected(text: &str) -> Option<Json> {
        fn tree(value: Value) -> Json {
            match value {
                Value::Null => Json::Null,
                Value::Bool(value) => Json::Bool(value),
                Value::Number(number) => number.as_i64().map_or(Json::Other, Json::Int),
                Value::String(text) => Json::Text(text),
                Value::Array(items) => Json::List(items.into_iter().map(tree).collect()),
                Value::Object(entries) => {
                    Json::Map(entries.into_iter().map(|(key, value)| (key, tree(value))).collect())
                }
            }
        }
        serde_json::from_str(text).ok().map(tree)
    }

    fn sorted(mut json: Json) -> Json {
        if let Json::Map(entries) = &mut json {
            entries.sort_by(|(a, _), (b, _)| a.cmp(b));
            *entries = entries.drain(..).map(|(key, value)| (key, sorted(value))).collect();
        }
        json
    }

    fn check(text: &str) {
        assert_eq!(parse(text).map(sorted), expected(text), "{text}");
    }

    #[test]
    fn values_are_what_serde_json_takes_them_for() {
        for text in [
            "null",
            " true\n",
            "false",
            "\"\"",
            "[]",
            "{}",
            "[ ]",
            "{ }",
            "[1,[2,[3]]]",
            "[1,]",
            "[,1]",
            "[1 2]",
            "0",
            "-0",
            "-1",
            "01",
            "1.",
            "1.5",
            "-1.5e3",
            "1e",
            "1e+5",
            "1E-5",
            ".5",
            "+1",
            "-",
            "9223372036854775807",
            "9223372036854775808",
            "-9223372036854775808",
            "-9223372036854775809",
            "NaN",
            "nul",
            "truex",
            "\"a\\n\\t\\r\\b\\f\\\"\\\\\\/\"",
            "\"\\u00e9\\uD83C\\udfa7\"",
            "\"\\ud83c\"",
            "\"\\udfa7\"",
            "\"\\ud83cx\"",
            "\"\\ud83c\\u0041\"",
            "\"\\u12\"",
            "\"\\x\"",
            "\"a\nb\"",
            "\"\u{7f}\"",
            "\"Zoë 🎧\"",
            "\"",
            "\"\\",
            "{\"a\":1,\"b\":[{}]}",
            "{\"a\"}",
            "{\"a\":}",
            "{a:1}",
            "{\"a\":1,}",
            "{1:2}",
            "",
            " ",
            "1 1",
        ] {
            check(text);
        }
    }

    #[test]
    fn whatever_is_cut_off_left_out_or_replaced_is_noticed_as_serde_json_does() {
        let text = r#"{"a": [1, -20, 3.5e-7, null, true], "b\u00e9\n": {"c": "d\"\\", "last": false}}"#;
        for at in 0..text.len() {
            check(&text[..at]);
            check(&format!("{}{}", &text[..at], &text[at + 1..]));
            for other in ["\"", "\\", "{", "}", "[", "]", ",", ":", "0", "-", "e", "u", " ", "\u{0}"] {
                check(&format!("{}{other}{}", &text[..at], &text[at + 1..]));
            }
        }
    }

    #[test]
    fn what_is_too_deep_is_refused() {
        let deep = |depth: usize| "[".repeat(depth) + &"]".repeat(depth);
        assert!(parse(&deep(64)).is_some());
        assert!(parse(&deep(65)).is_none());
        assert!(parse(&"[".repeat(1_000_000)).is_none());
    }
}
