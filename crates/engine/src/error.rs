//! The one error of Synod: what was wrong, and what would be right.

use std::fmt;

/// Why something from outside was refused. These are the documented codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Code {
    UnknownProtocol,
    UnknownNode,
    BadInput,
    BadConfig,
    BadRecording,
    NotNow,
    TooLarge,
}

impl Code {
    pub fn id(self) -> &'static str {
        match self {
            Code::UnknownProtocol => "unknown-protocol",
            Code::UnknownNode => "unknown-node",
            Code::BadInput => "bad-input",
            Code::BadConfig => "bad-config",
            Code::BadRecording => "bad-recording",
            Code::NotNow => "not-now",
            Code::TooLarge => "too-large",
        }
    }
}

/// A refusal. Whatever raised it has changed nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    pub code: Code,
    pub message: String,
}

pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    pub fn new(code: Code, message: impl Into<String>) -> Error {
        Error { code, message: message.into() }
    }
    pub fn input(message: impl Into<String>) -> Error {
        Error::new(Code::BadInput, message)
    }
    pub fn config(message: impl Into<String>) -> Error {
        Error::new(Code::BadConfig, message)
    }
    pub fn recording(message: impl Into<String>) -> Error {
        Error::new(Code::BadRecording, message)
    }
    pub fn not_now(message: impl Into<String>) -> Error {
        Error::new(Code::NotNow, message)
    }
    pub fn unknown_node(message: impl Into<String>) -> Error {
        Error::new(Code::UnknownNode, message)
    }
    pub fn too_large(message: impl Into<String>) -> Error {
        Error::new(Code::TooLarge, message)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Error {}
