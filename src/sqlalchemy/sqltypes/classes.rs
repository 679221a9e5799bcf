//! Every type class of SQLAlchemy and of its dialects, as data: name, module, signature, bases.
//!
//! Written by `make generated` (scripts/generate/type_classes.py); change that, not this.

use super::{Default, Parameter, TypeClass};

/// `sqlalchemy.sql.type_api.TypeEngine`.
pub static GENERIC_TYPE_ENGINE: TypeClass = TypeClass {
    name: "TypeEngine",
    module: "sqlalchemy.sql.type_api",
    dialect: "",
    visit_name: "",
    affinity: None,
    mro: &[&GENERIC_TYPE_ENGINE],
    positional: &[],
    variadic: None,
    keywords: &[],
    repr_positional: &[],
    repr_variadic: None,
    repr_keywords: &[],
};

/// `sqlalchemy.sql.sqltypes.ARRAY`.
pub static ARRAY: TypeClass = TypeClass {
    name: "ARRAY",
    module: "sqlalchemy.sql.sqltypes",
    dialect: "",
    visit_name: "ARRAY",
    affinity: Some(&ARRAY),
    mro: &[&ARRAY, &GENERIC_TYPE_ENGINE],
    positional: &[
        Parameter {
            name: "item_type",
            default: Default::Required,
        },
        Parameter {
            name: "as_tuple",
            default: Default::Boolean(false),
        },
        Parameter {
            name: "dimensions",
            default: Default::None,
        },
        Parameter {
            name: "zero_indexes",
            default: Default::Boolean(false),
        },
    ],
    variadic: None,
    keywords: &[],
    repr_positional: &["item_type"],
    repr_variadic: None,
    repr_keywords: &[
        Parameter {
            name: "as_tuple",
            default: Default::Boolean(false),
        },
        Parameter {
            name: "dimensions",
            default: Default::None,
        },
        Parameter {
            name: "zero_indexes",
            default: Default::Boolean(false),
        },
    ],
};

/// `sqlalchemy.sql.sqltypes.Integer`.
pub static GENERIC_INTEGER: TypeClass = TypeClass {
    name: "Integer",
    module: "sqlalchemy.sql.sqltypes",
    dialect: "",
    visit_name: "integer",
    affinity: Some(&GENERIC_INTEGER),
    mro: &[&GENERIC_INTEGER, &GENERIC_TYPE_ENGINE],
    positional: &[],
    variadic: None,
    keywords: &[],
    repr_positional: &[],
    repr_variadic: None,
    repr_keywords: &[],
};

/// `sqlalchemy.sql.sqltypes.BigInteger`.
pub static GENERIC_BIG_INTEGER: TypeClass = TypeClass {
    name: "BigInteger",
    module: "sqlalchemy.sql.sqltypes",
    dialect: "",
    visit_name: "big_integer",
    affinity: Some(&GENERIC_INTEGER),
    mro: &[&GENERIC_BIG_INTEGER, &GENERIC_INTEGER, &GENERIC_TYPE_ENGINE],
    positional: &[],
    variadic: None,
    keywords: &[],
    repr_positional: &[],
    repr_variadic: None,
    repr_keywords: &[],
};

/// `sqlalchemy.sql.sqltypes.BIGINT`.
pub static BIGINT: TypeClass = TypeClass {
    name: "BIGINT",
    module: "sqlalchemy.sql.sqltypes",
    dialect: "",
    visit_name: "BIGINT",
    affinity: Some(&GENERIC_INTEGER),
    mro: &[
        &BIGINT,
        &GENERIC_BIG_INTEGER,
        &GENERIC_INTEGER,
        &GENERIC_TYPE_ENGINE,
    ],
    positional: &[],
    variadic: None,
    keywords: &[],
    repr_positional: &[],
    repr_variadic: None,
    repr_keywords: &[],
};

/// `sqlalchemy.sql.sqltypes._Binary`.
pub static GENERIC_BINARY: TypeClass = TypeClass {
    name: "_Binary",
    module: "sqlalchemy.sql.sqltypes",
    dialect: "",
    visit_name: "",
    affinity: Some(&GENERIC_BINARY),
    mro: &[&GENERIC_BINARY, &GENERIC_TYPE_ENGINE],
    positional: &[Parameter {
        name: "length",
        default: Default::None,
    }],
    variadic: None,
    keywords: &[],
    repr_positional: &[],
    repr_variadic: None,
    repr_keywords: &[Parameter {
        name: "length",
        default: Default::None,
    }],
};

/// `sqlalchemy.sql.sqltypes.BINARY`.
pub static BINARY: TypeClass = TypeClass {
    name: "BINARY",
    module: "sqlalchemy.sql.sqltypes",
    dialect: "",
    visit_name: "BINARY",
    affinity: Some(&GENERIC_BINARY),
    mro: &[&BINARY, &GENERIC_BINARY, &GENERIC_TYPE_ENGINE],
    positional: &[Parameter {
        name: "length",
        default: Default::None,
    }],
    variadic: None,
    keywords: &[],
    repr_positional: &[],
    repr_variadic: None,
    repr_keywords: &[Parameter {
        name: "length",
        default: Default::None,
    }],
};

/// `sqlalchemy.sql.sqltypes.LargeBinary`.
pub static GENERIC_LARGE_BINARY: TypeClass = TypeClass {
    name: "LargeBinary",
    module: "sqlalchemy.sql.sqltypes",
    dialect: "",
    visit_name: "large_binary",
    affinity: Some(&GENERIC_BINARY),
    mro: &[&GENERIC_LARGE_BINARY, &GENERIC_BINARY, &GENERIC_TYPE_ENGINE],
    positional: &[Parameter {
        name: "length",
        default: Default::None,
    }],
    variadic: None,
    keywords: &[],
    repr_positional: &[],
    repr_variadic: None,
    repr_keywords: &[Parameter {
        name: "length",
        default: Default::None,
    }],
};

/// `sqlalchemy.sql.sqltypes.BLOB`.
pub static BLOB: TypeClass = TypeClass {
    name: "BLOB",
    module: "sqlalchemy.sql.sqltypes",
    dialect: "",
    visit_name: "BLOB",
    affinity: Some(&GENERIC_BINARY),
    mro: &[
        &BLOB,
        &GENERIC_LARGE_BINARY,
        &GENERIC_BINARY,
        &GENERIC_TYPE_ENGINE,
    ],
    positional: &[Parameter {
        name: "length",
        default: Default::None,
    }],
    variadic: None,
    keywords: &[],
    repr_positional: &[],
    repr_variadic: None,
    repr_keywords: &[Parameter {
        name: "length",
        default: Default::None,
    }],
};

/// `sqlalchemy.sql.sqltypes.Boolean`.
pub static GENERIC_BOOLEAN: TypeClass = TypeClass {
    name: "Boolean",
    module: "sqlalchemy.sql.sqltypes",
    dialect: "",
    visit_name: "boolean",
    affinity: Some(&GENERIC_BOOLEAN),
    mro: &[&GENERIC_BOOLEAN, &GENERIC_TYPE_ENGINE],
    positional: &[
        Parameter {
            name: "create_constraint",
            default: Default::Boolean(false),
        },
        Parameter {
            name: "name",
            default: Default::None,
        },
    ],
    variadic: None,
    keywords: &[],
    repr_positional: &[],
    repr_variadic: None,
    repr_keywords: &[
        Parameter {
            name: "create_constraint",
            default: Default::Boolean(false),
        },
        Parameter {
            name: "name",
            default: Default::None,
        },
    ],
};

/// `sqlalchemy.sql.sqltypes.BOOLEAN`.
pub static BOOLEAN: TypeClass = TypeClass {
    name: "BOOLEAN",
    module: "sqlalchemy.sql.sqltypes",
    dialect: "",
    visit_name: "BOOLEAN",
    affinity: Some(&GENERIC_BOOLEAN),
    mro: &[&BOOLEAN, &GENERIC_BOOLEAN, &GENERIC_TYPE_ENGINE],
    positional: &[
        Parameter {
            name: "create_constraint",
            default: Default::Boolean(false),
        },
        Parameter {
            name: "name",
            default: Default::None,
        },
    ],
    variadic: None,
    keywords: &[],
    repr_positional: &[],
    repr_variadic: None,
    repr_keywords: &[
        Parameter {
            name: "create_constraint",
            default: Default::Boolean(false),
        },
        Parameter {
            name: "name",
            default: Default::None,
        },
    ],
};

/// `sqlalchemy.sql.sqltypes.String`.
pub static GENERIC_STRING: TypeClass = TypeClass {
    name: "String",
    module: "sqlalchemy.sql.sqltypes",
    dialect: "",
    visit_name: "string",
    affinity: Some(&GENERIC_STRING),
    mro: &[&GENERIC_STRING, &GENERIC_TYPE_ENGINE],
    positional: &[
        Parameter {
            name: "length",
            default: Default::None,
        },
        Parameter {
            name: "collation",
            default: Default::None,
        },
        Parameter {
            name: "collation_schema",
            default: Default::None,
        },
    ],
    variadic: None,
    keywords: &[],
    repr_positional: &[],
    repr_variadic: None,
    repr_keywords: &[
        Parameter {
            name: "length",
            default: Default::None,
        },
        Parameter {
            name: "collation",
            default: Default::None,
        },
        Parameter {
            name: "collation_schema",
            default: Default::None,
        },
    ],
};

/// `sqlalchemy.sql.sqltypes.CHAR`.
pub static CHAR: TypeClass = TypeClass {
    name: "CHAR",
    module: "sqlalchemy.sql.sqltypes",
    dialect: "",
    visit_name: "CHAR",
    affinity: Some(&GENERIC_STRING),
    mro: &[&CHAR, &GENERIC_STRING, &GENERIC_TYPE_ENGINE],
    positional: &[
        Parameter {
            name: "length",
            default: Default::None,
        },
        Parameter {
            name: "collation",
            default: Default::None,
        },
        Parameter {
            name: "collation_schema",
            default: Default::None,
        },
    ],
    variadic: None,
    keywords: &[],
    repr_positional: &[],
    repr_variadic: None,
    repr_keywords: &[
        Parameter {
            name: "length",
            default: Default::None,
        },
        Parameter {
            name: "collation",
            default: Default::None,
        },
        Parameter {
            name: "collation_schema",
            default: Default::None,
        },
    ],
};

/// `sqlalchemy.sql.sqltypes.Text`.
pub static GENERIC_TEXT: TypeClass = TypeClass {
    name: "Text",
    module: "sqlalchemy.sql.sqltypes",
    dialect: "",
    visit_name: "text",
    affinity: Some(&GENERIC_STRING),
    mro: &[&GENERIC_TEXT, &GENERIC_STRING, &GENERIC_TYPE_ENGINE],
    positional: &[
        Parameter {
            name: "length",
            default: Default::None,
        },
        Parameter {
            name: "collation",
            default: Default::None,
        },
        Parameter {
            name: "collation_schema",
            default: Default::None,
        },
    ],
    variadic: None,
    keywords: &[],
    repr_positional: &[],
    repr_variadic: None,
    repr_keywords: &[
        Parameter {
            name: "length",
            default: Default::None,
        },
        Parameter {
            name: "collation",
            default: Default::None,
        },
        Parameter {
            name: "collation_schema",
            default: Default::None,
        },
    ],
};

/// `sqlalchemy.sql.sqltypes.CLOB`.
pub static CLOB: TypeClass = TypeClass {
    name: "CLOB",
    module: "sqlalchemy.sql.sqltypes",
    dialect: "",
    visit_name: "CLOB",
    affinity: Some(&GENERIC_STRING),
    mro: &[&CLOB, &GENERIC_TEXT, &GENERIC_STRING, &GENERIC_TYPE_ENGINE],
    positional: &[
        Parameter {
            name: "length",
            default: Default::None,
        },
        Parameter {
            name: "collation",
            default: Default::None,
        },
        Parameter {
            name: "collation_schema",
            default: Default::None,
        },
    ],
    variadic: None,
    keywords: &[],
    repr_positional: &[],
    repr_variadic: None,
    repr_keywords: &[
        Parameter {
            name: "length",
            default: Default::None,
        },
        Parameter {
            name: "collation",
            default: Default::None,
        },
        Parameter {
            name: "collation_schema",
            default: Default::None,
        },
    ],
};

/// `sqlalchemy.sql.sqltypes.Date`.
pub static GENERIC_DATE: TypeClass = TypeClass {
    name: "Date",
    module: "sqlalchemy.sql.sqltypes",
    dialect: "",
    visit_name: "date",
    affinity: Some(&GENERIC_DATE),
    mro: &[&GENERIC_DATE, &GENERIC_TYPE_ENGINE],
    positional: &[],
    variadic: None,
    keywords: &[],
    repr_positional: &[],
    repr_variadic: None,
    repr_keywords: &[],
};

/// `sqlalchemy.sql.sqltypes.DATE`.
pub static DATE: TypeClass = TypeClass {
    name: "DATE",
    module: "sqlalchemy.sql.sqltypes",
    dialect: "",
    visit_name: "DATE",
    affinity: Some(&GENERIC_DATE),
    mro: &[&DATE, &GENERIC_DATE, &GENERIC_TYPE_ENGINE],
    positional: &[],
    variadic: None,
    keywords: &[],
    repr_positional: &[],
    repr_variadic: None,
    repr_keywords: &[],
};

/// `sqlalchemy.sql.sqltypes.DateTime`.
pub static GENERIC_DATE_TIME: TypeClass = TypeClass {
    name: "DateTime",
    module: "sqlalchemy.sql.sqltypes",
    dialect: "",
    visit_name: "datetime",
    affinity: Some(&GENERIC_DATE_TIME),
    mro: &[&GENERIC_DATE_TIME, &GENERIC_TYPE_ENGINE],
    positional: &[Parameter {
        name: "timezone",
        default: Default::Boolean(false),
    }],
    variadic: None,
    keywords: &[],
    repr_positional: &[],
    repr_variadic: None,
    repr_keywords: &[Parameter {
        name: "timezone",
        default: Default::Boolean(false),
    }],
};

/// `sqlalchemy.sql.sqltypes.DATETIME`.
pub static DATETIME: TypeClass = TypeClass {
    name: "DATETIME",
    module: "sqlalchemy.sql.sqltypes",
    dialect: "",
    visit_name: "DATETIME",
    affinity: Some(&GENERIC_DATE_TIME),
    mro: &[&DATETIME, &GENERIC_DATE_TIME, &GENERIC_TYPE_ENGINE],
    positional: &[Parameter {
        name: "timezone",
        default: Default::Boolean(false),
    }],
    variadic: None,
    keywords: &[],
    repr_positional: &[],
    repr_variadic: None,
    repr_keywords: &[Parameter {
        name: "timezone",
        default: Default::Boolean(false),
    }],
};

/// `sqlalchemy.sql.sqltypes.Numeric`.
pub static GENERIC_NUMERIC: TypeClass = TypeClass {
    name: "Numeric",
    module: "sqlalchemy.sql.sqltypes",
    dialect: "",
    visit_name: "numeric",
    affinity: Some(&GENERIC_NUMERIC),
    mro: &[&GENERIC_NUMERIC, &GENERIC_TYPE_ENGINE],
    positional: &[
        Parameter {
            name: "precision",
            default: Default::None,
        },
        Parameter {
            name: "scale",
            default: Default::None,
        },
        Parameter {
            name: "decimal_return_scale",
            default: Default::None,
        },
        Parameter {
            name: "asdecimal",
            default: Default::Boolean(true),
        },
    ],
    variadic: None,
    keywords: &[],
    repr_positional: &[],
    repr_variadic: None,
    repr_keywords: &[
        Parameter {
            name: "precision",
            default: Default::None,
        },
        Parameter {
            name: "scale",
            default: Default::None,
        },
        Parameter {
            name: "decimal_return_scale",
            default: Default::None,
        },
        Parameter {
            name: "asdecimal",
            default: Default::Boolean(true),
        },
    ],
};

/// `sqlalchemy.sql.sqltypes.DECIMAL`.
pub static DECIMAL: TypeClass = TypeClass {
    name: "DECIMAL",
    module: "sqlalchemy.sql.sqltypes",
    dialect: "",
    visit_name: "DECIMAL",
    affinity: Some(&GENERIC_NUMERIC),
    mro: &[&DECIMAL, &GENERIC_NUMERIC, &GENERIC_TYPE_ENGINE],
    positional: &[
        Parameter {
            name: "precision",
            default: Default::None,
        },
        Parameter {
            name: "scale",
            default: Default::None,
        },
        Parameter {
            name: "decimal_return_scale",
            default: Default::None,
        },
        Parameter {
            name: "asdecimal",
            default: Default::Boolean(true),
        },
    ],
    variadic: None,
    keywords: &[],
    repr_positional: &[],
    repr_variadic: None,
    repr_keywords: &[
        Parameter {
            name: "precision",
            default: Default::None,
        },
        Parameter {
            name: "scale",
            default: Default::None,
        },
        Parameter {
            name: "decimal_return_scale",
            default: Default::None,
        },
        Parameter {
            name: "asdecimal",
            default: Default::Boolean(true),
        },
    ],
};

/// `sqlalchemy.sql.sqltypes.Float`.
pub static GENERIC_FLOAT: TypeClass = TypeClass {
    name: "Float",
    module: "sqlalchemy.sql.sqltypes",
    dialect: "",
    visit_name: "float",
    affinity: Some(&GENERIC_FLOAT),
    mro: &[&GENERIC_FLOAT, &GENERIC_TYPE_ENGINE],
    positional: &[
        Parameter {
            name: "precision",
            default: Default::None,
        },
        Parameter {
            name: "asdecimal",
            default: Default::Boolean(false),
        },
        Parameter {
            name: "decimal_return_scale",
            default: Default::None,
        },
    ],
    variadic: None,
    keywords: &[],
    repr_positional: &[],
    repr_variadic: None,
    repr_keywords: &[
        Parameter {
            name: "precision",
            default: Default::None,
        },
        Parameter {
            name: "asdecimal",
            default: Default::Boolean(false),
        },
        Parameter {
            name: "decimal_return_scale",
            default: Default::None,
        },
    ],
};

/// `sqlalchemy.sql.sqltypes.Double`.
pub static GENERIC_DOUBLE: TypeClass = TypeClass {
    name: "Double",
    module: "sqlalchemy.sql.sqltypes",
    dialect: "",
    visit_name: "double",
    affinity: Some(&GENERIC_FLOAT),
    mro: &[&GENERIC_DOUBLE, &GENERIC_FLOAT, &GENERIC_TYPE_ENGINE],
    positional: &[
        Parameter {
            name: "precision",
            default: Default::None,
        },
        Parameter {
            name: "asdecimal",
            default: Default::Boolean(false),
        },
        Parameter {
            name: "decimal_return_scale",
            default: Default::None,
        },
    ],
    variadic: None,
    keywords: &[],
    repr_positional: &[],
    repr_variadic: None,
    repr_keywords: &[
        Parameter {
            name: "precision",
            default: Default::None,
        },
        Parameter {
            name: "asdecimal",
            default: Default::Boolean(false),
        },
        Parameter {
            name: "decimal_return_scale",
            default: Default::None,
        },
    ],
};

/// `sqlalchemy.sql.sqltypes.DOUBLE`.
pub static DOUBLE: TypeClass = TypeClass {
    name: "DOUBLE",
    module: "sqlalchemy.sql.sqltypes",
    dialect: "",
    visit_name: "DOUBLE",
    affinity: Some(&GENERIC_FLOAT),
    mro: &[
        &DOUBLE,
        &GENERIC_DOUBLE,
        &GENERIC_FLOAT,
        &GENERIC_TYPE_ENGINE,
    ],
    positional: &[
        Parameter {
            name: "precision",
            default: Default::None,
        },
        Parameter {
            name: "asdecimal",
            default: Default::Boolean(false),
        },
        Parameter {
            name: "decimal_return_scale",
            default: Default::None,
        },
    ],
    variadic: None,
    keywords: &[],
    repr_positional: &[],
    repr_variadic: None,
    repr_keywords: &[
        Parameter {
            name: "precision",
            default: Default::None,
        },
        Parameter {
            name: "asdecimal",
            default: Default::Boolean(false),
        },
        Parameter {
            name: "decimal_return_scale",
            default: Default::None,
        },
    ],
};

/// `sqlalchemy.sql.sqltypes.DOUBLE_PRECISION`.
pub static DOUBLE_PRECISION: TypeClass = TypeClass {
    name: "DOUBLE_PRECISION",
    module: "sqlalchemy.sql.sqltypes",
    dialect: "",
    visit_name: "DOUBLE_PRECISION",
    affinity: Some(&GENERIC_FLOAT),
    mro: &[
        &DOUBLE_PRECISION,
        &GENERIC_DOUBLE,
        &GENERIC_FLOAT,
        &GENERIC_TYPE_ENGINE,
    ],
    positional: &[
        Parameter {
            name: "precision",
            default: Default::None,
        },
        Parameter {
            name: "asdecimal",
            default: Default::Boolean(false),
        },
        Parameter {
            name: "decimal_return_scale",
            default: Default::None,
        },
    ],
    variadic: None,
    keywords: &[],
    repr_positional: &[],
    repr_variadic: None,
    repr_keywords: &[
        Parameter {
            name: "precision",
            default: Default::None,
        },
        Parameter {
            name: "asdecimal",
            default: Default::Boolean(false),
        },
        Parameter {
            name: "decimal_return_scale",
            default: Default::None,
        },
    ],
};

