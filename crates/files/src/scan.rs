//! Malware: a stream beside the upload, to clamd.

use std::path::PathBuf;

use bytes::Bytes;
use clamav_client::tokio::{Socket, Tcp, scan_stream};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio_stream::wrappers::ReceiverStream;

use crate::{Error, Result};

/// Where clamd listens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scanner {
    /// host:port
    Tcp(String),
    Socket(PathBuf),
}

impl Scanner {
    /// `host:port`, or the path of a socket.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        if text.starts_with('/') {
            return Ok(Self::Socket(text.into()));
        }
        match text.rsplit_once(':') {
            Some((host, port)) if !host.is_empty() && port.parse::<u16>().is_ok() => Ok(Self::Tcp(text.to_owned())),
            _ => Err("it must be host:port of clamd, or the path of its socket (beginning with /)"),
        }
    }

    pub(crate) fn begin(&self) -> Scan {
        // Few places: a scanner that falls behind holds the upload back, not memory.
        let (to, from) = mpsc::channel::<std::io::Result<Bytes>>(4);
        let (stream, scanner) = (ReceiverStream::new(from), self.clone());
        let verdict = tokio::spawn(async move {
            match scanner {
                Self::Tcp(at) => scan_stream(stream, Tcp { host_address: at }, None).await,
                #[cfg(unix)]
                Self::Socket(path) => scan_stream(stream, Socket { socket_path: path }, None).await,
                #[cfg(not(unix))]
                Self::Socket(_) => Err(std::io::Error::other("sockets are of Unix alone")),
            }
        });
        Scan { to: Some(to), verdict }
    }
}

/// One scan under way.
pub(crate) struct Scan {
    to: Option<mpsc::Sender<std::io::Result<Bytes>>>,
    verdict: JoinHandle<std::io::Result<Vec<u8>>>,
}

impl Scan {
    /// A scanner that has hung up is asked at the end: it may have found something and said so.
    pub(crate) async fn feed(&mut self, chunk: Bytes) {
        if let Some(to) = &self.to
            && to.send(Ok(chunk)).await.is_err()
        {
            self.to = None;
        }
    }

    /// clamd answers `stream: OK`, or `stream: NAME FOUND`, or something that ends in `ERROR`.
    pub(crate) async fn end(mut self) -> Result<()> {
        self.to = None;
        let answer = match self.verdict.await {
            Ok(Ok(answer)) => answer,
            Ok(Err(error)) => return Err(Error::Unscanned(error.to_string())),
            Err(error) => return Err(Error::Unscanned(error.to_string())),
        };
        let answer = String::from_utf8_lossy(&answer);
        let answer = answer.trim_matches(['\0', '\n', ' ']);
        match answer.strip_prefix("stream: ").unwrap_or(answer) {
            "OK" => Ok(()),
            found => match found.strip_suffix(" FOUND") {
                Some(name) => Err(Error::Infected(name.to_owned())),
                None => Err(Error::Unscanned(found.to_owned())),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scanner_is_a_port_or_a_socket() {
        assert_eq!(Scanner::parse("127.0.0.1:3310"), Ok(Scanner::Tcp("127.0.0.1:3310".into())));
        assert_eq!(Scanner::parse("/run/clamav/clamd.ctl"), Ok(Scanner::Socket("/run/clamav/clamd.ctl".into())));
        for text in ["", "clamd", ":3310", "clamd:port", "tcp://clamd"] {
            assert!(Scanner::parse(text).is_err(), "{text}");
        }
    }
}
