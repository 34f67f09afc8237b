//! The program from outside: its settings, its commands with their exit codes, its mail on a real line, its HTTP.

mod answering;
mod commands;
mod files;
mod http;
mod mail;
mod notices;
mod settings;
mod smtp_server;
mod sounding;
mod support;
mod workshop;
