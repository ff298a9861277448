//! The screens: where one starts, and the room. Each draws what it is given and answers actions with messages.

pub mod declare;
pub mod home;
pub mod room;
