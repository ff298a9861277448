//! The Slack client, against servers that say whatever Slack may say (MISSION rows S4, S6: chat, and what is heard of it).

mod channels;
mod failures;
mod hearing;
mod people;
mod posting;
mod probing;
mod sockets;
mod stand_in;
mod support;
