//! The program from outside: its settings, its commands with their exit codes, its mail on a real line, its HTTP.

mod answering;
mod backup;
mod clarified;
mod commands;
mod durable;
mod files;
mod http;
mod kept;
mod mail;
mod marker;
mod notices;
mod read_first;
mod rush;
mod settings;
mod smtp_server;
mod sounding;
mod support;
mod workshop;
