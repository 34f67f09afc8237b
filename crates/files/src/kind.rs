//! What a file is, from its bytes as they pass.

use domain::file::FileKind;

use crate::Error;

/// Signatures stand in the first bytes; the first part of an OpenDocument file too.
const HEAD: usize = 8 * 1024;
/// A local header of a ZIP archive (APPNOTE 6.3.10, 4.3.7): signature, 26 bytes, then the name.
const LOCAL_HEADER: &[u8] = b"PK\x03\x04";
const NAME_AT: usize = 30;
/// As much of an entry's name as decides: `word/vbaProject.bin` is the longest that is looked for.
const NAME: usize = 20;

#[derive(Default)]
pub(crate) struct Look {
    head: Vec<u8>,
    zip: Zip,
    text: Text,
}

impl Look {
    pub(crate) fn feed(&mut self, chunk: &[u8]) {
        let room = HEAD - self.head.len();
        self.head.extend_from_slice(&chunk[..chunk.len().min(room)]);
        if self.head.starts_with(LOCAL_HEADER) {
            self.zip.feed(chunk);
        }
        self.text.feed(chunk);
    }

    pub(crate) fn end(mut self) -> Result<FileKind, Error> {
        self.zip.end();
        let refused = |looks_like| Err(Error::Kind { looks_like });
        let Some(found) = infer::get(&self.head) else {
            return if self.text.end() { Ok(FileKind::Text) } else { refused(None) };
        };
        Ok(match found.mime_type() {
            "application/pdf" => FileKind::Pdf,
            "image/png" => FileKind::Png,
            "image/jpeg" => FileKind::Jpeg,
            "image/gif" => FileKind::Gif,
            "image/webp" => FileKind::Webp,
            "application/vnd.oasis.opendocument.text" => FileKind::Odt,
            "application/vnd.oasis.opendocument.spreadsheet" => FileKind::Ods,
            "application/vnd.oasis.opendocument.presentation" => FileKind::Odp,
            "text/xml" if self.text.end() => FileKind::Text,
            _ if self.head.starts_with(LOCAL_HEADER) => match self.zip {
                Zip { macros: true, .. } => return refused(Some("macros")),
                Zip { office: Some(kind), .. } => kind,
                Zip { office: None, .. } if found.mime_type() == "application/zip" => FileKind::Zip,
                Zip { office: None, .. } => return refused(Some(found.extension())),
            },
            _ => return refused(Some(found.extension())),
        })
    }
}

/// Names of the entries of an archive, read from its local headers wherever a chunk ends.
#[derive(Default)]
struct Zip {
    rest: Vec<u8>,
    office: Option<FileKind>,
    macros: bool,
}

impl Zip {
    fn feed(&mut self, chunk: &[u8]) {
        self.rest.extend_from_slice(chunk);
        let whole = NAME_AT + NAME;
        if self.rest.len() < whole {
            return;
        }
        let last = self.rest.len() - whole;
        self.look(last + 1);
        self.rest.drain(..=last);
    }

    fn end(&mut self) {
        self.look(self.rest.len().saturating_sub(NAME_AT));
    }

    /// Headers that begin before `until`.
    fn look(&mut self, until: usize) {
        let mut at = 0;
        while let Some(found) = self.rest.get(at..).and_then(|rest| find(rest, LOCAL_HEADER)).map(|found| at + found) {
            if found >= until {
                return;
            }
            let name = &self.rest[(found + NAME_AT).min(self.rest.len())..];
            for (folder, kind) in [(&b"word/"[..], FileKind::Docx), (b"xl/", FileKind::Xlsx), (b"ppt/", FileKind::Pptx)] {
                if let Some(name) = name.strip_prefix(folder) {
                    self.office.get_or_insert(kind);
                    self.macros |= name.starts_with(b"vbaProject.bin");
                }
            }
            at = found + LOCAL_HEADER.len();
        }
    }
}

fn find(within: &[u8], what: &[u8]) -> Option<usize> {
    within.windows(what.len()).position(|window| window == what)
}

/// UTF-8 without control characters but white space.
struct Text {
    plain: bool,
    /// The beginning of a character that the chunk cut.
    cut: Vec<u8>,
}