/// `sqlalchemy.sql.sqltypes.Enum`.
pub static GENERIC_ENUM: TypeClass = TypeClass {
    name: "Enum",
    module: "sqlalchemy.sql.sqltypes",
    dialect: "",
    visit_name: "enum",
    affinity: Some(&GENERIC_STRING),
    mro: &[&GENERIC_ENUM, &GENERIC_STRING, &GENERIC_TYPE_ENGINE],
    positional: &[],
    variadic: Some("enums"),
    keywords: &[
        Parameter {
            name: "name",
            default: Default::None,
        },
        Parameter {
            name: "native_enum",
            default: Default::Boolean(true),
        },
        Parameter {
            name: "create_constraint",
            default: Default::Boolean(false),
        },
        Parameter {
            name: "values_callable",
            default: Default::None,
        },
        Parameter {
            name: "sort_key_function",
            default: Default::None,
        },
        Parameter {
            name: "length",
            default: Default::None,
        },
        Parameter {
            name: "omit_aliases",
            default: Default::Boolean(true),
        },
        Parameter {
            name: "validate_strings",
            default: Default::Boolean(false),
        },
        Parameter {
            name: "schema",
            default: Default::None,
        },
        Parameter {
            name: "metadata",
            default: Default::None,
        },
        Parameter {
            name: "inherit_schema",
            default: Default::None,
        },
        Parameter {
            name: "quote",
            default: Default::None,
        },
        Parameter {
            name: "collation",
            default: Default::None,
        },
    ],
    repr_positional: &[],
    repr_variadic: Some("enums"),
    repr_keywords: &[
        Parameter {
            name: "name",
            default: Default::None,
        },
        Parameter {
            name: "quote",
            default: Default::None,
        },
        Parameter {
            name: "create_type",
            default: Default::Boolean(true),
        },
        Parameter {
            name: "native_enum",
            default: Default::Boolean(true),
        },
        Parameter {
            name: "create_constraint",
            default: Default::Boolean(false),
        },
        Parameter {
            name: "length",
            default: Default::Required,
        },
        Parameter {
            name: "schema",
            default: Default::None,
        },
    ],
};

/// `sqlalchemy.sql.sqltypes.FLOAT`.
pub static FLOAT: TypeClass = TypeClass {
    name: "FLOAT",
    module: "sqlalchemy.sql.sqltypes",
    dialect: "",
    visit_name: "FLOAT",
    affinity: Some(&GENERIC_FLOAT),
    mro: &[&FLOAT, &GENERIC_FLOAT, &GENERIC_TYPE_ENGINE],
    positional: &[
        Parameter {
            name: "precision",
            default: Default::None,
        },
        Parameter {
            name: "asdecimal",
            default: Default::Boolean(false),
        },
        Parameter {
            name: "decimal_return_scale",
            default: Default::None,
        },
    ],
    variadic: None,
    keywords: &[],
    repr_positional: &[],
    repr_variadic: None,
    repr_keywords: &[
        Parameter {
            name: "precision",
            default: Default::None,
        },
        Parameter {
            name: "asdecimal",
            default: Default::Boolean(false),
        },
        Parameter {
            name: "decimal_return_scale",
            default: Default::None,
        },
    ],
};

/// `sqlalchemy.sql.sqltypes.INTEGER`.
pub static INTEGER: TypeClass = TypeClass {
    name: "INTEGER",
    module: "sqlalchemy.sql.sqltypes",
    dialect: "",
    visit_name: "INTEGER",
    affinity: Some(&GENERIC_INTEGER),
    mro: &[&INTEGER, &GENERIC_INTEGER, &GENERIC_TYPE_ENGINE],
    positional: &[],
    variadic: None,
    keywords: &[],
    repr_positional: &[],
    repr_variadic: None,
    repr_keywords: &[],
};

/// `sqlalchemy.sql.type_api.TypeDecorator`.
pub static GENERIC_TYPE_DECORATOR: TypeClass = TypeClass {
    name: "TypeDecorator",
    module: "sqlalchemy.sql.type_api",
    dialect: "",
    visit_name: "type_decorator",
    affinity: None,
    mro: &[&GENERIC_TYPE_DECORATOR, &GENERIC_TYPE_ENGINE],
    positional: &[],
    variadic: None,
    keywords: &[],
    repr_positional: &[],
    repr_variadic: None,
    repr_keywords: &[],
};

/// `sqlalchemy.sql.sqltypes._AbstractInterval`.
pub static GENERIC_ABSTRACT_INTERVAL: TypeClass = TypeClass {
    name: "_AbstractInterval",
    module: "sqlalchemy.sql.sqltypes",
    dialect: "",
    visit_name: "",
    affinity: Some(&GENERIC_INTERVAL),
    mro: &[&GENERIC_ABSTRACT_INTERVAL, &GENERIC_TYPE_ENGINE],
    positional: &[],
    variadic: None,
    keywords: &[],
    repr_positional: &[],
    repr_variadic: None,
    repr_keywords: &[],
};

/// `sqlalchemy.sql.sqltypes.Interval`.
pub static GENERIC_INTERVAL: TypeClass = TypeClass {
    name: "Interval",
    module: "sqlalchemy.sql.sqltypes",
    dialect: "",
    visit_name: "type_decorator",
    affinity: Some(&GENERIC_INTERVAL),
    mro: &[
        &GENERIC_INTERVAL,
        &GENERIC_ABSTRACT_INTERVAL,
        &GENERIC_TYPE_DECORATOR,
        &GENERIC_TYPE_ENGINE,
    ],
    positional: &[
        Parameter {
            name: "native",
            default: Default::Boolean(true),
        },
        Parameter {
            name: "second_precision",
            default: Default::None,
        },
        Parameter {
            name: "day_precision",
            default: Default::None,
        },
    ],
    variadic: None,
    keywords: &[],
    repr_positional: &[],
    repr_variadic: None,
    repr_keywords: &[
        Parameter {
            name: "native",
            default: Default::Boolean(true),
        },
        Parameter {
            name: "second_precision",
            default: Default::None,
        },
        Parameter {
            name: "day_precision",
            default: Default::None,
        },
    ],
};

/// `sqlalchemy.sql.sqltypes.JSON`.
pub static JSON: TypeClass = TypeClass {
    name: "JSON",
    module: "sqlalchemy.sql.sqltypes",
    dialect: "",
    visit_name: "JSON",
    affinity: Some(&JSON),
    mro: &[&JSON, &GENERIC_TYPE_ENGINE],
    positional: &[Parameter {
        name: "none_as_null",
        default: Default::Boolean(false),
    }],
    variadic: None,
    keywords: &[],
    repr_positional: &[],
    repr_variadic: None,
    repr_keywords: &[Parameter {
        name: "none_as_null",
        default: Default::Boolean(false),
    }],
};

/// `sqlalchemy.sql.sqltypes.Unicode`.
pub static GENERIC_UNICODE: TypeClass = TypeClass {
    name: "Unicode",
    module: "sqlalchemy.sql.sqltypes",
    dialect: "",
    visit_name: "unicode",
    affinity: Some(&GENERIC_STRING),
    mro: &[&GENERIC_UNICODE, &GENERIC_STRING, &GENERIC_TYPE_ENGINE],
    positional: &[
        Parameter {
            name: "length",
            default: Default::None,
        },
        Parameter {
            name: "collation",
            default: Default::None,
        },
        Parameter {
            name: "collation_schema",
            default: Default::None,
        },
    ],
    variadic: None,
    keywords: &[],
    repr_positional: &[],
    repr_variadic: None,
    repr_keywords: &[
        Parameter {
            name: "length",
            default: Default::None,
        },
        Parameter {
            name: "collation",
            default: Default::None,
        },
        Parameter {
            name: "collation_schema",
            default: Default::None,
        },
    ],
};

/// `sqlalchemy.sql.sqltypes.NCHAR`.
pub static NCHAR: TypeClass = TypeClass {
    name: "NCHAR",
    module: "sqlalchemy.sql.sqltypes",
    dialect: "",
    visit_name: "NCHAR",
    affinity: Some(&GENERIC_STRING),
    mro: &[
        &NCHAR,
        &GENERIC_UNICODE,
        &GENERIC_STRING,
        &GENERIC_TYPE_ENGINE,
    ],
    positional: &[
        Parameter {
            name: "length",
            default: Default::None,
        },
        Parameter {
            name: "collation",
            default: Default::None,
        },
        Parameter {
            name: "collation_schema",
            default: Default::None,
        },
    ],
    variadic: None,
    keywords: &[],
    repr_positional: &[],
    repr_variadic: None,
    repr_keywords: &[
        Parameter {
            name: "length",
            default: Default::None,
        },
        Parameter {
            name: "collation",
            default: Default::None,
        },
        Parameter {
            name: "collation_schema",
            default: Default::None,
        },
    ],
};

/// `sqlalchemy.sql.sqltypes.NUMERIC`.
pub static NUMERIC: TypeClass = TypeClass {
    name: "NUMERIC",
    module: "sqlalchemy.sql.sqltypes",
    dialect: "",
    visit_name: "NUMERIC",
    affinity: Some(&GENERIC_NUMERIC),
    mro: &[&NUMERIC, &GENERIC_NUMERIC, &GENERIC_TYPE_ENGINE],
    positional: &[
        Parameter {
            name: "precision",
            default: Default::None,
        },
        Parameter {
            name: "scale",
            default: Default::None,
        },
        Parameter {
            name: "decimal_return_scale",
            default: Default::None,
        },
        Parameter {
            name: "asdecimal",
            default: Default::Boolean(true),
        },
    ],
    variadic: None,
    keywords: &[],
    repr_positional: &[],
    repr_variadic: None,
    repr_keywords: &[
        Parameter {
            name: "precision",
            default: Default::None,
        },
        Parameter {
            name: "scale",
            default: Default::None,
        },
        Parameter {
            name: "decimal_return_scale",
            default: Default::None,
        },
        Parameter {
            name: "asdecimal",
            default: Default::Boolean(true),
        },
    ],
};

/// `sqlalchemy.sql.sqltypes.NVARCHAR`.
pub static NVARCHAR: TypeClass = TypeClass {
    name: "NVARCHAR",
    module: "sqlalchemy.sql.sqltypes",
    dialect: "",
    visit_name: "NVARCHAR",
    affinity: Some(&GENERIC_STRING),
    mro: &[
        &NVARCHAR,
        &GENERIC_UNICODE,
        &GENERIC_STRING,
        &GENERIC_TYPE_ENGINE,
    ],
    positional: &[
        Parameter {
            name: "length",
            default: Default::None,
        },
        Parameter {
            name: "collation",
            default: Default::None,
        },
        Parameter {
            name: "collation_schema",
            default: Default::None,
        },
    ],
    variadic: None,
    keywords: &[],
    repr_positional: &[],
    repr_variadic: None,
    repr_keywords: &[
        Parameter {
            name: "length",
            default: Default::None,
        },
        Parameter {
            name: "collation",
            default: Default::None,
        },
        Parameter {
            name: "collation_schema",
            default: Default::None,
        },
    ],
};

/// `sqlalchemy.sql.sqltypes.PickleType`.
pub static GENERIC_PICKLE_TYPE: TypeClass = TypeClass {
    name: "PickleType",
    module: "sqlalchemy.sql.sqltypes",
    dialect: "",
    visit_name: "type_decorator",
    affinity: Some(&GENERIC_BINARY),
    mro: &[
        &GENERIC_PICKLE_TYPE,
        &GENERIC_TYPE_DECORATOR,
        &GENERIC_TYPE_ENGINE,
    ],
    positional: &[
        Parameter {
            name: "protocol",
            default: Default::Integer(5),
        },
        Parameter {
            name: "pickler",
            default: Default::None,
        },
        Parameter {
            name: "comparator",
            default: Default::None,
        },
        Parameter {
            name: "impl",
            default: Default::None,
        },
    ],
    variadic: None,
    keywords: &[],
    repr_positional: &[],
    repr_variadic: None,
    repr_keywords: &[
        Parameter {
            name: "protocol",
            default: Default::Integer(5),
        },
        Parameter {
            name: "pickler",
            default: Default::None,
        },
        Parameter {
            name: "comparator",
            default: Default::None,
        },
        Parameter {
            name: "impl",
            default: Default::None,
        },
    ],
};

/// `sqlalchemy.sql.sqltypes.REAL`.
pub static REAL: TypeClass = TypeClass {
    name: "REAL",
    module: "sqlalchemy.sql.sqltypes",
    dialect: "",
    visit_name: "REAL",
    affinity: Some(&GENERIC_FLOAT),
    mro: &[&REAL, &GENERIC_FLOAT, &GENERIC_TYPE_ENGINE],
    positional: &[
        Parameter {
            name: "precision",
            default: Default::None,
        },
        Parameter {
            name: "asdecimal",
            default: Default::Boolean(false),
        },
        Parameter {
            name: "decimal_return_scale",
            default: Default::None,
        },
    ],
    variadic: None,
    keywords: &[],
    repr_positional: &[],
    repr_variadic: None,
    repr_keywords: &[
        Parameter {
            name: "precision",
            default: Default::None,
        },
        Parameter {
            name: "asdecimal",
            default: Default::Boolean(false),
        },
        Parameter {
            name: "decimal_return_scale",
            default: Default::None,
        },
    ],
};

/// `sqlalchemy.sql.sqltypes.SmallInteger`.
pub static GENERIC_SMALL_INTEGER: TypeClass = TypeClass {
    name: "SmallInteger",
    module: "sqlalchemy.sql.sqltypes",
    dialect: "",
    visit_name: "small_integer",
    affinity: Some(&GENERIC_INTEGER),
    mro: &[
        &GENERIC_SMALL_INTEGER,
        &GENERIC_INTEGER,
        &GENERIC_TYPE_ENGINE,
    ],
    positional: &[],
    variadic: None,
    keywords: &[],
    repr_positional: &[],
    repr_variadic: None,
    repr_keywords: &[],
};

/// `sqlalchemy.sql.sqltypes.SMALLINT`.
pub static SMALLINT: TypeClass = TypeClass {
    name: "SMALLINT",
    module: "sqlalchemy.sql.sqltypes",
    dialect: "",
    visit_name: "SMALLINT",
    affinity: Some(&GENERIC_INTEGER),
    mro: &[
        &SMALLINT,
        &GENERIC_SMALL_INTEGER,
        &GENERIC_INTEGER,
        &GENERIC_TYPE_ENGINE,
    ],
    positional: &[],
    variadic: None,
    keywords: &[],
    repr_positional: &[],
    repr_variadic: None,
    repr_keywords: &[],
};

/// `sqlalchemy.sql.sqltypes.TEXT`.
pub static TEXT: TypeClass = TypeClass {
    name: "TEXT",
    module: "sqlalchemy.sql.sqltypes",
    dialect: "",
    visit_name: "TEXT",
    affinity: Some(&GENERIC_STRING),
    mro: &[&TEXT, &GENERIC_TEXT, &GENERIC_STRING, &GENERIC_TYPE_ENGINE],
    positional: &[
        Parameter {
            name: "length",
            default: Default::None,
        },
        Parameter {
            name: "collation",
            default: Default::None,
        },
        Parameter {
            name: "collation_schema",
            default: Default::None,
        },
    ],
    variadic: None,
    keywords: &[],
    repr_positional: &[],
    repr_variadic: None,
    repr_keywords: &[
        Parameter {
            name: "length",
            default: Default::None,
        },
        Parameter {
            name: "collation",
            default: Default::None,
        },
        Parameter {
            name: "collation_schema",
            default: Default::None,
        },
    ],
};

/// `sqlalchemy.sql.sqltypes.Time`.
pub static GENERIC_TIME: TypeClass = TypeClass {
    name: "Time",
    module: "sqlalchemy.sql.sqltypes",
    dialect: "",
    visit_name: "time",
    affinity: Some(&GENERIC_TIME),
    mro: &[&GENERIC_TIME, &GENERIC_TYPE_ENGINE],
    positional: &[Parameter {
        name: "timezone",
        default: Default::Boolean(false),
    }],
    variadic: None,
    keywords: &[],
    repr_positional: &[],
    repr_variadic: None,
    repr_keywords: &[Parameter {
        name: "timezone",
        default: Default::Boolean(false),
    }],
};

/// `sqlalchemy.sql.sqltypes.TIME`.
pub static TIME: TypeClass = TypeClass {
    name: "TIME",
    module: "sqlalchemy.sql.sqltypes",
    dialect: "",
    visit_name: "TIME",
    affinity: Some(&GENERIC_TIME),
    mro: &[&TIME, &GENERIC_TIME, &GENERIC_TYPE_ENGINE],
    positional: &[Parameter {
        name: "timezone",
        default: Default::Boolean(false),
    }],
    variadic: None,
    keywords: &[],
    repr_positional: &[],
    repr_variadic: None,
    repr_keywords: &[Parameter {
        name: "timezone",
        default: Default::Boolean(false),
    }],
};

/// `sqlalchemy.sql.sqltypes.TIMESTAMP`.
pub static TIMESTAMP: TypeClass = TypeClass {
    name: "TIMESTAMP",
    module: "sqlalchemy.sql.sqltypes",
    dialect: "",
    visit_name: "TIMESTAMP",
    affinity: Some(&GENERIC_DATE_TIME),
    mro: &[&TIMESTAMP, &GENERIC_DATE_TIME, &GENERIC_TYPE_ENGINE],
    positional: &[Parameter {
        name: "timezone",
        default: Default::Boolean(false),
    }],
    variadic: None,
    keywords: &[],
    repr_positional: &[],
    repr_variadic: None,
    repr_keywords: &[Parameter {
        name: "timezone",
        default: Default::Boolean(false),
    }],
};

/// `sqlalchemy.sql.sqltypes.TupleType`.
pub static GENERIC_TUPLE_TYPE: TypeClass = TypeClass {
    name: "TupleType",
    module: "sqlalchemy.sql.sqltypes",
    dialect: "",
    visit_name: "",
    affinity: Some(&GENERIC_TUPLE_TYPE),
    mro: &[&GENERIC_TUPLE_TYPE, &GENERIC_TYPE_ENGINE],
    positional: &[],
    variadic: Some("types"),
    keywords: &[],
    repr_positional: &[],
    repr_variadic: Some("types"),
    repr_keywords: &[],
};

/// `sqlalchemy.sql.sqltypes.Uuid`.
pub static GENERIC_UUID: TypeClass = TypeClass {
    name: "Uuid",
    module: "sqlalchemy.sql.sqltypes",
    dialect: "",
    visit_name: "uuid",
    affinity: Some(&GENERIC_UUID),
    mro: &[&GENERIC_UUID, &GENERIC_TYPE_ENGINE],
    positional: &[
        Parameter {
            name: "as_uuid",
            default: Default::Boolean(true),
        },
        Parameter {
            name: "native_uuid",
            default: Default::Boolean(true),
        },
    ],
    variadic: None,
    keywords: &[],
    repr_positional: &[],
    repr_variadic: None,
    repr_keywords: &[
        Parameter {
            name: "as_uuid",
            default: Default::Boolean(true),
        },
        Parameter {
            name: "native_uuid",
            default: Default::Boolean(true),
        },
    ],
};

/// `sqlalchemy.sql.sqltypes.UUID`.
pub static UUID: TypeClass = TypeClass {
    name: "UUID",
    module: "sqlalchemy.sql.sqltypes",
    dialect: "",
    visit_name: "UUID",
    affinity: Some(&GENERIC_UUID),
    mro: &[&UUID, &GENERIC_UUID, &GENERIC_TYPE_ENGINE],
    positional: &[Parameter {
        name: "as_uuid",
        default: Default::Boolean(true),
    }],
    variadic: None,
    keywords: &[],
    repr_positional: &[],
    repr_variadic: None,
    repr_keywords: &[Parameter {
        name: "as_uuid",
        default: Default::Boolean(true),
    }],
};

/// `sqlalchemy.sql.sqltypes.UnicodeText`.
pub static GENERIC_UNICODE_TEXT: TypeClass = TypeClass {
    name: "UnicodeText",
    module: "sqlalchemy.sql.sqltypes",
    dialect: "",
    visit_name: "unicode_text",
    affinity: Some(&GENERIC_STRING),
    mro: &[
        &GENERIC_UNICODE_TEXT,
        &GENERIC_TEXT,
        &GENERIC_STRING,
        &GENERIC_TYPE_ENGINE,
    ],
    positional: &[
        Parameter {
            name: "length",
            default: Default::None,
        },
        Parameter {
            name: "collation",
            default: Default::None,
        },
        Parameter {
            name: "collation_schema",
            default: Default::None,
        },
    ],
    variadic: None,
    keywords: &[],
    repr_positional: &[],
    repr_variadic: None,
    repr_keywords: &[
        Parameter {
            name: "length",
            default: Default::None,
        },
        Parameter {
            name: "collation",
            default: Default::None,
        },
        Parameter {
            name: "collation_schema",
            default: Default::None,
        },
    ],
};

/// `sqlalchemy.sql.sqltypes.VARBINARY`.
pub static VARBINARY: TypeClass = TypeClass {
    name: "VARBINARY",
    module: "sqlalchemy.sql.sqltypes",
    dialect: "",
    visit_name: "VARBINARY",
    affinity: Some(&GENERIC_BINARY),
    mro: &[&VARBINARY, &GENERIC_BINARY, &GENERIC_TYPE_ENGINE],
    positional: &[Parameter {
        name: "length",
        default: Default::None,
    }],
    variadic: None,
    keywords: &[],
    repr_positional: &[],
    repr_variadic: None,
    repr_keywords: &[Parameter {
        name: "length",
        default: Default::None,
    }],
};

