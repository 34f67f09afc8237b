//! The contract of a file store, on a folder, in memory and on an S3-compatible server that checks every signature; and the
//! scanner's, on a server that speaks clamd's protocol.

use std::convert::Infallible;
use std::time::Duration;

use bytes::Bytes;
use domain::file::FileKind;
use domain::ids::FileId;
use files::{Error, Files, Place, Received, Scanner};
use futures::{StreamExt, TryStreamExt, stream};
use sha2::{Digest, Sha256};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

const MOST: u64 = 12 * 1024 * 1024;

async fn receive(files: &Files, id: i64, bytes: &[u8]) -> Result<Received, Error> {
    let chunks: Vec<_> = bytes.chunks(100_000).map(|chunk| Ok::<_, Infallible>(Bytes::copy_from_slice(chunk))).collect();
    files.receive(FileId(id), stream::iter(chunks)).await
}

async fn read(files: &Files, id: i64, range: Option<std::ops::Range<u64>>) -> Result<Vec<u8>, Error> {
    let chunks: Vec<Bytes> = files.read(FileId(id), range).await?.try_collect().await?;
    Ok(chunks.concat())
}

async fn keeps_the_contract(files: &Files) {
    let long: Vec<u8> = b"All work and no play\n".iter().copied().cycle().take(11 * 1024 * 1024).collect();
    let received = receive(files, 1, &long).await.unwrap();
    assert_eq!((received.bytes, received.kind, received.scanned), (long.len() as u64, FileKind::Text, false));
    assert_eq!(received.sha256[..], Sha256::digest(&long)[..]);
    assert!(read(files, 1, None).await.unwrap() == long, "several parts come back as they went");
    assert_eq!(read(files, 1, Some(4..8)).await.unwrap(), b"work");

    let short = receive(files, 2, b"%PDF-1.7\nhello").await.unwrap();
    assert_eq!((short.bytes, short.kind), (14, FileKind::Pdf));

    let too_long = vec![b'a'; MOST as usize + 1];
    assert!(matches!(receive(files, 3, &too_long).await, Err(Error::TooLong { most: MOST })));
    assert!(matches!(receive(files, 3, b"").await, Err(Error::Empty)));
    assert!(matches!(receive(files, 3, b"MZ\x90\0\x03\0\0\0\x04\0\0\0").await, Err(Error::Kind { .. })));
    let breaks = stream::iter(vec![Ok(Bytes::from_static(b"half")), Err("the line is dead")]);
    assert!(matches!(files.receive(FileId(3), breaks).await, Err(Error::Broken(_))));
    assert!(matches!(read(files, 3, None).await, Err(Error::Missing)), "nothing of a failed upload is kept");

    let mut all = files.older_than(Duration::ZERO).await.unwrap();
    all.sort();
    assert_eq!(all, [FileId(1), FileId(2)]);
    assert_eq!(files.older_than(Duration::from_secs(3_600)).await.unwrap(), []);
    files.delete(FileId(1)).await.unwrap();
    files.delete(FileId(1)).await.unwrap();
    assert!(matches!(read(files, 1, None).await, Err(Error::Missing)));
    files.answers().await.unwrap();
}

#[tokio::test]
async fn in_memory() {
    keeps_the_contract(&Files::open(&Place::Memory, None, MOST).unwrap()).await;
}

#[tokio::test]
async fn in_a_folder() {
    let folder = tempfile::tempdir().unwrap();
    let place = Place::Folder(folder.path().join("files"));
    keeps_the_contract(&Files::open(&place, None, MOST).unwrap()).await;
    let left: Vec<_> = std::fs::read_dir(folder.path().join("files")).unwrap().map(|e| e.unwrap().file_name()).collect();
    assert_eq!(left, [std::ffi::OsString::from(FileId(2).to_string())], "no parts are left behind");
}

