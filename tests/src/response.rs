//! Answers, and what is expected of them.

use fanbase_domain::problem::{Problem, ProblemCode};
use reqwest::header::HeaderMap;
use serde::de::DeserializeOwned;

/// An answer that was read to its end.
#[derive(Clone, Debug)]
pub struct Response {
    pub(crate) what: String,
    /// The HTTP status.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Vec<u8>,
}

impl Response {
    /// The answer, if it has this status.
    ///
    /// # Panics
    /// When it has another.
    #[track_caller]
    #[must_use = "what was expected may hold more"]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{} answered {}", self.what, self.text());
        self
    }

    /// The body as text.
    #[must_use]
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// What a stream of events told, each of them `progress` with JSON of this type.
    ///
    /// # Panics
    /// When it is no such stream.
    #[track_caller]
    #[must_use]
    pub fn progress<T: DeserializeOwned>(&self) -> Vec<T> {
        assert!(self.header("content-type").is_some_and(|kind| kind.starts_with("text/event-stream")));
        let text = self.text();
        let data = text.lines().filter_map(|line| line.strip_prefix("data: "));
        let events: Vec<T> = data.map(|data| serde_json::from_str(data).unwrap()).collect();
        assert_eq!(text.matches("event: progress").count(), events.len());
        events
    }

    /// The body, which is JSON of this type.
    ///
    /// # Panics
    /// When it is not.
    #[track_caller]
    #[must_use]
    pub fn json<T: DeserializeOwned>(&self) -> T {
        match serde_json::from_slice(&self.body) {
            Ok(value) => value,
            Err(error) => panic!("{} answered {} {}: {error}", self.what, self.status, self.text()),
        }
    }

    /// A header.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The problem that the answer must be.
    ///
    /// # Panics
    /// When it is none, or another one.
    #[track_caller]
    pub fn problem(&self, status: u16, code: ProblemCode) -> Problem {
        assert_eq!(self.status, status, "{} answered {}", self.what, self.text());
        assert_eq!(self.header("content-type"), Some("application/problem+json"), "{}", self.what);
        let problem: Problem = self.json();
        assert_eq!((problem.status, problem.code), (status, code), "{} answered {problem:?}", self.what);
        assert!(!problem.title.is_empty() && !problem.detail.is_empty(), "{problem:?}");
        assert_eq!(Some(problem.request_id.as_str()), self.header("x-request-id"), "{}", self.what);
        problem
    }

    /// The fields that must be wrong: pointers and codes.
    ///
    /// # Panics
    /// When other fields are wrong, or none.
    #[track_caller]
    pub fn field_errors(&self, expected: &[(&str, &str)]) {
        let problem = self.problem(422, ProblemCode::ValidationFailed);
        let errors: Vec<(&str, &str)> =
            problem.errors.iter().map(|error| (error.pointer.as_str(), error.code.as_str())).collect();
        assert_eq!(errors, expected, "{} answered {problem:?}", self.what);
    }
}