/// `sqlalchemy.sql.sqltypes.VARCHAR`.
pub static VARCHAR: TypeClass = TypeClass {
    name: "VARCHAR",
    module: "sqlalchemy.sql.sqltypes",
    dialect: "",
    visit_name: "VARCHAR",
    affinity: Some(&GENERIC_STRING),
    mro: &[&VARCHAR, &GENERIC_STRING, &GENERIC_TYPE_ENGINE],
    positional: &[
        Parameter {
            name: "length",
            default: Default::None,
        },
        Parameter {
            name: "collation",
            default: Default::None,
        },
        Parameter {
            name: "collation_schema",
            default: Default::None,
        },
    ],
    variadic: None,
    keywords: &[],
    repr_positional: &[],
    repr_variadic: None,
    repr_keywords: &[
        Parameter {
            name: "length",
            default: Default::None,
        },
        Parameter {
            name: "collation",
            default: Default::None,
        },
        Parameter {
            name: "collation_schema",
            default: Default::None,
        },
    ],
};

/// `sqlalchemy.sql.sqltypes.MatchType`.
pub static GENERIC_MATCH_TYPE: TypeClass = TypeClass {
    name: "MatchType",
    module: "sqlalchemy.sql.sqltypes",
    dialect: "",
    visit_name: "boolean",
    affinity: Some(&GENERIC_BOOLEAN),
    mro: &[&GENERIC_MATCH_TYPE, &GENERIC_BOOLEAN, &GENERIC_TYPE_ENGINE],
    positional: &[
        Parameter {
            name: "create_constraint",
            default: Default::Boolean(false),
        },
        Parameter {
            name: "name",
            default: Default::None,
        },
    ],
    variadic: None,
    keywords: &[],
    repr_positional: &[],
    repr_variadic: None,
    repr_keywords: &[
        Parameter {
            name: "create_constraint",
            default: Default::Boolean(false),
        },
        Parameter {
            name: "name",
            default: Default::None,
        },
    ],
};

/// `sqlalchemy.sql.sqltypes.NullType`.
pub static GENERIC_NULL_TYPE: TypeClass = TypeClass {
    name: "NullType",
    module: "sqlalchemy.sql.sqltypes",
    dialect: "",
    visit_name: "null",
    affinity: Some(&GENERIC_NULL_TYPE),
    mro: &[&GENERIC_NULL_TYPE, &GENERIC_TYPE_ENGINE],
    positional: &[],
    variadic: None,
    keywords: &[],
    repr_positional: &[],
    repr_variadic: None,
    repr_keywords: &[],
};

/// `sqlalchemy.sql.sqltypes.TableValueType`.
pub static GENERIC_TABLE_VALUE_TYPE: TypeClass = TypeClass {
    name: "TableValueType",
    module: "sqlalchemy.sql.sqltypes",
    dialect: "",
    visit_name: "",
    affinity: Some(&GENERIC_TABLE_VALUE_TYPE),
    mro: &[&GENERIC_TABLE_VALUE_TYPE, &GENERIC_TYPE_ENGINE],
    positional: &[],
    variadic: Some("elements"),
    keywords: &[],
    repr_positional: &[],
    repr_variadic: Some("elements"),
    repr_keywords: &[],
};

/// `sqlalchemy.sql.type_api.UserDefinedType`.
pub static GENERIC_USER_DEFINED_TYPE: TypeClass = TypeClass {
    name: "UserDefinedType",
    module: "sqlalchemy.sql.type_api",
    dialect: "",
    visit_name: "user_defined",
    affinity: None,
    mro: &[&GENERIC_USER_DEFINED_TYPE, &GENERIC_TYPE_ENGINE],
    positional: &[],
    variadic: None,
    keywords: &[],
    repr_positional: &[],
    repr_variadic: None,
    repr_keywords: &[],
};

/// `sqlalchemy.dialects.sqlite.base.DATE`.
pub static SQLITE_DATE: TypeClass = TypeClass {
    name: "DATE",
    module: "sqlalchemy.dialects.sqlite.base",
    dialect: "sqlite",
    visit_name: "date",
    affinity: Some(&GENERIC_DATE),
    mro: &[&SQLITE_DATE, &GENERIC_DATE, &GENERIC_TYPE_ENGINE],
    positional: &[],
    variadic: None,
    keywords: &[
        Parameter {
            name: "storage_format",
            default: Default::None,
        },
        Parameter {
            name: "regexp",
            default: Default::None,
        },
    ],
    repr_positional: &[],
    repr_variadic: None,
    repr_keywords: &[
        Parameter {
            name: "storage_format",
            default: Default::None,
        },
        Parameter {
            name: "regexp",
            default: Default::None,
        },
    ],
};

/// `sqlalchemy.dialects.sqlite.base.DATETIME`.
pub static SQLITE_DATETIME: TypeClass = TypeClass {
    name: "DATETIME",
    module: "sqlalchemy.dialects.sqlite.base",
    dialect: "sqlite",
    visit_name: "datetime",
    affinity: Some(&GENERIC_DATE_TIME),
    mro: &[&SQLITE_DATETIME, &GENERIC_DATE_TIME, &GENERIC_TYPE_ENGINE],
    positional: &[],
    variadic: None,
    keywords: &[
        Parameter {
            name: "storage_format",
            default: Default::None,
        },
        Parameter {
            name: "regexp",
            default: Default::None,
        },
        Parameter {
            name: "truncate_microseconds",
            default: Default::Boolean(false),
        },
        Parameter {
            name: "timezone",
            default: Default::Boolean(false),
        },
    ],
    repr_positional: &[],
    repr_variadic: None,
    repr_keywords: &[],
};

/// `sqlalchemy.dialects.sqlite.json.JSON`.
pub static SQLITE_JSON: TypeClass = TypeClass {
    name: "JSON",
    module: "sqlalchemy.dialects.sqlite.json",
    dialect: "sqlite",
    visit_name: "JSON",
    affinity: Some(&JSON),
    mro: &[&SQLITE_JSON, &JSON, &GENERIC_TYPE_ENGINE],
    positional: &[Parameter {
        name: "none_as_null",
        default: Default::Boolean(false),
    }],
    variadic: None,
    keywords: &[],
    repr_positional: &[],
    repr_variadic: None,
    repr_keywords: &[Parameter {
        name: "none_as_null",
        default: Default::Boolean(false),
    }],
};

/// `sqlalchemy.dialects.sqlite.json.JSONB`.
pub static SQLITE_JSONB: TypeClass = TypeClass {
    name: "JSONB",
    module: "sqlalchemy.dialects.sqlite.json",
    dialect: "sqlite",
    visit_name: "JSONB",
    affinity: Some(&JSON),
    mro: &[&SQLITE_JSONB, &SQLITE_JSON, &JSON, &GENERIC_TYPE_ENGINE],
    positional: &[Parameter {
        name: "none_as_null",
        default: Default::Boolean(false),
    }],
    variadic: None,
    keywords: &[],
    repr_positional: &[],
    repr_variadic: None,
    repr_keywords: &[Parameter {
        name: "none_as_null",
        default: Default::Boolean(false),
    }],
};

/// `sqlalchemy.dialects.sqlite.base.TIME`.
pub static SQLITE_TIME: TypeClass = TypeClass {
    name: "TIME",
    module: "sqlalchemy.dialects.sqlite.base",
    dialect: "sqlite",
    visit_name: "time",
    affinity: Some(&GENERIC_TIME),
    mro: &[&SQLITE_TIME, &GENERIC_TIME, &GENERIC_TYPE_ENGINE],
    positional: &[],
    variadic: None,
    keywords: &[
        Parameter {
            name: "storage_format",
            default: Default::None,
        },
        Parameter {
            name: "regexp",
            default: Default::None,
        },
        Parameter {
            name: "truncate_microseconds",
            default: Default::Boolean(false),
        },
        Parameter {
            name: "timezone",
            default: Default::Boolean(false),
        },
    ],
    repr_positional: &[],
    repr_variadic: None,
    repr_keywords: &[],
};

/// `sqlalchemy.dialects.postgresql.array.ARRAY`.
pub static POSTGRESQL_ARRAY: TypeClass = TypeClass {
    name: "ARRAY",
    module: "sqlalchemy.dialects.postgresql.array",
    dialect: "postgresql",
    visit_name: "ARRAY",
    affinity: Some(&ARRAY),
    mro: &[&POSTGRESQL_ARRAY, &ARRAY, &GENERIC_TYPE_ENGINE],
    positional: &[
        Parameter {
            name: "item_type",
            default: Default::Required,
        },
        Parameter {
            name: "as_tuple",
            default: Default::Boolean(false),
        },
        Parameter {
            name: "dimensions",
            default: Default::None,
        },
        Parameter {
            name: "zero_indexes",
            default: Default::Boolean(false),
        },
    ],
    variadic: None,
    keywords: &[],
    repr_positional: &["item_type"],
    repr_variadic: None,
    repr_keywords: &[
        Parameter {
            name: "as_tuple",
            default: Default::Boolean(false),
        },
        Parameter {
            name: "dimensions",
            default: Default::None,
        },
        Parameter {
            name: "zero_indexes",
            default: Default::Boolean(false),
        },
    ],
};

/// `sqlalchemy.dialects.postgresql.ranges.AbstractRange`.
pub static POSTGRESQL_GENERIC_ABSTRACT_RANGE: TypeClass = TypeClass {
    name: "AbstractRange",
    module: "sqlalchemy.dialects.postgresql.ranges",
    dialect: "postgresql",
    visit_name: "",
    affinity: Some(&POSTGRESQL_GENERIC_ABSTRACT_RANGE),
    mro: &[&POSTGRESQL_GENERIC_ABSTRACT_RANGE, &GENERIC_TYPE_ENGINE],
    positional: &[],
    variadic: None,
    keywords: &[],
    repr_positional: &[],
    repr_variadic: None,
    repr_keywords: &[],
};

/// `sqlalchemy.dialects.postgresql.ranges.AbstractMultiRange`.
pub static POSTGRESQL_GENERIC_ABSTRACT_MULTI_RANGE: TypeClass = TypeClass {
    name: "AbstractMultiRange",
    module: "sqlalchemy.dialects.postgresql.ranges",
    dialect: "postgresql",
    visit_name: "",
    affinity: Some(&POSTGRESQL_GENERIC_ABSTRACT_RANGE),
    mro: &[
        &POSTGRESQL_GENERIC_ABSTRACT_MULTI_RANGE,
        &POSTGRESQL_GENERIC_ABSTRACT_RANGE,
        &GENERIC_TYPE_ENGINE,
    ],
    positional: &[],
    variadic: None,
    keywords: &[],
    repr_positional: &[],
    repr_variadic: None,
    repr_keywords: &[],
};

/// `sqlalchemy.dialects.postgresql.ranges.AbstractSingleRange`.
pub static POSTGRESQL_GENERIC_ABSTRACT_SINGLE_RANGE: TypeClass = TypeClass {
    name: "AbstractSingleRange",
    module: "sqlalchemy.dialects.postgresql.ranges",
    dialect: "postgresql",
    visit_name: "",
    affinity: Some(&POSTGRESQL_GENERIC_ABSTRACT_RANGE),
    mro: &[
        &POSTGRESQL_GENERIC_ABSTRACT_SINGLE_RANGE,
        &POSTGRESQL_GENERIC_ABSTRACT_RANGE,
        &GENERIC_TYPE_ENGINE,
    ],
    positional: &[],
    variadic: None,
    keywords: &[],
    repr_positional: &[],
    repr_variadic: None,
    repr_keywords: &[],
};

/// `sqlalchemy.dialects.postgresql.types.BIT`.
pub static POSTGRESQL_BIT: TypeClass = TypeClass {
    name: "BIT",
    module: "sqlalchemy.dialects.postgresql.types",
    dialect: "postgresql",
    visit_name: "BIT",
    affinity: Some(&POSTGRESQL_BIT),
    mro: &[&POSTGRESQL_BIT, &GENERIC_TYPE_ENGINE],
    positional: &[
        Parameter {
            name: "length",
            default: Default::None,
        },
        Parameter {
            name: "varying",
            default: Default::Boolean(false),
        },
    ],
    variadic: None,
    keywords: &[],
    repr_positional: &[],
    repr_variadic: None,
    repr_keywords: &[
        Parameter {
            name: "length",
            default: Default::None,
        },
        Parameter {
            name: "varying",
            default: Default::Boolean(false),
        },
    ],
};

/// `sqlalchemy.dialects.postgresql.types.BYTEA`.
pub static POSTGRESQL_BYTEA: TypeClass = TypeClass {
    name: "BYTEA",
    module: "sqlalchemy.dialects.postgresql.types",
    dialect: "postgresql",
    visit_name: "BYTEA",
    affinity: Some(&GENERIC_BINARY),
    mro: &[
        &POSTGRESQL_BYTEA,
        &GENERIC_LARGE_BINARY,
        &GENERIC_BINARY,
        &GENERIC_TYPE_ENGINE,
    ],
    positional: &[Parameter {
        name: "length",
        default: Default::None,
    }],
    variadic: None,
    keywords: &[],
    repr_positional: &[],
    repr_variadic: None,
    repr_keywords: &[Parameter {
        name: "length",
        default: Default::None,
    }],
};

/// `sqlalchemy.dialects.postgresql.types.CIDR`.
pub static POSTGRESQL_CIDR: TypeClass = TypeClass {
    name: "CIDR",
    module: "sqlalchemy.dialects.postgresql.types",
    dialect: "postgresql",
    visit_name: "CIDR",
    affinity: Some(&POSTGRESQL_CIDR),
    mro: &[&POSTGRESQL_CIDR, &GENERIC_TYPE_ENGINE],
    positional: &[],
    variadic: None,
    keywords: &[],
    repr_positional: &[],
    repr_variadic: None,
    repr_keywords: &[],
};

/// `sqlalchemy.dialects.postgresql.types.CITEXT`.
pub static POSTGRESQL_CITEXT: TypeClass = TypeClass {
    name: "CITEXT",
    module: "sqlalchemy.dialects.postgresql.types",
    dialect: "postgresql",
    visit_name: "CITEXT",
    affinity: Some(&GENERIC_STRING),
    mro: &[
        &POSTGRESQL_CITEXT,
        &TEXT,
        &GENERIC_TEXT,
        &GENERIC_STRING,
        &GENERIC_TYPE_ENGINE,
    ],
    positional: &[
        Parameter {
            name: "length",
            default: Default::None,
        },
        Parameter {
            name: "collation",
            default: Default::None,
        },
        Parameter {
            name: "collation_schema",
            default: Default::None,
        },
    ],
    variadic: None,
    keywords: &[],
    repr_positional: &[],
    repr_variadic: None,
    repr_keywords: &[
        Parameter {
            name: "length",
            default: Default::None,
        },
        Parameter {
            name: "collation",
            default: Default::None,
        },
        Parameter {
            name: "collation_schema",
            default: Default::None,
        },
    ],
};

/// `sqlalchemy.dialects.postgresql.ranges.DATEMULTIRANGE`.
pub static POSTGRESQL_DATEMULTIRANGE: TypeClass = TypeClass {
    name: "DATEMULTIRANGE",
    module: "sqlalchemy.dialects.postgresql.ranges",
    dialect: "postgresql",
    visit_name: "DATEMULTIRANGE",
    affinity: Some(&POSTGRESQL_GENERIC_ABSTRACT_RANGE),
    mro: &[
        &POSTGRESQL_DATEMULTIRANGE,
        &POSTGRESQL_GENERIC_ABSTRACT_MULTI_RANGE,
        &POSTGRESQL_GENERIC_ABSTRACT_RANGE,
        &GENERIC_TYPE_ENGINE,
    ],
    positional: &[],
    variadic: None,
    keywords: &[],
    repr_positional: &[],
    repr_variadic: None,
    repr_keywords: &[],
};

/// `sqlalchemy.dialects.postgresql.ranges.DATERANGE`.
pub static POSTGRESQL_DATERANGE: TypeClass = TypeClass {
    name: "DATERANGE",
    module: "sqlalchemy.dialects.postgresql.ranges",
    dialect: "postgresql",
    visit_name: "DATERANGE",
    affinity: Some(&POSTGRESQL_GENERIC_ABSTRACT_RANGE),
    mro: &[
        &POSTGRESQL_DATERANGE,
        &POSTGRESQL_GENERIC_ABSTRACT_SINGLE_RANGE,
        &POSTGRESQL_GENERIC_ABSTRACT_RANGE,
        &GENERIC_TYPE_ENGINE,
    ],
    positional: &[],
    variadic: None,
    keywords: &[],
    repr_positional: &[],
    repr_variadic: None,
    repr_keywords: &[],
};

/// `sqlalchemy.dialects.postgresql.named_types.NamedType`.
pub static POSTGRESQL_GENERIC_NAMED_TYPE: TypeClass = TypeClass {
    name: "NamedType",
    module: "sqlalchemy.dialects.postgresql.named_types",
    dialect: "postgresql",
    visit_name: "",
    affinity: Some(&POSTGRESQL_GENERIC_NAMED_TYPE),
    mro: &[&POSTGRESQL_GENERIC_NAMED_TYPE, &GENERIC_TYPE_ENGINE],
    positional: &[],
    variadic: None,
    keywords: &[],
    repr_positional: &[],
    repr_variadic: None,
    repr_keywords: &[],
};

/// `sqlalchemy.dialects.postgresql.named_types.DOMAIN`.
pub static POSTGRESQL_DOMAIN: TypeClass = TypeClass {
    name: "DOMAIN",
    module: "sqlalchemy.dialects.postgresql.named_types",
    dialect: "postgresql",
    visit_name: "DOMAIN",
    affinity: Some(&POSTGRESQL_GENERIC_NAMED_TYPE),
    mro: &[
        &POSTGRESQL_DOMAIN,
        &POSTGRESQL_GENERIC_NAMED_TYPE,
        &GENERIC_TYPE_ENGINE,
    ],
    positional: &[
        Parameter {
            name: "name",
            default: Default::Required,
        },
        Parameter {
            name: "data_type",
            default: Default::Required,
        },
    ],
    variadic: None,
    keywords: &[
        Parameter {
            name: "collation",
            default: Default::None,
        },
        Parameter {
            name: "collation_schema",
            default: Default::None,
        },
        Parameter {
            name: "default",
            default: Default::None,
        },
        Parameter {
            name: "constraint_name",
            default: Default::None,
        },
        Parameter {
            name: "not_null",
            default: Default::None,
        },
        Parameter {
            name: "check",
            default: Default::None,
        },
        Parameter {
            name: "create_type",
            default: Default::Boolean(true),
        },
        Parameter {
            name: "schema",
            default: Default::Other,
        },
        Parameter {
            name: "metadata",
            default: Default::None,
        },
        Parameter {
            name: "inherit_schema",
            default: Default::Boolean(false),
        },
        Parameter {
            name: "quote",
            default: Default::None,
        },
    ],
    repr_positional: &["name", "data_type"],
    repr_variadic: None,
    repr_keywords: &[],
};

/// `sqlalchemy.dialects.postgresql.named_types.ENUM`.
pub static POSTGRESQL_ENUM: TypeClass = TypeClass {
    name: "ENUM",
    module: "sqlalchemy.dialects.postgresql.named_types",
    dialect: "postgresql",
    visit_name: "enum",
    affinity: Some(&POSTGRESQL_GENERIC_NAMED_TYPE),
    mro: &[
        &POSTGRESQL_ENUM,
        &POSTGRESQL_GENERIC_NAMED_TYPE,
        &GENERIC_ENUM,
        &GENERIC_STRING,
        &GENERIC_TYPE_ENGINE,
    ],
    positional: &[],
    variadic: Some("enums"),
    keywords: &[
        Parameter {
            name: "name",
            default: Default::None,
        },
        Parameter {
            name: "native_enum",
            default: Default::Boolean(true),
        },
        Parameter {
            name: "create_constraint",
            default: Default::Boolean(false),
        },
        Parameter {
            name: "values_callable",
            default: Default::None,
        },
        Parameter {
            name: "sort_key_function",
            default: Default::None,
        },
        Parameter {
            name: "length",
            default: Default::None,
        },
        Parameter {
            name: "omit_aliases",
            default: Default::Boolean(true),
        },
        Parameter {
            name: "validate_strings",
            default: Default::Boolean(false),
        },
        Parameter {
            name: "schema",
            default: Default::None,
        },
        Parameter {
            name: "metadata",
            default: Default::None,
        },
        Parameter {
            name: "inherit_schema",
            default: Default::None,
        },
        Parameter {
            name: "quote",
            default: Default::None,
        },
        Parameter {
            name: "create_type",
            default: Default::Boolean(true),
        },
        Parameter {
            name: "collation",
            default: Default::None,
        },
    ],
    repr_positional: &[],
    repr_variadic: Some("enums"),
    repr_keywords: &[
        Parameter {
            name: "name",
            default: Default::None,
        },
        Parameter {
            name: "quote",
            default: Default::None,
        },
        Parameter {
            name: "create_type",
            default: Default::Boolean(true),
        },
        Parameter {
            name: "native_enum",
            default: Default::Boolean(true),
        },
        Parameter {
            name: "create_constraint",
            default: Default::Boolean(false),
        },
        Parameter {
            name: "length",
            default: Default::Required,
        },
        Parameter {
            name: "schema",
            default: Default::None,
        },
    ],
};

/// `sqlalchemy.dialects.postgresql.hstore.HSTORE`.
pub static POSTGRESQL_HSTORE: TypeClass = TypeClass {
    name: "HSTORE",
    module: "sqlalchemy.dialects.postgresql.hstore",
    dialect: "postgresql",
    visit_name: "HSTORE",
    affinity: Some(&POSTGRESQL_HSTORE),
    mro: &[&POSTGRESQL_HSTORE, &GENERIC_TYPE_ENGINE],
    positional: &[Parameter {
        name: "text_type",
        default: Default::None,
    }],
    variadic: None,
    keywords: &[],
    repr_positional: &[],
    repr_variadic: None,
    repr_keywords: &[Parameter {
        name: "text_type",
        default: Default::None,
    }],
};

