//! Query strings, `a=1&b=two%20words`: written and read without loss for any text.
//!
//! The router's own map decodes twice, so that a search for `%41` would become one for `A`.

/// The characters that stand for themselves (RFC 3986, unreserved).
fn is_plain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~')
}

/// Writes one value so that it can stand in a path or a query.
pub(crate) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for byte in text.bytes() {
        if is_plain(byte) {
            escaped.push(char::from(byte));
        } else {
            escaped.push('%');
            for nibble in [byte >> 4, byte & 15] {
                escaped.extend(char::from_digit(nibble.into(), 16).map(|digit| digit.to_ascii_uppercase()));
            }
        }
    }
    escaped
}

/// Writes pairs, without the leading question mark.
pub(crate) fn encode<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    let pairs: Vec<String> =
        pairs.into_iter().map(|(key, value)| format!("{}={}", escape(key), escape(value))).collect();
    pairs.join("&")
}

/// Reads pairs in their order. What is not escaped properly is taken as it stands.
pub(crate) fn decode(query: &str) -> Vec<(String, String)> {
    let query = query.strip_prefix('?').unwrap_or(query);
    query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            (unescape(key), unescape(value))
        })
        .collect()
}

/// The first value of a name.
pub(crate) fn get(query: &str, name: &str) -> Option<String> {
    decode(query).into_iter().find(|(key, _)| key == name).map(|(_, value)| value)
}

fn unescape(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        rest = after;
        match (first, after) {
            (b'%', [high, low, after @ ..]) if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => {
                bytes.push(hex(*high) << 4 | hex(*low));
                rest = after;
            }
            (b'+', _) => bytes.push(b' '),
            _ => bytes.push(first),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// The value of a hexadecimal digit.
fn hex(digit: u8) -> u8 {
    match digit {
        b'0'..=b'9' => digit - b'0',
        _ => (digit | 0x20) - b'a' + 10,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_text_survives_a_query_string() {
        let texts = ["", "plain", "two words", "a&b=c#d", "100%", "%41", "+1 555", "Zoë 你好 🎧", "\\'\"<>"];
        for text in texts {
            let query = encode([("search", text), ("type", "lead")]);
            assert!(query.bytes().all(|byte| is_plain(byte) || b"%=&".contains(&byte)), "{query}");
            let pairs = [("search".to_owned(), text.to_owned()), ("type".to_owned(), "lead".to_owned())];
            assert_eq!(decode(&query), pairs);
        }
    }

    #[test]
    fn what_people_write_by_hand_is_read_kindly() {
        let pair = |key: &str, value: &str| (key.to_owned(), value.to_owned());
        assert_eq!(decode("?a=b+c&&d&=e"), [pair("a", "b c"), pair("d", ""), pair("", "e")]);
        assert_eq!(decode("a=50%&b=%zz&c=%C3"), [pair("a", "50%"), pair("b", "%zz"), pair("c", "\u{FFFD}")]);
        assert_eq!(decode(""), []);
    }
}