/// In a process of its own: the variables that name the server are the process's.
#[tokio::test(flavor = "multi_thread")]
async fn in_a_bucket() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("bucket")).unwrap();
    let service = {
        let mut builder = s3s::service::S3ServiceBuilder::new(s3s_fs::FileSystem::new(folder.path()).unwrap());
        builder.set_auth(s3s::auth::SimpleAuth::from_single("key", "secret"));
        builder.build()
    };
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let at = listener.local_addr().unwrap();
    tokio::spawn(async move {
        loop {
            let (socket, _) = listener.accept().await.unwrap();
            let service = service.clone();
            tokio::spawn(async move {
                let http = hyper_util::server::conn::auto::Builder::new(hyper_util::rt::TokioExecutor::new());
                let _ = http.serve_connection(hyper_util::rt::TokioIo::new(socket), service).await;
            });
        }
    });
    let place = |secret: &str| {
        let set = [("AWS_ENDPOINT", format!("http://{at}")), ("AWS_REGION", "eu-test-1".into())];
        let keys = [("AWS_ACCESS_KEY_ID", "key".into()), ("AWS_SECRET_ACCESS_KEY", secret.to_owned())];
        for (name, value) in set.into_iter().chain(keys) {
            set_variable(name, &value);
        }
        Place::parse("s3://bucket/wellposed", std::path::Path::new("/")).unwrap()
    };
    let wrong = Files::open(&place("guess"), None, MOST).unwrap();
    assert!(matches!(receive(&wrong, 1, b"hello").await, Err(Error::Store(_))), "the server checks signatures");
    let files = Files::open(&place("secret"), None, MOST).unwrap();
    keeps_the_contract(&files).await;
}

#[allow(unsafe_code, reason = "nothing else of this process reads the environment at the same time: a test is a process")]
fn set_variable(name: &str, value: &str) {
    unsafe { std::env::set_var(name, value) }
}

/// Answers `verdict` to what it was sent, once it has all of it; `None` hangs up in the middle.
async fn clamd(verdict: Option<&'static str>) -> Scanner {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let scanner = Scanner::Tcp(listener.local_addr().unwrap().to_string());
    tokio::spawn(async move {
        let (mut socket, _) = listener.accept().await.unwrap();
        let mut command = [0; 10];
        socket.read_exact(&mut command).await.unwrap();
        assert_eq!(&command, b"zINSTREAM\0");
        let Some(verdict) = verdict else { return };
        loop {
            let length = socket.read_u32().await.unwrap();
            if length == 0 {
                break;
            }
            socket.read_exact(&mut vec![0; length as usize]).await.unwrap();
        }
        socket.write_all(format!("stream: {verdict}\0").as_bytes()).await.unwrap();
    });
    scanner
}

async fn scanned_by(verdict: Option<&'static str>) -> (Files, Result<Received, Error>) {
    let files = Files::open(&Place::Memory, Some(clamd(verdict).await), MOST).unwrap();
    let received = receive(&files, 1, &b"what may be in here?\n".repeat(200_000)).await;
    (files, received)
}

#[tokio::test]
async fn a_clean_file_is_kept_and_said_to_be_scanned() {
    let (files, received) = scanned_by(Some("OK")).await;
    assert!(received.unwrap().scanned);
    assert!(read(&files, 1, None).await.is_ok());
}

#[tokio::test]
async fn an_infected_file_is_not_kept() {
    let (files, received) = scanned_by(Some("Eicar-Test-Signature FOUND")).await;
    assert!(matches!(received, Err(Error::Infected(name)) if name == "Eicar-Test-Signature"));
    assert!(matches!(read(&files, 1, None).await, Err(Error::Missing)));
}

#[tokio::test]
async fn a_scanner_that_fails_lets_nothing_pass() {
    for verdict in [None, Some("INSTREAM size limit exceeded. ERROR")] {
        let (files, received) = scanned_by(verdict).await;
        assert!(matches!(received, Err(Error::Unscanned(_))), "{verdict:?}");
        assert!(matches!(read(&files, 1, None).await, Err(Error::Missing)));
    }
    let nobody = Scanner::Tcp("127.0.0.1:1".into());
    let files = Files::open(&Place::Memory, Some(nobody), MOST).unwrap();
    assert!(matches!(receive(&files, 1, b"hello").await, Err(Error::Unscanned(_))));
}

#[tokio::test(start_paused = true)]
async fn a_sender_that_falls_silent_is_given_up() {
    let files = Files::open(&Place::Memory, None, MOST).unwrap();
    let silent = stream::iter([Ok::<_, Infallible>(Bytes::from_static(b"hello"))]).chain(stream::pending());
    assert!(matches!(files.receive(FileId(1), Box::pin(silent)).await, Err(Error::Broken(_))));
}