/// `sqlalchemy.dialects.postgresql.types.INET`.
pub static POSTGRESQL_INET: TypeClass = TypeClass {
    name: "INET",
    module: "sqlalchemy.dialects.postgresql.types",
    dialect: "postgresql",
    visit_name: "INET",
    affinity: Some(&POSTGRESQL_INET),
    mro: &[&POSTGRESQL_INET, &GENERIC_TYPE_ENGINE],
    positional: &[],
    variadic: None,
    keywords: &[],
    repr_positional: &[],
    repr_variadic: None,
    repr_keywords: &[],
};

/// `sqlalchemy.dialects.postgresql.ranges.INT4MULTIRANGE`.
pub static POSTGRESQL_INT4MULTIRANGE: TypeClass = TypeClass {
    name: "INT4MULTIRANGE",
    module: "sqlalchemy.dialects.postgresql.ranges",
    dialect: "postgresql",
    visit_name: "INT4MULTIRANGE",
    affinity: Some(&POSTGRESQL_GENERIC_ABSTRACT_RANGE),
    mro: &[
        &POSTGRESQL_INT4MULTIRANGE,
        &POSTGRESQL_GENERIC_ABSTRACT_MULTI_RANGE,
        &POSTGRESQL_GENERIC_ABSTRACT_RANGE,
        &GENERIC_TYPE_ENGINE,
    ],
    positional: &[],
    variadic: None,
    keywords: &[],
    repr_positional: &[],
    repr_variadic: None,
    repr_keywords: &[],
};

/// `sqlalchemy.dialects.postgresql.ranges.INT4RANGE`.
pub static POSTGRESQL_INT4RANGE: TypeClass = TypeClass {
    name: "INT4RANGE",
    module: "sqlalchemy.dialects.postgresql.ranges",
    dialect: "postgresql",
    visit_name: "INT4RANGE",
    affinity: Some(&POSTGRESQL_GENERIC_ABSTRACT_RANGE),
    mro: &[
        &POSTGRESQL_INT4RANGE,
        &POSTGRESQL_GENERIC_ABSTRACT_SINGLE_RANGE,
        &POSTGRESQL_GENERIC_ABSTRACT_RANGE,
        &GENERIC_TYPE_ENGINE,
    ],
    positional: &[],
    variadic: None,
    keywords: &[],
    repr_positional: &[],
    repr_variadic: None,
    repr_keywords: &[],
};

/// `sqlalchemy.dialects.postgresql.ranges.INT8MULTIRANGE`.
pub static POSTGRESQL_INT8MULTIRANGE: TypeClass = TypeClass {
    name: "INT8MULTIRANGE",
    module: "sqlalchemy.dialects.postgresql.ranges",
    dialect: "postgresql",
    visit_name: "INT8MULTIRANGE",
    affinity: Some(&POSTGRESQL_GENERIC_ABSTRACT_RANGE),
    mro: &[
        &POSTGRESQL_INT8MULTIRANGE,
        &POSTGRESQL_GENERIC_ABSTRACT_MULTI_RANGE,
        &POSTGRESQL_GENERIC_ABSTRACT_RANGE,
        &GENERIC_TYPE_ENGINE,
    ],
    positional: &[],
    variadic: None,
    keywords: &[],
    repr_positional: &[],
    repr_variadic: None,
    repr_keywords: &[],
};

/// `sqlalchemy.dialects.postgresql.ranges.INT8RANGE`.
pub static POSTGRESQL_INT8RANGE: TypeClass = TypeClass {
    name: "INT8RANGE",
    module: "sqlalchemy.dialects.postgresql.ranges",
    dialect: "postgresql",
    visit_name: "INT8RANGE",
    affinity: Some(&POSTGRESQL_GENERIC_ABSTRACT_RANGE),
    mro: &[
        &POSTGRESQL_INT8RANGE,
        &POSTGRESQL_GENERIC_ABSTRACT_SINGLE_RANGE,
        &POSTGRESQL_GENERIC_ABSTRACT_RANGE,
        &GENERIC_TYPE_ENGINE,
    ],
    positional: &[],
    variadic: None,
    keywords: &[],
    repr_positional: &[],
    repr_variadic: None,
    repr_keywords: &[],
};

/// `sqlalchemy.dialects.postgresql.types.INTERVAL`.
pub static POSTGRESQL_INTERVAL: TypeClass = TypeClass {
    name: "INTERVAL",
    module: "sqlalchemy.dialects.postgresql.types",
    dialect: "postgresql",
    visit_name: "INTERVAL",
    affinity: Some(&GENERIC_INTERVAL),
    mro: &[
        &POSTGRESQL_INTERVAL,
        &GENERIC_ABSTRACT_INTERVAL,
        &GENERIC_TYPE_ENGINE,
    ],
    positional: &[
        Parameter {
            name: "precision",
            default: Default::None,
        },
        Parameter {
            name: "fields",
            default: Default::None,
        },
    ],
    variadic: None,
    keywords: &[],
    repr_positional: &[],
    repr_variadic: None,
    repr_keywords: &[
        Parameter {
            name: "precision",
            default: Default::None,
        },
        Parameter {
            name: "fields",
            default: Default::None,
        },
    ],
};

/// `sqlalchemy.dialects.postgresql.json.JSON`.
pub static POSTGRESQL_JSON: TypeClass = TypeClass {
    name: "JSON",
    module: "sqlalchemy.dialects.postgresql.json",
    dialect: "postgresql",
    visit_name: "JSON",
    affinity: Some(&JSON),
    mro: &[&POSTGRESQL_JSON, &JSON, &GENERIC_TYPE_ENGINE],
    positional: &[
        Parameter {
            name: "none_as_null",
            default: Default::Boolean(false),
        },
        Parameter {
            name: "astext_type",
            default: Default::None,
        },
    ],
    variadic: None,
    keywords: &[],
    repr_positional: &[],
    repr_variadic: None,
    repr_keywords: &[
        Parameter {
            name: "none_as_null",
            default: Default::Boolean(false),
        },
        Parameter {
            name: "astext_type",
            default: Default::None,
        },
    ],
};

/// `sqlalchemy.dialects.postgresql.json.JSONB`.
pub static POSTGRESQL_JSONB: TypeClass = TypeClass {
    name: "JSONB",
    module: "sqlalchemy.dialects.postgresql.json",
    dialect: "postgresql",
    visit_name: "JSONB",
    affinity: Some(&JSON),
    mro: &[
        &POSTGRESQL_JSONB,
        &POSTGRESQL_JSON,
        &JSON,
        &GENERIC_TYPE_ENGINE,
    ],
    positional: &[
        Parameter {
            name: "none_as_null",
            default: Default::Boolean(false),
        },
        Parameter {
            name: "astext_type",
            default: Default::None,
        },
    ],
    variadic: None,
    keywords: &[],
    repr_positional: &[],
    repr_variadic: None,
    repr_keywords: &[
        Parameter {
            name: "none_as_null",
            default: Default::Boolean(false),
        },
        Parameter {
            name: "astext_type",
            default: Default::None,
        },
    ],
};

/// `sqlalchemy.sql.sqltypes.JSONElementType`.
pub static GENERIC_JSONELEMENT_TYPE: TypeClass = TypeClass {
    name: "JSONElementType",
    module: "sqlalchemy.sql.sqltypes",
    dialect: "",
    visit_name: "",
    affinity: Some(&GENERIC_JSONELEMENT_TYPE),
    mro: &[&GENERIC_JSONELEMENT_TYPE, &GENERIC_TYPE_ENGINE],
    positional: &[],
    variadic: None,
    keywords: &[],
    repr_positional: &[],
    repr_variadic: None,
    repr_keywords: &[],
};

/// `sqlalchemy.sql.sqltypes.JSONPathType`.
pub static GENERIC_JSON_PATH_TYPE: TypeClass = TypeClass {
    name: "JSONPathType",
    module: "sqlalchemy.sql.sqltypes",
    dialect: "",
    visit_name: "json_path",
    affinity: Some(&GENERIC_JSONELEMENT_TYPE),
    mro: &[
        &GENERIC_JSON_PATH_TYPE,
        &GENERIC_JSONELEMENT_TYPE,
        &GENERIC_TYPE_ENGINE,
    ],
    positional: &[],
    variadic: None,
    keywords: &[],
    repr_positional: &[],
    repr_variadic: None,
    repr_keywords: &[],
};

/// `sqlalchemy.dialects.postgresql.json.JSONPathType`.
pub static POSTGRESQL_GENERIC_JSON_PATH_TYPE: TypeClass = TypeClass {
    name: "JSONPathType",
    module: "sqlalchemy.dialects.postgresql.json",
    dialect: "postgresql",
    visit_name: "json_path",
    affinity: Some(&GENERIC_JSONELEMENT_TYPE),
    mro: &[
        &POSTGRESQL_GENERIC_JSON_PATH_TYPE,
        &GENERIC_JSON_PATH_TYPE,
        &GENERIC_JSONELEMENT_TYPE,
        &GENERIC_TYPE_ENGINE,
    ],
    positional: &[],
    variadic: None,
    keywords: &[],
    repr_positional: &[],
    repr_variadic: None,
    repr_keywords: &[],
};

/// `sqlalchemy.dialects.postgresql.json.JSONPATH`.
pub static POSTGRESQL_JSONPATH: TypeClass = TypeClass {
    name: "JSONPATH",
    module: "sqlalchemy.dialects.postgresql.json",
    dialect: "postgresql",
    visit_name: "JSONPATH",
    affinity: Some(&GENERIC_JSONELEMENT_TYPE),
    mro: &[
        &POSTGRESQL_JSONPATH,
        &POSTGRESQL_GENERIC_JSON_PATH_TYPE,
        &GENERIC_JSON_PATH_TYPE,
        &GENERIC_JSONELEMENT_TYPE,
        &GENERIC_TYPE_ENGINE,
    ],
    positional: &[],
    variadic: None,
    keywords: &[],
    repr_positional: &[],
    repr_variadic: None,
    repr_keywords: &[],
};

/// `sqlalchemy.dialects.postgresql.types.MACADDR`.
pub static POSTGRESQL_MACADDR: TypeClass = TypeClass {
    name: "MACADDR",
    module: "sqlalchemy.dialects.postgresql.types",
    dialect: "postgresql",
    visit_name: "MACADDR",
    affinity: Some(&POSTGRESQL_MACADDR),
    mro: &[&POSTGRESQL_MACADDR, &GENERIC_TYPE_ENGINE],
    positional: &[],
    variadic: None,
    keywords: &[],
    repr_positional: &[],
    repr_variadic: None,
    repr_keywords: &[],
};

/// `sqlalchemy.dialects.postgresql.types.MACADDR8`.
pub static POSTGRESQL_MACADDR8: TypeClass = TypeClass {
    name: "MACADDR8",
    module: "sqlalchemy.dialects.postgresql.types",
    dialect: "postgresql",
    visit_name: "MACADDR8",
    affinity: Some(&POSTGRESQL_MACADDR8),
    mro: &[&POSTGRESQL_MACADDR8, &GENERIC_TYPE_ENGINE],
    positional: &[],
    variadic: None,
    keywords: &[],
    repr_positional: &[],
    repr_variadic: None,
    repr_keywords: &[],
};

/// `sqlalchemy.dialects.postgresql.types.MONEY`.
pub static POSTGRESQL_MONEY: TypeClass = TypeClass {
    name: "MONEY",
    module: "sqlalchemy.dialects.postgresql.types",
    dialect: "postgresql",
    visit_name: "MONEY",
    affinity: Some(&POSTGRESQL_MONEY),
    mro: &[&POSTGRESQL_MONEY, &GENERIC_TYPE_ENGINE],
    positional: &[],
    variadic: None,
    keywords: &[],
    repr_positional: &[],
    repr_variadic: None,
    repr_keywords: &[],
};

/// `sqlalchemy.dialects.postgresql.ranges.NUMMULTIRANGE`.
pub static POSTGRESQL_NUMMULTIRANGE: TypeClass = TypeClass {
    name: "NUMMULTIRANGE",
    module: "sqlalchemy.dialects.postgresql.ranges",
    dialect: "postgresql",
    visit_name: "NUMMULTIRANGE",
    affinity: Some(&POSTGRESQL_GENERIC_ABSTRACT_RANGE),
    mro: &[
        &POSTGRESQL_NUMMULTIRANGE,
        &POSTGRESQL_GENERIC_ABSTRACT_MULTI_RANGE,
        &POSTGRESQL_GENERIC_ABSTRACT_RANGE,
        &GENERIC_TYPE_ENGINE,
    ],
    positional: &[],
    variadic: None,
    keywords: &[],
    repr_positional: &[],
    repr_variadic: None,
    repr_keywords: &[],
};

/// `sqlalchemy.dialects.postgresql.ranges.NUMRANGE`.
pub static POSTGRESQL_NUMRANGE: TypeClass = TypeClass {
    name: "NUMRANGE",
    module: "sqlalchemy.dialects.postgresql.ranges",
    dialect: "postgresql",
    visit_name: "NUMRANGE",
    affinity: Some(&POSTGRESQL_GENERIC_ABSTRACT_RANGE),
    mro: &[
        &POSTGRESQL_NUMRANGE,
        &POSTGRESQL_GENERIC_ABSTRACT_SINGLE_RANGE,
        &POSTGRESQL_GENERIC_ABSTRACT_RANGE,
        &GENERIC_TYPE_ENGINE,
    ],
    positional: &[],
    variadic: None,
    keywords: &[],
    repr_positional: &[],
    repr_variadic: None,
    repr_keywords: &[],
};

/// `sqlalchemy.dialects.postgresql.types.OID`.
pub static POSTGRESQL_OID: TypeClass = TypeClass {
    name: "OID",
    module: "sqlalchemy.dialects.postgresql.types",
    dialect: "postgresql",
    visit_name: "OID",
    affinity: Some(&POSTGRESQL_OID),
    mro: &[&POSTGRESQL_OID, &GENERIC_TYPE_ENGINE],
    positional: &[],
    variadic: None,
    keywords: &[],
    repr_positional: &[],
    repr_variadic: None,
    repr_keywords: &[],
};

/// `sqlalchemy.dialects.postgresql.types.REGCLASS`.
pub static POSTGRESQL_REGCLASS: TypeClass = TypeClass {
    name: "REGCLASS",
    module: "sqlalchemy.dialects.postgresql.types",
    dialect: "postgresql",
    visit_name: "REGCLASS",
    affinity: Some(&POSTGRESQL_REGCLASS),
    mro: &[&POSTGRESQL_REGCLASS, &GENERIC_TYPE_ENGINE],
    positional: &[],
    variadic: None,
    keywords: &[],
    repr_positional: &[],
    repr_variadic: None,
    repr_keywords: &[],
};

/// `sqlalchemy.dialects.postgresql.types.REGCONFIG`.
pub static POSTGRESQL_REGCONFIG: TypeClass = TypeClass {
    name: "REGCONFIG",
    module: "sqlalchemy.dialects.postgresql.types",
    dialect: "postgresql",
    visit_name: "REGCONFIG",
    affinity: Some(&POSTGRESQL_REGCONFIG),
    mro: &[&POSTGRESQL_REGCONFIG, &GENERIC_TYPE_ENGINE],
    positional: &[],
    variadic: None,
    keywords: &[],
    repr_positional: &[],
    repr_variadic: None,
    repr_keywords: &[],
};

/// `sqlalchemy.dialects.postgresql.types.TIME`.
pub static POSTGRESQL_TIME: TypeClass = TypeClass {
    name: "TIME",
    module: "sqlalchemy.dialects.postgresql.types",
    dialect: "postgresql",
    visit_name: "TIME",
    affinity: Some(&GENERIC_TIME),
    mro: &[&POSTGRESQL_TIME, &TIME, &GENERIC_TIME, &GENERIC_TYPE_ENGINE],
    positional: &[
        Parameter {
            name: "timezone",
            default: Default::Boolean(false),
        },
        Parameter {
            name: "precision",
            default: Default::None,
        },
    ],
    variadic: None,
    keywords: &[],
    repr_positional: &[],
    repr_variadic: None,
    repr_keywords: &[
        Parameter {
            name: "timezone",
            default: Default::Boolean(false),
        },
        Parameter {
            name: "precision",
            default: Default::None,
        },
    ],
};

/// `sqlalchemy.dialects.postgresql.types.TIMESTAMP`.
pub static POSTGRESQL_TIMESTAMP: TypeClass = TypeClass {
    name: "TIMESTAMP",
    module: "sqlalchemy.dialects.postgresql.types",
    dialect: "postgresql",
    visit_name: "TIMESTAMP",
    affinity: Some(&GENERIC_DATE_TIME),
    mro: &[
        &POSTGRESQL_TIMESTAMP,
        &TIMESTAMP,
        &GENERIC_DATE_TIME,
        &GENERIC_TYPE_ENGINE,
    ],
    positional: &[
        Parameter {
            name: "timezone",
            default: Default::Boolean(false),
        },
        Parameter {
            name: "precision",
            default: Default::None,
        },
    ],
    variadic: None,
    keywords: &[],
    repr_positional: &[],
    repr_variadic: None,
    repr_keywords: &[
        Parameter {
            name: "timezone",
            default: Default::Boolean(false),
        },
        Parameter {
            name: "precision",
            default: Default::None,
        },
    ],
};

/// `sqlalchemy.dialects.postgresql.ranges.TSMULTIRANGE`.
pub static POSTGRESQL_TSMULTIRANGE: TypeClass = TypeClass {
    name: "TSMULTIRANGE",
    module: "sqlalchemy.dialects.postgresql.ranges",
    dialect: "postgresql",
    visit_name: "TSMULTIRANGE",
    affinity: Some(&POSTGRESQL_GENERIC_ABSTRACT_RANGE),
    mro: &[
        &POSTGRESQL_TSMULTIRANGE,
        &POSTGRESQL_GENERIC_ABSTRACT_MULTI_RANGE,
        &POSTGRESQL_GENERIC_ABSTRACT_RANGE,
        &GENERIC_TYPE_ENGINE,
    ],
    positional: &[],
    variadic: None,
    keywords: &[],
    repr_positional: &[],
    repr_variadic: None,
    repr_keywords: &[],
};

/// `sqlalchemy.dialects.postgresql.types.TSQUERY`.
pub static POSTGRESQL_TSQUERY: TypeClass = TypeClass {
    name: "TSQUERY",
    module: "sqlalchemy.dialects.postgresql.types",
    dialect: "postgresql",
    visit_name: "TSQUERY",
    affinity: Some(&POSTGRESQL_TSQUERY),
    mro: &[&POSTGRESQL_TSQUERY, &GENERIC_TYPE_ENGINE],
    positional: &[],
    variadic: None,
    keywords: &[],
    repr_positional: &[],
    repr_variadic: None,
    repr_keywords: &[],
};

/// `sqlalchemy.dialects.postgresql.ranges.TSRANGE`.
pub static POSTGRESQL_TSRANGE: TypeClass = TypeClass {
    name: "TSRANGE",
    module: "sqlalchemy.dialects.postgresql.ranges",
    dialect: "postgresql",
    visit_name: "TSRANGE",
    affinity: Some(&POSTGRESQL_GENERIC_ABSTRACT_RANGE),
    mro: &[
        &POSTGRESQL_TSRANGE,
        &POSTGRESQL_GENERIC_ABSTRACT_SINGLE_RANGE,
        &POSTGRESQL_GENERIC_ABSTRACT_RANGE,
        &GENERIC_TYPE_ENGINE,
    ],
    positional: &[],
    variadic: None,
    keywords: &[],
    repr_positional: &[],
    repr_variadic: None,
    repr_keywords: &[],
};

/// `sqlalchemy.dialects.postgresql.ranges.TSTZMULTIRANGE`.
pub static POSTGRESQL_TSTZMULTIRANGE: TypeClass = TypeClass {
    name: "TSTZMULTIRANGE",
    module: "sqlalchemy.dialects.postgresql.ranges",
    dialect: "postgresql",
    visit_name: "TSTZMULTIRANGE",
    affinity: Some(&POSTGRESQL_GENERIC_ABSTRACT_RANGE),
    mro: &[
        &POSTGRESQL_TSTZMULTIRANGE,
        &POSTGRESQL_GENERIC_ABSTRACT_MULTI_RANGE,
        &POSTGRESQL_GENERIC_ABSTRACT_RANGE,
        &GENERIC_TYPE_ENGINE,
    ],
    positional: &[],
    variadic: None,
    keywords: &[],
    repr_positional: &[],
    repr_variadic: None,
    repr_keywords: &[],
};

/// `sqlalchemy.dialects.postgresql.ranges.TSTZRANGE`.
pub static POSTGRESQL_TSTZRANGE: TypeClass = TypeClass {
    name: "TSTZRANGE",
    module: "sqlalchemy.dialects.postgresql.ranges",
    dialect: "postgresql",
    visit_name: "TSTZRANGE",
    affinity: Some(&POSTGRESQL_GENERIC_ABSTRACT_RANGE),
    mro: &[
        &POSTGRESQL_TSTZRANGE,
        &POSTGRESQL_GENERIC_ABSTRACT_SINGLE_RANGE,
        &POSTGRESQL_GENERIC_ABSTRACT_RANGE,
        &GENERIC_TYPE_ENGINE,
    ],
    positional: &[],
    variadic: None,
    keywords: &[],
    repr_positional: &[],
    repr_variadic: None,
    repr_keywords: &[],
};

