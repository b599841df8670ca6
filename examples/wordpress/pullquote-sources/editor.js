// The block in the editor: finds the quotes of the article as it is now, and lists the sources for the editor to check.
(({ apiFetch, blocks, blockEditor, components, data, element }) => {
  const { createElement: el, useState } = element;

  // The article without this block, as HTML.
  function article() {
    const others = data.select("core/block-editor").getBlocks().filter((block) => block.name !== "pullquote/sources");
    return blocks.serialize(others).replace(/<!--.*?-->/gs, "");
  }

  function Source({ source, onRename, onRemove }) {
    return el("li", {},
      el(components.TextControl, { label: source.description || "Source", value: source.name, onChange: onRename, __nextHasNoMarginBottom: true }),
      el("ul", {}, ...source.quotes.map(({ texts }, at) => el("li", { key: at }, texts.join(" … ")))),
      el(components.Button, { variant: "link", isDestructive: true, onClick: onRemove }, `Remove ${source.name}`),
    );
  }

  function Edit({ attributes: { sources, mark }, setAttributes }) {
    const [state, setState] = useState({ busy: false, problem: null });
    const find = async () => {
      setState({ busy: true, problem: null });
      try {
        setAttributes(await apiFetch({ path: "/pullquote/v1/quotes", method: "POST", data: { html: article() } }));
        setState({ busy: false, problem: null });
      } catch (error) {
        setState({ busy: false, problem: error.message });
      }
    };
    const replace = (at, ...by) => setAttributes({ sources: [...sources.slice(0, at), ...by, ...sources.slice(at + 1)] });
    return el("div", blockEditor.useBlockProps(),
      el("h2", {}, "Sources"),
      state.problem && el(components.Notice, { status: "error", isDismissible: false }, state.problem),
      el("ul", {}, ...sources.map((source, at) =>
        el(Source, { key: at, source, onRename: (name) => replace(at, { ...source, name }), onRemove: () => replace(at) }))),
      el(components.ToggleControl, { label: "Mark the quotes in the article", checked: mark, onChange: (value) => setAttributes({ mark: value }), __nextHasNoMarginBottom: true }),
      el(components.Button, { variant: "primary", isBusy: state.busy, disabled: state.busy, onClick: find }, sources.length ? "Find quotes again" : "Find quotes"),
    );
  }

  blocks.registerBlockType("pullquote/sources", { edit: Edit, save: () => null });
})(window.wp);
