//! Telling the outside and hearing from it: outbox, routes, news, clients at work.

mod built_in;
mod canary;
mod connect;
mod emulator;
mod hear;
mod proof;
mod routes;
mod screens;
pub mod sim;
mod tls;
mod wire;
mod words;
mod world;
