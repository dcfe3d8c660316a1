//! Renders notes as sanitised HTML.

use std::{collections::HashSet, sync::LazyLock};

use ammonia::{Builder, UrlRelative};
use pulldown_cmark::{Event, Options, Parser, html};

/// The allowed elements: those of Markdown except images, which browsers would fetch.
const ELEMENTS: [&str; 21] = [
    "a",
    "blockquote",
    "br",
    "code",
    "del",
    "em",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "li",
    "ol",
    "p",
    "pre",
    "strong",
    "ul",
    "sup",
    "sub",
];

static SAFE: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let mut safe = Builder::default();
    safe.tags(HashSet::from(ELEMENTS))
        .url_schemes(HashSet::from(["http", "https", "mailto"]))
        .url_relative(UrlRelative::Deny)
        .link_rel(Some("noopener noreferrer nofollow"))
        .set_tag_attribute_value("a", "target", "_blank");
    safe
});

/// Renders Markdown as HTML that is safe for untrusted text. A single line break becomes `<br>`, as users
/// without knowledge of Markdown expect; HTML in the text is escaped.
#[must_use]
pub fn to_html(text: &str) -> String {
    let events = Parser::new_ext(text, Options::ENABLE_STRIKETHROUGH).map(|event| match event {
        Event::SoftBreak => Event::HardBreak,
        Event::Html(typed) | Event::InlineHtml(typed) => Event::Text(typed),
        event => event,
    });
    let mut html = String::new();
    html::push_html(&mut html, events);
    SAFE.clean(&html).to_string()
}

#[cfg(test)]
mod tests {
    use super::to_html;

    #[test]
    fn markdown_becomes_html_and_nothing_else_does() {
        for (text, expected) in [
            ("One\ntwo", "<p>One<br>\ntwo</p>\n"),
            (
                "**Called**, ~~not~~ `done`",
                "<p><strong>Called</strong>, <del>not</del> <code>done</code></p>\n",
            ),
            ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n"),
            ("1 < 2 & 3", "<p>1 &lt; 2 &amp; 3</p>\n"),
            (
                "[site](https://x.example)",
                "<p><a href=\"https://x.example\" target=\"_blank\" rel=\"noopener noreferrer nofollow\">site</a></p>\n",
            ),
        ] {
            assert_eq!(to_html(text), expected, "{text}");
        }
    }

    #[test]
    fn nothing_in_a_note_runs_or_fetches() {
        for text in [
            "<script>alert(1)</script>",
            "<img src=x onerror=alert(1)>",
            "![x](https://x.example/pixel.gif)",
            "[x](javascript:alert(1))",
            "[x](data:text/html,hi)",
            "[x](/api/v1/auth/logout)",
            "<a href=\"https://x.example\" onclick=\"alert(1)\">x</a>",
            "<div style=\"position:fixed\">",
        ] {
            let html = to_html(text);
            for bad in [
                "<script",
                "<img",
                "<div",
                "<a href=\"https://x.example\" on",
                "href=\"javascript",
                "href=\"data",
                "href=\"/",
            ] {
                assert!(!html.contains(bad), "{text}: {html}");
            }
        }
    }
}
