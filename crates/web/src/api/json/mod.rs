//! Reads JSON into the types of the API.
//!
//! By way of a tree of values, so that what reads the text is there once and not for every type;
//! and what becomes of a failure is one bit, since no page says more of an answer that cannot be
//! read. Through `serde_json` it was a tenth of the whole download.

mod parse;

use std::fmt::{self, Display, Formatter};

use serde::{
    Deserialize, Deserializer,
    de::{DeserializeSeed, Error, IntoDeserializer, MapAccess, SeqAccess, Visitor, value::StrDeserializer},
    forward_to_deserialize_any,
};

/// A body that is not what it should be.
#[derive(Debug)]
pub(super) struct Unreadable;

impl Display for Unreadable {
    fn fmt(&self, _: &mut Formatter<'_>) -> fmt::Result {
        Ok(())
    }
}

impl std::error::Error for Unreadable {}

impl Error for Unreadable {
    fn custom<T: Display>(_: T) -> Self {
        Self
    }
}

/// Any JSON.
#[derive(Debug, PartialEq)]
enum Json {
    Null,
    Bool(bool),
    Int(i64),
    Text(String),
    List(Vec<Json>),
    Map(Vec<(String, Json)>),
    /// A number with a fraction, or beyond all counts: nothing in the API is one.
    Other,
}

/// Reads a body.
pub(super) fn read<T: for<'de> Deserialize<'de>>(body: &str) -> Result<T, Unreadable> {
    T::deserialize(parse::parse(body).ok_or(Unreadable)?)
}

impl<'de> Deserializer<'de> for Json {
    type Error = Unreadable;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        match self {
            Self::Null => visitor.visit_unit(),
            Self::Bool(value) => visitor.visit_bool(value),
            Self::Int(value) => visitor.visit_i64(value),
            Self::Text(value) => visitor.visit_string(value),
            Self::List(_) => self.deserialize_seq(visitor),
            Self::Map(_) => self.deserialize_map(visitor),
            Self::Other => Err(Unreadable),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        match self {
            Self::Null => visitor.visit_none(),
            value => visitor.visit_some(value),
        }
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        match self {
            Self::Text(value) => visitor.visit_string(value),
            _ => Err(Unreadable),
        }
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        self.deserialize_string(visitor)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        match self {
            Self::List(items) => visitor.visit_seq(Items(items.into_iter())),
            _ => Err(Unreadable),
        }
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        match self {
            Self::Map(entries) => visitor.visit_map(Entries(entries.into_iter(), None)),
            _ => Err(Unreadable),
        }
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unreadable> {
        self.deserialize_map(visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Unreadable> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unreadable> {
        match self {
            Self::Text(value) => {
                let variant: StrDeserializer<'_, Unreadable> = value.as_str().into_deserializer();
                visitor.visit_enum(variant)
            }
            _ => Err(Unreadable),
        }
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        visitor.visit_unit()
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char bytes byte_buf unit unit_struct tuple
        tuple_struct identifier
    }
}

struct Items(std::vec::IntoIter<Json>);

impl<'de> SeqAccess<'de> for Items {
    type Error = Unreadable;

    fn next_element_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, Unreadable> {
        self.0.next().map(|item| seed.deserialize(item)).transpose()
    }
}

struct Entries(std::vec::IntoIter<(String, Json)>, Option<Json>);

impl<'de> MapAccess<'de> for Entries {
    type Error = Unreadable;

    fn next_key_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, Unreadable> {
        let Some((key, value)) = self.0.next() else { return Ok(None) };
        self.1 = Some(value);
        seed.deserialize(Json::Text(key)).map(Some)
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, Unreadable> {
        seed.deserialize(self.1.take().ok_or(Unreadable)?)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use fanbase_domain::wire::{fans::FanResponse, imports::ImportResponse};

    use super::*;

    /// What is read is what `serde_json` reads.
    fn check<T>(body: &str)
    where
        T: for<'de> Deserialize<'de> + PartialEq + fmt::Debug,
    {
        let expected: Option<T> = serde_json::from_str(body).ok();
        assert_eq!(read::<T>(body).ok(), expected, "{body}");
    }

    #[test]
    fn answers_are_read_as_serde_json_reads_them() {
        check::<FanResponse>(
            r#"{"id":"0199f1c2-6a35-7c2e-9a57-3c1d2b8e4f10","type":"lead","email":"a@b.c","name":null,
            "alias":"Zoë \ud83c\udfa7","avatar_url":null,"has_account":false,"user_id":null,"source":"api",
            "source_detail":null,"consent":"subscribed","status":"active","tags":["a","b"],
            "attributes":{"daw":"Live","goals":["x","y"]},"total_spent":-4200,"score":3,
            "created_at":"2026-01-02T03:04:05Z","last_activity_at":null,"a_new_field":[{}]}"#,
        );
        check::<ImportResponse>(
            r#"{"id":"0199f1c2-6a35-7c2e-9a57-3c1d2b8e4f10","status":"running","file_name":"a.csv","bytes":10,
            "bytes_done":5,"options":{"dry_run":true,"mapping":{"a":"b"},"delimiter":";"},
            "shape":{"encoding":"utf-8","delimiter":";","columns":[{"header":"a","target":"b"}]},
            "rows":5,"created":1,"updated":1,"unchanged":1,"duplicate_in_file":1,"invalid":1,"problems":0,
            "kept_unsubscribed":0,"undo_left":0,"error":null,"error_code":"file_empty",
            "created_at":"2026-01-02T03:04:05Z","started_at":null,"finished_at":null}"#,
        );
        check::<BTreeMap<String, i64>>(r#"{"a":-1,"b":9007199254740993}"#);
    }

    #[test]
    fn what_is_not_an_answer_is_refused() {
        for body in ["", "{", "[]", "null", "{}", "\"a\"", r#"{"id":1}"#, r#"{"a":1.5}"#] {
            check::<FanResponse>(body);
            assert!(read::<FanResponse>(body).is_err());
        }
        check::<Vec<u64>>("[-1]");
        check::<Vec<u64>>("[\"1\"]");
        check::<Option<bool>>("null");
        check::<Option<bool>>("1");
    }
}
