//! Counts beside the hits. Each group counts what would be found if only its own choice were another: so a document that
//! fails one choice alone is counted in that group, one that fails none in all, and one that fails two in none.

use std::collections::HashMap;
use std::sync::Arc;

use tantivy::DocId;

use crate::columns::{Cache, Columns};
use crate::document::{Kind, tag, untag};
use crate::filter::{Band, Branch, PARTS, ROOT, When, branch};
use crate::query::Query;

/// How many places and buyers are told; the one that is chosen is told besides.
const MOST: usize = 10;

/// Values with their numbers of documents. Only values that there are; `when` and `bands` in the order of their kind, all
/// others by number, then by name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facets {
    pub when: Vec<(When, usize)>,
    /// Codes of eight digits: the parts of the category that is chosen, else the divisions. A document may be in several.
    pub categories: Vec<(String, usize)>,
    pub places: Vec<(String, usize)>,
    pub buyers: Vec<(String, usize)>,
    /// ISO 639 codes.
    pub langs: Vec<(String, usize)>,
    pub bands: Vec<(Band, usize)>,
}

/// What is chosen in each group.
#[derive(Debug, Clone)]
pub(crate) struct Chosen {
    pub kinds: [bool; Kind::ALL.len()],
    when: When,
    now: i64,
    branch: Branch,
    category: bool,
    /// The numbers of all spellings: nobody means another place by a small letter.
    place: Option<Vec<u32>>,
    buyer: Option<Vec<u32>>,
    lang: Option<u64>,
    band: Option<Band>,
}

impl Chosen {
    pub fn new(query: &Query, cache: &Cache, now: i64) -> Self {
        let mut kinds = [query.kinds.is_empty(); Kind::ALL.len()];
        for kind in &query.kinds {
            kinds[kind.number()] = true;
        }
        let name = |name: &Option<String>| name.as_ref().map(|name| cache.numbers(name));
        let nowhere = Branch { low: 0, high: 0, below: None };
        Self {
            kinds,
            when: query.when,
            now,
            branch: query.category.as_ref().map_or(ROOT, |digits| branch(digits).unwrap_or(nowhere)),
            category: query.category.is_some(),
            place: name(&query.place),
            buyer: name(&query.buyer),
            lang: query.lang.as_ref().map(|lang| tag(lang).unwrap_or_default()),
            band: query.band,
        }
    }
}

/// The groups, one bit each.
const KIND: u8 = 1;
const WHEN: u8 = 2;
const CATEGORY: u8 = 4;
const PLACE: u8 = 8;
const BUYER: u8 = 16;
const LANG: u8 = 32;
const BAND: u8 = 64;

#[derive(Debug, Default)]
pub(crate) struct Counts {
    /// All documents that were looked at.
    pub seen: usize,
    pub kinds: [usize; Kind::ALL.len()],
    when: [usize; When::ALL.len()],
    categories: HashMap<u64, usize>,
    places: HashMap<u32, usize>,
    buyers: HashMap<u32, usize>,
    langs: HashMap<u64, usize>,
    bands: [usize; Band::ALL.len()],
}

/// Counts in one segment.
pub(crate) struct Counter {
    chosen: Chosen,
    columns: Arc<Columns>,
    counts: Counts,
    places: Vec<u32>,
    buyers: Vec<u32>,
    /// Few, so that a list is quicker than a table.
    langs: Vec<(u16, usize)>,
    parts: [usize; PARTS],
}

impl Counter {
    pub fn new(chosen: &Chosen, columns: &Arc<Columns>) -> Self {
        Self {
            chosen: chosen.clone(),
            columns: columns.clone(),
            counts: Counts::default(),
            places: vec![0; columns.places.len()],
            buyers: vec![0; columns.buyers.len()],
            langs: Vec::new(),
            parts: [0; PARTS],
        }
    }

