// How the page is laid out, as functions that run in it.

/** Runs in a page: controls that are cut off, covered by another, or out of the window. */
export function clipped() {
  const wrong = [];
  let looked = 0;
  const seen = (element) => element.checkVisibility({ visibilityProperty: true, opacityProperty: true });
  for (const element of document.querySelectorAll("button, summary, input, select, textarea, [role=tab], a")) {
    if (!seen(element) || element.closest("details:not([open]) > :not(summary)")) continue;
    const box = element.getBoundingClientRect();
    if (!box.width || !box.height) continue;
    looked += 1;
    const name = element.getAttribute("aria-label") || element.innerText?.trim() || element.id;
    // What is scrolled to inside its box may be out of sight.
    let scrolls = false;
    for (let up = element.parentElement; up; up = up.parentElement) {
      const style = getComputedStyle(up);
      if (/auto|scroll/.test(style.overflowX + style.overflowY) && (up.scrollHeight > up.clientHeight + 1 || up.scrollWidth > up.clientWidth + 1)) scrolls = true;
    }
    if (scrolls) continue;
    if (box.left < -1 || box.right > innerWidth + 1 || box.top < -1 || box.bottom > innerHeight + 1) wrong.push(`${name} is out of the window (${Math.round(box.left)}, ${Math.round(box.top)}, ${Math.round(box.right)}, ${Math.round(box.bottom)})`);
    else if (element.matches("button, summary") && element.scrollWidth > element.clientWidth + 1 && getComputedStyle(element).overflow !== "visible") wrong.push(`${name} is cut off`);
    else {
      const at = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
      if (at && at !== element && !element.contains(at) && !at.contains(element) && !document.querySelector("dialog[open]")) wrong.push(`${name} lies under ${at.className || at.tagName}`);
    }
  }
  // A page without controls has none that is cut off.
  if (looked < 8) wrong.push(`only ${looked} controls are there`);
  return wrong;
}
