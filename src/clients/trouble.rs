//! Why a client could not do what it was asked.

use crate::incident::Span;
use crate::incident::event::FailureClass;
use crate::outbox::Outcome;

/// A failure in the words of the outbox.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("{message}")]
pub struct Trouble {
    pub class: FailureClass,
    /// What happened and, where somebody can do something, what.
    pub message: String,
    pub retry_after: Option<Span>,
    /// The service's own word for it, such as `channel_not_found` or `2001`; empty: none.
    pub code: String,
}

impl Trouble {
    pub fn new(class: FailureClass, message: impl Into<String>) -> Self {
        Self { class, message: message.into(), retry_after: None, code: String::new() }
    }

    pub fn transient(message: impl Into<String>) -> Self {
        Self::new(FailureClass::Transient, message)
    }

    pub fn unknown(message: impl Into<String>) -> Self {
        Self::new(FailureClass::Unknown, message)
    }

    pub fn permanent(message: impl Into<String>) -> Self {
        Self::new(FailureClass::Permanent, message)
    }

    pub fn auth(message: impl Into<String>) -> Self {
        Self::new(FailureClass::Auth, message)
    }

    pub fn code(mut self, code: impl Into<String>) -> Self {
        self.code = code.into();
        self
    }

    pub fn after(mut self, wait: Option<Span>) -> Self {
        self.retry_after = wait.or(self.retry_after);
        self
    }

    /// For a call that may be repeated without harm: what is not known is simply tried again.
    pub fn repeatable(mut self) -> Self {
        if self.class == FailureClass::Unknown {
            self.class = FailureClass::Transient;
        }
        self
    }
}

impl From<Trouble> for Outcome {
    fn from(trouble: Trouble) -> Self {
        let Trouble { class, message, retry_after, .. } = trouble;
        Outcome::Failed { class, message, retry_after }
    }
}
