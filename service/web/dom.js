// Short forms for the page's elements. Text is only ever set as text.

export const $ = (id) => document.getElementById(id);

export function element(name, properties, ...children) {
  const one = Object.assign(document.createElement(name), properties);
  one.append(...children);
  return one;
}

export function plural(count, thing) {
  return `${count} ${thing}${count === 1 ? "" : "s"}`;
}
