// What the page's module needs at first: all but what a first look neither shows nor calls, which is named here by module
// and item. A name too few costs bytes, one too many a wait; tests/browser/deferred.test.mjs finds the latter.
const LATER = {
  api: "Limbeck(Files)?>::(?!run\\b|ready\\b)",
  compare: "(effects|view|words)",
  console: "(find|completion|view::(completed|Stayed))",
  database: "(cell_editor|rows::(NewRow|ResultTable)|values::(write|misfit)|view::ResultsPanel)",
  diagram: "view::DiagramPanel",
  explain: "view::Explained",
  files: "(search|view)",
  graph: "revision_menu::RevisionMenu",
  keep: "view::Elsewhere",
  // But what tells whether the open workspace has one, and what is known of it.
  lessons: "(?!due\\b|state\\b|hand_in\\b)\\w+",
  migrations: "view::GraphFailure",
  palette: "\\w+",
  review: "(finding|lines|preview|round_trip|view)",
  share:
    "(tried|effects::(Gathered|Link|LinkOptions|made_before)|link::(read|Held|Document|write_file)|view::(Offer|ShareDialogs|ToModels|ViewOnly))",
  time: "view::Clear",
  ui: "(dialog|difference)",
  watch: "(changes|player|script_source|sql_panes|steps)",
};
const items = Object.entries(LATER).map(([module, item]) => `${module}::${item}`);
const later = new RegExp(
  `\\blimbeck_page(\\[\\w+\\])?::(${items.join("|")})(?!\\w)|\\b(limbeck_)?protocol(\\[\\w+\\])?::lessons::(?!Folder)`,
);

// What the compiler makes for each type, and small closures: some are one function in the end, under any of their names.
const shared =
  /^core(\[\w+\])?::ptr::drop_|^<?alloc(\[\w+\])?::|^<.* as core(\[\w+\])?::(cmp|clone|default)::|^<?yew(\[\w+\])?::functional::hooks|PropsBuilder|::props_changed$|(::\{closure#\d+\}){2}/;

/** Whether a first look wants the function of that name. */
export const isWantedAtFirst = (name) => shared.test(name) || !later.test(name);