/// `sqlalchemy.dialects.postgresql.types.TSVECTOR`.
pub static POSTGRESQL_TSVECTOR: TypeClass = TypeClass {
    name: "TSVECTOR",
    module: "sqlalchemy.dialects.postgresql.types",
    dialect: "postgresql",
    visit_name: "TSVECTOR",
    affinity: Some(&POSTGRESQL_TSVECTOR),
    mro: &[&POSTGRESQL_TSVECTOR, &GENERIC_TYPE_ENGINE],
    positional: &[],
    variadic: None,
    keywords: &[],
    repr_positional: &[],
    repr_variadic: None,
    repr_keywords: &[],
};

/// `sqlalchemy.dialects.mysql.types._IntegerType`.
pub static MYSQL_GENERIC_INTEGER_TYPE: TypeClass = TypeClass {
    name: "_IntegerType",
    module: "sqlalchemy.dialects.mysql.types",
    dialect: "mysql",
    visit_name: "integer",
    affinity: Some(&GENERIC_INTEGER),
    mro: &[
        &MYSQL_GENERIC_INTEGER_TYPE,
        &GENERIC_INTEGER,
        &GENERIC_TYPE_ENGINE,
    ],
    positional: &[Parameter {
        name: "display_width",
        default: Default::None,
    }],
    variadic: None,
    keywords: &[
        Parameter {
            name: "unsigned",
            default: Default::Boolean(false),
        },
        Parameter {
            name: "zerofill",
            default: Default::Boolean(false),
        },
    ],
    repr_positional: &[],
    repr_variadic: None,
    repr_keywords: &[
        Parameter {
            name: "display_width",
            default: Default::None,
        },
        Parameter {
            name: "unsigned",
            default: Default::Boolean(false),
        },
        Parameter {
            name: "zerofill",
            default: Default::Boolean(false),
        },
    ],
};

/// `sqlalchemy.dialects.mysql.types.BIGINT`.
pub static MYSQL_BIGINT: TypeClass = TypeClass {
    name: "BIGINT",
    module: "sqlalchemy.dialects.mysql.types",
    dialect: "mysql",
    visit_name: "BIGINT",
    affinity: Some(&GENERIC_INTEGER),
    mro: &[
        &MYSQL_BIGINT,
        &MYSQL_GENERIC_INTEGER_TYPE,
        &BIGINT,
        &GENERIC_BIG_INTEGER,
        &GENERIC_INTEGER,
        &GENERIC_TYPE_ENGINE,
    ],
    positional: &[Parameter {
        name: "display_width",
        default: Default::None,
    }],
    variadic: None,
    keywords: &[
        Parameter {
            name: "unsigned",
            default: Default::Boolean(false),
        },
        Parameter {
            name: "zerofill",
            default: Default::Boolean(false),
        },
    ],
    repr_positional: &[],
    repr_variadic: None,
    repr_keywords: &[
        Parameter {
            name: "display_width",
            default: Default::None,
        },
        Parameter {
            name: "unsigned",
            default: Default::Boolean(false),
        },
        Parameter {
            name: "zerofill",
            default: Default::Boolean(false),
        },
    ],
};

/// `sqlalchemy.dialects.mysql.types.BIT`.
pub static MYSQL_BIT: TypeClass = TypeClass {
    name: "BIT",
    module: "sqlalchemy.dialects.mysql.types",
    dialect: "mysql",
    visit_name: "BIT",
    affinity: Some(&MYSQL_BIT),
    mro: &[&MYSQL_BIT, &GENERIC_TYPE_ENGINE],
    positional: &[Parameter {
        name: "length",
        default: Default::None,
    }],
    variadic: None,
    keywords: &[],
    repr_positional: &[],
    repr_variadic: None,
    repr_keywords: &[Parameter {
        name: "length",
        default: Default::None,
    }],
};

/// `sqlalchemy.dialects.mysql.types._StringType`.
pub static MYSQL_GENERIC_STRING_TYPE: TypeClass = TypeClass {
    name: "_StringType",
    module: "sqlalchemy.dialects.mysql.types",
    dialect: "mysql",
    visit_name: "string",
    affinity: Some(&GENERIC_STRING),
    mro: &[
        &MYSQL_GENERIC_STRING_TYPE,
        &GENERIC_STRING,
        &GENERIC_TYPE_ENGINE,
    ],
    positional: &[
        Parameter {
            name: "charset",
            default: Default::None,
        },
        Parameter {
            name: "collation",
            default: Default::None,
        },
        Parameter {
            name: "ascii",
            default: Default::Boolean(false),
        },
        Parameter {
            name: "binary",
            default: Default::Boolean(false),
        },
        Parameter {
            name: "unicode",
            default: Default::Boolean(false),
        },
        Parameter {
            name: "national",
            default: Default::Boolean(false),
        },
    ],
    variadic: None,
    keywords: &[
        Parameter {
            name: "length",
            default: Default::None,
        },
        Parameter {
            name: "collation_schema",
            default: Default::None,
        },
    ],
    repr_positional: &[],
    repr_variadic: None,
    repr_keywords: &[
        Parameter {
            name: "charset",
            default: Default::None,
        },
        Parameter {
            name: "collation",
            default: Default::None,
        },
        Parameter {
            name: "ascii",
            default: Default::Boolean(false),
        },
        Parameter {
            name: "binary",
            default: Default::Boolean(false),
        },
        Parameter {
            name: "unicode",
            default: Default::Boolean(false),
        },
        Parameter {
            name: "national",
            default: Default::Boolean(false),
        },
        Parameter {
            name: "length",
            default: Default::None,
        },
        Parameter {
            name: "collation_schema",
            default: Default::None,
        },
    ],
};

/// `sqlalchemy.dialects.mysql.types.CHAR`.
pub static MYSQL_CHAR: TypeClass = TypeClass {
    name: "CHAR",
    module: "sqlalchemy.dialects.mysql.types",
    dialect: "mysql",
    visit_name: "CHAR",
    affinity: Some(&GENERIC_STRING),
    mro: &[
        &MYSQL_CHAR,
        &MYSQL_GENERIC_STRING_TYPE,
        &CHAR,
        &GENERIC_STRING,
        &GENERIC_TYPE_ENGINE,
    ],
    positional: &[Parameter {
        name: "length",
        default: Default::None,
    }],
    variadic: None,
    keywords: &[
        Parameter {
            name: "charset",
            default: Default::None,
        },
        Parameter {
            name: "collation",
            default: Default::None,
        },
        Parameter {
            name: "ascii",
            default: Default::Boolean(false),
        },
        Parameter {
            name: "binary",
            default: Default::Boolean(false),
        },
        Parameter {
            name: "unicode",
            default: Default::Boolean(false),
        },
        Parameter {
            name: "national",
            default: Default::Boolean(false),
        },
        Parameter {
            name: "collation_schema",
            default: Default::None,
        },
    ],
    repr_positional: &[],
    repr_variadic: None,
    repr_keywords: &[
        Parameter {
            name: "charset",
            default: Default::None,
        },
        Parameter {
            name: "collation",
            default: Default::None,
        },
        Parameter {
            name: "ascii",
            default: Default::Boolean(false),
        },
        Parameter {
            name: "binary",
            default: Default::Boolean(false),
        },
        Parameter {
            name: "unicode",
            default: Default::Boolean(false),
        },
        Parameter {
            name: "national",
            default: Default::Boolean(false),
        },
        Parameter {
            name: "length",
            default: Default::None,
        },
        Parameter {
            name: "collation_schema",
            default: Default::None,
        },
    ],
};

/// `sqlalchemy.dialects.mysql.types.DATETIME`.
pub static MYSQL_DATETIME: TypeClass = TypeClass {
    name: "DATETIME",
    module: "sqlalchemy.dialects.mysql.types",
    dialect: "mysql",
    visit_name: "DATETIME",
    affinity: Some(&GENERIC_DATE_TIME),
    mro: &[
        &MYSQL_DATETIME,
        &DATETIME,
        &GENERIC_DATE_TIME,
        &GENERIC_TYPE_ENGINE,
    ],
    positional: &[
        Parameter {
            name: "timezone",
            default: Default::Boolean(false),
        },
        Parameter {
            name: "fsp",
            default: Default::None,
        },
    ],
    variadic: None,
    keywords: &[],
    repr_positional: &[],
    repr_variadic: None,
    repr_keywords: &[
        Parameter {
            name: "timezone",
            default: Default::Boolean(false),
        },
        Parameter {
            name: "fsp",
            default: Default::None,
        },
    ],
};

/// `sqlalchemy.dialects.mysql.types._NumericType`.
pub static MYSQL_GENERIC_NUMERIC_TYPE: TypeClass = TypeClass {
    name: "_NumericType",
    module: "sqlalchemy.dialects.mysql.types",
    dialect: "mysql",
    visit_name: "numeric",
    affinity: Some(&GENERIC_NUMERIC),
    mro: &[
        &MYSQL_GENERIC_NUMERIC_TYPE,
        &GENERIC_NUMERIC,
        &GENERIC_TYPE_ENGINE,
    ],
    positional: &[
        Parameter {
            name: "unsigned",
            default: Default::Boolean(false),
        },
        Parameter {
            name: "zerofill",
            default: Default::Boolean(false),
        },
    ],
    variadic: None,
    keywords: &[
        Parameter {
            name: "precision",
            default: Default::None,
        },
        Parameter {
            name: "scale",
            default: Default::None,
        },
        Parameter {
            name: "decimal_return_scale",
            default: Default::None,
        },
        Parameter {
            name: "asdecimal",
            default: Default::Boolean(true),
        },
    ],
    repr_positional: &[],
    repr_variadic: None,
    repr_keywords: &[
        Parameter {
            name: "unsigned",
            default: Default::Boolean(false),
        },
        Parameter {
            name: "zerofill",
            default: Default::Boolean(false),
        },
        Parameter {
            name: "precision",
            default: Default::None,
        },
        Parameter {
            name: "scale",
            default: Default::None,
        },
        Parameter {
            name: "decimal_return_scale",
            default: Default::None,
        },
        Parameter {
            name: "asdecimal",
            default: Default::Boolean(true),
        },
    ],
};

/// `sqlalchemy.dialects.mysql.types.DECIMAL`.
pub static MYSQL_DECIMAL: TypeClass = TypeClass {
    name: "DECIMAL",
    module: "sqlalchemy.dialects.mysql.types",
    dialect: "mysql",
    visit_name: "DECIMAL",
    affinity: Some(&GENERIC_NUMERIC),
    mro: &[
        &MYSQL_DECIMAL,
        &MYSQL_GENERIC_NUMERIC_TYPE,
        &DECIMAL,
        &GENERIC_NUMERIC,
        &GENERIC_TYPE_ENGINE,
    ],
    positional: &[
        Parameter {
            name: "precision",
            default: Default::None,
        },
        Parameter {
            name: "scale",
            default: Default::None,
        },
        Parameter {
            name: "asdecimal",
            default: Default::Boolean(true),
        },
    ],
    variadic: None,
    keywords: &[
        Parameter {
            name: "unsigned",
            default: Default::Boolean(false),
        },
        Parameter {
            name: "zerofill",
            default: Default::Boolean(false),
        },
        Parameter {
            name: "decimal_return_scale",
            default: Default::None,
        },
    ],
    repr_positional: &[],
    repr_variadic: None,
    repr_keywords: &[
        Parameter {
            name: "unsigned",
            default: Default::Boolean(false),
        },
        Parameter {
            name: "zerofill",
            default: Default::Boolean(false),
        },
        Parameter {
            name: "precision",
            default: Default::None,
        },
        Parameter {
            name: "scale",
            default: Default::None,
        },
        Parameter {
            name: "decimal_return_scale",
            default: Default::None,
        },
        Parameter {
            name: "asdecimal",
            default: Default::Boolean(true),
        },
    ],
};

/// `sqlalchemy.dialects.mysql.types._FloatType`.
pub static MYSQL_GENERIC_FLOAT_TYPE: TypeClass = TypeClass {
    name: "_FloatType",
    module: "sqlalchemy.dialects.mysql.types",
    dialect: "mysql",
    visit_name: "float",
    affinity: Some(&GENERIC_FLOAT),
    mro: &[
        &MYSQL_GENERIC_FLOAT_TYPE,
        &GENERIC_FLOAT,
        &GENERIC_TYPE_ENGINE,
    ],
    positional: &[
        Parameter {
            name: "precision",
            default: Default::None,
        },
        Parameter {
            name: "scale",
            default: Default::None,
        },
        Parameter {
            name: "asdecimal",
            default: Default::Boolean(true),
        },
    ],
    variadic: None,
    keywords: &[
        Parameter {
            name: "unsigned",
            default: Default::Boolean(false),
        },
        Parameter {
            name: "zerofill",
            default: Default::Boolean(false),
        },
        Parameter {
            name: "decimal_return_scale",
            default: Default::None,
        },
    ],
    repr_positional: &[],
    repr_variadic: None,
    repr_keywords: &[
        Parameter {
            name: "precision",
            default: Default::None,
        },
        Parameter {
            name: "scale",
            default: Default::None,
        },
        Parameter {
            name: "asdecimal",
            default: Default::Boolean(false),
        },
        Parameter {
            name: "unsigned",
            default: Default::Boolean(false),
        },
        Parameter {
            name: "zerofill",
            default: Default::Boolean(false),
        },
        Parameter {
            name: "decimal_return_scale",
            default: Default::None,
        },
    ],
};

/// `sqlalchemy.dialects.mysql.types.DOUBLE`.
pub static MYSQL_DOUBLE: TypeClass = TypeClass {
    name: "DOUBLE",
    module: "sqlalchemy.dialects.mysql.types",
    dialect: "mysql",
    visit_name: "DOUBLE",
    affinity: Some(&GENERIC_FLOAT),
    mro: &[
        &MYSQL_DOUBLE,
        &MYSQL_GENERIC_FLOAT_TYPE,
        &DOUBLE,
        &GENERIC_DOUBLE,
        &GENERIC_FLOAT,
        &GENERIC_TYPE_ENGINE,
    ],
    positional: &[
        Parameter {
            name: "precision",
            default: Default::None,
        },
        Parameter {
            name: "scale",
            default: Default::None,
        },
        Parameter {
            name: "asdecimal",
            default: Default::Boolean(true),
        },
    ],
    variadic: None,
    keywords: &[
        Parameter {
            name: "unsigned",
            default: Default::Boolean(false),
        },
        Parameter {
            name: "zerofill",
            default: Default::Boolean(false),
        },
        Parameter {
            name: "decimal_return_scale",
            default: Default::None,
        },
    ],
    repr_positional: &[],
    repr_variadic: None,
    repr_keywords: &[
        Parameter {
            name: "precision",
            default: Default::None,
        },
        Parameter {
            name: "scale",
            default: Default::None,
        },
        Parameter {
            name: "asdecimal",
            default: Default::Boolean(false),
        },
        Parameter {
            name: "unsigned",
            default: Default::Boolean(false),
        },
        Parameter {
            name: "zerofill",
            default: Default::Boolean(false),
        },
        Parameter {
            name: "decimal_return_scale",
            default: Default::None,
        },
    ],
};

/// `sqlalchemy.dialects.mysql.enumerated.ENUM`.
pub static MYSQL_ENUM: TypeClass = TypeClass {
    name: "ENUM",
    module: "sqlalchemy.dialects.mysql.enumerated",
    dialect: "mysql",
    visit_name: "ENUM",
    affinity: Some(&MYSQL_ENUM),
    mro: &[
        &MYSQL_ENUM,
        &GENERIC_ENUM,
        &MYSQL_GENERIC_STRING_TYPE,
        &GENERIC_STRING,
        &GENERIC_TYPE_ENGINE,
    ],
    positional: &[],
    variadic: Some("enums"),
    keywords: &[
        Parameter {
            name: "name",
            default: Default::None,
        },
        Parameter {
            name: "native_enum",
            default: Default::Boolean(true),
        },
        Parameter {
            name: "create_constraint",
            default: Default::Boolean(false),
        },
        Parameter {
            name: "values_callable",
            default: Default::None,
        },
        Parameter {
            name: "sort_key_function",
            default: Default::None,
        },
        Parameter {
            name: "length",
            default: Default::None,
        },
        Parameter {
            name: "omit_aliases",
            default: Default::Boolean(true),
        },
        Parameter {
            name: "validate_strings",
            default: Default::Boolean(false),
        },
        Parameter {
            name: "schema",
            default: Default::None,
        },
        Parameter {
            name: "metadata",
            default: Default::None,
        },
        Parameter {
            name: "inherit_schema",
            default: Default::None,
        },
        Parameter {
            name: "quote",
            default: Default::None,
        },
        Parameter {
            name: "charset",
            default: Default::None,
        },
        Parameter {
            name: "collation",
            default: Default::None,
        },
        Parameter {
            name: "ascii",
            default: Default::Boolean(false),
        },
        Parameter {
            name: "binary",
            default: Default::Boolean(false),
        },
        Parameter {
            name: "unicode",
            default: Default::Boolean(false),
        },
        Parameter {
            name: "national",
            default: Default::Boolean(false),
        },
    ],
    repr_positional: &[],
    repr_variadic: Some("enums"),
    repr_keywords: &[
        Parameter {
            name: "charset",
            default: Default::None,
        },
        Parameter {
            name: "collation",
            default: Default::None,
        },
        Parameter {
            name: "ascii",
            default: Default::Boolean(false),
        },
        Parameter {
            name: "binary",
            default: Default::Boolean(false),
        },
        Parameter {
            name: "unicode",
            default: Default::Boolean(false),
        },
        Parameter {
            name: "national",
            default: Default::Boolean(false),
        },
    ],
};

/// `sqlalchemy.dialects.mysql.types.FLOAT`.
pub static MYSQL_FLOAT: TypeClass = TypeClass {
    name: "FLOAT",
    module: "sqlalchemy.dialects.mysql.types",
    dialect: "mysql",
    visit_name: "FLOAT",
    affinity: Some(&GENERIC_FLOAT),
    mro: &[
        &MYSQL_FLOAT,
        &MYSQL_GENERIC_FLOAT_TYPE,
        &FLOAT,
        &GENERIC_FLOAT,
        &GENERIC_TYPE_ENGINE,
    ],
    positional: &[
        Parameter {
            name: "precision",
            default: Default::None,
        },
        Parameter {
            name: "scale",
            default: Default::None,
        },
        Parameter {
            name: "asdecimal",
            default: Default::Boolean(false),
        },
    ],
    variadic: None,
    keywords: &[
        Parameter {
            name: "unsigned",
            default: Default::Boolean(false),
        },
        Parameter {
            name: "zerofill",
            default: Default::Boolean(false),
        },
        Parameter {
            name: "decimal_return_scale",
            default: Default::None,
        },
    ],
    repr_positional: &[],
    repr_variadic: None,
    repr_keywords: &[
        Parameter {
            name: "precision",
            default: Default::None,
        },
        Parameter {
            name: "scale",
            default: Default::None,
        },
        Parameter {
            name: "asdecimal",
            default: Default::Boolean(false),
        },
        Parameter {
            name: "unsigned",
            default: Default::Boolean(false),
        },
        Parameter {
            name: "zerofill",
            default: Default::Boolean(false),
        },
        Parameter {
            name: "decimal_return_scale",
            default: Default::None,
        },
    ],
};

/// `sqlalchemy.dialects.mysql.mariadb.INET4`.
pub static MYSQL_INET4: TypeClass = TypeClass {
    name: "INET4",
    module: "sqlalchemy.dialects.mysql.mariadb",
    dialect: "mysql",
    visit_name: "INET4",
    affinity: Some(&MYSQL_INET4),
    mro: &[&MYSQL_INET4, &GENERIC_TYPE_ENGINE],
    positional: &[],
    variadic: None,
    keywords: &[],
    repr_positional: &[],
    repr_variadic: None,
    repr_keywords: &[],
};

/// `sqlalchemy.dialects.mysql.mariadb.INET6`.
pub static MYSQL_INET6: TypeClass = TypeClass {
    name: "INET6",
    module: "sqlalchemy.dialects.mysql.mariadb",
    dialect: "mysql",
    visit_name: "INET6",
    affinity: Some(&MYSQL_INET6),
    mro: &[&MYSQL_INET6, &GENERIC_TYPE_ENGINE],
    positional: &[],
    variadic: None,
    keywords: &[],
    repr_positional: &[],
    repr_variadic: None,
    repr_keywords: &[],
};

/// `sqlalchemy.dialects.mysql.types.INTEGER`.
pub static MYSQL_INTEGER: TypeClass = TypeClass {
    name: "INTEGER",
    module: "sqlalchemy.dialects.mysql.types",
    dialect: "mysql",
    visit_name: "INTEGER",
    affinity: Some(&GENERIC_INTEGER),
    mro: &[
        &MYSQL_INTEGER,
        &MYSQL_GENERIC_INTEGER_TYPE,
        &INTEGER,
        &GENERIC_INTEGER,
        &GENERIC_TYPE_ENGINE,
    ],
    positional: &[Parameter {
        name: "display_width",
        default: Default::None,
    }],
    variadic: None,
    keywords: &[
        Parameter {
            name: "unsigned",
            default: Default::Boolean(false),
        },
        Parameter {
            name: "zerofill",
            default: Default::Boolean(false),
        },
    ],
    repr_positional: &[],
    repr_variadic: None,
    repr_keywords: &[
        Parameter {
            name: "display_width",
            default: Default::None,
        },
        Parameter {
            name: "unsigned",
            default: Default::Boolean(false),
        },
        Parameter {
            name: "zerofill",
            default: Default::Boolean(false),
        },
    ],
};

