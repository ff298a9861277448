//! The templates that are shipped; a person's own file of the same name takes the place of one.

use super::template::Template;

/// Name and text of each.
pub const SHIPPED: [(&str, &str); 8] = [
    ("first-notice", include_str!("../../../sample-data/templates/first-notice.md")),
    ("internal", include_str!("../../../sample-data/templates/internal.md")),
    ("pipeline", include_str!("../../../sample-data/templates/pipeline.md")),
    ("executive", include_str!("../../../sample-data/templates/executive.md")),
    ("customers", include_str!("../../../sample-data/templates/customers.md")),
    ("stakeholder", include_str!("../../../sample-data/templates/stakeholder.md")),
    ("resolution", include_str!("../../../sample-data/templates/resolution.md")),
    ("can", include_str!("../../../sample-data/templates/can.md")),
];

impl Template {
    /// The shipped template of this name.
    pub fn shipped(name: &str) -> Option<Template> {
        let (name, text) = SHIPPED.iter().find(|(shipped, _)| *shipped == name)?;
        let place = format!("the shipped template {name}");
        Some(Template { name: (*name).to_owned(), text: (*text).to_owned(), place })
    }
}
