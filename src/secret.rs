//! A token: it can be sent, and in no other way be seen.

use std::fmt;

use secrecy::{ExposeSecret, SecretString};

/// Never printed, logged, serialised or compared; wiped when it is dropped.
#[derive(Clone)]
pub struct Secret(SecretString);

impl Secret {
    pub fn new(text: impl Into<String>) -> Self {
        Self(SecretString::from(text.into()))
    }

    /// For the one place that sends it.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }

    /// The text with this token taken out, for whatever quotes what a service answered.
    pub fn masked(&self, text: &str) -> String {
        let token = self.expose();
        if token.len() < 4 { text.to_owned() } else { text.replace(token, "[secret]") }
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[secret]")
    }
}