/// `sqlalchemy.dialects.mysql.json.JSON`.
pub static MYSQL_JSON: TypeClass = TypeClass {
    name: "JSON",
    module: "sqlalchemy.dialects.mysql.json",
    dialect: "mysql",
    visit_name: "JSON",
    affinity: Some(&JSON),
    mro: &[&MYSQL_JSON, &JSON, &GENERIC_TYPE_ENGINE],
    positional: &[Parameter {
        name: "none_as_null",
        default: Default::Boolean(false),
    }],
    variadic: None,
    keywords: &[],
    repr_positional: &[],
    repr_variadic: None,
    repr_keywords: &[Parameter {
        name: "none_as_null",
        default: Default::Boolean(false),
    }],
};

/// `sqlalchemy.dialects.mysql.types.LONGBLOB`.
pub static MYSQL_LONGBLOB: TypeClass = TypeClass {
    name: "LONGBLOB",
    module: "sqlalchemy.dialects.mysql.types",
    dialect: "mysql",
    visit_name: "LONGBLOB",
    affinity: Some(&GENERIC_BINARY),
    mro: &[&MYSQL_LONGBLOB, &GENERIC_BINARY, &GENERIC_TYPE_ENGINE],
    positional: &[Parameter {
        name: "length",
        default: Default::None,
    }],
    variadic: None,
    keywords: &[],
    repr_positional: &[],
    repr_variadic: None,
    repr_keywords: &[Parameter {
        name: "length",
        default: Default::None,
    }],
};

/// `sqlalchemy.dialects.mysql.types.LONGTEXT`.
pub static MYSQL_LONGTEXT: TypeClass = TypeClass {
    name: "LONGTEXT",
    module: "sqlalchemy.dialects.mysql.types",
    dialect: "mysql",
    visit_name: "LONGTEXT",
    affinity: Some(&GENERIC_STRING),
    mro: &[
        &MYSQL_LONGTEXT,
        &MYSQL_GENERIC_STRING_TYPE,
        &GENERIC_STRING,
        &GENERIC_TYPE_ENGINE,
    ],
    positional: &[],
    variadic: None,
    keywords: &[
        Parameter {
            name: "charset",
            default: Default::None,
        },
        Parameter {
            name: "collation",
            default: Default::None,
        },
        Parameter {
            name: "ascii",
            default: Default::Boolean(false),
        },
        Parameter {
            name: "binary",
            default: Default::Boolean(false),
        },
        Parameter {
            name: "unicode",
            default: Default::Boolean(false),
        },
        Parameter {
            name: "national",
            default: Default::Boolean(false),
        },
        Parameter {
            name: "length",
            default: Default::None,
        },
        Parameter {
            name: "collation_schema",
            default: Default::None,
        },
    ],
    repr_positional: &[],
    repr_variadic: None,
    repr_keywords: &[
        Parameter {
            name: "charset",
            default: Default::None,
        },
        Parameter {
            name: "collation",
            default: Default::None,
        },
        Parameter {
            name: "ascii",
            default: Default::Boolean(false),
        },
        Parameter {
            name: "binary",
            default: Default::Boolean(false),
        },
        Parameter {
            name: "unicode",
            default: Default::Boolean(false),
        },
        Parameter {
            name: "national",
            default: Default::Boolean(false),
        },
        Parameter {
            name: "length",
            default: Default::None,
        },
        Parameter {
            name: "collation_schema",
            default: Default::None,
        },
    ],
};

/// `sqlalchemy.dialects.mysql.types.MEDIUMBLOB`.
pub static MYSQL_MEDIUMBLOB: TypeClass = TypeClass {
    name: "MEDIUMBLOB",
    module: "sqlalchemy.dialects.mysql.types",
    dialect: "mysql",
    visit_name: "MEDIUMBLOB",
    affinity: Some(&GENERIC_BINARY),
    mro: &[&MYSQL_MEDIUMBLOB, &GENERIC_BINARY, &GENERIC_TYPE_ENGINE],
    positional: &[Parameter {
        name: "length",
        default: Default::None,
    }],
    variadic: None,
    keywords: &[],
    repr_positional: &[],
    repr_variadic: None,
    repr_keywords: &[Parameter {
        name: "length",
        default: Default::None,
    }],
};

/// `sqlalchemy.dialects.mysql.types.MEDIUMINT`.
pub static MYSQL_MEDIUMINT: TypeClass = TypeClass {
    name: "MEDIUMINT",
    module: "sqlalchemy.dialects.mysql.types",
    dialect: "mysql",
    visit_name: "MEDIUMINT",
    affinity: Some(&GENERIC_INTEGER),
    mro: &[
        &MYSQL_MEDIUMINT,
        &MYSQL_GENERIC_INTEGER_TYPE,
        &GENERIC_INTEGER,
        &GENERIC_TYPE_ENGINE,
    ],
    positional: &[Parameter {
        name: "display_width",
        default: Default::None,
    }],
    variadic: None,
    keywords: &[
        Parameter {
            name: "unsigned",
            default: Default::Boolean(false),
        },
        Parameter {
            name: "zerofill",
            default: Default::Boolean(false),
        },
    ],
    repr_positional: &[],
    repr_variadic: None,
    repr_keywords: &[
        Parameter {
            name: "display_width",
            default: Default::None,
        },
        Parameter {
            name: "unsigned",
            default: Default::Boolean(false),
        },
        Parameter {
            name: "zerofill",
            default: Default::Boolean(false),
        },
    ],
};

/// `sqlalchemy.dialects.mysql.types.MEDIUMTEXT`.
pub static MYSQL_MEDIUMTEXT: TypeClass = TypeClass {
    name: "MEDIUMTEXT",
    module: "sqlalchemy.dialects.mysql.types",
    dialect: "mysql",
    visit_name: "MEDIUMTEXT",
    affinity: Some(&GENERIC_STRING),
    mro: &[
        &MYSQL_MEDIUMTEXT,
        &MYSQL_GENERIC_STRING_TYPE,
        &GENERIC_STRING,
        &GENERIC_TYPE_ENGINE,
    ],
    positional: &[],
    variadic: None,
    keywords: &[
        Parameter {
            name: "charset",
            default: Default::None,
        },
        Parameter {
            name: "collation",
            default: Default::None,
        },
        Parameter {
            name: "ascii",
            default: Default::Boolean(false),
        },
        Parameter {
            name: "binary",
            default: Default::Boolean(false),
        },
        Parameter {
            name: "unicode",
            default: Default::Boolean(false),
        },
        Parameter {
            name: "national",
            default: Default::Boolean(false),
        },
        Parameter {
            name: "length",
            default: Default::None,
        },
        Parameter {
            name: "collation_schema",
            default: Default::None,
        },
    ],
    repr_positional: &[],
    repr_variadic: None,
    repr_keywords: &[
        Parameter {
            name: "charset",
            default: Default::None,
        },
        Parameter {
            name: "collation",
            default: Default::None,
        },
        Parameter {
            name: "ascii",
            default: Default::Boolean(false),
        },
        Parameter {
            name: "binary",
            default: Default::Boolean(false),
        },
        Parameter {
            name: "unicode",
            default: Default::Boolean(false),
        },
        Parameter {
            name: "national",
            default: Default::Boolean(false),
        },
        Parameter {
            name: "length",
            default: Default::None,
        },
        Parameter {
            name: "collation_schema",
            default: Default::None,
        },
    ],
};

/// `sqlalchemy.dialects.mysql.types.NCHAR`.
pub static MYSQL_NCHAR: TypeClass = TypeClass {
    name: "NCHAR",
    module: "sqlalchemy.dialects.mysql.types",
    dialect: "mysql",
    visit_name: "NCHAR",
    affinity: Some(&GENERIC_STRING),
    mro: &[
        &MYSQL_NCHAR,
        &MYSQL_GENERIC_STRING_TYPE,
        &NCHAR,
        &GENERIC_UNICODE,
        &GENERIC_STRING,
        &GENERIC_TYPE_ENGINE,
    ],
    positional: &[Parameter {
        name: "length",
        default: Default::None,
    }],
    variadic: None,
    keywords: &[
        Parameter {
            name: "charset",
            default: Default::None,
        },
        Parameter {
            name: "collation",
            default: Default::None,
        },
        Parameter {
            name: "ascii",
            default: Default::Boolean(false),
        },
        Parameter {
            name: "binary",
            default: Default::Boolean(false),
        },
        Parameter {
            name: "unicode",
            default: Default::Boolean(false),
        },
        Parameter {
            name: "national",
            default: Default::Boolean(false),
        },
        Parameter {
            name: "collation_schema",
            default: Default::None,
        },
    ],
    repr_positional: &[],
    repr_variadic: None,
    repr_keywords: &[
        Parameter {
            name: "charset",
            default: Default::None,
        },
        Parameter {
            name: "collation",
            default: Default::None,
        },
        Parameter {
            name: "ascii",
            default: Default::Boolean(false),
        },
        Parameter {
            name: "binary",
            default: Default::Boolean(false),
        },
        Parameter {
            name: "unicode",
            default: Default::Boolean(false),
        },
        Parameter {
            name: "national",
            default: Default::Boolean(false),
        },
        Parameter {
            name: "length",
            default: Default::None,
        },
        Parameter {
            name: "collation_schema",
            default: Default::None,
        },
    ],
};

/// `sqlalchemy.dialects.mysql.types.NUMERIC`.
pub static MYSQL_NUMERIC: TypeClass = TypeClass {
    name: "NUMERIC",
    module: "sqlalchemy.dialects.mysql.types",
    dialect: "mysql",
    visit_name: "NUMERIC",
    affinity: Some(&GENERIC_NUMERIC),
    mro: &[
        &MYSQL_NUMERIC,
        &MYSQL_GENERIC_NUMERIC_TYPE,
        &NUMERIC,
        &GENERIC_NUMERIC,
        &GENERIC_TYPE_ENGINE,
    ],
    positional: &[
        Parameter {
            name: "precision",
            default: Default::None,
        },
        Parameter {
            name: "scale",
            default: Default::None,
        },
        Parameter {
            name: "asdecimal",
            default: Default::Boolean(true),
        },
    ],
    variadic: None,
    keywords: &[
        Parameter {
            name: "unsigned",
            default: Default::Boolean(false),
        },
        Parameter {
            name: "zerofill",
            default: Default::Boolean(false),
        },
        Parameter {
            name: "decimal_return_scale",
            default: Default::None,
        },
    ],
    repr_positional: &[],
    repr_variadic: None,
    repr_keywords: &[
        Parameter {
            name: "unsigned",
            default: Default::Boolean(false),
        },
        Parameter {
            name: "zerofill",
            default: Default::Boolean(false),
        },
        Parameter {
            name: "precision",
            default: Default::None,
        },
        Parameter {
            name: "scale",
            default: Default::None,
        },
        Parameter {
            name: "decimal_return_scale",
            default: Default::None,
        },
        Parameter {
            name: "asdecimal",
            default: Default::Boolean(true),
        },
    ],
};

/// `sqlalchemy.dialects.mysql.types.NVARCHAR`.
pub static MYSQL_NVARCHAR: TypeClass = TypeClass {
    name: "NVARCHAR",
    module: "sqlalchemy.dialects.mysql.types",
    dialect: "mysql",
    visit_name: "NVARCHAR",
    affinity: Some(&GENERIC_STRING),
    mro: &[
        &MYSQL_NVARCHAR,
        &MYSQL_GENERIC_STRING_TYPE,
        &NVARCHAR,
        &GENERIC_UNICODE,
        &GENERIC_STRING,
        &GENERIC_TYPE_ENGINE,
    ],
    positional: &[Parameter {
        name: "length",
        default: Default::None,
    }],
    variadic: None,
    keywords: &[
        Parameter {
            name: "charset",
            default: Default::None,
        },
        Parameter {
            name: "collation",
            default: Default::None,
        },
        Parameter {
            name: "ascii",
            default: Default::Boolean(false),
        },
        Parameter {
            name: "binary",
            default: Default::Boolean(false),
        },
        Parameter {
            name: "unicode",
            default: Default::Boolean(false),
        },
        Parameter {
            name: "national",
            default: Default::Boolean(false),
        },
        Parameter {
            name: "collation_schema",
            default: Default::None,
        },
    ],
    repr_positional: &[],
    repr_variadic: None,
    repr_keywords: &[
        Parameter {
            name: "charset",
            default: Default::None,
        },
        Parameter {
            name: "collation",
            default: Default::None,
        },
        Parameter {
            name: "ascii",
            default: Default::Boolean(false),
        },
        Parameter {
            name: "binary",
            default: Default::Boolean(false),
        },
        Parameter {
            name: "unicode",
            default: Default::Boolean(false),
        },
        Parameter {
            name: "national",
            default: Default::Boolean(false),
        },
        Parameter {
            name: "length",
            default: Default::None,
        },
        Parameter {
            name: "collation_schema",
            default: Default::None,
        },
    ],
};

/// `sqlalchemy.dialects.mysql.types.REAL`.
pub static MYSQL_REAL: TypeClass = TypeClass {
    name: "REAL",
    module: "sqlalchemy.dialects.mysql.types",
    dialect: "mysql",
    visit_name: "REAL",
    affinity: Some(&GENERIC_FLOAT),
    mro: &[
        &MYSQL_REAL,
        &MYSQL_GENERIC_FLOAT_TYPE,
        &REAL,
        &GENERIC_FLOAT,
        &GENERIC_TYPE_ENGINE,
    ],
    positional: &[
        Parameter {
            name: "precision",
            default: Default::None,
        },
        Parameter {
            name: "scale",
            default: Default::None,
        },
        Parameter {
            name: "asdecimal",
            default: Default::Boolean(true),
        },
    ],
    variadic: None,
    keywords: &[
        Parameter {
            name: "unsigned",
            default: Default::Boolean(false),
        },
        Parameter {
            name: "zerofill",
            default: Default::Boolean(false),
        },
        Parameter {
            name: "decimal_return_scale",
            default: Default::None,
        },
    ],
    repr_positional: &[],
    repr_variadic: None,
    repr_keywords: &[
        Parameter {
            name: "precision",
            default: Default::None,
        },
        Parameter {
            name: "scale",
            default: Default::None,
        },
        Parameter {
            name: "asdecimal",
            default: Default::Boolean(false),
        },
        Parameter {
            name: "unsigned",
            default: Default::Boolean(false),
        },
        Parameter {
            name: "zerofill",
            default: Default::Boolean(false),
        },
        Parameter {
            name: "decimal_return_scale",
            default: Default::None,
        },
    ],
};

/// `sqlalchemy.dialects.mysql.enumerated.SET`.
pub static MYSQL_SET: TypeClass = TypeClass {
    name: "SET",
    module: "sqlalchemy.dialects.mysql.enumerated",
    dialect: "mysql",
    visit_name: "SET",
    affinity: Some(&GENERIC_STRING),
    mro: &[
        &MYSQL_SET,
        &MYSQL_GENERIC_STRING_TYPE,
        &GENERIC_STRING,
        &GENERIC_TYPE_ENGINE,
    ],
    positional: &[],
    variadic: Some("values"),
    keywords: &[
        Parameter {
            name: "charset",
            default: Default::None,
        },
        Parameter {
            name: "collation",
            default: Default::None,
        },
        Parameter {
            name: "ascii",
            default: Default::Boolean(false),
        },
        Parameter {
            name: "binary",
            default: Default::Boolean(false),
        },
        Parameter {
            name: "unicode",
            default: Default::Boolean(false),
        },
        Parameter {
            name: "national",
            default: Default::Boolean(false),
        },
        Parameter {
            name: "length",
            default: Default::None,
        },
        Parameter {
            name: "collation_schema",
            default: Default::None,
        },
    ],
    repr_positional: &[],
    repr_variadic: Some("values"),
    repr_keywords: &[
        Parameter {
            name: "charset",
            default: Default::None,
        },
        Parameter {
            name: "collation",
            default: Default::None,
        },
        Parameter {
            name: "ascii",
            default: Default::Boolean(false),
        },
        Parameter {
            name: "binary",
            default: Default::Boolean(false),
        },
        Parameter {
            name: "unicode",
            default: Default::Boolean(false),
        },
        Parameter {
            name: "national",
            default: Default::Boolean(false),
        },
        Parameter {
            name: "retrieve_as_bitwise",
            default: Default::Boolean(false),
        },
    ],
};

/// `sqlalchemy.dialects.mysql.types.SMALLINT`.
pub static MYSQL_SMALLINT: TypeClass = TypeClass {
    name: "SMALLINT",
    module: "sqlalchemy.dialects.mysql.types",
    dialect: "mysql",
    visit_name: "SMALLINT",
    affinity: Some(&GENERIC_INTEGER),
    mro: &[
        &MYSQL_SMALLINT,
        &MYSQL_GENERIC_INTEGER_TYPE,
        &SMALLINT,
        &GENERIC_SMALL_INTEGER,
        &GENERIC_INTEGER,
        &GENERIC_TYPE_ENGINE,
    ],
    positional: &[Parameter {
        name: "display_width",
        default: Default::None,
    }],
    variadic: None,
    keywords: &[
        Parameter {
            name: "unsigned",
            default: Default::Boolean(false),
        },
        Parameter {
            name: "zerofill",
            default: Default::Boolean(false),
        },
    ],
    repr_positional: &[],
    repr_variadic: None,
    repr_keywords: &[
        Parameter {
            name: "display_width",
            default: Default::None,
        },
        Parameter {
            name: "unsigned",
            default: Default::Boolean(false),
        },
        Parameter {
            name: "zerofill",
            default: Default::Boolean(false),
        },
    ],
};

/// `sqlalchemy.dialects.mysql.types.TEXT`.
pub static MYSQL_TEXT: TypeClass = TypeClass {
    name: "TEXT",
    module: "sqlalchemy.dialects.mysql.types",
    dialect: "mysql",
    visit_name: "TEXT",
    affinity: Some(&GENERIC_STRING),
    mro: &[
        &MYSQL_TEXT,
        &MYSQL_GENERIC_STRING_TYPE,
        &TEXT,
        &GENERIC_TEXT,
        &GENERIC_STRING,
        &GENERIC_TYPE_ENGINE,
    ],
    positional: &[Parameter {
        name: "length",
        default: Default::None,
    }],
    variadic: None,
    keywords: &[
        Parameter {
            name: "charset",
            default: Default::None,
        },
        Parameter {
            name: "collation",
            default: Default::None,
        },
        Parameter {
            name: "ascii",
            default: Default::Boolean(false),
        },
        Parameter {
            name: "binary",
            default: Default::Boolean(false),
        },
        Parameter {
            name: "unicode",
            default: Default::Boolean(false),
        },
        Parameter {
            name: "national",
            default: Default::Boolean(false),
        },
        Parameter {
            name: "collation_schema",
            default: Default::None,
        },
    ],
    repr_positional: &[],
    repr_variadic: None,
    repr_keywords: &[
        Parameter {
            name: "charset",
            default: Default::None,
        },
        Parameter {
            name: "collation",
            default: Default::None,
        },
        Parameter {
            name: "ascii",
            default: Default::Boolean(false),
        },
        Parameter {
            name: "binary",
            default: Default::Boolean(false),
        },
        Parameter {
            name: "unicode",
            default: Default::Boolean(false),
        },
        Parameter {
            name: "national",
            default: Default::Boolean(false),
        },
        Parameter {
            name: "length",
            default: Default::None,
        },
        Parameter {
            name: "collation_schema",
            default: Default::None,
        },
    ],
};

/// `sqlalchemy.dialects.mysql.types.TIME`.
pub static MYSQL_TIME: TypeClass = TypeClass {
    name: "TIME",
    module: "sqlalchemy.dialects.mysql.types",
    dialect: "mysql",
    visit_name: "TIME",
    affinity: Some(&GENERIC_TIME),
    mro: &[&MYSQL_TIME, &TIME, &GENERIC_TIME, &GENERIC_TYPE_ENGINE],
    positional: &[
        Parameter {
            name: "timezone",
            default: Default::Boolean(false),
        },
        Parameter {
            name: "fsp",
            default: Default::None,
        },
    ],
    variadic: None,
    keywords: &[],
    repr_positional: &[],
    repr_variadic: None,
    repr_keywords: &[
        Parameter {
            name: "timezone",
            default: Default::Boolean(false),
        },
        Parameter {
            name: "fsp",
            default: Default::None,
        },
    ],
};

/// `sqlalchemy.dialects.mysql.types.TIMESTAMP`.
pub static MYSQL_TIMESTAMP: TypeClass = TypeClass {
    name: "TIMESTAMP",
    module: "sqlalchemy.dialects.mysql.types",
    dialect: "mysql",
    visit_name: "TIMESTAMP",
    affinity: Some(&GENERIC_DATE_TIME),
    mro: &[
        &MYSQL_TIMESTAMP,
        &TIMESTAMP,
        &GENERIC_DATE_TIME,
        &GENERIC_TYPE_ENGINE,
    ],
    positional: &[
        Parameter {
            name: "timezone",
            default: Default::Boolean(false),
        },
        Parameter {
            name: "fsp",
            default: Default::None,
        },
    ],
    variadic: None,
    keywords: &[],
    repr_positional: &[],
    repr_variadic: None,
    repr_keywords: &[
        Parameter {
            name: "timezone",
            default: Default::Boolean(false),
        },
        Parameter {
            name: "fsp",
            default: Default::None,
        },
    ],
};