    /// Counts a document; whether it is all that was chosen.
    pub fn admits(&mut self, doc: DocId) -> bool {
        let (columns, chosen) = (&*self.columns, &self.chosen);
        self.counts.seen += 1;
        let Some(row) = columns.rows.get(doc as usize) else { return false };
        // A kind that this program does not know cannot be in an index of this version.
        let Some(wanted) = chosen.kinds.get(row.kind as usize) else { return false };
        let (opens, closes, decided) = (row.opens_at(), row.closes_at(), row.decided_at());
        let codes = || columns.category.values_for_doc(doc);

        let mut failed = 0;
        let mut check = |group: u8, holds: bool| failed |= if holds { 0 } else { group };
        check(KIND, *wanted);
        check(WHEN, chosen.when.holds(opens, closes, decided, chosen.now));
        check(CATEGORY, !chosen.category || (row.has_category() && codes().any(|code| chosen.branch.holds(code))));
        let is = |names: &[u32], ordinal: u32, wanted: &[u32]| {
            names.get(ordinal as usize).is_some_and(|number| wanted.contains(number))
        };
        check(PLACE, chosen.place.as_ref().is_none_or(|wanted| is(&columns.places, row.place, wanted)));
        check(BUYER, chosen.buyer.as_ref().is_none_or(|wanted| is(&columns.buyers, row.buyer, wanted)));
        check(LANG, chosen.lang.is_none_or(|wanted| row.lang != 0 && u64::from(row.lang) == wanted));
        check(BAND, chosen.band.is_none_or(|wanted| row.band == wanted as u8));
        if failed.count_ones() > 1 {
            return false;
        }

        let counts = |group: u8| failed & !group == 0;
        if counts(KIND) {
            self.counts.kinds[row.kind as usize] += 1;
        }
        // Without any instant nothing of this group holds.
        if counts(WHEN) && (closes.is_some() || decided.is_some()) {
            for (count, when) in self.counts.when.iter_mut().zip(When::ALL) {
                *count += usize::from(when.holds(opens, closes, decided, chosen.now));
            }
        }
        // The parts below a category that is chosen lie within it: they count what is found. Divisions count what would be.
        if row.has_category() && counts(CATEGORY) {
            let mut told = 0u128;
            for code in codes().filter(|code| chosen.branch.holds(*code)) {
                if let Some(part) = chosen.branch.part(code)
                    && told & (1 << part) == 0
                {
                    told |= 1 << part;
                    self.parts[part] += 1;
                }
            }
        }
        if counts(PLACE)
            && let Some(count) = self.places.get_mut(row.place as usize)
        {
            *count += 1;
        }
        if counts(BUYER)
            && let Some(count) = self.buyers.get_mut(row.buyer as usize)
        {
            *count += 1;
        }
        if row.lang != 0 && counts(LANG) {
            match self.langs.iter_mut().find(|(known, _)| *known == row.lang) {
                Some((_, count)) => *count += 1,
                None => self.langs.push((row.lang, 1)),
            }
        }
        if counts(BAND)
            && let Some(count) = self.counts.bands.get_mut(row.band as usize)
        {
            *count += 1;
        }
        failed == 0
    }

    pub fn counts(mut self) -> Counts {
        let names = |ordinals: Vec<u32>, names: &[u32]| {
            let counted = names.iter().zip(ordinals).filter(|(_, count)| *count > 0);
            counted.map(|(name, count)| (*name, count as usize)).collect()
        };
        self.counts.places = names(self.places, &self.columns.places);
        self.counts.buyers = names(self.buyers, &self.columns.buyers);
        self.counts.langs = self.langs.into_iter().map(|(lang, count)| (u64::from(lang), count)).collect();
        let parts = self.parts.into_iter().enumerate().filter(|(_, count)| *count > 0);
        self.counts.categories = parts.filter_map(|(part, count)| Some((self.chosen.branch.child(part)?, count))).collect();
        self.counts
    }
}

