//! Any search as a feed to subscribe to (Atom, RFC 4287): the newest that everybody may find, whoever asks, so that a feed
//! reader without a session and a proxy in between get the same bytes. Ids are the addresses of the pages and stay for ever.

use axum::extract::RawQuery;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::moment::{DAY, Moment};
use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};
use sha2::{Digest, Sha256};
use workflow::alert::Wanted;
use workflow::find::{self, Entry};

use super::search::address_of;
use crate::cx::Cx;
use crate::fault::Fault;
use crate::guard::{encode, parse};
use crate::words::t;

/// What a search is made of in an address, but for its order and page.
pub fn search_pairs(raw: &str) -> Vec<(String, String)> {
    let fields = parse(raw.as_bytes());
    let kept =
        fields.0.into_iter().filter(|(name, value)| find::SEARCH_FIELDS.contains(&name.as_str()) && !value.trim().is_empty());
    // As far as it is read: what follows does nothing, and the address stays one that can be kept.
    let most = |name: &str| if name == "q" { find::MOST_LETTERS } else { find::MOST_OF_A_FIELD };
    kept.map(|(name, value)| {
        let value = value.chars().take(most(&name)).collect();
        (name, value)
    })
    .collect()
}

/// The same as it stands in an address: `q=home+visits&kind=challenge`, or empty.
pub fn search_text(raw: &str) -> String {
    let pairs = search_pairs(raw);
    let pairs: Vec<String> = pairs.iter().map(|(name, value)| format!("{name}={}", encode(value.trim()))).collect();
    pairs.join("&")
}

pub async fn feed(cx: Cx, headers: HeaderMap, RawQuery(raw): RawQuery) -> Result<Response, Fault> {
    let text = search_text(&raw.unwrap_or_default());
    let entries = find::feed(&cx.desk, &parse(text.as_bytes())).await?;
    let body = atom(&cx, &text, &entries).map_err(|_| Fault::broken("a feed could not be written"))?;
    let tag = format!("\"{}\"", workflow::sealing::hex(&Sha256::digest(&body)[..12]));
    let known = headers.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let fresh = [(header::ETAG, tag.clone()), (header::CACHE_CONTROL, "public, no-cache".to_owned())];
    if known.split(',').any(|one| one.trim().trim_start_matches("W/") == tag) {
        return Ok((StatusCode::NOT_MODIFIED, fresh).into_response());
    }
    Ok((fresh, [(header::CONTENT_TYPE, "application/atom+xml; charset=utf-8")], body).into_response())
}

fn atom(cx: &Cx, search: &str, entries: &[Entry]) -> std::io::Result<Vec<u8>> {
    let base = &cx.desk.base_url;
    let query = if search.is_empty() { String::new() } else { format!("?{search}") };
    let title = match search {
        "" => t!(cx, "feed-all"),
        _ => t!(cx, "feed-title", search = crate::alert::name(cx.words, &Wanted::Search(search.to_owned()))),
    };
    // Of an empty feed: as it is now, since what was its last entry may just have gone; to the day, so that it is mostly the same.
    let today = || Moment(cx.now.micros() - cx.now.micros().rem_euclid(DAY));
    let updated = entries.iter().map(|entry| entry.updated).max().unwrap_or_else(today);
    let own = format!("{base}/search.atom{query}");
    let mut writer = Writer::new(Vec::new());
    writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("utf-8"), None)))?;
    let root = [("xmlns", "http://www.w3.org/2005/Atom"), ("xml:lang", cx.words.0.code())];
    writer.create_element("feed").with_attributes(root).write_inner_content(|xml| {
        element(xml, "id", &own)?;
        element(xml, "title", &title)?;
        element(xml, "updated", &rfc3339(updated))?;
        link(xml, "self", "application/atom+xml", &own)?;
        link(xml, "alternate", "text/html", &format!("{base}/search{query}"))?;
        element(xml, "icon", &format!("{base}/favicon.ico"))?;
        xml.create_element("author").write_inner_content(|xml| element(xml, "name", &t!(cx, "product")))?;
        for entry in entries {
            write_entry(cx, xml, entry)?;
        }
        Ok(())
    })?;
    Ok(writer.into_inner())
}

fn write_entry(cx: &Cx, xml: &mut Writer<Vec<u8>>, entry: &Entry) -> std::io::Result<()> {
    let hit = &entry.hit;
    let address = format!("{}{}", cx.desk.base_url, address_of(hit.kind, hit.id));
    let element_of = xml.create_element("entry");
    let lang = if hit.lang.is_empty() { cx.words.0.code() } else { &hit.lang };
    element_of.with_attribute(("xml:lang", lang)).write_inner_content(|xml| {
        element(xml, "id", &address)?;
        element(xml, "title", &hit.title)?;
        element(xml, "updated", &rfc3339(entry.updated))?;
        element(xml, "published", &rfc3339(Moment(hit.published_at)))?;
        link(xml, "alternate", "text/html", &address)?;
        if !hit.who.trim().is_empty() {
            xml.create_element("author").write_inner_content(|xml| element(xml, "name", &hit.who))?;
        }
        let kind = hit.kind.as_str();
        let label = t!(cx, &format!("kind-{kind}"));
        xml.create_element("category").with_attributes([("term", kind), ("label", &*label)]).write_empty()?;
        xml.create_element("summary")
            .with_attribute(("type", "html"))
            .write_text_content(BytesText::new(&legal(&hit.snippet_html)))?;
        Ok(())
    })?;
    Ok(())
}

fn element(xml: &mut Writer<Vec<u8>>, name: &str, text: &str) -> std::io::Result<()> {
    xml.create_element(name).write_text_content(BytesText::new(&legal(text)))?;
    Ok(())
}

fn link(xml: &mut Writer<Vec<u8>>, rel: &str, kind: &str, href: &str) -> std::io::Result<()> {
    xml.create_element("link").with_attributes([("rel", rel), ("type", kind), ("href", href)]).write_empty()?;
    Ok(())
}

/// XML has no place for control characters, not even escaped; a text that somebody pasted can hold them.
fn legal(text: &str) -> String {
    text.chars().filter(|c| matches!(c, '\t' | '\n' | '\r' | ' '..='\u{FFFD}' | '\u{10000}'..)).collect()
}

fn rfc3339(at: Moment) -> String {
    let at = jiff::Timestamp::from_microsecond(at.micros()).unwrap_or_default();
    at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}
