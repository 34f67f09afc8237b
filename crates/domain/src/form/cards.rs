//! Lists of cards in a form. Their buttons say what they ask for: `up:question-3`, `down:question-3`, `remove:question-3`,
//! `add:question`; the same for a list within a card: `add:criterion-2-part`.

use super::Fields;

/// The hidden field that keeps a card in its list while nothing is typed in it.
pub const CARD: &str = "card";

impl Fields {
    /// Moves, removes or adds a card of a list, keeping all that was typed. Gives the card to lead the reader to, or `None` where
    /// the button asks for something else. A new card takes its kind from the field `add_<list>`.
    pub fn act_on_cards(&mut self, button: &str) -> Option<String> {
        let (act, target) = button.split_once(':')?;
        if act == "add" {
            return self.add_card(target);
        }
        let (list, row) = target.rsplit_once('-')?;
        let row: u32 = row.parse().ok()?;
        let rows = self.rows(list);
        let at = rows.iter().position(|known| *known == row)?;
        let other = match act {
            "up" => at.checked_sub(1),
            "down" => Some(at + 1),
            "remove" => {
                self.0.retain(|name, _| !name.starts_with(&format!("{list}-{row}-")));
                // The card that stands where it stood, else the one before it.
                let next = rows.get(at + 1).or_else(|| rows.get(at.checked_sub(1)?));
                return Some(next.map_or_else(|| list.to_owned(), |next| format!("{list}-{next}")));
            }
            _ => return None,
        };
        let Some(other) = other.and_then(|other| rows.get(other)).copied() else { return Some(target.to_owned()) };
        self.swap_rows(list, row, other);
        Some(format!("{list}-{other}"))
    }

    fn add_card(&mut self, list: &str) -> Option<String> {
        if list.is_empty() {
            return None;
        }
        let row = self.rows(list).last().map_or(1, |last| last.saturating_add(1));
        let kind = self.0.remove(&format!("add_{list}")).unwrap_or_default();
        self.set(format!("{list}-{row}-{CARD}"), "1");
        if !kind.is_empty() {
            self.set(format!("{list}-{row}-kind"), kind);
        }
        Some(format!("{list}-{row}"))
    }

    fn swap_rows(&mut self, list: &str, one: u32, other: u32) {
        let (first, second) = (format!("{list}-{one}-"), format!("{list}-{other}-"));
        let swapped = std::mem::take(&mut self.0).into_iter().map(|(name, text)| {
            let moved = match (name.strip_prefix(&first), name.strip_prefix(&second)) {
                (Some(field), _) => format!("{second}{field}"),
                (_, Some(field)) => format!("{first}{field}"),
                _ => name,
            };
            (moved, text)
        });
        self.0 = swapped.collect();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cards() -> Fields {
        let pairs = [
            ("question-1-label", "A"),
            ("question-3-label", "B"),
            ("question-3-id", "b"),
            ("question-10-label", "C"),
            ("other", "x"),
        ];
        pairs.into_iter().collect()
    }

    fn labels(fields: &Fields) -> Vec<&str> {
        fields.rows("question").into_iter().map(|row| fields.of_row("question", row, "label")).collect()
    }

    #[test]
    fn a_card_moves_with_everything_typed_in_it() {
        let mut fields = cards();
        assert_eq!(fields.act_on_cards("up:question-3"), Some("question-1".into()));
        assert_eq!(labels(&fields), ["B", "A", "C"]);
        assert_eq!(fields.of_row("question", 1, "id"), "b");
        assert_eq!(fields.act_on_cards("down:question-3"), Some("question-10".into()));
        assert_eq!(labels(&fields), ["B", "C", "A"]);
    }

    #[test]
    fn the_first_moves_no_higher_and_the_last_no_lower() {
        let mut fields = cards();
        assert_eq!(fields.act_on_cards("up:question-1"), Some("question-1".into()));
        assert_eq!(fields.act_on_cards("down:question-10"), Some("question-10".into()));
        assert_eq!(fields, cards());
    }

    #[test]
    fn a_removed_card_leaves_nothing_behind_and_a_new_one_stands_last() {
        let mut fields = cards();
        assert_eq!(fields.act_on_cards("remove:question-3"), Some("question-10".into()));
        assert_eq!(labels(&fields), ["A", "C"]);
        assert_eq!(fields.get("question-3-id"), "");
        fields.set("add_question", "date");
        assert_eq!(fields.act_on_cards("add:question"), Some("question-11".into()));
        assert_eq!((fields.of_row("question", 11, "kind"), fields.get("add_question")), ("date", ""));
        assert_eq!(labels(&fields), ["A", "C", ""], "kept before anything is typed in it");
    }

    #[test]
    fn lists_within_a_card_move_with_it_and_by_themselves() {
        let pairs = [("criterion-1-name", "A"), ("criterion-2-name", "B"), ("criterion-2-part-1-name", "b1")];
        let mut fields: Fields = pairs.into_iter().collect();
        assert_eq!(fields.act_on_cards("add:criterion-2-part"), Some("criterion-2-part-2".into()));
        fields.act_on_cards("up:criterion-2");
        assert_eq!((fields.rows("criterion-1-part"), fields.rows("criterion-2-part")), (vec![1, 2], vec![]));
        assert_eq!(fields.rows("criterion"), [1, 2]);
    }

    #[test]
    fn other_buttons_touch_no_card() {
        let mut fields = cards();
        for button in ["save", "more", "up:question-2", "up:question", "spin:question-1", "up:", "add:", ""] {
            assert_eq!(fields.act_on_cards(button), None, "{button}");
        }
        assert_eq!(fields, cards());
    }
}
