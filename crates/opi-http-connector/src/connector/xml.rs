//! XML as a tree: namespaces kept, no document type, no entity from outside, limits on all.

use roxmltree::{Document, Node, NodeType, ParsingOptions};
use serde_json::{Value as Json, json};

use crate::{Error, ErrorKind};

/// An element of XML.
#[derive(Clone, Debug, PartialEq)]
pub struct XmlElement {
    name: XmlName,
    attributes: Vec<(XmlName, String)>,
    content: Vec<XmlContent>,
}

/// A name with the namespace it belongs to.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct XmlName {
    /// The URI of the namespace; empty for none.
    pub namespace: String,
    /// The name without its prefix.
    pub local: String,
}

/// What stands in an element. Comments and processing instructions are left out.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq)]
pub enum XmlContent {
    /// An element.
    Element(XmlElement),
    /// Text, CDATA included; entities are resolved.
    Text(String),
}

impl XmlElement {
    /// Its name.
    #[must_use]
    pub fn name(&self) -> &XmlName {
        &self.name
    }

    /// Its attributes, in their order; declarations of namespaces are none.
    #[must_use]
    pub fn attributes(&self) -> &[(XmlName, String)] {
        &self.attributes
    }

    /// What stands in it, in its order.
    #[must_use]
    pub fn content(&self) -> &[XmlContent] {
        &self.content
    }

    /// The elements right in it that have this local name.
    pub fn elements(&self, local: &str) -> impl Iterator<Item = &Self> {
        self.content.iter().filter_map(move |content| match content {
            XmlContent::Element(element) if element.name.local == local => Some(element),
            _ => None,
        })
    }

    /// The text right in it, without that of its elements.
    #[must_use]
    pub fn text(&self) -> String {
        let texts = self.content.iter().filter_map(|content| match content {
            XmlContent::Text(text) => Some(text.as_str()),
            XmlContent::Element(_) => None,
        });
        texts.collect()
    }

    /// As JSON: `{"name", "namespace", "attributes": [{"name", "namespace", "value"}],
    /// "content": [...]}`, where a content is a text or such an object.
    #[must_use]
    pub fn to_json(&self) -> Json {
        let attributes = self.attributes.iter().map(|(name, value)| {
            json!({ "name": name.local, "namespace": name.namespace, "value": value })
        });
        let content = self.content.iter().map(|content| match content {
            XmlContent::Element(element) => element.to_json(),
            XmlContent::Text(text) => Json::String(text.clone()),
        });
        json!({
            "name": self.name.local,
            "namespace": self.name.namespace,
            "attributes": attributes.collect::<Vec<_>>(),
            "content": content.collect::<Vec<_>>(),
        })
    }
}

/// The longest XML that is read, in bytes of UTF-8: 64 MiB.
pub const MAX_XML: usize = 64 * 1024 * 1024;

/// How many elements may stand in each other.
pub const MAX_XML_DEPTH: usize = 256;

/// How many elements, texts, comments and instructions there may be.
pub const MAX_XML_NODES: u32 = 1_000_000;

/// Reads a document; the declaration's encoding does not matter, `text` is decoded already.
///
/// # Errors
///
/// Fails for text that is no well-formed XML, for a document type declaration, and past
/// [`MAX_XML`], [`MAX_XML_DEPTH`] and [`MAX_XML_NODES`].
pub fn parse_xml(text: &str) -> Result<XmlElement, Error> {
    let no_xml = || Error::new(ErrorKind::NotXml);
    if text.len() > MAX_XML {
        return Err(no_xml().detail(format!("over {MAX_XML} bytes")));
    }
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    let options = ParsingOptions { nodes_limit: MAX_XML_NODES, ..ParsingOptions::default() };
    let document = Document::parse_with_options(text, options);
    let document = document.map_err(|cause| no_xml().because(cause))?;
    element(document.root_element(), 1)
}

