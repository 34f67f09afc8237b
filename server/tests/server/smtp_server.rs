//! A small mail server that can misbehave: `later-…` is put off once, `never-…` refused, `silent-…` taken without a word.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

#[derive(Clone, Default)]
pub struct Taken(Arc<Mutex<Book>>);

#[derive(Default)]
struct Book {
    mails: Vec<(String, String)>,
    put_off: BTreeSet<String>,
}

impl Taken {
    /// Recipient and content of every mail that was taken, in order.
    pub fn mails(&self) -> Vec<(String, String)> {
        self.0.lock().unwrap().mails.clone()
    }

    pub fn recipients(&self) -> Vec<String> {
        self.mails().into_iter().map(|(recipient, _)| recipient).collect()
    }

    fn put_off_before(&self, recipient: &str) -> bool {
        !self.0.lock().unwrap().put_off.insert(recipient.to_owned())
    }
}

pub async fn start() -> (u16, Taken) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let taken = Taken::default();
    let all = taken.clone();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let taken = all.clone();
            // A client that goes away ends its conversation, nothing else.
            tokio::spawn(async move { drop(converse(stream, taken).await) });
        }
    });
    (port, taken)
}

async fn converse(stream: TcpStream, taken: Taken) -> std::io::Result<()> {
    let (read, mut write) = stream.into_split();
    let mut lines = BufReader::new(read).lines();
    write.write_all(b"220 test ESMTP\r\n").await?;
    let mut recipient = String::new();
    while let Some(line) = lines.next_line().await? {
        let answer = match line.split([' ', ':']).next().unwrap_or_default().to_uppercase().as_str() {
            "EHLO" => "250-test\r\n250 8BITMIME",
            "MAIL" | "RSET" | "NOOP" => "250 ok",
            "RCPT" => {
                recipient = line.split(['<', '>']).nth(1).unwrap_or_default().to_owned();
                match recipient.split('-').next().unwrap_or_default() {
                    "later" if !taken.put_off_before(&recipient) => "451 not now",
                    "never" => "550 no such person",
                    _ => "250 ok",
                }
            }
            "DATA" => {
                write.write_all(b"354 go on\r\n").await?;
                let mut content = String::new();
                while let Some(line) = lines.next_line().await?.filter(|line| line != ".") {
                    content.push_str(line.strip_prefix("..").map_or(line.as_str(), |_| &line[1..]));
                    content.push('\n');
                }
                taken.0.lock().unwrap().mails.push((recipient.clone(), content));
                if recipient.starts_with("silent-") {
                    return Ok(());
                }
                "250 taken"
            }
            "QUIT" => {
                write.write_all(b"221 bye\r\n").await?;
                return Ok(());
            }
            _ => "500 what?",
        };
        write.write_all(format!("{answer}\r\n").as_bytes()).await?;
    }
    Ok(())
}