impl Default for Text {
    fn default() -> Self {
        Self { plain: true, cut: Vec::new() }
    }
}

impl Text {
    fn feed(&mut self, chunk: &[u8]) {
        if !self.plain {
            return;
        }
        let control = |byte: &u8| (*byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r' | 0x0c)) || *byte == 0x7f;
        let joined;
        let bytes = if self.cut.is_empty() {
            chunk
        } else {
            joined = [&self.cut[..], chunk].concat();
            &joined
        };
        let cut = match std::str::from_utf8(bytes) {
            Ok(_) => Vec::new(),
            // An end without an error length is a character that goes on in the next chunk.
            Err(error) if error.error_len().is_none() => bytes[error.valid_up_to()..].to_vec(),
            Err(_) => {
                self.plain = false;
                return;
            }
        };
        self.plain = !chunk.iter().any(control);
        self.cut = cut;
    }

    fn end(&self) -> bool {
        self.plain && self.cut.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn look(bytes: &[u8], chunk: usize) -> Result<FileKind, Error> {
        let mut look = Look::default();
        bytes.chunks(chunk).for_each(|chunk| look.feed(chunk));
        look.end()
    }

    fn entry(name: &str, content: &[u8]) -> Vec<u8> {
        let mut out = LOCAL_HEADER.to_vec();
        out.extend([0; 14]);
        out.extend(u32::try_from(content.len()).unwrap().to_le_bytes());
        out.extend(u32::try_from(content.len()).unwrap().to_le_bytes());
        out.extend(u16::try_from(name.len()).unwrap().to_le_bytes());
        out.extend([0; 2]);
        out.extend(name.as_bytes());
        out.extend(content);
        out
    }

    fn archive(entries: &[(&str, usize)]) -> Vec<u8> {
        entries.iter().flat_map(|(name, length)| entry(name, &vec![b'x'; *length])).collect()
    }

    #[test]
    fn the_content_decides_in_whatever_pieces_it_comes() {
        let docx = archive(&[("[Content_Types].xml", 900), ("_rels/.rels", 400), ("word/document.xml", 9_000)]);
        let late = archive(&[("[Content_Types].xml", 30_000), ("docProps/app.xml", 9_000), ("xl/workbook.xml", 10)]);
        let odt = {
            let mut odt = entry("mimetype", b"application/vnd.oasis.opendocument.text");
            odt.extend(archive(&[("content.xml", 500)]));
            odt
        };
        let samples: &[(&[u8], FileKind)] = &[
            (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj", FileKind::Pdf),
            (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", FileKind::Png),
            (b"\xff\xd8\xff\xe0\0\x10JFIF\0", FileKind::Jpeg),
            ("Größe;Zahl\n1;2\n".as_bytes(), FileKind::Text),
            (b"<?xml version=\"1.0\"?><a/>", FileKind::Text),
            (&docx, FileKind::Docx),
            (&late, FileKind::Xlsx),
            (&odt, FileKind::Odt),
            (&archive(&[("plans/plan.pdf", 500)]), FileKind::Zip),
        ];
        for (bytes, kind) in samples {
            for chunk in [1, 7, 64, 4_096, 1 << 20] {
                assert_eq!(look(bytes, chunk).ok(), Some(*kind), "{kind:?} in pieces of {chunk}");
            }
        }
    }

    #[test]
    fn what_could_run_is_refused() {
        let macros = archive(&[("[Content_Types].xml", 900), ("word/document.xml", 90), ("word/vbaProject.bin", 90)]);
        let samples: &[&[u8]] = &[
            b"MZ\x90\0\x03\0\0\0\x04\0\0\0\xff\xff\0\0",
            b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0",
            b"#!/bin/sh\nrm -rf /\n",
            b"<!DOCTYPE html><html><script>alert(1)</script>",
            b"  <html><body>",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
            b"caf\xe9 in an old code page",
            b"text with a \0 in it",
            b"half a character \xc3",
            &macros,
        ];
        for bytes in samples {
            for chunk in [1, 5, 1 << 20] {
                assert!(matches!(look(bytes, chunk), Err(Error::Kind { .. })), "{:?}", String::from_utf8_lossy(bytes));
            }
        }
    }
}
