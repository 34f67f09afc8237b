//! Which browser a session was begun in, in words. What a browser says of itself names its ancestors too, so the order counts.

use crate::cx::Cx;
use crate::words::t;

const BROWSERS: [(&str, &str); 8] = [
    ("Edg", "Microsoft Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
];
const SYSTEMS: [(&str, &str); 7] = [
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Macintosh", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
];

fn named(agent: &str, names: &[(&str, &'static str)]) -> Option<&'static str> {
    names.iter().find(|(mark, _)| agent.contains(mark)).map(|(_, name)| *name)
}

pub fn browser(cx: &Cx, agent: &str) -> String {
    match (named(agent, &BROWSERS), named(agent, &SYSTEMS)) {
        (Some(browser), Some(system)) => t!(cx, "session-browser", browser = browser, system = system),
        (Some(browser), None) => t!(cx, "session-browser-only", browser = browser),
        (None, _) => t!(cx, "session-program"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browser_is_not_taken_for_its_ancestors() {
        for (agent, browser, system) in [
            (
                "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36",
                "Chrome",
                "Linux",
            ),
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0",
                "Microsoft Edge",
                "Windows",
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1",
                "Safari",
                "iPhone",
            ),
            ("Mozilla/5.0 (Android 15; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0", "Firefox", "Android"),
        ] {
            assert_eq!((named(agent, &BROWSERS), named(agent, &SYSTEMS)), (Some(browser), Some(system)), "{agent}");
        }
        assert_eq!(named("curl/8.0", &BROWSERS), None);
    }
}
