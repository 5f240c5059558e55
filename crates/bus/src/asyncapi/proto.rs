//! The messages of the `.proto` files, with their comments.

use protox::prost_reflect::prost_types::field_descriptor_proto::{Label, Type};
use protox::prost_reflect::prost_types::{DescriptorProto, FieldDescriptorProto, FileDescriptorProto};

/// The `.proto` files cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum ProtoError {
    /// The directory cannot be listed.
    #[error("proto-events/proto: {0}")]
    Directory(#[from] std::io::Error),
    /// A file is no protobuf.
    #[error(transparent)]
    Protobuf(#[from] protox::Error),
}

/// A message.
pub struct Message {
    /// Its name.
    pub name: String,
    /// What it says, from the comment above it.
    pub about: String,
    /// The file it stands in.
    pub file: String,
    /// Its fields.
    pub fields: Vec<Field>,
}

/// A field of a message.
pub struct Field {
    /// Its name.
    pub name: String,
    /// Its number on the wire.
    pub number: i32,
    /// Its type.
    pub kind: Kind,
    /// Whether there may be several.
    pub repeated: bool,
    /// Whether it may be absent.
    pub optional: bool,
    /// What it says, from the comment above or beside it.
    pub about: String,
}

/// The types our events use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// `bytes`: always the 16 of a UUID.
    Id,
    /// `int64`.
    Integer,
    /// `string`.
    Text,
    /// `bool`.
    Flag,
    /// Another message, by name.
    Message(String),
    /// Something no event has yet, by its protobuf name.
    Other(String),
}

/// Every message, in the order of the files and within them.
///
/// # Errors
/// The files cannot be read.
pub fn messages() -> Result<Vec<Message>, ProtoError> {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../../proto-events/proto");
    let mut files = Vec::new();
    for entry in std::fs::read_dir(format!("{root}/parlance/v1"))? {
        files.push(format!("parlance/v1/{}", entry?.file_name().to_string_lossy()));
    }
    files.sort_unstable();
    let set = protox::compile(files, [root])?;
    Ok(set.file.iter().flat_map(of_file).collect())
}

fn of_file(file: &FileDescriptorProto) -> Vec<Message> {
    let message = |(at, message): (usize, &DescriptorProto)| Message {
        name: message.name().to_owned(),
        about: comment(file, &[4, at]),
        file: file.name().to_owned(),
        fields: message.field.iter().enumerate().map(|(n, f)| field(f, comment(file, &[4, at, 2, n]))).collect(),
    };
    file.message_type.iter().enumerate().map(message).collect()
}

fn field(field: &FieldDescriptorProto, about: String) -> Field {
    let kind = match field.r#type() {
        Type::Bytes => Kind::Id,
        Type::Int64 => Kind::Integer,
        Type::String => Kind::Text,
        Type::Bool => Kind::Flag,
        Type::Message => Kind::Message(field.type_name().rsplit('.').next().unwrap_or_default().to_owned()),
        other => Kind::Other(format!("{other:?}").to_lowercase()),
    };
    Field {
        name: field.name().to_owned(),
        number: field.number(),
        kind,
        repeated: field.label() == Label::Repeated,
        optional: field.proto3_optional(),
        about,
    }
}

/// The comment above what stands at `path`, else the one behind it, on one line.
fn comment(file: &FileDescriptorProto, path: &[usize]) -> String {
    let here = |wanted: &[i32]| wanted.iter().map(|part| usize::try_from(*part).ok()).eq(path.iter().map(|p| Some(*p)));
    let places = file.source_code_info.iter().flat_map(|info| &info.location);
    let text = places.filter(|place| here(&place.path)).find_map(|place| {
        let above = place.leading_comments.as_deref().filter(|text| !text.trim().is_empty());
        above.or(place.trailing_comments.as_deref())
    });
    text.unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" ")
}
