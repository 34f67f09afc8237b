//! What a price must cover, so that prices can be compared.

use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PriceBasis {
    pub tax: Tax,
    /// Quantities and services, in the authority's words.
    pub covers: String,
    /// The period it is for.
    pub period: String,
    /// Sealed apart from the answers, and opened only when the quality scores are final. Frozen at publication.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub separate: bool,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tax {
    #[default]
    Excluded,
    Included,
}

crate::organisation::codes!(Tax { Excluded = "excluded", Included = "included" });