fn element(node: Node<'_, '_>, depth: usize) -> Result<XmlElement, Error> {
    if depth > MAX_XML_DEPTH {
        let what = format!("over {MAX_XML_DEPTH} elements stand in each other");
        return Err(Error::new(ErrorKind::NotXml).detail(what));
    }
    let attributes =
        node.attributes().map(|it| (name(it.namespace(), it.name()), it.value().to_owned()));
    let mut content = Vec::new();
    for child in node.children() {
        match child.node_type() {
            NodeType::Element => content.push(XmlContent::Element(element(child, depth + 1)?)),
            NodeType::Text => {
                content.push(XmlContent::Text(child.text().unwrap_or_default().to_owned()));
            }
            NodeType::Root | NodeType::PI | NodeType::Comment => {}
        }
    }
    let tag = node.tag_name();
    let name = name(tag.namespace(), tag.name());
    Ok(XmlElement { name, attributes: attributes.collect(), content })
}

fn name(namespace: Option<&str>, local: &str) -> XmlName {
    XmlName { namespace: namespace.unwrap_or_default().to_owned(), local: local.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A-019
    #[test]
    fn a_document_with_a_list_is_a_tree() {
        let text = "<?xml version=\"1.0\" encoding=\"utf-8\"?>
            <Document xmlns=\"http://example.org/doc\"><Id>1642606</Id><Attachments>
            <Attachment Id=\"1\"/><Attachment Id=\"2\"/></Attachments></Document>";
        let document = parse_xml(text).unwrap();
        assert_eq!(document.name().namespace, "http://example.org/doc");
        let ids: Vec<_> = document.elements("Id").map(XmlElement::text).collect();
        assert_eq!(ids, ["1642606"]);
        let attachments = document.elements("Attachments").next().unwrap();
        let ids = attachments.elements("Attachment").map(|it| it.attributes()[0].1.as_str());
        assert_eq!(ids.collect::<Vec<_>>(), ["1", "2"]);
    }

    #[test]
    fn the_order_and_the_namespaces_are_kept() {
        let text =
            "<a:r xmlns:a=\"u:a\" a:x=\"1\" y=\"&lt;2\">one<b/>two<![CDATA[<3>]]><!--no--></a:r>";
        let expected = json!({
            "name": "r", "namespace": "u:a",
            "attributes": [
                { "name": "x", "namespace": "u:a", "value": "1" },
                { "name": "y", "namespace": "", "value": "<2" },
            ],
            "content": [
                "one", { "name": "b", "namespace": "", "attributes": [], "content": [] }, "two<3>",
            ],
        });
        assert_eq!(parse_xml(text).unwrap().to_json(), expected);
    }

    #[test]
    fn nothing_comes_from_outside_and_bombs_are_refused() {
        for text in [
            "<!DOCTYPE r [<!ENTITY e SYSTEM \"file:///etc/passwd\">]><r>&e;</r>",
            "<!DOCTYPE r [<!ENTITY a \"aa\"><!ENTITY b \"&a;&a;\">]><r>&b;</r>",
            "<!DOCTYPE html><html/>",
            "<r>&unknown;</r>",
            "<r>",
            "<a></b>",
            "text",
            "",
        ] {
            assert_eq!(parse_xml(text).unwrap_err().kind(), ErrorKind::NotXml, "{text}");
        }
    }

    #[test]
    fn the_limits_are_exact() {
        let nested = |depth: usize| "<r>".repeat(depth) + &"</r>".repeat(depth);
        assert!(parse_xml(&nested(MAX_XML_DEPTH)).is_ok());
        assert_eq!(parse_xml(&nested(MAX_XML_DEPTH + 1)).unwrap_err().kind(), ErrorKind::NotXml);
        assert!(parse_xml(&nested(100_000)).is_err());
        // The root of the document and its element are nodes too.
        let many = |count: u32| format!("<r>{}</r>", "<e/>".repeat(count as usize));
        assert!(parse_xml(&many(MAX_XML_NODES - 2)).is_ok());
        assert!(parse_xml(&many(MAX_XML_NODES - 1)).is_err());
        let text = |length: usize| format!("<r>{}</r>", " ".repeat(length - 7));
        assert!(parse_xml(&text(MAX_XML)).is_ok());
        assert!(parse_xml(&text(MAX_XML + 1)).is_err());
    }
}
