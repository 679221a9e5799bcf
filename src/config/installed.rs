//! The folders from which a project's own package would be installed: what `pip install -e .` puts
//! on `sys.path`.

use ground::host::{Host, absolute_path};

use super::toml::{self, Table, Value};

/// The folders, those that hold packages before the project's own. There are some only where a
/// file says that the project can be installed.
pub fn installed_folders(host: &dyn Host) -> Vec<String> {
    let mut folder = host.current_directory();
    let project = loop {
        if DESCRIPTIONS
            .iter()
            .any(|name| host.is_file(&absolute_path(&folder, name)))
        {
            break folder;
        }
        match folder.rsplit_once('/') {
            Some((above, _)) if !above.is_empty() => folder = above.to_owned(),
            _ => return Vec::new(),
        }
    };
    let mut found = Vec::new();
    let mut add = |name: &str| {
        let path = absolute_path(&project, name);
        if !name.is_empty() && host.is_directory(&path) && !found.contains(&path) {
            found.push(path);
        }
    };
    let read = |name: &str| -> Option<String> {
        String::from_utf8(host.read(&absolute_path(&project, name)).ok()?).ok()
    };
    if let Some(table) = read("pyproject.toml").and_then(|text| toml::parse(&text).ok()) {
        for name in named_folders(&table) {
            add(&name);
        }
    }
    for line in read("setup.cfg").unwrap_or_default().lines() {
        // `package_dir = =src`, and `where = src` of its section.
        if let Some((key, value)) = line.split_once('=')
            && matches!(key.trim(), "" | "package_dir" | "where")
        {
            add(value.trim().trim_start_matches('=').trim());
        }
    }
    add("src");
    add(".");
    found
}

/// What says that a folder is a project that can be installed.
const DESCRIPTIONS: [&str; 3] = ["pyproject.toml", "setup.py", "setup.cfg"];

/// The folders that the tables of setuptools, Poetry, PDM and Hatch name.
fn named_folders(table: &Table) -> Vec<String> {
    let at = |path: &[&str]| -> Option<&Value> {
        let (last, above) = path.split_last()?;
        let mut table = table;
        for name in above {
            table = table.get(*name)?.as_table()?;
        }
        table.get(*last)
    };
    let texts = |value: Option<&Value>| -> Vec<String> {
        match value {
            Some(Value::Array(items)) => {
                let items = items.iter().filter_map(Value::as_str);
                items.map(str::to_owned).collect()
            }
            Some(Value::String(text)) => vec![text.clone()],
            _ => Vec::new(),
        }
    };
    let mut found = texts(at(&["tool", "setuptools", "packages", "find", "where"]));
    found.extend(texts(at(&["tool", "setuptools", "package-dir", ""])));
    found.extend(texts(at(&["tool", "pdm", "build", "package-dir"])));
    if let Some(Value::Array(packages)) = at(&["tool", "poetry", "packages"]) {
        let packages = packages.iter().filter_map(Value::as_table);
        let from = packages.filter_map(|package| package.get("from")?.as_str());
        found.extend(from.map(str::to_owned));
    }
    for package in texts(at(&[
        "tool", "hatch", "build", "targets", "wheel", "packages",
    ])) {
        if let Some((folder, _)) = package.rsplit_once('/') {
            found.push(folder.to_owned());
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use ground::host::MemoryHost;

    use super::*;

    fn folders(files: &[(&str, &str)], directory: &str) -> Vec<String> {
        let host = MemoryHost::new("/");
        for (path, text) in files {
            let (folder, _) = path.rsplit_once('/').unwrap();
            host.create_directories(folder).unwrap();
            host.write(path, text.as_bytes()).unwrap();
        }
        host.set_current_directory(directory);
        installed_folders(&host)
    }

    #[test]
    fn a_description_says_where_packages_are() {
        let described = "[tool.setuptools.packages.find]\nwhere = [\"lib\"]\n";
        assert_eq!(
            folders(
                &[
                    ("/p/pyproject.toml", described),
                    ("/p/lib/app/models.py", ""),
                    ("/p/src/x.py", "")
                ],
                "/p"
            ),
            ["/p/lib", "/p/src", "/p"]
        );
        let described = "[options]\npackage_dir =\n    = python\n";
        assert_eq!(
            folders(
                &[("/p/setup.cfg", described), ("/p/python/app.py", "")],
                "/p/python"
            ),
            ["/p/python", "/p"]
        );
    }

    #[test]
    fn what_nothing_describes_is_not_installed() {
        assert_eq!(
            folders(&[("/p/src/app.py", "")], "/p"),
            Vec::<String>::new()
        );
    }
}
