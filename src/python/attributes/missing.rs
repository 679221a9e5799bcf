//! Attributes that are not there.

use super::*;

impl Interpreter {
    /// The class of the reference that has an attribute which is missing here.
    fn listed_attribute(&mut self, object: &Value, name: &str) -> Option<String> {
        if name.starts_with('_') {
            return None;
        }
        let class = match object {
            Value::Class(class) => class.clone(),
            Value::Module(_) => return None,
            other => self.class_of(other),
        };
        let registry = self.registry.clone();
        let mut classes = class.mro().filter(|class| !class.user_defined);
        classes.find_map(|class| {
            let dotted = class.dotted_name();
            let found = registry.table().find(&format!(":{dotted}"), name);
            found.map(|_| dotted)
        })
    }

    #[cold]
    pub(crate) fn no_attribute(&mut self, object: &Value, name: &str) -> Error {
        if let Some(owner) = self.listed_attribute(object, name) {
            return self.unsupported(format!("{owner}.{name} is not implemented in Limbeck"));
        }
        let message = match object {
            Value::Module(module) => format!("module '{}' has no attribute '{name}'", module.name),
            Value::Class(class) => {
                format!("type object '{}' has no attribute '{name}'", class.name())
            }
            other => format!(
                "'{}' object has no attribute '{name}'",
                self.class_of(other).name()
            ),
        };
        let class = self.classes.exception(exception::ATTRIBUTE_ERROR);
        let error = self.new_exception(&class, vec![Value::from(message)]);
        if let Some(Value::Instance(instance)) = crate::exceptions::raised_value(&error) {
            instance.attributes.set_str("name", Value::str(name));
            instance.attributes.set_str("obj", object.clone());
        }
        error
    }
}
