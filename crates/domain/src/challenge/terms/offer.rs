//! Who owns what, and who may use it.

use serde::{Deserialize, Serialize};

use crate::organisation::codes;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Property {
    /// The supplier keeps its intellectual property, the buyer gets use.
    #[default]
    SupplierKeeps,
    /// What is made in the pilot belongs to both; what each brought stays its own.
    Shared,
    /// What is made in the pilot is published under an open licence.
    Open,
    /// What is made in the pilot belongs to the buyer; what the supplier brought stays its own.
    BuyerOwns,
}

codes!(Property { SupplierKeeps = "supplier-keeps", Shared = "shared", Open = "open", BuyerOwns = "buyer-owns" });

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offer {
    pub property: Property,
    /// Markdown: what the choice leaves open, and further conditions of the contract.
    pub conditions: String,
    /// Partners that a response names sign its content off before it can be submitted.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub partners_sign: bool,
}