/// `sqlalchemy.dialects.mysql.types.TINYBLOB`.
pub static MYSQL_TINYBLOB: TypeClass = TypeClass {
    name: "TINYBLOB",
    module: "sqlalchemy.dialects.mysql.types",
    dialect: "mysql",
    visit_name: "TINYBLOB",
    affinity: Some(&GENERIC_BINARY),
    mro: &[&MYSQL_TINYBLOB, &GENERIC_BINARY, &GENERIC_TYPE_ENGINE],
    positional: &[Parameter {
        name: "length",
        default: Default::None,
    }],
    variadic: None,
    keywords: &[],
    repr_positional: &[],
    repr_variadic: None,
    repr_keywords: &[Parameter {
        name: "length",
        default: Default::None,
    }],
};

/// `sqlalchemy.dialects.mysql.types.TINYINT`.
pub static MYSQL_TINYINT: TypeClass = TypeClass {
    name: "TINYINT",
    module: "sqlalchemy.dialects.mysql.types",
    dialect: "mysql",
    visit_name: "TINYINT",
    affinity: Some(&GENERIC_INTEGER),
    mro: &[
        &MYSQL_TINYINT,
        &MYSQL_GENERIC_INTEGER_TYPE,
        &GENERIC_INTEGER,
        &GENERIC_TYPE_ENGINE,
    ],
    positional: &[Parameter {
        name: "display_width",
        default: Default::None,
    }],
    variadic: None,
    keywords: &[
        Parameter {
            name: "unsigned",
            default: Default::Boolean(false),
        },
        Parameter {
            name: "zerofill",
            default: Default::Boolean(false),
        },
    ],
    repr_positional: &[],
    repr_variadic: None,
    repr_keywords: &[
        Parameter {
            name: "display_width",
            default: Default::None,
        },
        Parameter {
            name: "unsigned",
            default: Default::Boolean(false),
        },
        Parameter {
            name: "zerofill",
            default: Default::Boolean(false),
        },
    ],
};

/// `sqlalchemy.dialects.mysql.types.TINYTEXT`.
pub static MYSQL_TINYTEXT: TypeClass = TypeClass {
    name: "TINYTEXT",
    module: "sqlalchemy.dialects.mysql.types",
    dialect: "mysql",
    visit_name: "TINYTEXT",
    affinity: Some(&GENERIC_STRING),
    mro: &[
        &MYSQL_TINYTEXT,
        &MYSQL_GENERIC_STRING_TYPE,
        &GENERIC_STRING,
        &GENERIC_TYPE_ENGINE,
    ],
    positional: &[],
    variadic: None,
    keywords: &[
        Parameter {
            name: "charset",
            default: Default::None,
        },
        Parameter {
            name: "collation",
            default: Default::None,
        },
        Parameter {
            name: "ascii",
            default: Default::Boolean(false),
        },
        Parameter {
            name: "binary",
            default: Default::Boolean(false),
        },
        Parameter {
            name: "unicode",
            default: Default::Boolean(false),
        },
        Parameter {
            name: "national",
            default: Default::Boolean(false),
        },
        Parameter {
            name: "length",
            default: Default::None,
        },
        Parameter {
            name: "collation_schema",
            default: Default::None,
        },
    ],
    repr_positional: &[],
    repr_variadic: None,
    repr_keywords: &[
        Parameter {
            name: "charset",
            default: Default::None,
        },
        Parameter {
            name: "collation",
            default: Default::None,
        },
        Parameter {
            name: "ascii",
            default: Default::Boolean(false),
        },
        Parameter {
            name: "binary",
            default: Default::Boolean(false),
        },
        Parameter {
            name: "unicode",
            default: Default::Boolean(false),
        },
        Parameter {
            name: "national",
            default: Default::Boolean(false),
        },
        Parameter {
            name: "length",
            default: Default::None,
        },
        Parameter {
            name: "collation_schema",
            default: Default::None,
        },
    ],
};

/// `sqlalchemy.dialects.mysql.types.VARCHAR`.
pub static MYSQL_VARCHAR: TypeClass = TypeClass {
    name: "VARCHAR",
    module: "sqlalchemy.dialects.mysql.types",
    dialect: "mysql",
    visit_name: "VARCHAR",
    affinity: Some(&GENERIC_STRING),
    mro: &[
        &MYSQL_VARCHAR,
        &MYSQL_GENERIC_STRING_TYPE,
        &VARCHAR,
        &GENERIC_STRING,
        &GENERIC_TYPE_ENGINE,
    ],
    positional: &[Parameter {
        name: "length",
        default: Default::None,
    }],
    variadic: None,
    keywords: &[
        Parameter {
            name: "charset",
            default: Default::None,
        },
        Parameter {
            name: "collation",
            default: Default::None,
        },
        Parameter {
            name: "ascii",
            default: Default::Boolean(false),
        },
        Parameter {
            name: "binary",
            default: Default::Boolean(false),
        },
        Parameter {
            name: "unicode",
            default: Default::Boolean(false),
        },
        Parameter {
            name: "national",
            default: Default::Boolean(false),
        },
        Parameter {
            name: "collation_schema",
            default: Default::None,
        },
    ],
    repr_positional: &[],
    repr_variadic: None,
    repr_keywords: &[
        Parameter {
            name: "charset",
            default: Default::None,
        },
        Parameter {
            name: "collation",
            default: Default::None,
        },
        Parameter {
            name: "ascii",
            default: Default::Boolean(false),
        },
        Parameter {
            name: "binary",
            default: Default::Boolean(false),
        },
        Parameter {
            name: "unicode",
            default: Default::Boolean(false),
        },
        Parameter {
            name: "national",
            default: Default::Boolean(false),
        },
        Parameter {
            name: "length",
            default: Default::None,
        },
        Parameter {
            name: "collation_schema",
            default: Default::None,
        },
    ],
};

/// `sqlalchemy.dialects.mysql.types.YEAR`.
pub static MYSQL_YEAR: TypeClass = TypeClass {
    name: "YEAR",
    module: "sqlalchemy.dialects.mysql.types",
    dialect: "mysql",
    visit_name: "YEAR",
    affinity: Some(&MYSQL_YEAR),
    mro: &[&MYSQL_YEAR, &GENERIC_TYPE_ENGINE],
    positional: &[Parameter {
        name: "display_width",
        default: Default::None,
    }],
    variadic: None,
    keywords: &[],
    repr_positional: &[],
    repr_variadic: None,
    repr_keywords: &[Parameter {
        name: "display_width",
        default: Default::None,
    }],
};

/// `sqlalchemy.dialects.mssql.base.BIT`.
pub static MSSQL_BIT: TypeClass = TypeClass {
    name: "BIT",
    module: "sqlalchemy.dialects.mssql.base",
    dialect: "mssql",
    visit_name: "BIT",
    affinity: Some(&GENERIC_BOOLEAN),
    mro: &[&MSSQL_BIT, &GENERIC_BOOLEAN, &GENERIC_TYPE_ENGINE],
    positional: &[
        Parameter {
            name: "create_constraint",
            default: Default::Boolean(false),
        },
        Parameter {
            name: "name",
            default: Default::None,
        },
    ],
    variadic: None,
    keywords: &[],
    repr_positional: &[],
    repr_variadic: None,
    repr_keywords: &[
        Parameter {
            name: "create_constraint",
            default: Default::Boolean(false),
        },
        Parameter {
            name: "name",
            default: Default::None,
        },
    ],
};

/// `sqlalchemy.dialects.mssql.base.DATETIME2`.
pub static MSSQL_DATETIME2: TypeClass = TypeClass {
    name: "DATETIME2",
    module: "sqlalchemy.dialects.mssql.base",
    dialect: "mssql",
    visit_name: "DATETIME2",
    affinity: Some(&GENERIC_DATE_TIME),
    mro: &[&MSSQL_DATETIME2, &GENERIC_DATE_TIME, &GENERIC_TYPE_ENGINE],
    positional: &[Parameter {
        name: "precision",
        default: Default::None,
    }],
    variadic: None,
    keywords: &[Parameter {
        name: "timezone",
        default: Default::Boolean(false),
    }],
    repr_positional: &[],
    repr_variadic: None,
    repr_keywords: &[Parameter {
        name: "precision",
        default: Default::None,
    }],
};

/// `sqlalchemy.dialects.mssql.base.DATETIMEOFFSET`.
pub static MSSQL_DATETIMEOFFSET: TypeClass = TypeClass {
    name: "DATETIMEOFFSET",
    module: "sqlalchemy.dialects.mssql.base",
    dialect: "mssql",
    visit_name: "DATETIMEOFFSET",
    affinity: Some(&GENERIC_DATE_TIME),
    mro: &[
        &MSSQL_DATETIMEOFFSET,
        &GENERIC_DATE_TIME,
        &GENERIC_TYPE_ENGINE,
    ],
    positional: &[Parameter {
        name: "precision",
        default: Default::None,
    }],
    variadic: None,
    keywords: &[Parameter {
        name: "timezone",
        default: Default::Boolean(false),
    }],
    repr_positional: &[],
    repr_variadic: None,
    repr_keywords: &[Parameter {
        name: "precision",
        default: Default::None,
    }],
};

/// `sqlalchemy.dialects.mssql.base.DOUBLE_PRECISION`.
pub static MSSQL_DOUBLE_PRECISION: TypeClass = TypeClass {
    name: "DOUBLE_PRECISION",
    module: "sqlalchemy.dialects.mssql.base",
    dialect: "mssql",
    visit_name: "DOUBLE_PRECISION",
    affinity: Some(&GENERIC_FLOAT),
    mro: &[
        &MSSQL_DOUBLE_PRECISION,
        &DOUBLE_PRECISION,
        &GENERIC_DOUBLE,
        &GENERIC_FLOAT,
        &GENERIC_TYPE_ENGINE,
    ],
    positional: &[],
    variadic: None,
    keywords: &[
        Parameter {
            name: "precision",
            default: Default::None,
        },
        Parameter {
            name: "asdecimal",
            default: Default::Boolean(false),
        },
        Parameter {
            name: "decimal_return_scale",
            default: Default::None,
        },
    ],
    repr_positional: &[],
    repr_variadic: None,
    repr_keywords: &[],
};

/// `sqlalchemy.dialects.mssql.base.IMAGE`.
pub static MSSQL_IMAGE: TypeClass = TypeClass {
    name: "IMAGE",
    module: "sqlalchemy.dialects.mssql.base",
    dialect: "mssql",
    visit_name: "IMAGE",
    affinity: Some(&GENERIC_BINARY),
    mro: &[
        &MSSQL_IMAGE,
        &GENERIC_LARGE_BINARY,
        &GENERIC_BINARY,
        &GENERIC_TYPE_ENGINE,
    ],
    positional: &[Parameter {
        name: "length",
        default: Default::None,
    }],
    variadic: None,
    keywords: &[],
    repr_positional: &[],
    repr_variadic: None,
    repr_keywords: &[Parameter {
        name: "length",
        default: Default::None,
    }],
};

/// `sqlalchemy.dialects.mssql.json.JSON`.
pub static MSSQL_JSON: TypeClass = TypeClass {
    name: "JSON",
    module: "sqlalchemy.dialects.mssql.json",
    dialect: "mssql",
    visit_name: "JSON",
    affinity: Some(&JSON),
    mro: &[&MSSQL_JSON, &JSON, &GENERIC_TYPE_ENGINE],
    positional: &[Parameter {
        name: "none_as_null",
        default: Default::Boolean(false),
    }],
    variadic: None,
    keywords: &[],
    repr_positional: &[],
    repr_variadic: None,
    repr_keywords: &[Parameter {
        name: "none_as_null",
        default: Default::Boolean(false),
    }],
};

/// `sqlalchemy.dialects.mssql.base.MONEY`.
pub static MSSQL_MONEY: TypeClass = TypeClass {
    name: "MONEY",
    module: "sqlalchemy.dialects.mssql.base",
    dialect: "mssql",
    visit_name: "MONEY",
    affinity: Some(&MSSQL_MONEY),
    mro: &[&MSSQL_MONEY, &GENERIC_TYPE_ENGINE],
    positional: &[],
    variadic: None,
    keywords: &[],
    repr_positional: &[],
    repr_variadic: None,
    repr_keywords: &[],
};

/// `sqlalchemy.dialects.mssql.base.NTEXT`.
pub static MSSQL_NTEXT: TypeClass = TypeClass {
    name: "NTEXT",
    module: "sqlalchemy.dialects.mssql.base",
    dialect: "mssql",
    visit_name: "NTEXT",
    affinity: Some(&GENERIC_STRING),
    mro: &[
        &MSSQL_NTEXT,
        &GENERIC_UNICODE_TEXT,
        &GENERIC_TEXT,
        &GENERIC_STRING,
        &GENERIC_TYPE_ENGINE,
    ],
    positional: &[
        Parameter {
            name: "length",
            default: Default::None,
        },
        Parameter {
            name: "collation",
            default: Default::None,
        },
        Parameter {
            name: "collation_schema",
            default: Default::None,
        },
    ],
    variadic: None,
    keywords: &[],
    repr_positional: &[],
    repr_variadic: None,
    repr_keywords: &[
        Parameter {
            name: "length",
            default: Default::None,
        },
        Parameter {
            name: "collation",
            default: Default::None,
        },
        Parameter {
            name: "collation_schema",
            default: Default::None,
        },
    ],
};

/// `sqlalchemy.dialects.mssql.base.REAL`.
pub static MSSQL_REAL: TypeClass = TypeClass {
    name: "REAL",
    module: "sqlalchemy.dialects.mssql.base",
    dialect: "mssql",
    visit_name: "REAL",
    affinity: Some(&GENERIC_FLOAT),
    mro: &[&MSSQL_REAL, &REAL, &GENERIC_FLOAT, &GENERIC_TYPE_ENGINE],
    positional: &[],
    variadic: None,
    keywords: &[
        Parameter {
            name: "precision",
            default: Default::None,
        },
        Parameter {
            name: "asdecimal",
            default: Default::Boolean(false),
        },
        Parameter {
            name: "decimal_return_scale",
            default: Default::None,
        },
    ],
    repr_positional: &[],
    repr_variadic: None,
    repr_keywords: &[],
};

/// `sqlalchemy.dialects.mssql.base.TIMESTAMP`.
pub static MSSQL_TIMESTAMP: TypeClass = TypeClass {
    name: "TIMESTAMP",
    module: "sqlalchemy.dialects.mssql.base",
    dialect: "mssql",
    visit_name: "TIMESTAMP",
    affinity: Some(&GENERIC_BINARY),
    mro: &[&MSSQL_TIMESTAMP, &GENERIC_BINARY, &GENERIC_TYPE_ENGINE],
    positional: &[Parameter {
        name: "convert_int",
        default: Default::Boolean(false),
    }],
    variadic: None,
    keywords: &[],
    repr_positional: &[],
    repr_variadic: None,
    repr_keywords: &[Parameter {
        name: "convert_int",
        default: Default::Boolean(false),
    }],
};

/// `sqlalchemy.dialects.mssql.base.ROWVERSION`.
pub static MSSQL_ROWVERSION: TypeClass = TypeClass {
    name: "ROWVERSION",
    module: "sqlalchemy.dialects.mssql.base",
    dialect: "mssql",
    visit_name: "ROWVERSION",
    affinity: Some(&GENERIC_BINARY),
    mro: &[
        &MSSQL_ROWVERSION,
        &MSSQL_TIMESTAMP,
        &GENERIC_BINARY,
        &GENERIC_TYPE_ENGINE,
    ],
    positional: &[Parameter {
        name: "convert_int",
        default: Default::Boolean(false),
    }],
    variadic: None,
    keywords: &[],
    repr_positional: &[],
    repr_variadic: None,
    repr_keywords: &[Parameter {
        name: "convert_int",
        default: Default::Boolean(false),
    }],
};

/// `sqlalchemy.dialects.mssql.base.SMALLDATETIME`.
pub static MSSQL_SMALLDATETIME: TypeClass = TypeClass {
    name: "SMALLDATETIME",
    module: "sqlalchemy.dialects.mssql.base",
    dialect: "mssql",
    visit_name: "SMALLDATETIME",
    affinity: Some(&GENERIC_DATE_TIME),
    mro: &[
        &MSSQL_SMALLDATETIME,
        &GENERIC_DATE_TIME,
        &GENERIC_TYPE_ENGINE,
    ],
    positional: &[Parameter {
        name: "timezone",
        default: Default::Boolean(false),
    }],
    variadic: None,
    keywords: &[],
    repr_positional: &[],
    repr_variadic: None,
    repr_keywords: &[Parameter {
        name: "timezone",
        default: Default::Boolean(false),
    }],
};

/// `sqlalchemy.dialects.mssql.base.SMALLMONEY`.
pub static MSSQL_SMALLMONEY: TypeClass = TypeClass {
    name: "SMALLMONEY",
    module: "sqlalchemy.dialects.mssql.base",
    dialect: "mssql",
    visit_name: "SMALLMONEY",
    affinity: Some(&MSSQL_SMALLMONEY),
    mro: &[&MSSQL_SMALLMONEY, &GENERIC_TYPE_ENGINE],
    positional: &[],
    variadic: None,
    keywords: &[],
    repr_positional: &[],
    repr_variadic: None,
    repr_keywords: &[],
};

/// `sqlalchemy.dialects.mssql.base.SQL_VARIANT`.
pub static MSSQL_SQL_VARIANT: TypeClass = TypeClass {
    name: "SQL_VARIANT",
    module: "sqlalchemy.dialects.mssql.base",
    dialect: "mssql",
    visit_name: "SQL_VARIANT",
    affinity: Some(&MSSQL_SQL_VARIANT),
    mro: &[&MSSQL_SQL_VARIANT, &GENERIC_TYPE_ENGINE],
    positional: &[],
    variadic: None,
    keywords: &[],
    repr_positional: &[],
    repr_variadic: None,
    repr_keywords: &[],
};

/// `sqlalchemy.dialects.mssql.base.TIME`.
pub static MSSQL_TIME: TypeClass = TypeClass {
    name: "TIME",
    module: "sqlalchemy.dialects.mssql.base",
    dialect: "mssql",
    visit_name: "TIME",
    affinity: Some(&GENERIC_TIME),
    mro: &[&MSSQL_TIME, &TIME, &GENERIC_TIME, &GENERIC_TYPE_ENGINE],
    positional: &[Parameter {
        name: "precision",
        default: Default::None,
    }],
    variadic: None,
    keywords: &[Parameter {
        name: "timezone",
        default: Default::Boolean(false),
    }],
    repr_positional: &[],
    repr_variadic: None,
    repr_keywords: &[Parameter {
        name: "precision",
        default: Default::None,
    }],
};

/// `sqlalchemy.dialects.mssql.base.TINYINT`.
pub static MSSQL_TINYINT: TypeClass = TypeClass {
    name: "TINYINT",
    module: "sqlalchemy.dialects.mssql.base",
    dialect: "mssql",
    visit_name: "TINYINT",
    affinity: Some(&GENERIC_INTEGER),
    mro: &[&MSSQL_TINYINT, &GENERIC_INTEGER, &GENERIC_TYPE_ENGINE],
    positional: &[],
    variadic: None,
    keywords: &[],
    repr_positional: &[],
    repr_variadic: None,
    repr_keywords: &[],
};

/// `sqlalchemy.dialects.mssql.base.UNIQUEIDENTIFIER`.
pub static MSSQL_UNIQUEIDENTIFIER: TypeClass = TypeClass {
    name: "UNIQUEIDENTIFIER",
    module: "sqlalchemy.dialects.mssql.base",
    dialect: "mssql",
    visit_name: "UNIQUEIDENTIFIER",
    affinity: Some(&GENERIC_UUID),
    mro: &[&MSSQL_UNIQUEIDENTIFIER, &GENERIC_UUID, &GENERIC_TYPE_ENGINE],
    positional: &[Parameter {
        name: "as_uuid",
        default: Default::Boolean(true),
    }],
    variadic: None,
    keywords: &[],
    repr_positional: &[],
    repr_variadic: None,
    repr_keywords: &[Parameter {
        name: "as_uuid",
        default: Default::Boolean(true),
    }],
};

/// `sqlalchemy.dialects.mssql.base.VARBINARY`.
pub static MSSQL_VARBINARY: TypeClass = TypeClass {
    name: "VARBINARY",
    module: "sqlalchemy.dialects.mssql.base",
    dialect: "mssql",
    visit_name: "VARBINARY",
    affinity: Some(&GENERIC_BINARY),
    mro: &[
        &MSSQL_VARBINARY,
        &VARBINARY,
        &GENERIC_LARGE_BINARY,
        &GENERIC_BINARY,
        &GENERIC_TYPE_ENGINE,
    ],
    positional: &[
        Parameter {
            name: "length",
            default: Default::None,
        },
        Parameter {
            name: "filestream",
            default: Default::Boolean(false),
        },
    ],
    variadic: None,
    keywords: &[],
    repr_positional: &[],
    repr_variadic: None,
    repr_keywords: &[
        Parameter {
            name: "length",
            default: Default::None,
        },
        Parameter {
            name: "filestream",
            default: Default::Boolean(false),
        },
    ],
};

/// `sqlalchemy.dialects.mssql.base.XML`.
pub static MSSQL_XML: TypeClass = TypeClass {
    name: "XML",
    module: "sqlalchemy.dialects.mssql.base",
    dialect: "mssql",
    visit_name: "XML",
    affinity: Some(&GENERIC_STRING),
    mro: &[
        &MSSQL_XML,
        &GENERIC_TEXT,
        &GENERIC_STRING,
        &GENERIC_TYPE_ENGINE,
    ],
    positional: &[
        Parameter {
            name: "length",
            default: Default::None,
        },
        Parameter {
            name: "collation",
            default: Default::None,
        },
        Parameter {
            name: "collation_schema",
            default: Default::None,
        },
    ],
    variadic: None,
    keywords: &[],
    repr_positional: &[],
    repr_variadic: None,
    repr_keywords: &[
        Parameter {
            name: "length",
            default: Default::None,
        },
        Parameter {
            name: "collation",
            default: Default::None,
        },
        Parameter {
            name: "collation_schema",
            default: Default::None,
        },
    ],
};

