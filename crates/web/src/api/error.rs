//! What can come of a request other than the answer.

use fanbase_domain::problem::{Problem, ProblemCode};

use super::json;

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum ApiError {
    /// The server says what is wrong.
    Problem(Box<Problem>),
    /// The server was not reached.
    Unreachable,
    /// Something answered that is not the API, such as a proxy's error page.
    Unreadable {
        /// The HTTP status.
        status: u16,
    },
    /// A part of the app is no longer there: the server was updated since the app was loaded.
    Outdated,
}

impl ApiError {
    /// Reads the body of an answer that is not a success.
    pub(crate) fn from_body(status: u16, body: &str) -> Self {
        json::read(body).map_or(Self::Unreadable { status }, |problem| Self::Problem(Box::new(problem)))
    }

    /// The stable code, when the server gave one.
    pub(crate) fn code(&self) -> Option<ProblemCode> {
        match self {
            Self::Problem(problem) => Some(problem.code),
            Self::Unreachable | Self::Unreadable { .. } | Self::Outdated => None,
        }
    }

    /// The name of the request in the server's log.
    pub(crate) fn request_id(&self) -> Option<&str> {
        match self {
            Self::Problem(problem) => Some(&problem.request_id),
            Self::Unreachable | Self::Unreadable { .. } | Self::Outdated => None,
        }
    }

    /// Whether the server is at fault, and not what was asked of it.
    pub(crate) fn is_of_server(&self) -> bool {
        match self {
            Self::Problem(problem) => problem.status >= 500,
            Self::Unreadable { .. } => true,
            Self::Unreachable | Self::Outdated => false,
        }
    }

    /// Whether nobody is signed in (any more).
    pub(crate) fn is_unauthenticated(&self) -> bool {
        self.code() == Some(ProblemCode::Unauthenticated)
    }
}

/// A part of the app that could not be downloaded. Why is not known: without a connection, or because the
/// server has another version of it by now. Loading the app again helps against both.
impl From<leptos::wasm_split::SplitLoaderError> for ApiError {
    fn from(_: leptos::wasm_split::SplitLoaderError) -> Self {
        Self::Outdated
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_document_is_understood() {
        let body = r#"{"type":"about:blank","title":"Not signed in","status":401,"detail":"Sign in first.",
            "code":"unauthenticated","request_id":"r-1"}"#;
        let error = ApiError::from_body(401, body);
        assert!(error.is_unauthenticated());
        assert_eq!(error.request_id(), Some("r-1"));
    }

    #[test]
    fn anything_else_is_unreadable() {
        for body in ["", "<html>502</html>", "{}", r#"{"code":"nonsense"}"#] {
            assert_eq!(ApiError::from_body(502, body), ApiError::Unreadable { status: 502 });
        }
    }
}
