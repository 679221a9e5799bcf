// What the page loads when it is first wanted, so that it starts without it: esbuild makes each a file of its own, and
// `limbeck` is this repository's folder `web`.
const parts = {
  archive: () => import("limbeck/parts/archive.js"),
  comments: () => import("limbeck/parts/comments.js"),
  diagram: () => import("limbeck/parts/diagram.js"),
  editor: () => import("limbeck/parts/editor.js"),
  embed: () => import("limbeck/parts/embed.js"),
  lessons: () => import("limbeck/parts/lessons.js"),
  share: () => import("limbeck/parts/share.js"),
};

export const load = (name) => parts[name]();
