//! Lots: the order that a seed gives to responses that are equal in everything published.

use sha2::{Digest, Sha256};

/// The responses in the order of their lots, the first place first.
///
/// The lot of a response is the SHA-256 of the text `seed:response`, both written as the page writes them; the smallest lot,
/// read as a number, goes first. So anybody can draw again what was drawn, with any program that computes SHA-256:
/// `printf '%s' "<seed>:<response>" | sha256sum`. The seed is 32 bytes of the system's randomness in lower-case hexadecimal,
/// made when the second person confirms: nobody knows it before.
pub fn lot_order(seed: &str, responses: &[i64]) -> Vec<(i64, String)> {
    let mut lots: Vec<(i64, String)> = responses.iter().map(|response| (*response, lot(seed, *response))).collect();
    lots.sort_by(|(first, one), (second, other)| one.cmp(other).then(first.cmp(second)));
    lots
}

/// In lower-case hexadecimal, so that the order of texts is the order of numbers.
fn lot(seed: &str, response: i64) -> String {
    let digest = Sha256::digest(format!("{seed}:{}", crate::ids::ResponseId(response)));
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lots_are_drawn_again_from_the_seed() {
        let seed = "00".repeat(32);
        let drawn = lot_order(&seed, &[7, 8, 9]);
        assert_eq!(drawn, lot_order(&seed, &[9, 7, 8]), "the order in which they are given has no say");
        for (response, lot) in &drawn {
            let text = format!("{seed}:{}", crate::ids::ResponseId(*response));
            let again: String = Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect();
            assert_eq!(*lot, again);
        }
        assert!(drawn.windows(2).all(|pair| pair[0].1 < pair[1].1));
    }

    #[test]
    fn each_place_falls_to_each_about_as_often() {
        let mut firsts = [0u32; 3];
        for n in 0..3_000 {
            let first = lot_order(&format!("{n:064x}"), &[1, 2, 3])[0].0;
            firsts[usize::try_from(first - 1).expect("1 to 3")] += 1;
        }
        assert!(firsts.iter().all(|count| (850..1_150).contains(count)), "{firsts:?}");
    }
}