/// `sqlalchemy.dialects.oracle.types.BFILE`.
pub static ORACLE_BFILE: TypeClass = TypeClass {
    name: "BFILE",
    module: "sqlalchemy.dialects.oracle.types",
    dialect: "oracle",
    visit_name: "BFILE",
    affinity: Some(&GENERIC_BINARY),
    mro: &[
        &ORACLE_BFILE,
        &GENERIC_LARGE_BINARY,
        &GENERIC_BINARY,
        &GENERIC_TYPE_ENGINE,
    ],
    positional: &[Parameter {
        name: "length",
        default: Default::None,
    }],
    variadic: None,
    keywords: &[],
    repr_positional: &[],
    repr_variadic: None,
    repr_keywords: &[Parameter {
        name: "length",
        default: Default::None,
    }],
};

/// `sqlalchemy.dialects.oracle.types.BINARY_DOUBLE`.
pub static ORACLE_BINARY_DOUBLE: TypeClass = TypeClass {
    name: "BINARY_DOUBLE",
    module: "sqlalchemy.dialects.oracle.types",
    dialect: "oracle",
    visit_name: "BINARY_DOUBLE",
    affinity: Some(&GENERIC_FLOAT),
    mro: &[
        &ORACLE_BINARY_DOUBLE,
        &GENERIC_DOUBLE,
        &GENERIC_FLOAT,
        &GENERIC_TYPE_ENGINE,
    ],
    positional: &[
        Parameter {
            name: "precision",
            default: Default::None,
        },
        Parameter {
            name: "asdecimal",
            default: Default::Boolean(false),
        },
        Parameter {
            name: "decimal_return_scale",
            default: Default::None,
        },
    ],
    variadic: None,
    keywords: &[],
    repr_positional: &[],
    repr_variadic: None,
    repr_keywords: &[
        Parameter {
            name: "precision",
            default: Default::None,
        },
        Parameter {
            name: "asdecimal",
            default: Default::Boolean(false),
        },
        Parameter {
            name: "decimal_return_scale",
            default: Default::None,
        },
    ],
};

/// `sqlalchemy.dialects.oracle.types.BINARY_FLOAT`.
pub static ORACLE_BINARY_FLOAT: TypeClass = TypeClass {
    name: "BINARY_FLOAT",
    module: "sqlalchemy.dialects.oracle.types",
    dialect: "oracle",
    visit_name: "BINARY_FLOAT",
    affinity: Some(&GENERIC_FLOAT),
    mro: &[&ORACLE_BINARY_FLOAT, &GENERIC_FLOAT, &GENERIC_TYPE_ENGINE],
    positional: &[
        Parameter {
            name: "precision",
            default: Default::None,
        },
        Parameter {
            name: "asdecimal",
            default: Default::Boolean(false),
        },
        Parameter {
            name: "decimal_return_scale",
            default: Default::None,
        },
    ],
    variadic: None,
    keywords: &[],
    repr_positional: &[],
    repr_variadic: None,
    repr_keywords: &[
        Parameter {
            name: "precision",
            default: Default::None,
        },
        Parameter {
            name: "asdecimal",
            default: Default::Boolean(false),
        },
        Parameter {
            name: "decimal_return_scale",
            default: Default::None,
        },
    ],
};

/// `sqlalchemy.dialects.oracle.types.DATE`.
pub static ORACLE_DATE: TypeClass = TypeClass {
    name: "DATE",
    module: "sqlalchemy.dialects.oracle.types",
    dialect: "oracle",
    visit_name: "DATE",
    affinity: Some(&GENERIC_DATE_TIME),
    mro: &[&ORACLE_DATE, &GENERIC_DATE_TIME, &GENERIC_TYPE_ENGINE],
    positional: &[Parameter {
        name: "timezone",
        default: Default::Boolean(false),
    }],
    variadic: None,
    keywords: &[],
    repr_positional: &[],
    repr_variadic: None,
    repr_keywords: &[Parameter {
        name: "timezone",
        default: Default::Boolean(false),
    }],
};

/// `sqlalchemy.dialects.oracle.types.FLOAT`.
pub static ORACLE_FLOAT: TypeClass = TypeClass {
    name: "FLOAT",
    module: "sqlalchemy.dialects.oracle.types",
    dialect: "oracle",
    visit_name: "FLOAT",
    affinity: Some(&GENERIC_FLOAT),
    mro: &[&ORACLE_FLOAT, &FLOAT, &GENERIC_FLOAT, &GENERIC_TYPE_ENGINE],
    positional: &[
        Parameter {
            name: "binary_precision",
            default: Default::None,
        },
        Parameter {
            name: "asdecimal",
            default: Default::Boolean(false),
        },
        Parameter {
            name: "decimal_return_scale",
            default: Default::None,
        },
    ],
    variadic: None,
    keywords: &[],
    repr_positional: &[],
    repr_variadic: None,
    repr_keywords: &[
        Parameter {
            name: "binary_precision",
            default: Default::None,
        },
        Parameter {
            name: "asdecimal",
            default: Default::Boolean(false),
        },
        Parameter {
            name: "decimal_return_scale",
            default: Default::None,
        },
    ],
};

/// `sqlalchemy.dialects.oracle.types.INTERVAL`.
pub static ORACLE_INTERVAL: TypeClass = TypeClass {
    name: "INTERVAL",
    module: "sqlalchemy.dialects.oracle.types",
    dialect: "oracle",
    visit_name: "INTERVAL",
    affinity: Some(&GENERIC_INTERVAL),
    mro: &[
        &ORACLE_INTERVAL,
        &GENERIC_ABSTRACT_INTERVAL,
        &GENERIC_TYPE_ENGINE,
    ],
    positional: &[
        Parameter {
            name: "day_precision",
            default: Default::None,
        },
        Parameter {
            name: "second_precision",
            default: Default::None,
        },
    ],
    variadic: None,
    keywords: &[],
    repr_positional: &[],
    repr_variadic: None,
    repr_keywords: &[
        Parameter {
            name: "day_precision",
            default: Default::None,
        },
        Parameter {
            name: "second_precision",
            default: Default::None,
        },
    ],
};

/// `sqlalchemy.dialects.oracle.json.JSON`.
pub static ORACLE_JSON: TypeClass = TypeClass {
    name: "JSON",
    module: "sqlalchemy.dialects.oracle.json",
    dialect: "oracle",
    visit_name: "JSON",
    affinity: Some(&JSON),
    mro: &[&ORACLE_JSON, &JSON, &GENERIC_TYPE_ENGINE],
    positional: &[
        Parameter {
            name: "none_as_null",
            default: Default::Boolean(false),
        },
        Parameter {
            name: "use_blob",
            default: Default::Other,
        },
    ],
    variadic: None,
    keywords: &[],
    repr_positional: &[],
    repr_variadic: None,
    repr_keywords: &[
        Parameter {
            name: "none_as_null",
            default: Default::Boolean(false),
        },
        Parameter {
            name: "use_blob",
            default: Default::Other,
        },
    ],
};

/// `sqlalchemy.dialects.oracle.types.LONG`.
pub static ORACLE_LONG: TypeClass = TypeClass {
    name: "LONG",
    module: "sqlalchemy.dialects.oracle.types",
    dialect: "oracle",
    visit_name: "LONG",
    affinity: Some(&GENERIC_STRING),
    mro: &[
        &ORACLE_LONG,
        &GENERIC_TEXT,
        &GENERIC_STRING,
        &GENERIC_TYPE_ENGINE,
    ],
    positional: &[
        Parameter {
            name: "length",
            default: Default::None,
        },
        Parameter {
            name: "collation",
            default: Default::None,
        },
        Parameter {
            name: "collation_schema",
            default: Default::None,
        },
    ],
    variadic: None,
    keywords: &[],
    repr_positional: &[],
    repr_variadic: None,
    repr_keywords: &[
        Parameter {
            name: "length",
            default: Default::None,
        },
        Parameter {
            name: "collation",
            default: Default::None,
        },
        Parameter {
            name: "collation_schema",
            default: Default::None,
        },
    ],
};

/// `sqlalchemy.dialects.oracle.types.NCLOB`.
pub static ORACLE_NCLOB: TypeClass = TypeClass {
    name: "NCLOB",
    module: "sqlalchemy.dialects.oracle.types",
    dialect: "oracle",
    visit_name: "NCLOB",
    affinity: Some(&GENERIC_STRING),
    mro: &[
        &ORACLE_NCLOB,
        &GENERIC_TEXT,
        &GENERIC_STRING,
        &GENERIC_TYPE_ENGINE,
    ],
    positional: &[
        Parameter {
            name: "length",
            default: Default::None,
        },
        Parameter {
            name: "collation",
            default: Default::None,
        },
        Parameter {
            name: "collation_schema",
            default: Default::None,
        },
    ],
    variadic: None,
    keywords: &[],
    repr_positional: &[],
    repr_variadic: None,
    repr_keywords: &[
        Parameter {
            name: "length",
            default: Default::None,
        },
        Parameter {
            name: "collation",
            default: Default::None,
        },
        Parameter {
            name: "collation_schema",
            default: Default::None,
        },
    ],
};

/// `sqlalchemy.dialects.oracle.types.NUMBER`.
pub static ORACLE_NUMBER: TypeClass = TypeClass {
    name: "NUMBER",
    module: "sqlalchemy.dialects.oracle.types",
    dialect: "oracle",
    visit_name: "NUMBER",
    affinity: None,
    mro: &[
        &ORACLE_NUMBER,
        &GENERIC_NUMERIC,
        &GENERIC_INTEGER,
        &GENERIC_TYPE_ENGINE,
    ],
    positional: &[
        Parameter {
            name: "precision",
            default: Default::None,
        },
        Parameter {
            name: "scale",
            default: Default::None,
        },
        Parameter {
            name: "asdecimal",
            default: Default::None,
        },
    ],
    variadic: None,
    keywords: &[],
    repr_positional: &[],
    repr_variadic: None,
    repr_keywords: &[
        Parameter {
            name: "precision",
            default: Default::None,
        },
        Parameter {
            name: "scale",
            default: Default::None,
        },
        Parameter {
            name: "asdecimal",
            default: Default::None,
        },
    ],
};

/// `sqlalchemy.dialects.oracle.types.RAW`.
pub static ORACLE_RAW: TypeClass = TypeClass {
    name: "RAW",
    module: "sqlalchemy.dialects.oracle.types",
    dialect: "oracle",
    visit_name: "RAW",
    affinity: Some(&GENERIC_BINARY),
    mro: &[&ORACLE_RAW, &GENERIC_BINARY, &GENERIC_TYPE_ENGINE],
    positional: &[Parameter {
        name: "length",
        default: Default::None,
    }],
    variadic: None,
    keywords: &[],
    repr_positional: &[],
    repr_variadic: None,
    repr_keywords: &[Parameter {
        name: "length",
        default: Default::None,
    }],
};

/// `sqlalchemy.dialects.oracle.types.ROWID`.
pub static ORACLE_ROWID: TypeClass = TypeClass {
    name: "ROWID",
    module: "sqlalchemy.dialects.oracle.types",
    dialect: "oracle",
    visit_name: "ROWID",
    affinity: Some(&ORACLE_ROWID),
    mro: &[&ORACLE_ROWID, &GENERIC_TYPE_ENGINE],
    positional: &[],
    variadic: None,
    keywords: &[],
    repr_positional: &[],
    repr_variadic: None,
    repr_keywords: &[],
};

/// `sqlalchemy.dialects.oracle.types.TIMESTAMP`.
pub static ORACLE_TIMESTAMP: TypeClass = TypeClass {
    name: "TIMESTAMP",
    module: "sqlalchemy.dialects.oracle.types",
    dialect: "oracle",
    visit_name: "TIMESTAMP",
    affinity: Some(&GENERIC_DATE_TIME),
    mro: &[
        &ORACLE_TIMESTAMP,
        &TIMESTAMP,
        &GENERIC_DATE_TIME,
        &GENERIC_TYPE_ENGINE,
    ],
    positional: &[
        Parameter {
            name: "timezone",
            default: Default::Boolean(false),
        },
        Parameter {
            name: "local_timezone",
            default: Default::Boolean(false),
        },
    ],
    variadic: None,
    keywords: &[],
    repr_positional: &[],
    repr_variadic: None,
    repr_keywords: &[
        Parameter {
            name: "timezone",
            default: Default::Boolean(false),
        },
        Parameter {
            name: "local_timezone",
            default: Default::Boolean(false),
        },
    ],
};

/// `sqlalchemy.dialects.oracle.types.VARCHAR2`.
pub static ORACLE_VARCHAR2: TypeClass = TypeClass {
    name: "VARCHAR2",
    module: "sqlalchemy.dialects.oracle.types",
    dialect: "oracle",
    visit_name: "VARCHAR2",
    affinity: Some(&GENERIC_STRING),
    mro: &[
        &ORACLE_VARCHAR2,
        &VARCHAR,
        &GENERIC_STRING,
        &GENERIC_TYPE_ENGINE,
    ],
    positional: &[
        Parameter {
            name: "length",
            default: Default::None,
        },
        Parameter {
            name: "collation",
            default: Default::None,
        },
        Parameter {
            name: "collation_schema",
            default: Default::None,
        },
    ],
    variadic: None,
    keywords: &[],
    repr_positional: &[],
    repr_variadic: None,
    repr_keywords: &[
        Parameter {
            name: "length",
            default: Default::None,
        },
        Parameter {
            name: "collation",
            default: Default::None,
        },
        Parameter {
            name: "collation_schema",
            default: Default::None,
        },
    ],
};

/// `sqlalchemy.dialects.oracle.vector.VECTOR`.
pub static ORACLE_VECTOR: TypeClass = TypeClass {
    name: "VECTOR",
    module: "sqlalchemy.dialects.oracle.vector",
    dialect: "oracle",
    visit_name: "VECTOR",
    affinity: Some(&ORACLE_VECTOR),
    mro: &[&ORACLE_VECTOR, &GENERIC_TYPE_ENGINE],
    positional: &[
        Parameter {
            name: "dim",
            default: Default::None,
        },
        Parameter {
            name: "storage_format",
            default: Default::None,
        },
        Parameter {
            name: "storage_type",
            default: Default::None,
        },
    ],
    variadic: None,
    keywords: &[],
    repr_positional: &[],
    repr_variadic: None,
    repr_keywords: &[
        Parameter {
            name: "dim",
            default: Default::None,
        },
        Parameter {
            name: "storage_format",
            default: Default::None,
        },
        Parameter {
            name: "storage_type",
            default: Default::None,
        },
    ],
};

/// All of them, bases before what inherits from them.
pub static ALL: &[&TypeClass] = &[
    &GENERIC_TYPE_ENGINE,
    &ARRAY,
    &GENERIC_INTEGER,
    &GENERIC_BIG_INTEGER,
    &BIGINT,
    &GENERIC_BINARY,
    &BINARY,
    &GENERIC_LARGE_BINARY,
    &BLOB,
    &GENERIC_BOOLEAN,
    &BOOLEAN,
    &GENERIC_STRING,
    &CHAR,
    &GENERIC_TEXT,
    &CLOB,
    &GENERIC_DATE,
    &DATE,
    &GENERIC_DATE_TIME,
    &DATETIME,
    &GENERIC_NUMERIC,
    &DECIMAL,
    &GENERIC_FLOAT,
    &GENERIC_DOUBLE,
    &DOUBLE,
    &DOUBLE_PRECISION,
    &GENERIC_ENUM,
    &FLOAT,
    &INTEGER,
    &GENERIC_TYPE_DECORATOR,
    &GENERIC_ABSTRACT_INTERVAL,
    &GENERIC_INTERVAL,
    &JSON,
    &GENERIC_UNICODE,
    &NCHAR,
    &NUMERIC,
    &NVARCHAR,
    &GENERIC_PICKLE_TYPE,
    &REAL,
    &GENERIC_SMALL_INTEGER,
    &SMALLINT,
    &TEXT,
    &GENERIC_TIME,
    &TIME,
    &TIMESTAMP,
    &GENERIC_TUPLE_TYPE,
    &GENERIC_UUID,
    &UUID,
    &GENERIC_UNICODE_TEXT,
    &VARBINARY,
    &VARCHAR,
    &GENERIC_MATCH_TYPE,
    &GENERIC_NULL_TYPE,
    &GENERIC_TABLE_VALUE_TYPE,
    &GENERIC_USER_DEFINED_TYPE,
    &SQLITE_DATE,
    &SQLITE_DATETIME,
    &SQLITE_JSON,
    &SQLITE_JSONB,
    &SQLITE_TIME,
    &POSTGRESQL_ARRAY,
    &POSTGRESQL_GENERIC_ABSTRACT_RANGE,
    &POSTGRESQL_GENERIC_ABSTRACT_MULTI_RANGE,
    &POSTGRESQL_GENERIC_ABSTRACT_SINGLE_RANGE,
    &POSTGRESQL_BIT,
    &POSTGRESQL_BYTEA,
    &POSTGRESQL_CIDR,
    &POSTGRESQL_CITEXT,
    &POSTGRESQL_DATEMULTIRANGE,
    &POSTGRESQL_DATERANGE,
    &POSTGRESQL_GENERIC_NAMED_TYPE,
    &POSTGRESQL_DOMAIN,
    &POSTGRESQL_ENUM,
    &POSTGRESQL_HSTORE,
    &POSTGRESQL_INET,
    &POSTGRESQL_INT4MULTIRANGE,
    &POSTGRESQL_INT4RANGE,
    &POSTGRESQL_INT8MULTIRANGE,
    &POSTGRESQL_INT8RANGE,
    &POSTGRESQL_INTERVAL,
    &POSTGRESQL_JSON,
    &POSTGRESQL_JSONB,
    &GENERIC_JSONELEMENT_TYPE,
    &GENERIC_JSON_PATH_TYPE,
    &POSTGRESQL_GENERIC_JSON_PATH_TYPE,
    &POSTGRESQL_JSONPATH,
    &POSTGRESQL_MACADDR,
    &POSTGRESQL_MACADDR8,
    &POSTGRESQL_MONEY,
    &POSTGRESQL_NUMMULTIRANGE,
    &POSTGRESQL_NUMRANGE,
    &POSTGRESQL_OID,
    &POSTGRESQL_REGCLASS,
    &POSTGRESQL_REGCONFIG,
    &POSTGRESQL_TIME,
    &POSTGRESQL_TIMESTAMP,
    &POSTGRESQL_TSMULTIRANGE,
    &POSTGRESQL_TSQUERY,
    &POSTGRESQL_TSRANGE,
    &POSTGRESQL_TSTZMULTIRANGE,
    &POSTGRESQL_TSTZRANGE,
    &POSTGRESQL_TSVECTOR,
    &MYSQL_GENERIC_INTEGER_TYPE,
    &MYSQL_BIGINT,
    &MYSQL_BIT,
    &MYSQL_GENERIC_STRING_TYPE,
    &MYSQL_CHAR,
    &MYSQL_DATETIME,
    &MYSQL_GENERIC_NUMERIC_TYPE,
    &MYSQL_DECIMAL,
    &MYSQL_GENERIC_FLOAT_TYPE,
    &MYSQL_DOUBLE,
    &MYSQL_ENUM,
    &MYSQL_FLOAT,
    &MYSQL_INET4,
    &MYSQL_INET6,
    &MYSQL_INTEGER,
    &MYSQL_JSON,
    &MYSQL_LONGBLOB,
    &MYSQL_LONGTEXT,
    &MYSQL_MEDIUMBLOB,
    &MYSQL_MEDIUMINT,
    &MYSQL_MEDIUMTEXT,
    &MYSQL_NCHAR,
    &MYSQL_NUMERIC,
    &MYSQL_NVARCHAR,
    &MYSQL_REAL,
    &MYSQL_SET,
    &MYSQL_SMALLINT,
    &MYSQL_TEXT,
    &MYSQL_TIME,
    &MYSQL_TIMESTAMP,
    &MYSQL_TINYBLOB,
    &MYSQL_TINYINT,
    &MYSQL_TINYTEXT,
    &MYSQL_VARCHAR,
    &MYSQL_YEAR,
    &MSSQL_BIT,
    &MSSQL_DATETIME2,
    &MSSQL_DATETIMEOFFSET,
    &MSSQL_DOUBLE_PRECISION,
    &MSSQL_IMAGE,
    &MSSQL_JSON,
    &MSSQL_MONEY,
    &MSSQL_NTEXT,
    &MSSQL_REAL,
    &MSSQL_TIMESTAMP,
    &MSSQL_ROWVERSION,
    &MSSQL_SMALLDATETIME,
    &MSSQL_SMALLMONEY,
    &MSSQL_SQL_VARIANT,
    &MSSQL_TIME,
    &MSSQL_TINYINT,
    &MSSQL_UNIQUEIDENTIFIER,
    &MSSQL_VARBINARY,
    &MSSQL_XML,
    &ORACLE_BFILE,
    &ORACLE_BINARY_DOUBLE,
    &ORACLE_BINARY_FLOAT,
    &ORACLE_DATE,
    &ORACLE_FLOAT,
    &ORACLE_INTERVAL,
    &ORACLE_JSON,
    &ORACLE_LONG,
    &ORACLE_NCLOB,
    &ORACLE_NUMBER,
    &ORACLE_RAW,
    &ORACLE_ROWID,
    &ORACLE_TIMESTAMP,
    &ORACLE_VARCHAR2,
    &ORACLE_VECTOR,
];
