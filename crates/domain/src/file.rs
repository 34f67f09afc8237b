//! Files that are attached to a published text: what may be attached, judged by content, and how it is named.

use serde::{Deserialize, Serialize};

use crate::ids::FileId;

/// What a file is, by its content. The list is short on purpose: what a reader can open without a program of its own, and
/// what offices exchange. Nothing that a browser would run (HTML, SVG) and no programs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FileKind {
    Pdf,
    Png,
    Jpeg,
    Gif,
    Webp,
    Text,
    Docx,
    Xlsx,
    Pptx,
    Odt,
    Ods,
    Odp,
    Zip,
}

crate::organisation::codes!(FileKind {
    Pdf = "pdf",
    Png = "png",
    Jpeg = "jpeg",
    Gif = "gif",
    Webp = "webp",
    Text = "text",
    Docx = "docx",
    Xlsx = "xlsx",
    Pptx = "pptx",
    Odt = "odt",
    Ods = "ods",
    Odp = "odp",
    Zip = "zip",
});

impl FileKind {
    /// Media type, as it is served.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
            Self::Gif => "image/gif",
            Self::Webp => "image/webp",
            Self::Text => "text/plain; charset=utf-8",
            Self::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Pptx => "application/vnd.openxmlformats-officedocument.presentationml.presentation",
            Self::Odt => "application/vnd.oasis.opendocument.text",
            Self::Ods => "application/vnd.oasis.opendocument.spreadsheet",
            Self::Odp => "application/vnd.oasis.opendocument.presentation",
            Self::Zip => "application/zip",
        }
    }

    /// A browser shows it in the page; the others are downloaded.
    pub fn readable(self) -> bool {
        self.is_image() || matches!(self, Self::Pdf | Self::Text)
    }

    pub fn is_image(self) -> bool {
        matches!(self, Self::Png | Self::Jpeg | Self::Gif | Self::Webp)
    }

    /// Endings that a file of this kind may have; the first is given to one that has none.
    fn endings(self) -> &'static [&'static str] {
        match self {
            Self::Pdf => &["pdf"],
            Self::Png => &["png"],
            Self::Jpeg => &["jpg", "jpeg"],
            Self::Gif => &["gif"],
            Self::Webp => &["webp"],
            Self::Text => &["txt", "csv", "md", "json", "xml", "ics", "tsv"],
            Self::Docx => &["docx"],
            Self::Xlsx => &["xlsx"],
            Self::Pptx => &["pptx"],
            Self::Odt => &["odt"],
            Self::Ods => &["ods"],
            Self::Odp => &["odp"],
            Self::Zip => &["zip"],
        }
    }

    /// The name under which a file is kept and downloaded: the last part of a path, without control characters or what a
    /// file system or a terminal could take for something else, 120 characters at most. An ending that belongs to another
    /// kind is no name for this one: `Err` gives the ending that fits.
    pub fn name(self, typed: &str) -> Result<String, &'static str> {
        let last = typed.rsplit(['/', '\\']).next().unwrap_or_default();
        let clean: String = last.chars().filter(|c| !c.is_control() && !is_direction(*c)).collect();
        let clean = clean.trim().trim_matches('.').trim();
        let (stem, ending) = match clean.rsplit_once('.') {
            Some((stem, ending)) if !stem.is_empty() && (1..=5).contains(&ending.len()) => (stem, ending.to_lowercase()),
            _ => (clean, String::new()),
        };
        let ending = match ending.as_str() {
            "" => self.endings()[0],
            known if self.endings().contains(&known) => known,
            _ => return Err(self.endings()[0]),
        };
        let stem: String = stem.chars().take(110).collect();
        Ok(format!("{}.{ending}", if stem.is_empty() { "file" } else { &stem }))
    }
}

/// Marks that turn the direction of text: with one in it `invoice[…]fdp.exe` reads as if it ended in pdf.
fn is_direction(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// A file as a version of a challenge names it. The bytes are elsewhere, under the id; `sha256` (64 hexadecimal digits)
/// binds them to the text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attachment {
    pub id: FileId,
    pub name: String,
    /// What it is, in the authority's words; may be empty.
    pub title: String,
    pub kind: FileKind,
    pub bytes: u64,
    pub sha256: String,
}

/// Most files of one challenge.
pub const MOST_FILES: usize = 20;

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_name_is_the_last_part_of_a_path() {
        assert_eq!(FileKind::Pdf.name("C:\\Users\\ana\\Plan 2.PDF"), Ok("Plan 2.pdf".into()));
        assert_eq!(FileKind::Pdf.name("../../etc/plan"), Ok("plan.pdf".into()));
        assert_eq!(FileKind::Jpeg.name("a.jpeg"), Ok("a.jpeg".into()));
        assert_eq!(FileKind::Text.name(""), Ok("file.txt".into()));
        assert_eq!(FileKind::Text.name("figures.csv"), Ok("figures.csv".into()));
    }

    #[test]
    fn an_ending_that_belongs_to_another_kind_is_refused() {
        assert_eq!(FileKind::Png.name("plan.pdf"), Err("png"));
        assert_eq!(FileKind::Zip.name("letter.docx"), Err("zip"));
        assert_eq!(FileKind::Text.name("run.sh"), Err("txt"));
    }

    #[test]
    fn marks_that_turn_the_direction_are_dropped() {
        assert_eq!(FileKind::Pdf.name("in\u{202e}voice.pdf"), Ok("invoice.pdf".into()));
    }

    proptest! {
        #[test]
        fn any_name_is_short_and_plain(typed in "\\PC{0,300}|[\\x00-\\x7f]{0,40}") {
            if let Ok(name) = FileKind::Pdf.name(&typed) {
                prop_assert!(name.chars().count() <= 120);
                prop_assert!(!name.contains(['/', '\\', '\0', '\n', '\r']));
                prop_assert!(name.ends_with(".pdf") && name.len() > 4);
            }
        }
    }
}
