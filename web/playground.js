// <limbeck-playground>: Limbeck in any page. It stands beside the page in a folder of Limbeck, which may be another
// site's; a classic script, since of a module the browser wants leave of that site. What is inside the element shows until
// the frame is wanted, and where there is no script. See embed.md.
(() => {
const home = new URL("./", document.currentScript.src);

class LimbeckPlayground extends HTMLElement {
  static observedAttributes = ["lesson", "example", "project", "view", "theme"];
  #observer = null;
  #frame = null;
  #listening = null;

  connectedCallback() {
    if (this.#frame || this.#observer) return;
    this.style.display ||= "block";
    if (this.getAttribute("load") === "visible") {
      this.#observer = new IntersectionObserver((entries) => entries.some((entry) => entry.isIntersecting) && this.load(), { rootMargin: "200px" });
      this.#observer.observe(this);
      return;
    }
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = this.getAttribute("label") ?? "Try it here";
    button.addEventListener("click", () => this.load());
    this.attachShadow({ mode: "open" }).append(document.createElement("slot"), button);
  }

  disconnectedCallback() {
    this.#observer?.disconnect();
    this.#observer = null;
    if (this.#listening) removeEventListener("message", this.#listening);
  }

  attributeChangedCallback() {
    if (this.#frame) this.#frame.src = this.#address();
  }

  #address() {
    const address = new URL(home);
    for (const name of ["lesson", "example", "view", "theme", "hide"]) {
      if (this.hasAttribute(name)) address.searchParams.set(name, this.getAttribute(name));
    }
    if (this.hasAttribute("read-only")) address.searchParams.set("read-only", "");
    address.searchParams.set("origin", location.origin);
    // A link of the dialog Share, or what follows its #.
    const project = this.getAttribute("project");
    if (project) {
      address.searchParams.set("run", "open");
      address.hash = project.slice(project.indexOf("#") + 1);
    }
    return address.href;
  }

  /** Loads the frame now; what was inside the element gives way to it. */
  load() {
    if (this.#frame) return;
    this.#observer?.disconnect();
    const frame = document.createElement("iframe");
    frame.src = this.#address();
    frame.title = this.getAttribute("label") ?? "Limbeck";
    frame.allow = "clipboard-write";
    frame.style.cssText = `width: 100%; height: ${CSS.supports("height", this.getAttribute("height")) ? this.getAttribute("height") : "720px"}; border: 0`;
    this.#listening = ({ source, origin, data }) => {
      if (source !== frame.contentWindow || origin !== home.origin || data?.limbeck !== 1) return;
      if (data.event === "ready") frame.contentWindow.postMessage({ limbeck: 1, method: "subscribe" }, home.origin);
      if (data.event === "ready" || data.event === "lesson" || data.event === "command") {
        this.dispatchEvent(new CustomEvent(`limbeck-${data.event}`, { detail: data.details, bubbles: true }));
      }
    };
    addEventListener("message", this.#listening);
    this.#frame = frame;
    const root = this.shadowRoot ?? this.attachShadow({ mode: "open" });
    root.replaceChildren(frame);
    frame.focus();
  }

  /** The frame, once it is there. */
  get frame() {
    return this.#frame;
  }
}

if (!customElements.get("limbeck-playground")) customElements.define("limbeck-playground", LimbeckPlayground);
})();
