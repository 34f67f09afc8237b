//! Two texts of one answer by one person: two tabs, or two devices.

/// Which of two texts holds the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Longer {
    Mine,
    Theirs,
}

/// Which text goes on where the other stops, so that nothing is lost by taking it; `None` where each says something of its own.
/// Blanks at the end of the shorter one count for nothing. A text that was emptied is begun by none: whoever emptied it meant that.
pub fn longer(mine: &str, theirs: &str) -> Option<Longer> {
    let begins = |short: &str, long: &str| !short.trim().is_empty() && long.starts_with(short.trim_end());
    if begins(theirs, mine) {
        Some(Longer::Mine)
    } else if begins(mine, theirs) {
        Some(Longer::Theirs)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn only_what_holds_the_other_whole_is_taken() {
        assert_eq!(longer("We measure. Each week.", "We measure."), Some(Longer::Mine));
        assert_eq!(longer("We measure.\n", "We measure. Each week."), Some(Longer::Theirs));
        assert_eq!(longer("We measure each week.", "We measure. Each week."), None);
        assert_eq!(longer("each week", "We measure each week"), None, "its middle is not its beginning");
        assert_eq!(longer("", "We measure."), None, "it was emptied on purpose");
        assert_eq!(longer("We measure.", " "), None);
    }

    proptest! {
        /// Nothing is lost by the choice: whatever is left out begins what is taken.
        #[test]
        fn nothing_is_lost(mine in "[ab \n]{0,6}", theirs in "[ab \n]{0,6}") {
            match longer(&mine, &theirs) {
                Some(Longer::Mine) => prop_assert!(mine.starts_with(theirs.trim_end())),
                Some(Longer::Theirs) => prop_assert!(theirs.starts_with(mine.trim_end())),
                None => prop_assert!(mine.trim().is_empty() || theirs.trim().is_empty()
                    || !mine.starts_with(theirs.trim_end()) && !theirs.starts_with(mine.trim_end())),
            }
        }
    }
}