impl Counts {
    pub fn add(&mut self, other: Self) {
        self.seen += other.seen;
        each(&mut self.kinds, other.kinds);
        each(&mut self.when, other.when);
        each(&mut self.bands, other.bands);
        more(&mut self.categories, other.categories);
        more(&mut self.places, other.places);
        more(&mut self.buyers, other.buyers);
        more(&mut self.langs, other.langs);
    }

    pub fn facets(self, chosen: &Chosen, cache: &Cache) -> Facets {
        let some = |(_, count): &(_, usize)| *count > 0;
        let mut categories: Vec<_> = self.categories.into_iter().map(|(code, count)| (format!("{code:08}"), count)).collect();
        let mut langs: Vec<_> = self.langs.into_iter().map(|(lang, count)| (untag(lang), count)).collect();
        ordered(&mut categories);
        ordered(&mut langs);
        Facets {
            when: When::ALL.into_iter().zip(self.when).filter(|(_, count)| *count > 0).collect(),
            categories,
            places: most(self.places, chosen.place.as_deref(), cache),
            buyers: most(self.buyers, chosen.buyer.as_deref(), cache),
            langs,
            bands: Band::ALL.into_iter().zip(self.bands).filter(some).collect(),
        }
    }
}

fn each<const N: usize>(sums: &mut [usize; N], counts: [usize; N]) {
    for (sum, count) in sums.iter_mut().zip(counts) {
        *sum += count;
    }
}

fn more<K: Eq + std::hash::Hash>(sums: &mut HashMap<K, usize>, counts: HashMap<K, usize>) {
    if sums.is_empty() {
        *sums = counts;
        return;
    }
    for (key, count) in counts {
        *sums.entry(key).or_default() += count;
    }
}

fn ordered(counted: &mut [(String, usize)]) {
    counted.sort_unstable_by(|(one, many), (other, few)| few.cmp(many).then_with(|| one.cmp(other)));
}

/// The most frequent names, and the chosen one. Spellings of one name are one, told as most of those that are counted spell it.
fn most(counts: HashMap<u32, usize>, chosen: Option<&[u32]>, cache: &Cache) -> Vec<(String, usize)> {
    let counts = together(counts, cache);
    let mut numbers: Vec<usize> = counts.iter().map(|(_, count)| *count).collect();
    let least = if numbers.len() > MOST {
        let (_, least, _) = numbers.select_nth_unstable_by(MOST - 1, |one, other| other.cmp(one));
        *least
    } else {
        0
    };
    let named = |(number, count): &(u32, usize)| (cache.name(*number).to_string(), *count);
    let mut all: Vec<_> = counts.iter().filter(|(_, count)| *count >= least).map(named).collect();
    ordered(&mut all);
    all.truncate(MOST);
    // Not one with nothing to count: whether somebody else may find such a name is no one's to learn.
    let chosen = chosen.unwrap_or_default();
    if let Some(chosen) = counts.iter().find(|(number, _)| chosen.contains(number)) {
        let chosen = named(chosen);
        if all.iter().all(|(known, _)| *known != chosen.0) {
            all.push(chosen);
        }
    }
    all
}

/// The number of the spelling that is told, and how many documents have any.
fn together(counts: HashMap<u32, usize>, cache: &Cache) -> Vec<(u32, usize)> {
    let told = |spellings: Vec<(u32, usize)>| {
        let count = spellings.iter().map(|(_, count)| count).sum();
        let told = match spellings.as_slice() {
            [(number, _)] => Some(*number),
            // By name where two are as frequent: numbers differ from node to node.
            spellings => spellings
                .iter()
                .max_by(|(one, many), (other, few)| many.cmp(few).then_with(|| cache.name(*other).cmp(&cache.name(*one))))
                .map(|(number, _)| *number),
        };
        told.map(|number| (number, count))
    };
    cache.together(counts).filter_map(told).collect()
}
