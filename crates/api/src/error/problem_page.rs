//! The page that the `type` of every problem leads to.

use std::fmt::Write as _;

use actix_web::{HttpResponse, http::header};
use fanbase_domain::problem::{Kind, ProblemCode};

/// Where the page is.
pub const ADDRESS: &str = "/api/docs/problems";

/// Nothing is loaded, neither from here nor from elsewhere; the style is in the page.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'";

const HEAD: &str = "<!doctype html>
<html lang=\"en\">
<head>
<meta charset=\"utf-8\">
<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">
<meta name=\"color-scheme\" content=\"light dark\">
<title>Problems of the Fanbase API</title>
<style>
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 46rem; margin: 2rem auto; padding: 0 1rem }
section { border-top: 1px solid; padding: .5rem 0 }
section:target { outline: 2px solid; outline-offset: .5rem }
code { font-family: ui-monospace, monospace }
</style>
</head>
<body>
<main>
<h1>Problems of the Fanbase API</h1>
<p>Every error is a problem document (RFC 9457) whose <code>code</code> is one of these. Codes are stable;
the <code>detail</code> is for people and may change. <a href=\"/api/docs/\">All routes</a></p>
";

/// Serves the page.
pub async fn serve() -> HttpResponse {
    HttpResponse::Ok()
        .content_type(header::ContentType::html())
        .insert_header((header::CONTENT_SECURITY_POLICY, POLICY))
        .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .insert_header((header::CACHE_CONTROL, "no-cache"))
        .body(page())
}

/// A section for every code there is. The texts are ours and have no markup in them.
fn page() -> String {
    let mut html = HEAD.to_owned();
    for code in ProblemCode::ALL {
        let Kind { status, title, meaning, remedy } = code.kind();
        // Writing to a text cannot fail.
        let _ = write!(
            html,
            "<section id=\"{code}\">\n<h2>{title}</h2>\n<p><code>{code}</code>, status {status}</p>\n\
             <p>{meaning}</p>\n<p><strong>What to do:</strong> {remedy}</p>\n</section>\n"
        );
    }
    html.push_str("</main>\n</body>\n</html>\n");
    html
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_says_what_it_means_in_plain_sentences() {
        for code in ProblemCode::ALL {
            let Kind { status, title, meaning, remedy } = code.kind();
            assert!((400..600).contains(&status), "{code}");
            assert!(!title.is_empty() && !title.ends_with('.'), "{code}: {title}");
            for text in [meaning, remedy] {
                assert!(text.ends_with('.') && !text.contains(['<', '>', '&']), "{code}: {text}");
            }
        }
    }
}
