//! JSON in which each name stands once. RFC 8785 takes its data from I-JSON (RFC 7493), where an object has no two members of one name:
//! readers differ in which of two they take, so that a paper could say one thing to a person and another to its signature.

use std::cell::Cell;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

/// Why a text is no such JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unfit {
    Unreadable,
    /// A name stands in an object twice, at whatever depth.
    Twice,
}

/// The whole text as one value; a mark of byte order before it says nothing.
pub fn parse(text: &[u8]) -> Result<Value, Unfit> {
    let twice = Cell::new(false);
    let mut reader = serde_json::Deserializer::from_slice(text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text));
    let value = Once(&twice).deserialize(&mut reader).and_then(|value| reader.end().map(|()| value));
    value.map_err(|_| if twice.get() { Unfit::Twice } else { Unfit::Unreadable })
}

/// Reads a value, and says in the cell when it ended because of a name that stood twice.
#[derive(Clone, Copy)]
struct Once<'a>(&'a Cell<bool>);

impl<'de> DeserializeSeed<'de> for Once<'_> {
    type Value = Value;
    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Value, D::Error> {
        from.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Once<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON in which each name stands once")
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        Number::from_f64(value).map(Value::Number).ok_or_else(|| E::custom("no number"))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut from: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(value) = from.next_element_seed(self)? {
            list.push(value);
        }
        Ok(Value::Array(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut from: A) -> Result<Value, A::Error> {
        let mut map = Map::new();
        while let Some(name) = from.next_key::<String>()? {
            if map.contains_key(&name) {
                self.0.set(true);
                return Err(A::Error::custom("a name stands twice"));
            }
            map.insert(name, from.next_value_seed(self)?);
        }
        Ok(Value::Object(map))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_stands_twice_is_refused_at_every_depth() {
        for text in [r#"{"a":1,"a":1}"#, r#"{"a":{"b":1,"c":[{"d":1,"d":2}]}}"#, r#"[{"a":1,"\u0061":2}]"#] {
            assert_eq!(parse(text.as_bytes()), Err(Unfit::Twice), "{text}");
        }
        for text in ["", "{", r#"{"a":1} x"#, r#"{"a":01}"#, "nought"] {
            assert_eq!(parse(text.as_bytes()), Err(Unfit::Unreadable), "{text}");
        }
        let text = r#"{"a":[1,-2,2.5,"x",null,true,{"a":{}}],"b":18446744073709551615}"#;
        assert_eq!(parse(format!("\u{feff} {text} ").as_bytes()).unwrap(), serde_json::from_str::<Value>(text).unwrap());
    }
}
